"""The list of a place's cases of a year: tabs by state, what narrows it in the address, each line in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext

from starrating.blueprints.consequences.lines import OUTCOMES, Schemes, Standing, standing_of
from starrating.blueprints.consequences.records import Watch, watch_of
from starrating.blueprints.home.due import Due
from starrating.blueprints.languages import day_name
from starrating.blueprints.pages import number, words
from starrating.domain.access import Place
from starrating.domain.cases import OPEN, About, CaseState
from starrating.domain.masking import masked_name
from starrating.domain.scheme import Consequence
from starrating.queries.case_records import records_of
from starrating.queries.cases import CaseFilter, CaseRow, cases_page, counts_by_state, in_review
from starrating.queries.decisions import restated_under
from starrating.services.consequences.many_cases import refusal_in, refusal_of
from starrating.services.consequences.restated_rules import codes_now
from starrating.vocabulary.cases import ABOUT, about_word, state_word
from starrating.wording.conditions import condition_text
from starrating.wording.outcomes import effect_text

TABS: Mapping[str, tuple[CaseState, ...]] = {
    "proposed": (CaseState.PROPOSED,),
    "approved": (CaseState.APPROVED, CaseState.CARRIED_OUT),
    "held": (CaseState.DEFERRED, CaseState.WAIVED),
    "closed": (CaseState.CLOSED, CaseState.RESCINDED),
}
"""The tabs of the list and the states under each; every state is under one."""


def _tab_words() -> dict[str, str]:
    return {
        "proposed": gettext("待批"),
        "approved": gettext("办理中"),
        "held": gettext("缓办、免办"),
        "closed": gettext("已办结"),
    }


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in words; the name is masked."""

    row: CaseRow
    person: str
    about: str
    rule: str
    condition: str
    effect: str
    level: Standing
    previous: Standing
    state: tuple[str, str]
    due: Due | None
    day: str
    """The last day in words; blank where there is none."""
    watch: Watch | None = None
    """What is to be done after it was carried out."""


def case_lines(rows: Sequence[CaseRow], schemes: Schemes) -> list[CaseLine]:
    """Cases in words, with what is to be done after those that are carried out."""
    records = records_of([row.id for row in rows if row.state is CaseState.CARRIED_OUT])
    return [case_line(row, schemes, records.get(row.id, "{}")) for row in rows]


def case_line(row: CaseRow, schemes: Schemes, record: str = "{}") -> CaseLine:
    """A case in words, by the scheme of its year; `record` was written down when it was carried out."""
    scheme = schemes[row.cycle_id, row.kind]
    entry = rule_of(row, schemes)
    return CaseLine(
        row,
        shown_name(row),
        about_word(row.about),
        entry.name,
        condition_text(entry.when, scheme, codes=False),
        effect_text(entry.effect, scheme, coefficient=row.written.partition("=")[2]),
        standing_of(scheme, row.level),
        standing_of(scheme, row.previous),
        state_word(row.state),
        due_of(row),
        day_name(row.due_on) if row.due_on else "",
        watch_of(record, row.state),
    )


def rule_of(row: CaseRow, schemes: Schemes) -> Consequence:
    """The rule of a case in the scheme of its year."""
    return next(one for one in schemes[row.cycle_id, row.kind].consequences if one.code == row.rule)


def restated_text(row: CaseRow, schemes: Schemes) -> str:
    """What the rule of a case gives by the facts as decisions put them right; nothing where none did."""
    codes = codes_now([row], schemes).get(row.id)
    if codes is None:
        return ""
    written = next((one for one in codes if one.partition("=")[0] == row.rule), None)
    if written is None:
        return str(gettext("按更正以后的事实重算，这一条不再成立。"))
    effect = effect_text(rule_of(row, schemes).effect, schemes[row.cycle_id, row.kind],
                         coefficient=written.partition("=")[2])  # fmt: skip
    return str(gettext("按更正以后的事实重算，这一条是：%(effect)s。", effect=effect))


def shown_name(row: CaseRow) -> str:
    """The masked name, that the post is vacant, or that it is about nobody."""
    if row.person:
        return masked_name(row.person)
    if row.about in (About.TEAM, About.UNIT):
        return about_word(row.about)
    return str(gettext("空缺"))


def due_of(row: CaseRow) -> Due | None:
    """The last day of a case that is open, in words; None where there is none."""
    return Due("", "", "", "", row.due_on) if row.state in OPEN and row.due_on else None


def asked(year: int, levels: Mapping[str, str]) -> tuple[str, CaseFilter]:
    """The tab and the filter that the address asks for; what it does not know is left out."""
    tab = request.args.get("tab", "")
    outcome, about, star = (request.args.get(name, "") for name in ("outcome", "about", "star"))
    return tab if tab in TABS else "proposed", CaseFilter(
        year, TABS[tab if tab in TABS else "proposed"], outcome if outcome in list(OUTCOMES) else "",
        about if about in list(About) else "", number("township"), star if star in levels else "", words("q")[:60],
        in_review=request.args.get("review") == "1",
    )  # fmt: skip


def listed(place: Place, year: int, schemes: Schemes, levels: Mapping[str, str]) -> dict[str, Any]:
    """What the template of the list needs."""
    tab, narrowed = asked(year, levels)
    rest = CaseFilter(year, (), narrowed.outcome, narrowed.about, narrowed.township, narrowed.level, narrowed.words,
                      in_review=narrowed.in_review)  # fmt: skip
    counts = counts_by_state([place], rest)
    page = cases_page([place], narrowed, number("page") or 1)
    chosen = {"year": year, "outcome": narrowed.outcome or None, "about": narrowed.about or None,
              "township": narrowed.township, "star": narrowed.level or None, "q": narrowed.words or None,
              "review": "1" if narrowed.in_review else None}  # fmt: skip
    together = sum(count for one, count in counts.items() if one[0] in TABS[tab] and not refusal_in(*one))
    tabs = [
        (name, word, sum(count for one, count in counts.items() if one[0] in TABS[name]))
        for name, word in _tab_words().items()
    ]
    reviews, units = in_review([place], year)
    return {
        "page": page, "together": together, "choosable": {row.id for row in page.rows if not refusal_of(row)},
        "lines": case_lines(page.rows, schemes), "levels": levels, "chosen": chosen,
        "tab": tab, "tabs_shown": tabs, "abouts": [(one, about_word(one)) for one in ABOUT], "outcomes": OUTCOMES,
        "reviews": reviews, "units": units, "restated": restated_under([place], year) if reviews else {},
    }  # fmt: skip
