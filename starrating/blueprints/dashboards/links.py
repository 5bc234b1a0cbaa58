"""From a number of a chart to exactly the units it counts: the addresses behind its table's cells and its picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import request, url_for

from starrating.blueprints.dashboards.figures import Figures, Rung, Subject
from starrating.blueprints.dashboards.further import HEAT, Further
from starrating.charts.chart import Cell, Chart
from starrating.charts.spots import said
from starrating.queries.dashboards import FOUR_STARS
from starrating.queries.drill import MOVES, VOID, Drill, Star

BETWEEN = ":"
DIGITS = 4
"""How many digits a year, or the stars of a level, have at most."""
TOTALS = "totals-"
LONGEST = 40
"""How long the text of a total in an address may be."""
POINTS = re.compile(r"[0-9]+(\.[0-9]+|/[1-9][0-9]*)?")
Links = Mapping[tuple[int, int], str]
"""(row, column) of a table → the address of the units that the number there counts."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place of a picture that can be clicked: its outline as SVG has it, where it leads, what it says."""

    outline: str
    at: str
    words: str


def drill_asked(year: int, kind: str) -> Drill:
    """What an address asks for; what makes no sense is left out."""
    moved = request.args.get("moved", "")
    return Drill(
        year, kind, _star("star"), moved if moved in MOVES else "", _whole("since"), _star("was"), _whole("least"),
        _points("low"), _points("high"),
    )  # fmt: skip


def targets(chart: Chart, links: Links) -> list[Target]:
    """The places of a chart's picture that lead to what they count; none where the number there is 0."""
    return [
        Target(
            " ".join(f"{round(x, 1):g},{round(y, 1):g}" for x, y in spot.points),
            links[spot.row, spot.column],
            said(chart, spot),
        )
        for spot in chart.body.spots
        if (spot.row, spot.column) in links
    ]


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


def links_of(figures: Figures, further: Further | None, name: str, chart: Chart) -> Links:
    """The links of a chart's table; of charts that count no units none. A first page has no `further` figures."""
    match name:
        case "stars":
            return _stars(figures, chart)
        case "movement":
            return _movement(figures, chart)
        case "share" | "boundaries":
            return _share(figures, chart)
        case "flow" | "flow-all" if further is not None:
            return _flow(figures.subject, further, chart)
        case "districts" if further is not None:
            return _districts(figures, further, chart)
    if name.startswith(TOTALS):
        return _totals(figures, name.removeprefix(TOTALS), chart)
    if name.startswith(HEAT) and further is not None:
        return _heat(figures.subject, further, name.removeprefix(HEAT), chart)
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


def _share(figures: Figures, chart: Chart) -> Links:
    """Four stars and more, and the units that are rated, which are those that have any level."""
    found = {}
    for at, key in _rows(figures, chart):
        found[at, 1] = units_at(figures.subject, key, least=FOUR_STARS)
        found[at, 2] = units_at(figures.subject, key, least=0)
    return found


def _totals(figures: Figures, kind: str, chart: Chart) -> Links:
    """The units whose total lies in a step, by the levels of the kind's scheme."""
    subject, scheme = figures.subject, dict(figures.schemes)[kind]
    rungs = _levels([(level.stars, level.name) for level in scheme.levels])
    found = {}
    for at, row in enumerate(chart.table.rows):
        step = {"kind": kind, "low": _text(row[0]), "high": _text(row[1])}
        for column, rung in enumerate(rungs, 2):
            found[at, column] = units_at(subject, subject.division_id, star=star_text(rung), **step)
        found[at, 2 + len(rungs)] = units_at(subject, subject.division_id, **step)
    return found


def _heat(subject: Subject, further: Further, kind: str, chart: Chart) -> Links:
    """The units of a township with their points of an indicator, the weakest first; a unit's row leads to its page."""
    found = {}
    for at, (key, _) in enumerate(further.heat(kind)):
        for column, head in enumerate(chart.table.header[2:], 2):
            found[at, column] = (
                url_for("dashboards.unit", unit_id=key, year=subject.year) if subject.level == "township"
                else units_at(subject, key, kind=kind, indicator=head.partition(" ")[0])
            )  # fmt: skip
    return found


def _flow(subject: Subject, further: Further, chart: Chart) -> Links:
    """The bands by their rows; the parts of the columns, which stand before the table, by year and level."""
    names: dict[str, str] = {name: star_text((stars, name)) for stars, name in further.ladder}
    years = dict.fromkeys(row[at] for row in chart.table.rows for at in (0, 1))
    parts = {
        (-1 - at, part): units_at(subject, subject.division_id, year=year, star=star_text(rung))
        for at, year in enumerate(years)
        for part, rung in enumerate(reversed(further.ladder))
    }
    return parts | {
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


def _whole(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def _points(name: str) -> Fraction | None:
    """A total of the address, exactly; nothing that would take long to work out, as an exponent may."""
    text = request.args.get(name, "")
    if len(text) > LONGEST or not POINTS.fullmatch(text):
        return None
    return Fraction(text)


def _text(cell: Cell) -> str:
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
