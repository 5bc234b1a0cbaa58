"""Published lists written down for tests of the yearbook: any city, any levels, any movement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from starrating.queries.public_lists import PublicList, PublicUnit

LEVELS, STARS = ("五星", "四星", "三星", "无星"), (5, 4, 3, 0)
DAY = date(2026, 1, 20)


def unit(
    town: str, level: str, previous: str = "", *, name: str = "甲村", district: str = "东区", kind: str = "village",
    number: int = 0,
) -> PublicUnit:  # fmt: skip
    """A unit at a level ('' for not rated) that had another before ('' for none)."""
    place = LEVELS.index(level) if level else None
    before = LEVELS.index(previous) if previous else None
    change = before - place if place is not None and before is not None else None
    return PublicUnit(
        f"{district}{town}{kind}{number}", name, kind, f"1{district}", district, f"2{district}{town}", town, level,
        place, len(LEVELS), previous, before, change, _movement(change, level), "", None,
    )  # fmt: skip


def listed(units: Sequence[PublicUnit], district: str = "东区", kind: str = "village", year: int = 2025) -> PublicList:
    """A list of those units."""
    own = tuple(one for one in units if (one.district, one.kind) == (district, kind))
    towns = tuple(sorted({(one.township_code, one.township) for one in own}))
    return PublicList(year, kind, f"1{district}", district, "办法（示例）", "0" * 64, True, 5, True, LEVELS, STARS,
                      towns, DAY, DAY, own)  # fmt: skip


def lists_of(units: Sequence[PublicUnit], year: int = 2025) -> list[PublicList]:
    """The lists of every district and kind that the units are of."""
    keys = sorted({(one.district, one.kind) for one in units})
    return [listed(units, district, kind, year) for district, kind in keys]


def _movement(change: int | None, level: str) -> str:
    if not level:
        return ""
    if change is None:
        return "first"
    if change > 0:
        return "up"
    bottom = level == LEVELS[-1]
    return ("lowest" if bottom else "held") if change == 0 else ("stripped" if bottom else "down")
