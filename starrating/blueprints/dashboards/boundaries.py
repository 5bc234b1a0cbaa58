"""The two maps of a city's dashboard: tiles, and boundaries where the office has supplied a file of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext

from starrating.blueprints.dashboards.figures import Boundaries, Figures, Subject
from starrating.charts.boundary_map import draw_boundary_map
from starrating.charts.chart import Chart, Heading
from starrating.charts.style import Width
from starrating.queries.boundaries import district_codes, supplied
from starrating.services.divisions.boundaries import outlines_of
from starrating.services.divisions.boundary_file import full_code

TILES, BOUNDARIES = "share", "boundaries"


def with_boundaries(figures: Figures) -> Figures:
    """The figures with what there is of boundaries; a district or township has no map."""
    known = supplied() if figures.subject.below == "district" else None
    if known is None:
        return figures
    codes = {name: full_code(code) for name, code in district_codes(figures.subject.division_id).items()}
    return replace(figures, boundaries=Boundaries(known, codes))


def draw_boundaries(figures: Figures, measure: str, heading: Heading, width: Width) -> Chart:
    """The boundary map of a city."""
    of = figures.boundaries
    outlines = outlines_of(of.supplied) if of is not None else None
    if of is None or outlines is None:
        abort(404)
    return draw_boundary_map(
        figures.shares, outlines=outlines, codes=of.codes, measure=measure, heading=heading, width=width
    )


def map_asked() -> str:
    """Which map the address asks for; the tile map where it asks for none."""
    return BOUNDARIES if request.args.get("map") == BOUNDARIES else TILES


def with_one_map(names: Sequence[str]) -> list[str]:
    """The charts of a page, of two maps the one that is asked for."""
    both = {TILES, BOUNDARIES} <= set(names)
    return [name for name in names if not both or name not in (TILES, BOUNDARIES) or name == map_asked()]


def maps_of(subject: Subject, name: str) -> list[tuple[str, str, bool]]:
    """The way from one map to the other: label, address, whether it is the one that is shown."""
    said = {TILES: gettext("方格图"), BOUNDARIES: gettext("区界图")}
    here: dict[str, Any] = {"division_id": subject.division_id, "year": subject.year, "kind": subject.kind or None}
    return [
        (label, url_for("dashboards.show", **here, map=one if one == BOUNDARIES else None, _anchor=f"{one}-title"),
         one == name)
        for one, label in said.items()
    ]  # fmt: skip
