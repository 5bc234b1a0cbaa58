"""What a public list is narrowed to, as it stands in the address, and what is left of the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from flask import request

from starrating.blueprints.pages import KINDS, number, words
from starrating.queries.pages import Page
from starrating.queries.public_lists import PublicCorrection, PublicDecision, PublicList, PublicUnit
from starrating.wording.language import mark as _l

MOVEMENTS: Mapping[str, str] = {
    "up": _l("晋星"),
    "held": _l("保星"),
    "down": _l("降星"),
    "stripped": _l("取消星级"),
    "lowest": _l("仍在最低一级"),
    "first": _l("首次评定"),
}
UNRATED = "-"
"""The level of the address for units that were not rated."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The parts of the address; an empty part narrows nothing."""

    district: str = ""
    township: str = ""
    kind: str = ""
    q: str = ""
    level: str = ""
    moved: str = ""

    def parts(self, **changed: str) -> dict[str, str]:
        """The parts of an address that are not empty, with some of them changed."""
        found = asdict(replace(self, **changed))
        return {name: value for name, value in found.items() if value}

    def holds_place(self, unit: PublicUnit | PublicDecision) -> bool:
        """True for a unit of the chosen place and kind."""
        return (
            (not self.district or unit.district_code == self.district)
            and (not self.township or unit.township_code == self.township)
            and (not self.kind or unit.kind == self.kind)
        )

    def holds(self, unit: PublicUnit) -> bool:
        """True for a unit of the chosen place and kind that is asked for by name or code, star and movement."""
        return (
            (not self.q or self.q in unit.name or unit.code.startswith(self.q))
            and (not self.level or (unit.level or UNRATED) == self.level)
            and (not self.moved or unit.movement == self.moved)
        )


def asked() -> Narrowing:
    """What the address asks for; what cannot be a choice is left out."""
    kind, moved = request.args.get("kind", ""), request.args.get("moved", "")
    district, township = _code("district"), _code("township")
    return Narrowing(
        district, township if not district or township.startswith(district[:6]) else "", kind if kind in KINDS else "",
        words("q"), words("level"), moved if moved in MOVEMENTS else "",
    )  # fmt: skip


def _code(name: str) -> str:
    text = request.args.get(name, "")
    return text if len(text) == 12 and text.isascii() and text.isdecimal() else ""


def placed(lists: Iterable[PublicList], narrowed: Narrowing) -> list[PublicUnit]:
    """The units of the chosen place and kind, by district, township and from the highest star down."""
    found = [unit for one in lists for unit in one.units if narrowed.holds_place(unit)]
    found.sort(key=lambda unit: (unit.township_code, unit.kind != "village"))
    return found


def paged(units: Sequence[PublicUnit]) -> Page[PublicUnit]:
    """The page of the units that the address asks for."""
    empty: Page[PublicUnit] = Page((), 1, len(units))
    at = min(max(number("page") or 1, 1), empty.last)
    return Page(tuple(units[(at - 1) * empty.size : at * empty.size]), at, len(units))


def decided(lists: Iterable[PublicList], narrowed: Narrowing) -> list[PublicDecision]:
    """The decisions on units of the chosen place and kind, the latest first."""
    found = [one for each in lists for one in each.decisions if narrowed.holds_place(one)]
    return sorted(found, key=lambda one: (one.on, one.edition, one.code), reverse=True)


def put_right(lists: Iterable[PublicList], narrowed: Narrowing) -> list[PublicCorrection]:
    """The corrections of values in lists of the chosen district and kind, the latest first."""
    found = [one for each in lists for one in each.corrections
             if narrowed.district in ("", one.district_code) and narrowed.kind in ("", one.kind)]  # fmt: skip
    return sorted(found, key=lambda one: (one.on, one.edition, one.district_code), reverse=True)


@dataclass(frozen=True, slots=True)
class StarCount:
    """How many units have a level; `place` counts from the highest, None for units that were not rated."""

    name: str
    place: int | None
    of: int
    count: int


def star_counts(units: Sequence[PublicUnit], lists: Iterable[PublicList]) -> list[StarCount]:
    """Units by level from the highest down, those that were not rated last, if there are any."""
    levels = {name: (place, len(one.levels)) for one in lists for place, name in enumerate(one.levels)}
    counts = dict.fromkeys(levels, 0)
    unrated = 0
    for unit in units:
        if unit.place is None:
            unrated += 1
        else:
            counts[unit.level] += 1
    found = [StarCount(name, *levels[name], counts[name]) for name in sorted(levels, key=levels.__getitem__)]
    return [*found, StarCount("", None, 0, unrated)] if unrated else found
