"""The naive evaluator's levels: ceilings and floors, places, named stars, drops, and their reasons."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.oracle.naive_conditions import holds
from tests.oracle.naive_points import Sheet
from tests.oracle.naive_scheme import half_up, number

Key = tuple[tuple[int, Fraction], ...]
Entry = dict[str, Any]


@dataclass
class Standing:
    """What bounds one rated unit. Levels are positions in the level list."""

    ceiling: int
    ceiling_reason: str
    floor: int
    floor_reason: str
    unlifted: int  # the ceiling without any lifting by the floor
    limit: int | None  # previous + max_rise, where waive_rise waived it
    set_to: int | None = None
    set_reason: str = ""
    level: int = 0
    by_floor: bool = False  # the floor gave it the level
    reasons: list[str] = field(default_factory=list)

    def reason(self, code: str) -> None:
        if code not in self.reasons:  # each reason once
            self.reasons.append(code)


def allocation_of(sheet: Sheet) -> dict[str, Any]:
    allocation: dict[str, Any] = sheet.scheme["allocation"]
    return allocation


def rank_key(sheet: Sheet, unit: str) -> Key:
    """Smaller is better; a unit without a value for a key comes last in that key."""
    key: list[tuple[int, Fraction]] = []
    for name in allocation_of(sheet).get("rank_by", ["total"]):
        value = sheet.subject(unit, name.removeprefix("-"))
        if value is None:
            key.append((1, Fraction(0)))
        else:  # descending; a leading - is ascending
            key.append((0, number(value) if name.startswith("-") else -number(value)))
    return tuple(key)


def standing_of(sheet: Sheet, unit: str, overrides: list[dict[str, Any]]) -> Standing:
    """`overrides` are those of the unit that hold, in file order, none of them void."""
    top = len(sheet.order) - 1
    movement = sheet.scheme.get("movement", {})
    before = sheet.previous.get(unit)
    previous = None if before is None else sheet.order.index(before)

    def named(effect: dict[str, str], word: str) -> int | None:
        """A level, or `previous`, which does nothing for a unit without a previous level."""
        if word not in effect:
            return None
        return previous if effect[word] == "previous" else sheet.order.index(effect[word])

    set_to, set_reason = None, ""
    cap, cap_reason = top, ""
    guarantee, floor_reason = 0, ""
    for override in overrides:
        code, effect = override["code"], override["effect"]
        level = named(effect, "set")
        if level is not None and (set_to is None or level < set_to):  # the lowest one named
            set_to, set_reason = level, f"set:{code}"
        level = named(effect, "cap")
        if level is not None and level < cap:  # the lowest cap
            cap, cap_reason = level, f"cap:{code}"
        level = named(effect, "floor")
        if level is not None and level > guarantee:
            guarantee, floor_reason = level, f"floor:{code}"

    rise, rise_reason, limit = top, "", None
    if previous is not None and "max_rise" in movement:
        rise, rise_reason = min(top, previous + int(movement["max_rise"])), "rise_limit"
        if "waive_rise" in movement and holds(sheet, unit, movement["waive_rise"]):
            rise, rise_reason, limit = top, "", rise
    if previous is None and "no_previous" in movement:
        rise, rise_reason = sheet.order.index(movement["no_previous"]), "no_previous"
    fall = 0
    if previous is not None and "max_fall" in movement:
        fall = max(0, previous - int(movement["max_fall"]))

    lifted = max(rise, guarantee)  # "an override's floor goes over max_rise and no_previous"
    ceiling = min(cap, lifted)  # "otherwise a floor is never above the ceiling"
    ceiling_reason = rise_reason if lifted < cap else cap_reason
    if fall > guarantee:
        floor_reason = "fall_limit"
    floor = min(max(guarantee, fall), ceiling)
    return Standing(ceiling, ceiling_reason, floor, floor_reason, min(cap, rise), limit, set_to, set_reason)


def rounded_places(share: Fraction, rounding: str) -> int:
    if rounding == "nearest":
        return int(half_up(share, 0))
    return share.__ceil__() if rounding == "up" else share.__floor__()


def tied_groups(units: list[str], keys: dict[str, Key]) -> list[list[str]]:
    """In rank order, those equal in every key together."""
    groups: list[list[str]] = []
    for unit in sorted(units, key=lambda unit: (keys[unit], unit)):
        if groups and keys[groups[-1][0]] == keys[unit]:
            groups[-1].append(unit)
        else:
            groups.append([unit])
    return groups


def take_bottom(sheet: Sheet, units: list[str], keys: dict[str, Key], standing: dict[str, Standing]) -> None:
    allocation = allocation_of(sheet)
    if "bottom" not in allocation:
        return
    bottom, usual = allocation["bottom"], allocation.get("rounding", "down")
    rounding = bottom.get("rounding", "down" if usual == "cumulative" else usual)
    places = int(places_named(bottom["quota"], len(units), rounding))
    last: list[str] = []
    for group in reversed(tied_groups(units, keys)):
        room = places - len(last)
        if room <= 0:
            break
        if len(group) > room and allocation.get("ties", "include") == "include":
            break  # include spares the whole tied group, exclude takes it whole
        last += group
    for unit in last:
        one = standing[unit]
        one.unlifted = 0
        if one.floor < one.ceiling:
            one.ceiling, one.ceiling_reason = one.floor, "bottom"


def places_named(quota: str, units: int, rounding: str) -> int:
    """A percentage of so many units, or a number of places."""
    if quota.endswith("%"):
        return rounded_places(number(quota[:-1]) / 100 * units, rounding)
    return int(number(quota))


class Pool:
    """One pool: the entries of its levels, its units and who of them is where."""

    def __init__(self, sheet: Sheet, units: list[str], keys: dict[str, Key], standing: dict[str, Standing]):
        self.sheet, self.units, self.keys, self.standing = sheet, units, keys, standing
        allocation = allocation_of(sheet)
        self.entries: dict[str, Entry] = dict(allocation.get("levels", {}))
        mine = allocation.get("by_pool", {}).get("/".join(sheet.pool(units[0])), {})
        for level, changes in mine.items():  # by_pool entries replace the level's keys
            self.entries[level] = {**self.entries.get(level, {}), **changes}
        self.ties = allocation.get("ties", "include")
        self.rounding = allocation.get("rounding", "down")
        self.running = Fraction(0)

    def shortfall(self, unit: str, level: int) -> str | None:
        """The first of `min` and `requires` that the unit does not fulfil."""
        code = self.sheet.order[level]
        entry = self.entries.get(code, {})
        total = self.sheet.subject(unit, "total")
        if "min" in entry and total < number(entry["min"]):
            return f"min:{code}"
        if "requires" in entry and not holds(self.sheet, unit, entry["requires"]):
            return f"requires:{code}"
        return None

    def places(self, level: int) -> int | None:
        """The level's own places; None is no limit. Asked from the top level down."""
        entry = self.entries.get(self.sheet.order[level])
        if entry is None:
            return 0  # closed but to floors
        if "quota" not in entry:
            return None
        quota, count = entry["quota"], len(self.units)
        of = re.fullmatch(r"(\S+)%\s+of\s+(\S+)", quota)
        plain = "down" if self.rounding == "cumulative" else self.rounding
        if of:
            return rounded_places(number(of[1]) / 100 * self.able(of[2]), plain)
        if quota.endswith("%") and self.rounding == "cumulative":
            # rounded down on the running sum from the top
            before, self.running = self.running, self.running + number(quota[:-1])
            return (self.running * count / 100).__floor__() - (before * count / 100).__floor__()
        return places_named(quota, count, plain)

    def able(self, code: str) -> int:
        """Units that could have that level: ceiling at least that, min and requires fulfilled, not set."""
        level = self.sheet.order.index(code)
        return sum(
            1
            for unit in self.units
            if self.standing[unit].set_to is None
            and self.standing[unit].ceiling >= level
            and self.shortfall(unit, level) is None
        )

    def fill(self, room: int | None, candidates: list[str]) -> tuple[list[str], list[str]]:
        """Who takes a place in rank order, and the tied group that is left whole."""
        taken: list[str] = []
        for group in tied_groups(candidates, self.keys):
            left = None if room is None else room - len(taken)
            if left is not None and left <= 0:
                break
            if left is not None and len(group) > left and self.ties == "exclude":
                return taken, group  # left whole to the next level, and the level is then closed
            taken += group
        return taken, []

    def allocate(self) -> None:
        waiting = [unit for unit in self.units if self.standing[unit].set_to is None]
        for unit in self.units:  # set units take their level, using up no place
            one = self.standing[unit]
            if one.set_to is not None:
                one.level = one.set_to
                one.reason(one.set_reason)
        carried = 0
        for level in range(len(self.sheet.order) - 1, 0, -1):
            code = self.sheet.order[level]
            own = self.places(level)
            room = None if own is None else own + carried
            closed = code not in self.entries
            first = [unit for unit in waiting if self.standing[unit].floor == level]
            others = [unit for unit in waiting if unit not in first]
            candidates = [
                unit
                for unit in others
                if not closed and self.standing[unit].ceiling >= level and self.shortfall(unit, level) is None
            ]
            taken, tied = self.fill(None if room is None else room - len(first), candidates)
            for unit in first:
                self.standing[unit].level = level
                # would it have taken the place in rank order, without its floor?
                left = None if room is None else room - (len(first) - 1)
                able = self.standing[unit].unlifted >= level and self.shortfall(unit, level) is None
                if closed or not able or unit not in self.fill(left, [*candidates, unit])[0]:
                    self.standing[unit].by_floor = True
            for unit in taken:
                self.standing[unit].level = level
            waiting = [unit for unit in others if unit not in taken]
            for unit in waiting:
                self.mark(unit, level, code, closed, unit in tied)
            used = len(first) + len(taken)
            carry = allocation_of(self.sheet).get("carry") == "true"
            carried = max(0, room - used) if carry and room is not None else 0

    def mark(self, unit: str, level: int, code: str, closed: bool, tied: bool) -> None:
        """Why the unit did not get this level: the first of ceiling, min, requires, tie, quota."""
        one = self.standing[unit]
        if one.ceiling < level:
            one.reason(one.ceiling_reason)
        elif closed:
            one.reason(f"quota:{code}")
        else:
            one.reason(self.shortfall(unit, level) or (f"tie:{code}" if tied else f"quota:{code}"))


def light(sheet: Sheet, unit: str, one: Standing) -> None:
    """Named stars: each root that reaches its points lights one star."""
    if one.set_to is not None:
        one.level = one.set_to
        one.reason(one.set_reason)
        return
    allocation, top = allocation_of(sheet), len(sheet.order) - 1
    lit = 0
    for root, points in allocation["lit"].items():
        result = sheet.result(unit, sheet.nodes[root])
        lit += result is not None and result >= number(points)
    stars = [number(level["stars"]) for level in sheet.scheme["levels"]]
    refused = sheet.subject(unit, "total") < number(allocation.get("requires_total", "-1e99"))
    earned = 0
    for level, needed in enumerate(stars):
        if needed <= lit and not (level == top and refused):
            earned = level
    one.level = max(min(earned, one.ceiling), one.floor)
    one.by_floor = min(earned, one.unlifted) < one.level
    for level in range(top, one.level, -1):
        if one.ceiling < level:
            one.reason(one.ceiling_reason)
        else:
            one.reason(f"lit:{lit}" if stars[level] > lit else f"requires:{sheet.order[level]}")


def finish(one: Standing, drops: list[dict[str, Any]]) -> None:
    """`waived`, the floor that gave the level, and each drop that lowered it."""
    if one.set_to is None:
        if one.limit is not None and one.level > one.limit:
            one.reason("waived")
        if one.by_floor:
            one.reason(one.floor_reason)
    for drop in drops:
        lower = max(0, one.level - int(drop["effect"]["drop"]))  # never under the lowest
        if lower < one.level:
            one.reason(f"drop:{drop['code']}")
        one.level = lower
