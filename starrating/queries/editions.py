"""Editions as anybody may check them: by whom they are signed, where they stand in their chain."""

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
from sqlalchemy.orm import aliased

from starrating.extensions import db
from starrating.models.cycles import Cycle
from starrating.models.divisions import Division
from starrating.models.publications import KeyRevocation, Publication, SigningKey


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A public key, its first edition's day, the next key's (None for the last), and how many editions it signed."""

    public_key: str
    since: datetime
    until: datetime | None
    editions: int
    revoked: datetime | None = None
    reason: str = ""
    good: tuple[str, ...] = ()
    """Of a key that was revoked: the digests of the editions that were published before that."""

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
    revoked: datetime | None = None
    """From when on its key no longer counts, where that was before it was published."""
    reason: str = ""

    @property
    def fingerprint(self) -> str:
        """Its key's short form."""
        return fingerprint(self.public_key) if self.public_key else ""


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
    revoked = _revocations()
    return tuple(KeyRow(row[0], row[1], until, int(row[2]), *revoked.get(row[0], (None, "", ())))
                 for row, until in zip(rows, following, strict=False))  # fmt: skip


def _revocations() -> dict[str, tuple[datetime, str, tuple[str, ...]]]:
    """Key → from when on it no longer counts, why, and the digests of what was published with it before."""
    rows = db.session.execute(
        select(KeyRevocation.public_key, KeyRevocation.since, KeyRevocation.reason, Publication.digest)
        .outerjoin(Publication, (Publication.public_key == KeyRevocation.public_key)
                   & (Publication.published_at < KeyRevocation.since))
        .order_by(Publication.id)
    )  # fmt: skip
    found: dict[str, tuple[datetime, str, tuple[str, ...]]] = {}
    for key, since, reason, digest in rows:
        before = found.get(key, (since, reason, ()))[2]
        found[key] = since, reason, (*before, digest) if digest else before
    return found


def edition_of(year: int, district_code: str, kind: str, number: int | None = None) -> Edition | None:
    """An edition of a list by what it is of; without a number the one that stands."""
    chain = [one for one in chain_of(district_code, kind) if one.year == year and number in (None, one.edition)]
    return max(chain, key=lambda one: one.edition, default=None)


def every_edition() -> Iterator[Edition]:
    """Every edition, chain by chain."""
    rows = db.session.execute(
        select(Division.code, Publication.kind)
        .join(Cycle, Cycle.id == Publication.cycle_id)
        .join(Division, Division.id == Cycle.district_id)
        .distinct()
        .order_by(Division.code, Publication.kind)
    ).all()
    for code, kind in rows:
        yield from chain_of(code, kind)


def edition_by_digest(digest: str) -> Edition | None:
    """The edition whose text has a digest."""
    found = db.session.execute(
        select(Division.code, Publication.kind, Publication.id)
        .join(Cycle, Cycle.id == Publication.cycle_id)
        .join(Division, Division.id == Cycle.district_id)
        .where(Publication.digest == digest)
        .order_by(Publication.id)
    ).first()
    return next((one for one in chain_of(found[0], found[1]) if one.id == found[2]), None) if found else None


def signature_holds(edition: Edition) -> bool:
    """True where the stored text has the digest that is shown and the key signed it."""
    text = text_of(edition)
    if sha256(text.encode()).hexdigest() != edition.digest or not edition.signature:
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(edition.public_key))
        key.verify(bytes.fromhex(edition.signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def proof_of(edition: Edition) -> bytes:
    """The signature of an edition as a file that lies beside its text."""
    said = {
        "format": "starrating-signature/1", "algorithm": "Ed25519", "digest": edition.digest,
        "public_key": edition.public_key, "signature": edition.signature, "edition": edition.edition,
        "previous_list": edition.previous_digest,
    }  # fmt: skip
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def chain_of(district_code: str, kind: str) -> tuple[Edition, ...]:
    """The editions of a district and kind in the order of publication."""
    rows: Sequence[Any] = db.session.execute(
        select(Publication.id, Cycle.year, Publication.kind, Division.code, Division.name, Publication.edition,
               Publication.digest, Publication.previous_digest, Publication.published_at, Publication.public_key,
               Publication.signature, KeyRevocation.since, KeyRevocation.reason)
        .join(Cycle, Cycle.id == Publication.cycle_id)
        .join(Division, Division.id == Cycle.district_id)
        .outerjoin(KeyRevocation, (KeyRevocation.public_key == Publication.public_key)
                   & (KeyRevocation.since <= Publication.published_at))
        .where(Division.code == district_code, Publication.kind == kind)
        .order_by(Publication.id)
    ).all()  # fmt: skip
    follows, before = True, ""
    found = []
    for place, (one, revoked, reason) in enumerate(((Edition(*row[:11]), *row[11:]) for row in rows), 1):
        follows = follows and one.previous_digest == before
        before = one.digest
        later = any(other[1] == one.year and other[5] > one.edition for other in rows)
        found.append(replace(one, place=place, of=len(rows), follows=follows, later=later,
                             revoked=revoked, reason=reason or ""))  # fmt: skip
    return tuple(found)


def text_and_last(publication_id: int) -> tuple[str, str]:
    """The text of a list, and the digest of the list of its district and kind that was published last."""
    own, chain = aliased(Publication), aliased(Cycle)
    last = (
        select(Publication.digest)
        .join(Cycle, Cycle.id == Publication.cycle_id)
        .where(Cycle.district_id == chain.district_id, Publication.kind == own.kind)
        .order_by(Publication.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = select(own.text, last).join(chain, chain.id == own.cycle_id).where(own.id == publication_id)
    row = db.session.execute(found).one()
    return row[0], row[1]


def text_of(edition: Edition) -> str:
    """The text of an edition, to the byte as it was published."""
    found = db.session.scalar(select(Publication.text).where(Publication.id == edition.id))
    assert found is not None
    return found
