"""Which language people are addressed in: Chinese, the language of the source, or a translation of it."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

DOMAIN = "starrating"
CATALOGUES = Path(__file__).parent.parent / "translations"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_spoken: ContextVar[gettext.NullTranslations | None] = ContextVar("starrating_spoken", default=None)
"""The language of the answer under way, where many readers are served at once; None: that of the process."""


def use_language(language: str) -> None:
    """Address people in `language` (`zh`, `en`) from here on; an unknown one stays Chinese."""
    global _catalogue
    _catalogue = _catalogue_of(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Address whoever asks within this block in `language`, and nobody else: other threads and requests keep theirs."""
    before = _spoken.set(_catalogue_of(language))
    try:
        yield
    finally:
        _spoken.reset(before)


@cache
def _catalogue_of(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, CATALOGUES, [language], fallback=True)


def translate(text: str) -> str:
    """`text`, a Chinese sentence of the source, in the language in use."""
    return (_spoken.get() or _catalogue).gettext(text)


def mark(text: str) -> str:
    """`text` itself: marks a sentence of a table for translation, which happens when it is said."""
    return text
