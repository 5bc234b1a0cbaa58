"""Plaques for units whose star is new, one a page, and the list of those that are to be taken back.

A serial is the year and the unit's code: what the page for verification takes, by hand or through the square code.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import segno

from starrating.documents.published_list import MOVES, SAMPLE, balanced, day_text

PLAQUES, WITHDRAWN = "plaques.typ", "withdrawn.typ"
LONGEST_NAME = 12
"""Letters that fit into a line of the list of plaques to be taken back."""
LONGEST_ON_PLAQUE = 15
"""Letters that fit into one line of a plaque at a size to be read from afar."""
COLUMNS = ("序", "单位", "代码", "原星级", "现星级", "变动", "收回日期", "经手人")


@dataclass(frozen=True, slots=True)
class Plaque:
    """What one plaque says; `check` is the whole address behind its square code, empty where there is none."""

    place: str
    name: str
    level: str
    stars: int
    year: int
    serial: str
    check: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One plaque to be taken back: of which unit, the star on it, the star now, how it came to that."""

    town: str
    name: str
    code: str
    previous: str
    level: str
    movement: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all pages have in common."""

    title: str
    issuers: Sequence[str]
    day: date
    address: str
    sample: bool


def serial_of(year: int, code: str) -> str:
    """The serial of a unit's plaque of a year."""
    return f"{year}-{code}"


def plaque_data(sheet: Sheet, plaques: Sequence[Plaque]) -> dict[str, Any]:
    """What the template of plaques is given."""
    return {
        "title": sheet.title, "issuers": list(sheet.issuers), "day": day_text(sheet.day), "address": sheet.address,
        "sample": SAMPLE if sheet.sample else "",
        "plaques": [{"place": one.place, "name": balanced(one.name, LONGEST_ON_PLAQUE), "level": one.level,
                     "stars": one.stars, "year": f"{one.year}年度", "serial": one.serial,
                     "code": square_code(one.check)}
                    for one in plaques],
    }  # fmt: skip


def withdrawn_data(sheet: Sheet, withdrawals: Sequence[Withdrawal], note: str) -> dict[str, Any]:
    """What the template of withdrawn plaques is given."""
    towns: dict[str, list[list[str]]] = {}
    for one in withdrawals:
        row = [balanced(one.name, LONGEST_NAME), one.code, one.previous, one.level, MOVES.get(one.movement, "")]
        towns.setdefault(one.town, []).append(row)
    facts = f"星级有变、原来的牌要收回的共{len(withdrawals)}个。" if withdrawals else "没有要收回的牌。"
    return {
        "title": sheet.title, "sample": SAMPLE if sheet.sample else "", "note": note, "columns": list(COLUMNS),
        "facts": facts, "towns": [{"name": name, "rows": rows} for name, rows in towns.items()],
    }  # fmt: skip


def square_code(text: str) -> str:
    """A QR code as SVG, with the quiet margin that readers need; a quarter may be scratched. Empty for no text."""
    if not text:
        return ""
    out = io.BytesIO()
    segno.make(text, error="q", micro=False).save(
        out, kind="svg", border=4, xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue().decode()
