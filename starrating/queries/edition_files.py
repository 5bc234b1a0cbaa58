"""A file that somebody hands in, held against what was published: read and forgotten.

It is the edition when its bytes are; else it is held against the edition that it says it is, part by part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from starrating.models.divisions import UNIT_KINDS
from starrating.queries.editions import Edition, edition_by_digest, edition_of, signature_holds, text_of

LARGEST_FILE = 4 * 1024 * 1024
"""Some six times the largest district's edition."""
MOST_SHOWN = 20
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a file departs from what was published: the unit's code and name (empty for the whole), the part, both."""

    code: str
    name: str
    part: str
    published: str
    found: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file is: `same` as an edition; `rewritten`, the same in other bytes; `changed`; `unknown`; `no_list`."""

    outcome: str
    digest: str
    edition: Edition | None = None
    signed: bool = False
    differences: tuple[Difference, ...] = ()
    count: int = 0


def check_file(raw: bytes) -> Verdict:
    """What a file is, and where it departs from the edition that it says it is."""
    digest = sha256(raw).hexdigest()
    edition = edition_by_digest(digest)
    if edition is not None:
        return Verdict("same", digest, edition, signature_holds(edition))
    said = _read(raw)
    if said is None:
        return Verdict("no_list", digest)
    edition = _claimed(said)
    if edition is None:
        return Verdict("unknown", digest)
    found = tuple(_differences(json.loads(text_of(edition)), said))
    return Verdict("changed" if found else "rewritten", digest, edition, signature_holds(edition), found[:MOST_SHOWN],
                   len(found))  # fmt: skip


def _read(raw: bytes) -> dict[str, Any] | None:
    """A file as a list, None where it is none."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    known = isinstance(said, dict) and isinstance(said.get("units"), list) and isinstance(said.get("district"), dict)
    return said if known else None


def _claimed(said: dict[str, Any]) -> Edition | None:
    """The edition that a file says it is."""
    year, kind, code, number = said.get("year"), said.get("kind"), said["district"].get("code"), said.get("edition", 1)
    if type(year) is not int or type(number) is not int or kind not in UNIT_KINDS:
        return None
    if not isinstance(code, str) or not (code.isascii() and code.isdecimal() and len(code) <= _LONGEST):
        return None
    return edition_of(year, code, str(kind), number)


def _differences(published: dict[str, Any], said: dict[str, Any]) -> Iterator[Difference]:
    """Every part in which a file differs: units first, by code, then the rest."""
    places = {unit["code"]: place for place, unit in enumerate(published["units"])}
    found = {unit["code"]: unit for unit in said["units"] if isinstance(unit, dict) and _is_text(unit.get("code"))}
    names = {level["code"]: level["name"] for level in published["levels"]}
    for code, place in places.items():
        unit = published["units"][place]
        if code not in found:
            yield Difference(code, unit["name"], "missing", "", "")
            continue
        other = found[code]
        for part in sorted({*unit, *other}, key=str):
            if unit.get(part) != other.get(part) or type(unit.get(part)) is not type(other.get(part)):
                both = [_shown(names.get(value, value) if _is_text(value) else value)
                        for value in (unit.get(part), other.get(part))]  # fmt: skip
                yield Difference(code, unit["name"], _shown(part), *both)
    for code in sorted(set(found) - set(places)):
        yield Difference(_shown(code), _shown(found[code].get("name")), "added", "", "")
    order = [unit.get("code") if isinstance(unit, dict) else None for unit in said["units"]]
    if set(found) == set(places) and order != list(places):
        yield Difference("", "", "order", "", "")
    yield from _columns(published, said)
    for part in sorted({*published, *said} - {"units", "inputs", "points"}, key=str):
        if published.get(part) != said.get(part):
            yield Difference("", "", _shown(part), _shown(published.get(part)), _shown(said.get(part)))


def _columns(published: dict[str, Any], said: dict[str, Any]) -> Iterator[Difference]:
    """The raw values and points that differ, unit by unit where the columns are as long as they were."""
    own, other = _flat(published), _flat(said)
    for header in sorted({*own, *other}):
        mine, theirs = own.get(header), other.get(header)
        if mine == theirs:
            continue
        if not isinstance(mine, list) or not isinstance(theirs, list) or len(mine) != len(theirs):
            yield Difference("", "", _shown(header), _shown(mine), _shown(theirs))
            continue
        for unit, one, two in zip(published["units"], mine, theirs, strict=True):
            if one != two:
                yield Difference(unit["code"], unit["name"], header, _shown(one), _shown(two))


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    """Every column of the inputs and the points by one name; what is no mapping stands by itself."""
    found: dict[str, Any] = {}
    for part in ("inputs", "points"):
        held = content.get(part)
        if not isinstance(held, dict):
            found |= {} if held is None else {part: held}
            continue
        for name, inner in held.items():
            if isinstance(inner, dict):
                found |= {_label(part, name, key): column for key, column in inner.items()}
            else:
                found[f"{part}.{name}"] = inner
    return found


def _label(part: str, name: str, key: str) -> str:
    if part == "points":
        return f"points.{name}" if key == "units" else f"points.{name}.{key}"
    return f"unit.{key}" if name == "fields" else key


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _shown(value: Any) -> str:
    """A value as a short text that a page can show: what is no letter of any writing becomes a space."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return "".join(letter if letter.isprintable() else " " for letter in short)
