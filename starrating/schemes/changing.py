"""A scheme with some of its values changed on trial: its canonical text again, every entry on a line of its own.

What is typed goes into the text as it is, so that the reader judges it like anything written in a scheme's file; the
line of a fault leads back to the place where it was typed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from starrating.domain.inputs import decimal
from starrating.schemes.notes import Path

Tree = dict[str, "Value"]
Value = Tree | list["Value"] | str | bool | None


class _Number(str):
    """A number as written: read and written again, it loses nothing."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """The text of a changed scheme, and what is written on each of its lines."""

    text: str
    lines: Mapping[int, Path]

    def at(self, line: int | None, places: Mapping[str, Path]) -> str:
        """The name of the place that a line belongs to; "" for a line that was not up to change."""
        path = self.lines.get(line or 0, ())
        return next((name for name, place in places.items() if place == path), "")


def places_of(text: str) -> dict[str, Path]:
    """Name → path of the quotas and lines that may be changed, the highest level first; the lowest level has none."""
    tree = _parsed(text)
    rules = _map(tree, "allocation")
    if "lit" in rules:
        lit = {f"lit.{code}": ("allocation", "lit", code) for code in _map(rules, "lit")}
        return {**lit, "total": ("allocation", "requires_total")}
    codes = [str(level["code"]) for level in _maps(tree, "levels")]
    levels = {
        f"{key}.{code}": ("allocation", "levels", code, key) for code in reversed(codes[1:]) for key in ("quota", "min")
    }
    return {**levels, "bottom": ("allocation", "bottom", "quota")}


def values_of(text: str, places: Mapping[str, Path]) -> dict[str, str]:
    """What stands at each place, blank where nothing does."""
    tree = _parsed(text)
    return {name: _at(tree, path) for name, path in places.items()}


def changed(text: str, typed: Mapping[Path, str], off: Collection[str]) -> Changed:
    """The text with what was typed at those places (blank: nothing stands there), without the overrides called off."""
    tree = _parsed(text)
    for path, value in typed.items():
        _put(tree, path, normalize("NFKC", value).strip())
    if off:
        tree["overrides"] = [one for one in _maps(tree, "overrides") if one["code"] not in off]
    lines: dict[int, Path] = {}
    return Changed("".join(_pieces(tree, (), lines)), lines)


def _parsed(text: str) -> Tree:
    found: Tree = json.loads(text, parse_float=_Number, parse_int=_Number)
    return found


def _map(tree: Tree, key: str) -> Tree:
    found = tree.get(key)
    return found if isinstance(found, dict) else {}


def _maps(tree: Tree, key: str) -> list[Tree]:
    found = tree.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _at(tree: Tree, path: Path) -> str:
    for step in path[:-1]:
        tree = _map(tree, str(step))
    found = tree.get(str(path[-1]))
    return found if isinstance(found, str) else ""


def _put(tree: Tree, path: Path, value: str) -> None:
    *above, last = (str(step) for step in path)
    if not value:
        _remove(tree, above, last)
        return
    for step in above:
        inner = _map(tree, step)
        tree[step] = inner
        tree = inner
    tree[last] = value if decimal(value) is None else _Number(value)


def _remove(tree: Tree, above: list[str], last: str) -> None:
    """Take a value away; the last ranked are no rule at all without their quota."""
    for step in above:
        if step == "bottom":
            tree.pop(step, None)
        tree = _map(tree, step)
    tree.pop(last, None)


def _pieces(value: Value, path: Path, lines: dict[int, Path]) -> Iterator[str]:
    if isinstance(value, dict):
        yield "{"
        for index, (key, inner) in enumerate(value.items()):
            lines[len(lines) + 2] = (*path, key)
            yield f"{',' if index else ''}\n{_quoted(key)}:"
            yield from _pieces(inner, (*path, key), lines)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for index, inner in enumerate(value):
            yield "," if index else ""
            yield from _pieces(inner, (*path, index), lines)
        yield "]"
    else:
        yield str(value) if isinstance(value, _Number) else _quoted(value)


def _quoted(value: str | bool | None) -> str:
    return json.dumps(value, ensure_ascii=False)
