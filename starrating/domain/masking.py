"""How personal data look where nobody asked to see them clear."""

from __future__ import annotations

MASK = "*"


def masked_name(name: str) -> str:
    """A name with its middle hidden, of two characters the second: `韩*强`, `张*`; one character is hidden whole."""
    letters = name.strip()
    if len(letters) <= 1:
        return MASK
    if len(letters) == 2:
        return letters[0] + MASK
    return letters[0] + MASK * (len(letters) - 2) + letters[-1]
