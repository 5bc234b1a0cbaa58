"""Sealing the numbers of people: AES-256-GCM with keys from a file outside the database, each value naming its key.

A sealed text is bound to its person and field: moved to another row it does not open. The keyed digest of a value is
made with a key derived from the same one, so that both go with a rotation. Another cipher would be another mark before
the sealed text; this program knows one.
"""

from __future__ import annotations

import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from hashlib import sha256
from hmac import new as keyed
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from starrating.domain.faults import RuleError
from starrating.domain.personal import Secret
from starrating.services.clock import now

MARK = "A1."
"""What sealed texts of AES-256-GCM begin with."""
NONCE = 12
LARGEST = 100_000
OTHERS = 0o077
"""What others may do with the file of keys: nothing."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value as it is stored: the key it needs, the sealed text, its keyed digest."""

    key_id: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of the file, and which one seals."""

    current: str
    keys: dict[str, bytes]

    def seal(self, person_id: int, field: Secret, value: str) -> Sealed:
        """Seal a value of a person."""
        digest = _digest(self.keys[self.current], field, value)
        return Sealed(self.current, self.seal_text(_bound(person_id, field), value), digest)

    def seal_text(self, bound: str, value: str) -> str:
        """Seal a text with the current key, bound to where it is stored."""
        nonce = secrets.token_bytes(NONCE)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, value.encode(), bound.encode())
        return MARK + b64encode(nonce + sealed).decode()

    def unseal(self, person_id: int, field: Secret, key_id: str, text: str) -> str:
        """Open a sealed value of a person; refused as in `unseal_text`."""
        return self.unseal_text(_bound(person_id, field), key_id, text)

    def unseal_text(self, bound: str, key_id: str, text: str) -> str:
        """Open a sealed text; `vault.damaged` where it was changed or moved, `vault.key` where its key is gone."""
        if key_id not in self.keys:
            raise RuleError("vault.key", key=key_id)
        try:
            raw = b64decode(text.removeprefix(MARK), validate=True)
            opened = AESGCM(self.keys[key_id]).decrypt(raw[:NONCE], raw[NONCE:], bound.encode())
        except (InvalidTag, ValueError):
            raise RuleError("vault.damaged") from None
        return opened.decode()

    def digests(self, field: Secret, value: str) -> list[str]:
        """The digests of a value under every key: during a rotation some rows still have the old one's."""
        return [_digest(key, field, value) for key in self.keys.values()]


def key_file() -> Path:
    """Where the keys lie."""
    return Path(current_app.config["PERSONAL_KEY_FILE"])


def key_ring() -> KeyRing:
    """The keys as the file holds them now; refused where there is none, or one that others may read."""
    try:
        with key_file().open("rb") as stream:
            open_to_others = os.fstat(stream.fileno()).st_mode & OTHERS
            kept = json.loads(stream.read(LARGEST))
    except FileNotFoundError:
        raise RuleError("vault.none") from None
    except (OSError, ValueError):
        raise RuleError("vault.unreadable") from None
    if open_to_others:
        raise RuleError("vault.open")
    try:
        keys = {str(name): b64decode(text, validate=True) for name, text in kept["keys"].items()}
        ring = KeyRing(str(kept["current"]), keys)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RuleError("vault.unreadable") from None
    if ring.current not in keys or any(len(key) != 32 for key in keys.values()):
        raise RuleError("vault.unreadable")
    return ring


def add_key() -> str:
    """Make a key that seals from now on; the others stay, for what they sealed. Its name."""
    with _alone():
        try:
            ring = key_ring()
        except RuleError as refusal:
            if refusal.code != "vault.none":
                raise
            ring = KeyRing("", {})
        name = f"k{len(ring.keys) + 1}-{secrets.token_hex(3)}"
        _write(KeyRing(name, {**ring.keys, name: AESGCM.generate_key(256)}))
        return name


def keep_only_current() -> dict[str, bytes]:
    """Take the other keys out of the file, once nothing needs them, and keep them in a dated file beside it.

    Somebody may be storing a number with one of them at this moment, and older backups need them.
    """
    with _alone():
        ring = key_ring()
        gone = {name: key for name, key in ring.keys.items() if name != ring.current}
        if gone:
            path = key_file()
            _write(ring, path.with_name(f"{path.name}.{now():%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"))
            _write(KeyRing(ring.current, {ring.current: ring.keys[ring.current]}))
        return gone


def put_back(keys: dict[str, bytes]) -> None:
    """Put keys that were taken out into the file again; which one seals stays."""
    with _alone():
        ring = key_ring()
        _write(KeyRing(ring.current, {**keys, **ring.keys}))


@contextmanager
def _alone() -> Iterator[None]:
    """Change the file of keys one after another: of two commands at once the second reads what the first wrote."""
    path = key_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600), "r+") as held:
        flock(held, LOCK_EX)
        yield


def _write(ring: KeyRing, to: Path | None = None) -> None:
    """Write the file beside and move it into place: a kill leaves the old one or the new one, never half of one."""
    path = to or key_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    told = {"current": ring.current, "keys": {name: b64encode(key).decode() for name, key in ring.keys.items()}}
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        json.dump(told, stream)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)


def _bound(person_id: int, field: Secret) -> str:
    return f"{person_id}:{field}"


def _digest(key: bytes, field: Secret, value: str) -> str:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"starrating person digest").derive(key)
    return keyed(derived, f"{field}:{value}".encode(), sha256).hexdigest()
