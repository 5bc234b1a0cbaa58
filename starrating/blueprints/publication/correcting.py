"""Correcting values of a published list: whose, which, and why; and lifting a removal. Another person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.pages import number, person, words
from starrating.blueprints.publication import bp
from starrating.blueprints.publication.decisions import decision_page, kind_asked, levels_for, published_year
from starrating.blueprints.rating.deciding import FaultLine, fault_line
from starrating.domain.access import Act, may
from starrating.domain.entry import NOTHING, Entry
from starrating.domain.faults import RuleError
from starrating.errors import sentence, sentence_of_entry, status_of
from starrating.queries import decisions as question
from starrating.queries.corrections import FLAG
from starrating.queries.cycles import CycleRow
from starrating.queries.publications import ListedUnit, confirmed_of, listed_units
from starrating.queries.ratings import RatingFilter, ratings, townships_of
from starrating.services.decisions import corrected_values as values
from starrating.services.decisions.checks import LONGEST_GROUND, LONGEST_REASON, Said
from starrating.services.decisions.corrections import propose_correction as propose
from starrating.services.decisions.liftings import propose_lifting
from starrating.services.rating.trials import CannotRate
from starrating.services.scoring.typed_scores import EntriesRefused, Key
from starrating.services.working_days import today

MOST = 5
"""Units whose values one form shows; more would be too long to look at."""


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A value of a unit as the form shows it: what counts now, what was typed, what is wrong."""

    name: str
    header: str
    field: str
    shown: str
    typed: str
    error: str


@bp.get("/<key:cycle_id>/corrections")
def correct(cycle_id: int) -> ResponseReturnValue:
    """The form to propose that values were wrong, for the units that the address names."""
    return _page(cycle_id)


@bp.post("/<key:cycle_id>/corrections")
def propose_correction(cycle_id: int) -> ResponseReturnValue:
    """Propose that values were wrong."""
    try:
        made = propose(cycle_id, _wanted(), person().account_id)
    except EntriesRefused as refused:
        wrong = {key: sentence_of_entry(fault) for key, fault in refused.faults.items()}
        return _page(cycle_id, gettext("有的数填得不对，没有提交，你填的还在。请看下面标出的格。"), 422, wrong)
    except CannotRate as refused:
        lines = [fault_line(cycle_id, fault) for fault in refused.faults]
        return _page(cycle_id, gettext("这样更正就算不出结果，没有提交，你填的还在。"), 422, faults=lines)
    except RuleError as refused:
        return _page(cycle_id, sentence(refused), status_of(refused))
    flash(gettext("已提出，还没有生效。下面是照更正重算的结果，请另一个人看过再决定。"), "ok")
    return redirect(url_for("publication.decision", cycle_id=cycle_id, decision_id=made), 303)


@bp.post("/<key:cycle_id>/decisions/<key:decision_id>/lift")
def lift(cycle_id: int, decision_id: int) -> ResponseReturnValue:
    """Propose that a removal no longer holds."""
    found = question.decision(decision_id)
    if found is None or found.cycle_id != cycle_id:
        abort(404)
    try:
        made = propose_lifting(decision_id, said_on_form(), person().account_id)
    except RuleError as refused:
        return decision_page(cycle_id, decision_id, sentence(refused)), status_of(refused)
    flash(gettext("已提出，还没有生效。请另一个人看过再决定。"), "ok")
    return redirect(url_for("publication.decision", cycle_id=cycle_id, decision_id=made), 303)


def said_on_form() -> Said:
    """Why, on what ground, from which day on; refused where the day is none."""
    try:
        on = date.fromisoformat(request.form.get("on", ""))
    except ValueError:
        raise RuleError("decision.no_day") from None
    return Said(request.form.get("reason", ""), request.form.get("ground", ""), on)


def _wanted() -> values.Correction:
    """What the form asks for: the values whose text is another than the one that was shown."""
    rights = []
    for name, text in request.form.items():
        unit, _, header = name.removeprefix("v:").partition(":")
        shown = request.form.get(f"b:{unit}:{header}", "")
        if name.startswith("v:") and unit.isascii() and unit.isdecimal() and len(unit) < 10 and text != shown:
            rights.append(values.Right(int(unit), header[:120], shown, text))
    if not rights:
        raise RuleError("decision.no_values")
    return values.Correction(kind_asked(), tuple(rights), said_on_form())


def _page(
    cycle_id: int, fault: str = "", status: int = 200, wrong: Mapping[Key, str] | None = None,
    faults: Sequence[FaultLine] = (),
) -> ResponseReturnValue:  # fmt: skip
    row, kind = published_year(cycle_id), kind_asked()
    standing = confirmed_of(cycle_id)[kind].determination_id
    chosen = _chosen(standing)
    narrowed = RatingFilter(words("q"), number("township"))
    page = render_template(
        "publication/correct.html", cycle=row, kind=kind, chosen=chosen, fault=fault, faults=faults, typed=request.form,
        lines=_lines(row, kind, chosen, wrong or {}), levels=levels_for(row, kind)[1], today=today().isoformat(),
        narrowed=narrowed, townships=townships_of(row.district_id, [row.place]), most=MOST,
        found=None if chosen else ratings((standing,), [row.place], narrowed, number("page") or 1),
        may_propose=may(person().grants, Act.PUBLISH, row.place), longest=(LONGEST_REASON, LONGEST_GROUND),
    )  # fmt: skip
    return page, status


def _chosen(determination_id: int) -> list[ListedUnit]:
    """The units of the list that the address or the form names."""
    keys = set(request.values.getlist("unit")[:MOST])
    return [unit for unit in listed_units(determination_id) if str(unit.unit_id) in keys] if keys else []


def _lines(
    row: CycleRow, kind: str, chosen: Sequence[ListedUnit], wrong: Mapping[Key, str]
) -> dict[int, list[ValueLine]]:  # fmt: skip
    """Unit → its values, events last."""
    if not chosen:
        return {}
    ids = [unit.unit_id for unit in chosen]
    stands = values.values_standing(row, kind, ids)
    columns, flags = values.headers_of(row, kind)
    names = [(column.header, values.value_name(column)) for column in columns]
    named = values.flag_names(levels_for(row, kind)[0])
    names += [(flag, gettext("事项“%(name)s”的次数", name=named.get(flag, flag))) for flag in flags]
    return {
        key: [_line(key, header, name, _shown(stands, key, header), wrong) for header, name in names] for key in ids
    }


def _shown(stands: Mapping[Key, Entry], key: int, header: str) -> str:
    """What counts now, as it is typed; an event that was never recorded happened 0 times."""
    return stands.get((key, header), NOTHING).shown or ("0" if header.startswith(FLAG) else "")


def _line(key: int, header: str, name: str, shown: str, wrong: Mapping[Key, str]) -> ValueLine:
    field = f"{key}:{header}"
    return ValueLine(name, header, field, request.form.get(f"b:{field}", shown),
                     request.form.get(f"v:{field}", shown), wrong.get((key, header), ""))  # fmt: skip
