"""How personal data look where nobody asked to see them clear."""

from __future__ import annotations

MASK = "*"
SHOWN = 2
"""How many signs of an address stay: which town it may be in, and not where in it."""


def masked_name(name: str) -> str:
    """A name with its middle hidden, of two characters the second: `韩*强`, `张*`; one character is hidden whole."""
    letters = name.strip()
    if len(letters) <= 1:
        return MASK
    if len(letters) == 2:
        return letters[0] + MASK
    return letters[0] + MASK * (len(letters) - 2) + letters[-1]


def masked_contact(contact: str) -> str:
    """A telephone with its middle hidden, `138****1234`; of an address the first two signs: `北辰****`."""
    digits = "".join(letter for letter in contact if letter.isdecimal())
    if len(digits) >= 11 and len(digits) * 2 > len(contact):
        return digits[:3] + MASK * 4 + digits[-4:]
    return contact[:SHOWN] + MASK * 4
