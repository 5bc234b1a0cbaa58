"""Which determination of a cycle a person sees, and its levels as the star macros ask for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort

from starrating.blueprints.pages import person
from starrating.domain.access import Act, may, places
from starrating.domain.scheme import Scheme
from starrating.queries import ratings as question
from starrating.queries.cycles import STANDING, CycleRow, cycle_in
from starrating.services.rating.explaining import scheme_of
from starrating.wording.language import mark as _l
from starrating.wording.reasons import reason_text

MOVEMENTS = {
    "up": _l("晋星"),
    "held": _l("保星"),
    "down": _l("降星"),
    "stripped": _l("取消星级"),
    "first": _l("首次评定"),
    "lowest": _l("仍在最低一级"),
}
"""The words of movements, as in the macro."""


@dataclass(frozen=True, slots=True)
class LevelShown:
    """A level for the star macros: its place counts from the highest."""

    code: str
    name: str
    place: int
    of: int


def levels_of(scheme: Scheme) -> dict[str, LevelShown]:
    """Code → level, the highest first."""
    top = len(scheme.levels)
    return {
        level.code: LevelShown(level.code, level.name, top - 1 - index, top)
        for index, level in reversed(list(enumerate(scheme.levels)))
    }


def cycle_seen(cycle_id: int) -> CycleRow:
    """The cycle, if the person's places touch its district."""
    found = cycle_in(places(person().grants, Act.VIEW_RATINGS), cycle_id)
    return abort(404) if found is None else found


def runs_seen(row: CycleRow) -> dict[str, question.DeterminationRow]:
    """Kind → the determination that stands; before there is one, the last trial for those who may see trials."""
    if row.state in STANDING:
        return {one.kind: one for one in question.standing(row.id)}
    if may(person().grants, Act.VIEW_TRIALS, row.place):
        return {one.kind: one for one in question.latest_trials(row.id)}
    return {}


def district_wide(row: CycleRow) -> bool:
    """True where the person sees the whole district: the marks of a level name units of other townships."""
    return any(place.covers(row.place) for place in places(person().grants, Act.VIEW_RATINGS))


def scheme_seen(determination_id: int) -> Scheme:
    """The scheme of a determination."""
    found = scheme_of(determination_id)
    return abort(404) if found is None else found


def reason_teller(scheme: Scheme | None) -> Callable[..., str]:
    """What says a reason's code in words, by the pool of its unit; a code that the scheme does not know as it is."""

    def say(code: str, pool: str = "") -> str:
        try:
            return code if scheme is None else reason_text(code, scheme, pool=pool)
        except (KeyError, ValueError):
            return code

    return say
