"""The charts of a dashboard, and their pictures from the cache: an address holds a digest sealed for its division."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flask import current_app, request, url_for
from flask_babel import gettext

from starrating.blueprints.dashboards.boundaries import BOUNDARIES, TILES, draw_boundaries, maps_of
from starrating.blueprints.dashboards.figures import Figures, Subject, lines_of, unit_totals
from starrating.blueprints.dashboards.further import HEAT, Further, draw_further
from starrating.blueprints.dashboards.links import links_of, targets
from starrating.blueprints.pages import kind_name, shell
from starrating.charts.ahead import Ahead, picture
from starrating.charts.cache import ChartCache
from starrating.charts.chart import Chart, Heading
from starrating.charts.distribution import draw_distribution
from starrating.charts.movement import draw_movement
from starrating.charts.stars_by_district import draw_stars_by_district
from starrating.charts.stars_by_township import draw_stars_by_township
from starrating.charts.style import Width
from starrating.charts.tile_map import draw_tile_map
from starrating.domain.proportion import reference_of

EXTENSION, AHEAD = "starrating.charts", "starrating.charts.ahead"
MOBILE = "Mobi"
"""What the browsers of telephones call themselves."""
PATIENCE = 2.0
"""How long a request waits for a picture that another process has promised, in seconds; then it draws it itself."""
KINDS = ("village", "community")
NAMES = ("stars", "movement", TILES, BOUNDARIES, "totals-village", "totals-community", "flow", "flow-all", "districts",
         "heat-village", "heat-community")  # fmt: skip


class OutOfDate(Exception):
    """The picture of a digest is no longer kept, and the numbers are others by now."""


@dataclass(frozen=True, slots=True)
class Promised:
    """A picture known by its digest alone: it is laid out and drawn only where the cache does not hold it."""

    digest: str
    make: Callable[[], Chart]

    def svg(self) -> bytes:
        """Draw it now; `OutOfDate` where the numbers have changed since the digest was given."""
        chart = self.make()
        if chart.digest != self.digest:
            raise OutOfDate
        return chart.svg()


def cache() -> ChartCache:
    """The application's pictures on disk."""
    kept = current_app.extensions.get(EXTENSION)
    if kept is None:
        kept = current_app.extensions.setdefault(EXTENSION, ChartCache(Path(current_app.config["CHART_FOLDER"])))
    return cast(ChartCache, kept)


def ahead() -> Ahead:
    """What draws this process's pictures beside its pages."""
    kept = current_app.extensions.get(AHEAD)
    if kept is None:
        kept = current_app.extensions.setdefault(AHEAD, Ahead(cache()))
    return cast(Ahead, kept)


def draw_ahead(parts: Iterable[Mapping[str, Any]]) -> None:
    """Begin to draw what a page is about to show, at the width of the reader's screen."""
    if current_app.config["CHARTS_AHEAD"]:
        width = "phone" if MOBILE in request.user_agent.string else "chart"
        ahead().ask(part[width] for part in parts if width in part)


def svg_by_digest(digest: str, make: Callable[[], Chart]) -> bytes:
    """The picture of a digest, from the cache without a look at the numbers, or from whoever is about to draw it."""
    name = picture(digest)
    drawn = cache().known(name) or ahead().svg(digest) or cache().promised(name, PATIENCE)
    return drawn or cache().svg(cast(Chart, Promised(digest, make)))


def seal(of: int | str, name: str, digest: str) -> str:
    """What shows that this digest was given out on this division's or unit's page: nobody learns another's from it."""
    said = f"chart:{of}:{name}:{digest}".encode()
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), said, "sha256").hexdigest()[:32]


def address(subject: Subject, name: str, chart: Chart, width: Width) -> str:
    """Where the picture of a chart is."""
    return url_for(
        "dashboards.chart", division_id=subject.division_id, name=name, ending="svg", year=subject.year,
        kind=subject.kind or None, width=width if width is Width.PHONE else None, digest=chart.digest,
        seal=seal(subject.division_id, name, chart.digest),
    )  # fmt: skip


def names_of(figures: Figures) -> tuple[str, ...]:
    """Which charts a dashboard has: the maps are the city's, distributions are a district's or township's."""
    if figures.subject.below == "district":
        return ("stars", "movement", TILES, *((BOUNDARIES,) if figures.boundaries else ()))
    kinds = {kind for kind, _ in figures.schemes}
    return ("stars", "movement", *(f"totals-{kind}" for kind in KINDS if kind in kinds))


def draw(figures: Figures, name: str, width: Width = Width.DESK) -> Chart:
    """One chart of a dashboard, laid out."""
    subject = figures.subject
    heading = heading_of(subject, subject.kind)
    match name:
        case "stars" if subject.below == "district":
            return draw_stars_by_district(
                figures.stars, levels=figures.names, heading=heading, width=width, reference=_reference(figures)
            )
        case "stars":
            return draw_stars_by_township(figures.stars, levels=figures.names, heading=heading, width=width)
        case "movement":
            return draw_movement(figures.moves, heading=heading, width=width)
        case "share":
            return draw_tile_map(figures.shares, measure=gettext("四星以上占比"), heading=heading, width=width)
        case "boundaries":
            return draw_boundaries(figures, gettext("四星以上占比"), heading, width)
    kind = name.removeprefix("totals-")
    levels = next(scheme for of, scheme in figures.schemes if of == kind).levels
    return draw_distribution(
        unit_totals(figures, kind), levels=[level.name for level in levels], lines=lines_of(figures, kind),
        heading=heading_of(subject, kind), width=width,
    )  # fmt: skip


def draw_named(figures: Figures, further: Further, name: str, width: Width = Width.DESK) -> Chart:
    """One chart of a dashboard by its name."""
    if name not in further.names:
        return draw(figures, name, width)
    kind = name.removeprefix(HEAT) if name.startswith(HEAT) else figures.subject.kind
    return draw_further(further, name, heading_of(figures.subject, kind), width)


def framed(figures: Figures, name: str, further: Further | None = None) -> dict[str, Any]:
    """What the frame of a chart of a division shows; of one that cannot be laid out that it is so, others stay."""
    try:
        return _framed(figures, name, further)
    except Exception:
        current_app.logger.exception("a chart was not laid out: %s", name)
        return {"name": name, "failed": True}


def _framed(figures: Figures, name: str, further: Further | None) -> dict[str, Any]:
    subject = figures.subject

    def made(width: Width) -> Chart:
        return draw(figures, name, width) if further is None else draw_named(figures, further, name, width)

    downloads = {
        ending: url_for("dashboards.chart", division_id=subject.division_id, name=name, ending=ending,
                        year=subject.year, kind=subject.kind or None)
        for ending in ("csv", "png")
    }  # fmt: skip
    shown = frame(name, made, lambda chart, width: address(subject, name, chart, width))
    desk, phone = shown["chart"], shown["phone"]
    found = links_of(figures, further, name, desk)
    # A phone shows fewer years of a flow, so its table is another.
    small = found if phone.table == desk.table else links_of(figures, further, name, phone)
    return {
        **shown, **downloads, "at": found, "targets": targets(desk, found), "phone_targets": targets(phone, small),
        "maps": maps_of(subject, name) if figures.boundaries else (),
    }  # fmt: skip


def frame(name: str, made: Callable[[Width], Chart], at: Callable[[Chart, Width], str]) -> dict[str, Any]:
    """What the frame of any chart shows: both pictures with their addresses, the table with its total."""
    desk, phone = made(Width.DESK), made(Width.PHONE)
    table = desk.table
    total: dict[object, object] | None = {"kind": "total", "title": table.total[0]} if table.total else None
    if total is not None:
        total.update({place: cell for place, cell in enumerate(table.total) if place and cell != ""})
    return {
        "name": name, "chart": desk, "at": {},
        # A row ends with its place, by which its numbers find their links.
        "rows": [*((*row, place) for place, row in enumerate(table.rows)), *([total] if total else [])],
        "phone": phone, "desk_at": at(desk, Width.DESK), "phone_at": at(phone, Width.PHONE),
    }  # fmt: skip


def heading_of(subject: Subject, kind: str) -> Heading:
    """What a chart of a dashboard is about."""
    noun = kind_name(kind) if kind else gettext("村社区")
    whose = gettext("%(place)s%(year)s年度%(noun)s", place=subject.name, year=subject.year, noun=noun)
    source = gettext("数据：%(place)s%(year)s年度审定结果", place=subject.name, year=subject.year)
    return Heading(whose, noun, source, bool(shell().get("sample")))


def _reference(figures: Figures) -> tuple[int, ...] | None:
    found = reference_of([scheme for _, scheme in figures.schemes])
    return found if found is not None and len(found) == len(figures.ladder) else None
