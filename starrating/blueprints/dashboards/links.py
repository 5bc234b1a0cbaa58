"""From a number of a chart to exactly the units it counts: the addresses behind the cells of its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for

from starrating.blueprints.dashboards.figures import Figures, Rung, Subject
from starrating.blueprints.dashboards.further import Further
from starrating.charts.chart import Chart
from starrating.queries.drill import MOVES, VOID, Drill, Star

BETWEEN = ":"
DIGITS = 4
"""How many digits a year, or the stars of a level, have at most."""
Links = Mapping[tuple[int, int], str]
"""(row, column) of a table → the address of the units that the number there counts."""


def drill_asked(year: int, kind: str) -> Drill:
    """What an address asks for; what makes no sense is left out."""
    moved, since = request.args.get("moved", ""), request.args.get("since", "")
    return Drill(
        year, kind, _star("star"), moved if moved in MOVES else "",
        int(since) if since.isascii() and since.isdigit() and len(since) <= DIGITS else None, _star("was"),
    )  # fmt: skip


def units_at(subject: Subject, division_id: int, **more: Any) -> str:
    """The address of the units of a division in the subject's year and kind."""
    asked: dict[str, Any] = {"year": subject.year, "kind": subject.kind or None, **more}
    return url_for("dashboards.units", division_id=division_id, **asked)


def star_text(rung: Rung | None) -> str:
    """A level as it stands in an address."""
    return VOID if rung is None else f"{rung[0]}{BETWEEN}{rung[1]}"


def star_links(figures: Figures) -> list[str]:
    """The units of each level of a subject, the lowest first, then those that are not rated."""
    subject = figures.subject
    return [units_at(subject, subject.division_id, star=star_text(rung)) for rung in (*figures.ladder, None)]


def links_of(figures: Figures, further: Further, name: str, chart: Chart) -> Links:
    """The links of a chart's table; of charts that count no units none."""
    match name:
        case "stars":
            return _stars(figures, chart)
        case "movement":
            return _movement(figures, chart)
        case "flow" | "flow-all":
            return _flow(figures.subject, further, chart)
        case "districts":
            return _districts(figures, further, chart)
    return {}


def _rows(figures: Figures, chart: Chart) -> list[tuple[int, int]]:
    """Row → the division that it counts."""
    return [(at, figures.keys[str(row[0])]) for at, row in enumerate(chart.table.rows)]


def _levels(ladder: Sequence[Rung]) -> list[Rung | None]:
    """The columns of levels in a table: the highest first, not rated last."""
    return [*reversed(ladder), None]


def _stars(figures: Figures, chart: Chart) -> Links:
    found = {}
    for at, key in _rows(figures, chart):
        for column, rung in enumerate(_levels(figures.ladder), 1):
            found[at, column] = units_at(figures.subject, key, star=star_text(rung))
        found[at, len(figures.ladder) + 2] = units_at(figures.subject, key)
    return found


def _movement(figures: Figures, chart: Chart) -> Links:
    return {
        (at, column): units_at(figures.subject, key, moved=moved)
        for at, key in _rows(figures, chart)
        for column, moved in enumerate(("up", "held", "down", "stripped", "first"), 1)
    }


def _flow(subject: Subject, further: Further, chart: Chart) -> Links:
    names: dict[str, str] = {name: star_text((stars, name)) for stars, name in further.ladder}
    return {
        (at, 4): units_at(subject, subject.division_id, year=row[1], since=row[0], was=names.get(str(row[2]), VOID),
                          star=names.get(str(row[3]), VOID))
        for at, row in enumerate(chart.table.rows)
    }  # fmt: skip


def _districts(figures: Figures, further: Further, chart: Chart) -> Links:
    found = {}
    for at, row in enumerate(chart.table.rows):
        key = figures.keys.get(str(row[0]))
        if key is None:
            continue
        for column, rung in enumerate(_levels(further.ladder), 2):
            found[at, column] = units_at(figures.subject, key, year=row[1], star=star_text(rung))
    return found


def _star(name: str) -> Star | None:
    text = request.args.get(name, "")[:120]
    if text == VOID:
        return Star(0, VOID)
    stars, between, level = text.partition(BETWEEN)
    known = between and stars.isascii() and stars.isdigit() and len(stars) <= DIGITS and level
    return Star(int(stars), level) if known else None
