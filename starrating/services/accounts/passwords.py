"""Passwords: Argon2id, one-time passwords, and which passwords are refused; no rules about kinds of characters."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app

from starrating.domain.faults import RuleError

SHORTEST = 10
LONGEST = 256
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
COMMON = frozenset(
    {
        "1234567890", "12345678910", "0123456789", "0987654321", "1111111111", "0000000000", "6666666666", "8888888888",
        "123123123123", "1q2w3e4r5t", "1qaz2wsx3edc", "qwertyuiop", "qwerty12345", "password12", "password123",
        "password1234", "passw0rd123", "abc1234567", "abcd123456", "admin12345", "admin123456", "administrator",
        "woaini1314", "woaini5201314", "5201314520", "1314520520", "iloveyou123", "zhongguo123", "tianjin123",
        "beijing123", "aa12345678", "a123456789", "a1234567890", "q123456789", "qq123456789", "asdfghjkl123",
        "zxcvbnm123", "1qazxsw23edc", "letmein123", "welcome123", "changeme123", "starrating",
    }
)  # fmt: skip


def normalised(password: str) -> str:
    """The same characters however they were typed."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """The Argon2id hash of a password."""
    return _hasher().hash(normalised(password))


def matches(password: str, stored: str | None) -> bool:
    """True where the password is the stored one; without a stored one the same work is done, and the answer is no."""
    typed = normalised(password) if len(password) <= LONGEST else ""
    try:
        _hasher().verify(stored or _nobody(), typed)
    except (Argon2Error, InvalidHashError):
        return False
    return stored is not None and len(password) <= LONGEST


def one_time_password() -> str:
    """A random password that can be read out, about 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def check_new(password: str, name: str) -> None:
    """Refuse what is too short, too long, known to everybody or the account's own name."""
    typed = normalised(password)
    if len(typed) < SHORTEST:
        raise RuleError("password.short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise RuleError("password.long", longest=LONGEST)
    bare = typed.casefold()
    if bare in COMMON or len(set(bare)) < 4 or name.casefold() in (bare, bare[::-1]) or bare.startswith(name * 2):
        raise RuleError("password.common")


def _hasher() -> PasswordHasher:
    memory, time = current_app.config["ARGON2_MEMORY_KIB"], current_app.config["ARGON2_TIME"]
    return PasswordHasher(time_cost=time, memory_cost=memory, parallelism=1)


def _nobody() -> str:
    """A hash that no password has, of the same cost: an unknown name takes as long as a known one."""
    kept: str | None = current_app.extensions.get("starrating_nobody")
    if kept is None:
        kept = current_app.extensions["starrating_nobody"] = _hasher().hash(secrets.token_hex(32))
    return kept
