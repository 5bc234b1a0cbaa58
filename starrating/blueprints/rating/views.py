"""Lists of results and a unit's page; every filter is in the address, files hold what the page shows."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import KINDS, kind_names, number, person, words
from starrating.blueprints.rating import bp
from starrating.blueprints.rating.seen import (
    MOVEMENTS,
    cycle_seen,
    district_wide,
    levels_of,
    reason_teller,
    runs_seen,
    scheme_seen,
)
from starrating.blueprints.rating.telling import tell
from starrating.domain.access import Act, may, places
from starrating.domain.figures import plain
from starrating.domain.marks import LevelMarks
from starrating.domain.robustness import SPREAD
from starrating.domain.scheme import Scheme
from starrating.interchange.inert import MARK, csv_text
from starrating.queries import ratings as question
from starrating.queries.cycles import STANDING, CycleRow, cycle, cycles
from starrating.queries.decisions import decided_of_unit
from starrating.queries.divisions import divisions_in
from starrating.queries.divisions import unit as unit_row
from starrating.queries.objections import disputed_units
from starrating.services.rating import explaining as service
from starrating.services.rating.steadiness import steadiness_of_unit
from starrating.wording.phrases import level_named

CSV_HEADER = ("名次", "代码", "名称", "乡镇街道", "总分", "星级", "去年", "变动", "原因")


@bp.get("/")
def index() -> ResponseReturnValue:
    """The results that stand in a year, over all districts in scope."""
    held = places(person().grants, Act.VIEW_RATINGS)
    own = [row for row in cycles(held) if row.state in STANDING]
    years = sorted({row.year for row in own}, reverse=True)
    asked = number("year")
    year = asked if asked in years else years[0] if years else 0
    kind = _kind(request.args.get("kind", ""))
    ids = question.standing_ids(year, kind) if year else ()
    scheme = scheme_seen(ids[0]) if ids else None
    narrowed = _filter()
    found = question.ratings(ids, held, narrowed, number("page") or 1)
    levels, moved = question.counts(ids, held)
    return render_template(
        "rating/index.html", found=found, year=year, years=years, kind=kind, narrowed=narrowed, kinds=kind_names(),
        districts=divisions_in(held, "district"), scheme=scheme, levels=levels_of(scheme) if scheme else {},
        tally=levels, moved=moved, movements=MOVEMENTS, reason=reason_teller(scheme), own=own, address=_address(),
        disputed=disputed_units([one.id for one in own if one.year == year]),
    )  # fmt: skip


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>")
def results(cycle_id: int, kind: str) -> ResponseReturnValue:
    """The results of a year of a district, with the line of each level where the whole list is shown."""
    row, runs = _runs(cycle_id, kind)
    run, narrowed = runs[kind], _filter()
    scheme = scheme_seen(run.id)
    held = places(person().grants, Act.VIEW_RATINGS)
    sort = request.args.get("sort", "rank")
    found = question.ratings((run.id,), held, narrowed, number("page") or 1, sort)
    tally, moved = question.counts((run.id,), held)
    plain_list = sort == "rank" and narrowed == question.RatingFilter()
    lines = _quota_lines(run.id, scheme) if plain_list and district_wide(row) else {}
    return render_template(
        "rating/results.html", cycle=row, kind=kind, run=run, runs=runs, found=found, narrowed=narrowed, sort=sort,
        rows=[one for rating in found.rows for one in (rating, *lines.get(rating.code, ()))],
        reason=reason_teller(scheme), disputed=disputed_units([cycle_id]),
        levels=levels_of(scheme), tally=tally, moved=moved, movements=MOVEMENTS, address=_address(),
        townships=question.townships_of(row.district_id, held), follows=_sees_consequences(row),
        trials=may(person().grants, Act.VIEW_TRIALS, row.place),
    )  # fmt: skip


@bp.get("/cycles/<key:cycle_id>/<any(village, community):kind>.csv")
def download(cycle_id: int, kind: str) -> ResponseReturnValue:
    """The list as a file, with the filter of the page."""
    row, runs = _runs(cycle_id, kind)
    scheme = scheme_seen(runs[kind].id)
    names = {code: level.name for code, level in levels_of(scheme).items()}
    held = places(person().grants, Act.VIEW_RATINGS)
    say = reason_teller(scheme)
    with in_chinese():
        lines = csv_text(CSV_HEADER, (
            [str(one.rank or ""), one.code, one.name, one.township, one.total, one.level_name or "未评",
             names.get(one.previous, ""), MOVEMENTS[one.movement] if one.movement else "",
             "；".join(say(code, one.pool) for code in one.reasons)]
            for one in question.all_ratings((runs[kind].id,), held, _filter())
        ))  # fmt: skip
    name = f"{row.year}-{kind}-{runs[kind].input_digest[:8]}.csv"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response((MARK + lines).encode(), mimetype="text/csv", headers=headers)


@bp.get("/units/<key:unit_id>")
def unit(unit_id: int) -> ResponseReturnValue:
    """A unit's stars over the years, and the explanation of one year's in words and sums."""
    here = unit_row(unit_id)
    if here is None:
        abort(404)
    years = question.years_of(unit_id)
    run, row = _run_of_unit(here.kind, here.district_id, years)
    given = question.rating_of(run.id, unit_id) if run else None
    told = service.explanation_of(run.id, unit_id) if run and given else None
    scheme = scheme_seen(run.id) if run else None
    return render_template(
        "rating/unit.html", unit=here, years=years, run=run, cycle=row, given=given,
        told=tell(*told) if told else None, levels=levels_of(scheme) if scheme else {}, reason=reason_teller(scheme),
        disputed=row is not None and unit_id in disputed_units([row.id]),
        decisions=decided_of_unit(row.id, unit_id) if row else (), wide=row is not None and district_wide(row),
        follows=row is not None and _sees_consequences(row),
        steady=_steady(row, run, here.code), spread=SPREAD // 10,
    )  # fmt: skip


def _runs(cycle_id: int, kind: str) -> tuple[CycleRow, dict[str, question.DeterminationRow]]:
    row = cycle_seen(cycle_id)
    runs = runs_seen(row)
    if kind not in runs:
        abort(404)
    return row, runs


def _run_of_unit(
    kind: str, district_id: int, years: tuple[question.YearOfUnit, ...]
) -> tuple[question.DeterminationRow | None, CycleRow | None]:
    """The determination the page explains: of the cycle in the address, else the last year's that stands."""
    asked = number("cycle")
    if asked is not None:
        row = cycle_seen(asked)
        if row.district_id != district_id:
            abort(404)
        return runs_seen(row).get(kind), row
    if not years:
        return None, None
    run = question.determination(years[-1].rating.determination_id)
    return run, cycle(run.cycle_id) if run else None


def _filter() -> question.RatingFilter:
    moved = request.args.get("changed", "")
    return question.RatingFilter(
        words("q"), number("township"), request.args.get("level", "")[:40], moved if moved in MOVEMENTS else "",
        number("district"),
    )  # fmt: skip


def _kind(text: str) -> str:
    return text if text in KINDS else "village"


def _address() -> str:
    """The address of this list without the page."""
    kept = {name: value for name, value in request.args.items() if name != "page" and value}
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **kept})


def _steady(row: CycleRow | None, run: question.DeterminationRow | None, code: str) -> str | None:
    """How steady the level is, blank where it was not counted yet; None for who may not see it."""
    if row is None or run is None or not may(person().grants, Act.VIEW_TRIALS, row.place):
        return None
    return steadiness_of_unit(run.id, code)


def _sees_consequences(row: CycleRow) -> bool:
    return may(person().grants, Act.VIEW_CONSEQUENCES, row.place)


def _quota_lines(determination_id: int, scheme: Scheme) -> dict[str, list[dict[str, Any]]]:
    """Code of the last unit in a level → the line below it."""
    marks = service.marks_of(determination_id)
    lines: dict[str, list[dict[str, Any]]] = {}
    for level in marks.levels if marks else ():
        if level.last_in is not None:
            title = gettext("%(level)s线", level=level_named(scheme, level.level))
            lines.setdefault(level.last_in.unit, []).append({"kind": "quota", "title": title, "facts": _facts(level)})
    return lines


def _facts(level: LevelMarks) -> list[str]:
    assert level.last_in is not None
    said = [gettext("名额%(count)s个", count=level.places)] if level.places is not None else []
    said.append(gettext("进%(count)s个", count=level.taken + level.guaranteed))
    if level.rule is not None and level.rule.least is not None:
        said.append(gettext("线%(points)s分", points=plain(level.rule.least)))
    said.append(gettext("末位进线%(total)s分", total=level.last_in.total))
    if level.first_out is not None:
        said.append(gettext("首位落线%(total)s分", total=level.first_out.total))
    return said
