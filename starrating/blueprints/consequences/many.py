"""Many cases approved at once: the page that shows exactly what would be approved, and the act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.consequences import bp
from starrating.blueprints.consequences.lines import OUTCOMES
from starrating.blueprints.consequences.listing import asked, case_lines
from starrating.blueprints.consequences.views import schemes_of_year
from starrating.blueprints.pages import number, person
from starrating.domain.access import Place
from starrating.domain.faults import RuleError
from starrating.errors import sentence, status_of
from starrating.queries.cases import CaseFilter, CaseRow, cases_of, years_with_cases
from starrating.queries.divisions import path_of
from starrating.services.consequences.many_cases import MOST, SeenCase, approve_seen, digest_of_seen, refusal_of
from starrating.vocabulary.cases import about_word


@bp.get("/divisions/<key:division_id>/approval")
def approval(division_id: int) -> ResponseReturnValue:
    """What would be approved of the chosen cases, or of all that the filter shows, and what cannot be and why."""
    return _page(division_id)


@bp.post("/divisions/<key:division_id>/approval")
def approve_many(division_id: int) -> ResponseReturnValue:
    """Approve exactly what was shown."""
    place, seen = _place(division_id), _seen(request.form.get("seen", ""))
    year = _year(place)
    try:
        count = approve_seen(place, year, seen, request.form.get("digest", ""), person().account_id)
    except RuleError as refusal:
        return _page(division_id, sentence(refusal), dict(seen)), status_of(refusal)
    flash(gettext("批准了%(count)s件，转办理。", count=count) if count else gettext("这些你刚才已经批准了。"), "ok")
    return redirect(url_for("consequences.show", division_id=division_id, year=year), 303)


def _page(division_id: int, error: str = "", seen: Mapping[int, int] | None = None) -> str:
    path = path_of(division_id)
    place = Place(*(row.id for row in path))
    year = _year(place)
    schemes, levels = schemes_of_year(place, year)
    rows = _chosen(place, year, levels, seen)
    fine = [row for row in rows if not refusal_of(row)]
    kinds = Counter((row.outcome, row.about) for row in fine[:MOST])
    return render_template(
        "consequences/approval.html", here=path[-1], year=year, error=error, left=len(fine) - len(fine[:MOST]),
        lines=case_lines(fine[:MOST], schemes), digest=digest_of_seen(fine[:MOST]),
        seen=" ".join(f"{row.id}-{row.version}" for row in fine[:MOST]),
        kinds=[(OUTCOMES[one], about_word(about), count) for (one, about), count in sorted(kinds.items())],
        refused=[(line, _why(line.row)) for line in case_lines([row for row in rows if refusal_of(row)], schemes)],
        changed=[row.number for row in rows if seen and row.version != seen[row.id]],
    )  # fmt: skip


def _chosen(place: Place, year: int, levels: Mapping[str, str], seen: Collection[int] | None) -> list[CaseRow]:
    if seen is None and request.args.get("all") == "1":
        return list(cases_of([place], asked(year, levels)[1]))
    keys = {int(one) for one in request.args.getlist("case") if one.isascii() and one.isdecimal() and len(one) < 12}
    wanted = keys if seen is None else seen
    return [row for row in cases_of([place], CaseFilter(year)) if row.id in wanted] if wanted else []


def _why(row: CaseRow) -> str:
    match refusal_of(row):
        case "case.review":
            return str(gettext("待复核：先维持或撤销"))
        case "case.alone":
            return str(gettext("措施要逐件批准"))
    return str(gettext("现在的状态没有批准这一步"))


def _seen(text: str) -> list[SeenCase]:
    """What the page had shown, from its hidden field."""
    found = [one.split("-") for one in text.split()]
    if any(len(one) != 2 or not all(part.isascii() and part.isdecimal() and len(part) < 12 for part in one)
           for one in found):  # fmt: skip
        abort(400)
    return [SeenCase(int(key), int(version)) for key, version in found]


def _place(division_id: int) -> Place:
    return Place(*(row.id for row in path_of(division_id)))


def _year(place: Place) -> int:
    years = years_with_cases([place])
    wanted = number("year")
    return wanted if wanted in years else next(iter(years), 0)
