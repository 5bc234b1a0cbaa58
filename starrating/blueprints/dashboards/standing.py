"""All that a dashboard shows of the ratings that stand: counts, charts, why, and what next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starrating.blueprints.dashboards.boundaries import map_asked, with_boundaries, with_one_map
from starrating.blueprints.dashboards.figures import Subject, figures_of
from starrating.blueprints.dashboards.frames import frames_of
from starrating.blueprints.dashboards.further import further_of
from starrating.blueprints.dashboards.links import star_links
from starrating.blueprints.dashboards.pictures import names_of
from starrating.blueprints.dashboards.reasons import districts_of, kinds_of
from starrating.charts.levels import added


def standing_shown(subject: Subject, years: Sequence[int]) -> dict[str, Any]:
    """What the template of a division's dashboard asks for, of a subject that has ratings."""
    figures = with_boundaries(figures_of(subject))
    further = further_of(figures, years)
    city = subject.below == "district"
    names = with_one_map((*names_of(figures), *further.names))
    return {
        "figures": figures,
        "charts": frames_of(figures, further, names),
        "map": map_asked() if figures.boundaries else "",
        "total": added(figures.stars, "") if figures.stars else None,
        "star_links": star_links(figures),
        "kinds_lost": () if city else kinds_of(subject),
        "districts_lost": districts_of(subject) if city else (),
    }
