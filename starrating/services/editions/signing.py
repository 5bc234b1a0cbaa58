"""The key that signs editions: a file outside the database, made once, read when something is published.

The private half never leaves the file; the public half goes into the table of keys with its first edition. A new key is
a new file: old editions go on naming the key that signed them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from flask import current_app
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from starrating.domain.faults import RuleError
from starrating.extensions import db
from starrating.models.publications import KeyRevocation, SigningKey
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text
from starrating.services.transaction import transaction
from starrating.services.working_days import BEIJING

LARGEST = 10_000
LONGEST_REASON = 200
OTHERS = 0o077
"""What others may do with a key's file: nothing."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature and the public key that it holds with, both in hexadecimal digits."""

    public_key: str
    signature: str


def key_file() -> Path:
    """Where the key lies."""
    return Path(current_app.config["SIGNING_KEY_FILE"])


def create_key() -> str:
    """Make a key and give its public half; refused where its file is there already, and nothing is changed."""
    path, key = key_file(), Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise RuleError("signing.exists", file=str(path)) from None
    with os.fdopen(handle, "wb") as stream:
        stream.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        stream.flush()
        os.fsync(stream.fileno())
    return _public(key)


def sign(text: str) -> Signed:
    """Sign a text's UTF-8; refused where there is no key, or one that others may read."""
    key = _read_key()
    if db.session.scalar(select(exists().where(KeyRevocation.public_key == _public(key)))):
        raise RuleError("signing.revoked")
    return Signed(_public(key), key.sign(text.encode()).hex())


def revoke_key(public_key: str, since: date, reason: str) -> None:
    """Say that a key no longer counts from the beginning of a day in Beijing on; once, and never taken back."""
    why = given_text(reason, LONGEST_REASON)
    if not why:
        raise RuleError("signing.reason")
    with transaction() as session:
        known = session.scalar(select(SigningKey.id).where(SigningKey.public_key == public_key))
        if known is None:
            raise RuleError("signing.unknown")
        if session.scalar(select(exists().where(KeyRevocation.public_key == public_key))):
            raise RuleError("signing.revoked_before")
        begins = datetime.combine(since, time(), BEIJING)
        if begins > now():
            raise RuleError("signing.still_to_come")
        session.add(KeyRevocation(public_key=public_key, since=begins, reason=why, noted_at=now()))
        subject = Subject("signing_key", known, public_key[:16])
        record(session, "key_revoked", None, subject, key=public_key, since=since.isoformat(), reason=why)


def note_key(session: Session, public_key: str) -> None:
    """Within a transaction: put a key into the table with its first edition."""
    if session.scalar(select(exists().where(SigningKey.public_key == public_key))):
        return
    try:
        with session.begin_nested():
            session.add(SigningKey(public_key=public_key, since=now()))
    except IntegrityError:
        return  # another publication of the same moment put it in


def _read_key() -> Ed25519PrivateKey:
    path = key_file()
    try:
        with path.open("rb") as stream:
            open_to_others = os.fstat(stream.fileno()).st_mode & OTHERS
            raw = stream.read(LARGEST)
    except FileNotFoundError:
        raise RuleError("signing.none") from None
    except OSError:
        raise RuleError("signing.unreadable") from None
    if open_to_others:
        raise RuleError("signing.open")
    try:
        key = load_pem_private_key(raw, password=None)
    except (ValueError, TypeError):
        raise RuleError("signing.unreadable") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise RuleError("signing.unreadable")
    return key


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()
