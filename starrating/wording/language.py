"""Which language people are addressed in: Chinese, the language of the source, or a translation of it."""

from __future__ import annotations

import gettext
from pathlib import Path

DOMAIN = "starrating"
CATALOGUES = Path(__file__).parent.parent / "translations"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(language: str) -> None:
    """Address people in `language` (`zh`, `en`) from here on; an unknown one stays Chinese."""
    global _catalogue
    _catalogue = gettext.translation(DOMAIN, CATALOGUES, [language], fallback=True)


def translate(text: str) -> str:
    """`text`, a Chinese sentence of the source, in the language in use."""
    return _catalogue.gettext(text)


def mark(text: str) -> str:
    """`text` itself: marks a sentence of a table for translation, which happens when it is said."""
    return text
