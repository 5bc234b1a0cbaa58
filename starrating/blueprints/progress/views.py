"""The pages of progress and the pictures and tables of their chart; everything that narrows them is in the address."""

from __future__ import annotations

import hmac
import io
from collections.abc import Callable

from flask import abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from starrating.blueprints.dashboards.pictures import OutOfDate, cache, seal, svg_by_digest
from starrating.blueprints.languages import in_chinese
from starrating.blueprints.pages import KINDS, number, person
from starrating.blueprints.progress import bp
from starrating.blueprints.progress.seen import CITY, Shown, sealed_as, shown_of, view_asked
from starrating.charts.style import Width
from starrating.domain.access import Act, Place, places
from starrating.domain.workflow import CycleState
from starrating.queries.cycles import CycleRow, cycle_in, cycles
from starrating.queries.divisions import DivisionRow, division
from starrating.queries.windows import calendar_of
from starrating.services.clock import now
from starrating.services.scoring.progress import counted
from starrating.services.scoring.progress_lines import Ground, by_district, township_tasks
from starrating.services.scoring.tasks import work_of

TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}


@bp.get("/")
def index() -> ResponseReturnValue:
    """Leads on: to the city where somebody sees one as a whole, otherwise to the year that is being scored."""
    held = places(person().grants, Act.VIEW_SCORES)
    wide = next((one.municipality for one in held if one.level == "municipality"), None)
    own = cycles(held)
    if wide is None and any(one.level == "everywhere" for one in held) and own:
        wide = own[0].municipality_id
    if wide is not None:
        return redirect(url_for("progress.city", division_id=wide))
    row = next((one for one in own if one.state is CycleState.SCORING), own[0] if own else None)
    if row is not None:
        return redirect(url_for("progress.show", cycle_id=row.id))
    return render_template("progress/show.html", cycle=None)


@bp.get("/cycles/<key:cycle_id>")
def show(cycle_id: int) -> ResponseReturnValue:
    """A district's year by department, by township or by indicator, as far as it is the person's to see."""
    ground = _ground(cycle_id)
    shown = shown_of(ground, view_asked())
    kinds = dict.fromkeys(task.kind for task in ground.work.tasks)
    own = cycles(places(person().grants, Act.VIEW_SCORES))
    wide = any(one.level in ("municipality", "everywhere") for one in places(person().grants, Act.VIEW_SCORES))
    return render_template(
        "progress/show.html", cycle=ground.cycle, shown=shown, part=shown.framed(), kinds=tuple(kinds),
        years=[one for one in own if one.district_id == ground.cycle.district_id], work=ground.work,
        late=[line for line in shown.lines if line.late], city=ground.cycle.municipality_id if wide else None,
        own_only=any(task.assigned.by_township for task in township_tasks(ground)),
    )  # fmt: skip


@bp.get("/cycles/<key:cycle_id>/charts/<any(department, township, indicator):name>.<any(svg, png, csv):ending>")
def chart(cycle_id: int, name: str, ending: str) -> ResponseReturnValue:
    """A district's chart: by its digest from the cache, or the picture and the numbers of now to download."""
    if cycle_in(places(person().grants, Act.VIEW_SCORES), cycle_id) is None:
        abort(404)
    return _answer(cycle_id, name, ending, lambda: shown_of(_ground(cycle_id), name))


@bp.get("/divisions/<key:division_id>")
def city(division_id: int) -> ResponseReturnValue:
    """A city's year by district."""
    here, own = _city(division_id)
    if not own:
        return render_template("progress/city.html", here=here, shown=None)
    shown = _city_shown(here, own)
    states = {str(row.id): row for row in own}
    return render_template(
        "progress/city.html", here=here, shown=shown, part=shown.framed(), states=states,
        year_options=[(year, str(year)) for year in sorted({row.year for row in own}, reverse=True)],
    )  # fmt: skip


@bp.get("/divisions/<key:division_id>/chart.<any(svg, png, csv):ending>")
def city_chart(division_id: int, ending: str) -> ResponseReturnValue:
    """A city's chart, as a district's."""
    here, own = _city(division_id)
    if not own:
        abort(404)
    return _answer(division_id, CITY, ending, lambda: _city_shown(here, own))


def _answer(key: int, view: str, ending: str, make: Callable[[], Shown]) -> ResponseReturnValue:
    """Pictures speak the reader's language, which their digest covers; the table is the same for everybody."""
    digest, width = request.args.get("digest", ""), _width()
    if ending == "svg":
        if digest and not hmac.compare_digest(seal(key, sealed_as(view), digest), request.args.get("seal", "")):
            abort(404)
        try:
            drawn = svg_by_digest(digest, lambda: make().chart(width)) if digest else b""
        except OutOfDate:
            drawn = b""
        if not drawn:
            shown = make()
            return redirect(shown.address(shown.chart(width), width))
        answer = send_file(io.BytesIO(drawn), mimetype=TYPES["svg"], etag=False)
        answer.set_etag(digest)
        return answer
    if ending == "csv":
        with in_chinese():
            made = make().chart()
            content = ("\ufeff" + made.csv()).encode("utf-8")
    else:
        made = make().chart(width)
        content = cache().png(made)
    called = f"{made.heading.subject}-progress.{ending}"
    return send_file(io.BytesIO(content), mimetype=TYPES[ending], as_attachment=True, download_name=called)


def _ground(cycle_id: int) -> Ground:
    """Everything that a district's lines are counted from; a year out of scope does not exist."""
    row = cycle_in(places(person().grants, Act.VIEW_SCORES), cycle_id) or abort(404)
    numbers, work = counted(row), work_of(row, person().grants)
    department, township = request.args.get("department", ""), number("township")
    towns = {key for _, key, _, _ in numbers.sizes if work.townships is None or key in work.townships}
    if department and department not in {task.assigned.department for task in work.tasks}:
        abort(404)
    if request.args.get("township") and township not in towns:
        abort(404)
    return Ground(row, calendar_of(row), numbers, now(), work, _kind(), department, township)


def _city(division_id: int) -> tuple[DivisionRow, list[CycleRow]]:
    """A city and the years of its districts."""
    here = division(division_id)
    if here is None or here.level != "municipality":
        abort(404)
    return here, [row for row in cycles([Place(division_id)]) if row.municipality_id == division_id]


def _city_shown(here: DivisionRow, own: list[CycleRow]) -> Shown:
    """The year that the address names, the newest where it names none that there is."""
    years = sorted({row.year for row in own}, reverse=True)
    asked = number("year")
    year = asked if asked in years else years[0]
    lines = by_district([row for row in own if row.year == year], _kind(), now())
    return Shown(here.id, CITY, _kind(), here.name, year, lines)


def _kind() -> str:
    asked = request.args.get("kind", "")
    return asked if asked in KINDS else ""


def _width() -> Width:
    return Width.PHONE if request.args.get("width") == Width.PHONE else Width.DESK
