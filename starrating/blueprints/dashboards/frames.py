"""The frames of a page's charts, laid out once for the same figures: opened again, a page lays none of them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, request
from flask_babel import get_locale

from starrating.blueprints.dashboards.figures import Figures
from starrating.blueprints.dashboards.further import Further
from starrating.blueprints.dashboards.pictures import MOBILE, draw_ahead, framed
from starrating.blueprints.pages import shell
from starrating.charts.chart import Chart, Heading, Table
from starrating.services.memory import Memory

EXTENSION = "starrating.frames"
PAGES = 16
"""How many pages' frames a process keeps; those of a large district take about two megabytes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page says of a chart; its marks, which are most of it, are in the picture."""

    title: str
    alternative: str
    table: Table
    heading: Heading
    digest: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """The frames, and the figures that they were laid out from: frames of other figures are not these."""

    figures: Figures
    further: Further
    frames: list[dict[str, Any]]


def frames_of(figures: Figures, further: Further, names: Sequence[str]) -> list[dict[str, Any]]:
    """The frames of the named charts; their pictures are drawn beside the page where they are not kept.

    Kept are those of the last pages, for exactly the same figures in the same language: nothing else is in them. A
    phone's are kept apart from a desk's, for which other pictures are drawn.
    """
    subject, kept = figures.subject, _memory()
    device = MOBILE in request.user_agent.string
    key = (subject.division_id, subject.year, subject.kind, tuple(names), str(get_locale()), shell().get("sample"),
           device)  # fmt: skip
    known = kept.get(key)
    if known is not None and (known.figures, known.further) == (figures, further):
        return known.frames
    frames = [framed(figures, name, further) for name in names]
    draw_ahead(frames)
    if not any("failed" in one for one in frames):
        kept.put(key, _Kept(figures, further, [_seen(one) for one in frames]))
    return frames


def _seen(frame: dict[str, Any]) -> dict[str, Any]:
    return {name: _without_marks(value) if isinstance(value, Chart) else value for name, value in frame.items()}


def _without_marks(chart: Chart) -> Seen:
    return Seen(chart.title, chart.alternative, chart.table, chart.heading, chart.digest, chart.width, chart.height)


def _memory() -> Memory[_Kept]:
    return cast(Memory[_Kept], current_app.extensions.setdefault(EXTENSION, Memory[_Kept](PAGES)))
