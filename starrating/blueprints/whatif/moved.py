"""Who moves under a trial, as the page and the file list it: by unit, by level, by township."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from starrating.blueprints.rating.seen import LevelShown, levels_of, reason_teller
from starrating.domain.moves import UNRATED, Move, Moves
from starrating.domain.scheme import Scheme
from starrating.queries.cycles import CycleRow
from starrating.queries.edges import UnitNamed
from starrating.wording.language import mark as _l

HEAD = (
    _l("单位编码"), _l("单位"), _l("乡镇街道"), _l("现在"), _l("这样改"), _l("现在总分"), _l("这样改总分"),
    _l("现在名次"), _l("这样改名次"), _l("现在的理由"), _l("这样改的理由"),
)  # fmt: skip
"""The head of the file."""


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A unit that moves; a level is None where it is not rated."""

    cycle: CycleRow
    unit: UnitNamed
    move: Move
    before: LevelShown | None
    after: LevelShown | None
    was: str
    why: str


@dataclass(frozen=True, slots=True)
class CountLine:
    """How many have a level (None: not rated) before and after, and where those that come into it come from."""

    level: LevelShown | None
    before: int
    after: int
    came: tuple[tuple[LevelShown | None, int], ...]


@dataclass(frozen=True, slots=True)
class TownLine:
    """How many of a township's units move; `other` come into the rating or leave it."""

    name: str
    units: int
    moved: int
    up: int
    down: int
    other: int
    district: str = ""


def lines_of(
    cycle: CycleRow, found: Moves, scheme: Scheme, after: Scheme | None, named: Mapping[str, UnitNamed]
) -> list[MoveLine]:
    """A line for everybody who moves, with the reasons under each of the schemes."""
    levels, was, why = _levels(scheme), reason_teller(scheme), reason_teller(after)
    return [
        MoveLine(
            cycle=cycle,
            unit=named[one.unit],
            move=one,
            before=levels[one.before.level],
            after=levels[one.after.level],
            was=gettext("；").join(was(code, one.before.pool) for code in one.before.reasons),
            why=gettext("；").join(why(code, one.after.pool) for code in one.after.reasons),
        )
        for one in found.units
    ]


def cells(line: MoveLine) -> list[str]:
    """The line in the file."""
    before, after = line.move.before, line.move.after
    return [
        line.move.unit, line.unit.name, line.unit.township, _named(line.before), _named(line.after), before.total,
        after.total, str(before.rank or ""), str(after.rank or ""), line.was, line.why,
    ]  # fmt: skip


def counts_of(found: Moves, scheme: Scheme) -> list[CountLine]:
    """The levels, the highest first, then those not rated where there are any."""
    levels = _levels(scheme)
    lines = []
    for index in reversed(levels):
        before, after = found.held(index)
        came = sorted((first, count) for (first, second), count in found.flows.items() if second == index != first)
        if index != UNRATED or before or after:
            lines.append(
                CountLine(levels[index], before, after, tuple((levels[first], count) for first, count in came))
            )
    return lines


def towns_of(found: Moves, named: Mapping[str, UnitNamed], district: str = "") -> list[TownLine]:
    """The townships of which units move, by name."""
    every = Counter(named[code].township for code in found.codes)
    moves: dict[str, list[Move]] = {}
    for one in found.units:
        moves.setdefault(named[one.unit].township, []).append(one)
    return [TownLine(name, every[name], len(own), *steps_of(own), district) for name, own in sorted(moves.items())]


def steps_of(moves: Sequence[Move]) -> tuple[int, int, int]:
    """How many rise, fall, come into the rating or leave it."""
    steps = [one.steps for one in moves]
    return sum(step > 0 for step in steps), sum(step < 0 for step in steps), steps.count(0)


def _levels(scheme: Scheme) -> dict[int, LevelShown | None]:
    """Index → level, the lowest first; not rated before all."""
    return {UNRATED: None, **dict(enumerate(reversed(levels_of(scheme).values())))}


def _named(level: LevelShown | None) -> str:
    return level.name if level is not None else gettext("未评")
