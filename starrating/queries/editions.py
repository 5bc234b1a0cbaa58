"""Editions as anybody may check them: by whom they are signed, where they stand in their chain, how a file compares.

A file that somebody hands in is read and forgotten. It is the edition when its bytes are; else it is held against the
edition that it says it is, part by part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import func, select

from starrating.extensions import db
from starrating.models.cycles import Cycle
from starrating.models.divisions import UNIT_KINDS, Division
from starrating.models.publications import Publication, SigningKey

LARGEST_FILE = 4 * 1024 * 1024
"""Some six times the largest district's edition."""
MOST_SHOWN = 20
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A public key, its first edition's day, the next key's (None for the last), and how many editions it signed."""

    public_key: str
    since: datetime
    until: datetime | None
    editions: int

    @property
    def fingerprint(self) -> str:
        """A short form to compare by eye."""
        return fingerprint(self.public_key)


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition without its text: its signature, and its place (from 1) among the `of` of its chain.

    `follows` says whether every edition up to it names the one before; `later` whether a later edition of the same year
    stands in its stead.
    """

    id: int
    year: int
    kind: str
    district_code: str
    district: str
    edition: int
    digest: str
    previous_digest: str
    published_at: datetime
    public_key: str
    signature: str
    place: int = 0
    of: int = 0
    follows: bool = False
    later: bool = False

    @property
    def fingerprint(self) -> str:
        """Its key's short form."""
        return fingerprint(self.public_key) if self.public_key else ""


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


def fingerprint(public_key: str) -> str:
    """The first eight bytes of a key's SHA-256, in pairs."""
    short = sha256(bytes.fromhex(public_key)).hexdigest()[:16]
    return ":".join(short[at : at + 2] for at in range(0, 16, 2))


def signing_keys() -> tuple[KeyRow, ...]:
    """Every key that signed an edition, the first one first."""
    rows = db.session.execute(
        select(SigningKey.public_key, SigningKey.since, func.count(Publication.id))
        .outerjoin(Publication, Publication.public_key == SigningKey.public_key)
        .group_by(SigningKey.id, SigningKey.public_key, SigningKey.since)
        .order_by(SigningKey.id)
    ).all()
    following = [*(row[1] for row in rows[1:]), None]
    return tuple(KeyRow(row[0], row[1], until, int(row[2])) for row, until in zip(rows, following, strict=False))


def edition_of(year: int, district_code: str, kind: str, number: int | None = None) -> Edition | None:
    """An edition of a list by what it is of; without a number the one that stands."""
    chain = [one for one in _chain(district_code, kind) if one.year == year and number in (None, one.edition)]
    return max(chain, key=lambda one: one.edition, default=None)


def edition_by_digest(digest: str) -> Edition | None:
    """The edition whose text has a digest."""
    found = db.session.execute(
        select(Division.code, Publication.kind, Publication.id)
        .join(Cycle, Cycle.id == Publication.cycle_id)
        .join(Division, Division.id == Cycle.district_id)
        .where(Publication.digest == digest)
        .order_by(Publication.id)
    ).first()
    return next((one for one in _chain(found[0], found[1]) if one.id == found[2]), None) if found else None


def signature_holds(edition: Edition) -> bool:
    """True where the stored text has the digest that is shown and the key signed it."""
    text = _text(edition)
    if sha256(text.encode()).hexdigest() != edition.digest or not edition.signature:
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(edition.public_key))
        key.verify(bytes.fromhex(edition.signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


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
    found = tuple(_differences(json.loads(_text(edition)), said))
    return Verdict("changed" if found else "rewritten", digest, edition, signature_holds(edition), found[:MOST_SHOWN],
                   len(found))  # fmt: skip


def _chain(district_code: str, kind: str) -> tuple[Edition, ...]:
    """The editions of a district and kind in the order of publication."""
    rows: Sequence[Any] = db.session.execute(
        select(Publication.id, Cycle.year, Publication.kind, Division.code, Division.name, Publication.edition,
               Publication.digest, Publication.previous_digest, Publication.published_at, Publication.public_key,
               Publication.signature)
        .join(Cycle, Cycle.id == Publication.cycle_id)
        .join(Division, Division.id == Cycle.district_id)
        .where(Division.code == district_code, Publication.kind == kind)
        .order_by(Publication.id)
    ).all()  # fmt: skip
    follows, before = True, ""
    found = []
    for place, one in enumerate((Edition(*row) for row in rows), 1):
        follows = follows and one.previous_digest == before
        before = one.digest
        later = any(other[1] == one.year and other[5] > one.edition for other in rows)
        found.append(replace(one, place=place, of=len(rows), follows=follows, later=later))
    return tuple(found)


def _text(edition: Edition) -> str:
    found = db.session.scalar(select(Publication.text).where(Publication.id == edition.id))
    assert found is not None
    return found


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
