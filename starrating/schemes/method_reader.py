"""How a leaf's value becomes points, as written → the leaf's method."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from starrating.domain.methods import (
    Band,
    Bands,
    Cases,
    Checklist,
    Choice,
    Count,
    Direct,
    Line,
    Method,
    Relative,
    RelativeTo,
    Value,
)
from starrating.schemes.fields import CODE, Field, Keys
from starrating.schemes.tree import List, Map

METHOD_KEYS: Mapping[str, tuple[str, ...]] = {
    "direct": ("step",),
    "count": ("each", "start", "required"),
    "cases": ("each", "start", "required"),
    "checklist": ("items", "start"),
    "choice": ("options",),
    "bands": ("bands",),
    "line": ("at", "log"),
    "value": (),
    "relative": ("to", "better", "within", "each", "bands"),
}


class Better(StrEnum):
    """Which end of the values is the good one."""

    HIGHER = "higher"
    LOWER = "lower"


def method_keys(name: str) -> tuple[str, ...]:
    """The keys of a method; of one that is not known, those of all."""
    return METHOD_KEYS.get(name) or tuple(dict.fromkeys(key for keys in METHOD_KEYS.values() for key in keys))


def read_method(name: str, keys: Keys) -> Method | None:
    """The method of a leaf, None where it is not known."""
    reader = _READERS.get(name)
    if reader is not None:
        return reader(keys)
    if "method" in keys:
        keys.fields["method"].word([*METHOD_KEYS])
    return None


def _read_direct(keys: Keys) -> Method:
    return Direct(keys.number("step"))


def _read_count(keys: Keys) -> Method:
    keys.need("each")
    required = keys.whole("required", 0, 10**9)
    wanted = None if required is None else Fraction(required)
    return Count(keys.number_or("each", 0), keys.number_or("start", 0), wanted)


def _read_cases(keys: Keys) -> Method:
    keys.need("each")
    required = keys.get("required")
    wanted = {part: inner.whole(0, 10**9) for part, inner in required.entries().items()} if required else {}
    whole = {part: Fraction(number) for part, number in wanted.items() if number is not None}
    return Cases(_read_parts(keys, "each"), keys.number_or("start", 0), whole)


def _read_checklist(keys: Keys) -> Method:
    keys.need("items")
    return Checklist(_read_parts(keys, "items"), keys.number_or("start", 0))


def _read_parts(keys: Keys, key: str) -> dict[str, Fraction]:
    """Points by part; a part's name becomes part of a column's."""
    parts = keys.numbers(key)
    for part in parts:
        if not CODE.fullmatch(part):
            keys.fields[key].refuse("scheme.bad_code", text=part)
    return parts


def _read_choice(keys: Keys) -> Method:
    keys.need("options")
    options = keys.numbers("options")
    if any(label != label.strip() or not label for label in options):
        keys.fields["options"].refuse("scheme.blank_label")
    return Choice(options)


def _read_bands(keys: Keys) -> Method:
    keys.need("bands")
    rows = keys.items("bands")
    downward = any("to" in _written(row) for row in rows)
    if downward and any("from" in _written(row) for row in rows):
        keys.fields["bands"].refuse("scheme.bands_mixed")
    return Bands(tuple(_read_band(row, "to" if "to" in _written(row) else "from") for row in rows), downward)


def _read_band(field: Field, limit: str) -> Band:
    keys = field.keys((limit, "points"), ("points",), elsewhere=("from", "to", "top"), at=limit)
    return Band(keys.number(limit), keys.number_or("points", 0))


def _written(field: Field) -> Collection[str]:
    return field.node.entries.keys() if isinstance(field.node, Map) else ()


def _read_line(keys: Keys) -> Method:
    keys.need("at")
    return Line(read_points(keys, "at"), keys.flag("log", False))


def read_points(keys: Keys, key: str) -> tuple[tuple[Fraction, Fraction], ...]:
    """A list of points `[x, y]`, from the smallest x up; one that is written from the largest down is turned."""
    points: list[tuple[Fraction, Fraction]] = []
    for item in keys.items(key):
        pair = item.items() if isinstance(item.node, List) and item.node.items else []
        if len(pair) != 2:
            item.refuse("scheme.not_a_pair")
            continue
        x, y = pair[0].number(), pair[1].number()
        if x is not None and y is not None:
            points.append((x, y))
    falling = all(left[0] > right[0] for left, right in pairwise(points))
    return tuple(reversed(points)) if falling else tuple(points)


def _read_value(keys: Keys) -> Method:
    return Value()


def _read_relative(keys: Keys) -> Method:
    keys.need("to")
    to = keys.choice("to", RelativeTo.BEST)
    wanted = {RelativeTo.PLACE: "each", RelativeTo.RANK: "bands"}.get(to)
    known_to = "to" in keys and keys.fields["to"].path not in keys.field.notes.unsound
    for key in ("each", "bands"):
        if known_to and key == wanted:
            keys.need(key)
        elif known_to and key in keys:
            allowed = ("to", "better", "within", *([wanted] if wanted else []))
            keys.fields[key].refuse("scheme.misplaced_key", at=f"method: relative, to: {to}", allowed=allowed)
    return Relative(
        to=to,
        lower_is_better=keys.choice("better", Better.HIGHER) is Better.LOWER,
        within=keys.texts("within", may_be_empty=True) if "within" in keys else None,
        each=keys.number_or("each", 0),
        bands=tuple(_read_band(row, "top") for row in keys.items("bands")) if to is RelativeTo.RANK else (),
    )


_READERS: Mapping[str, Callable[[Keys], Method]] = {
    "direct": _read_direct,
    "count": _read_count,
    "cases": _read_cases,
    "checklist": _read_checklist,
    "choice": _read_choice,
    "bands": _read_bands,
    "line": _read_line,
    "value": _read_value,
    "relative": _read_relative,
}
