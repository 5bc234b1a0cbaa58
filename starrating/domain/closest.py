"""Which known word a word was perhaps meant to be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(slots=True)
class Closest:
    """Finds the closest known word, but no more than `left` times: in a file full of faults it takes too long."""

    left: int = 200

    def to(self, word: str, known: Collection[str]) -> str:
        """The known word closest to `word`, "" where none is close."""
        self.left -= 1
        if self.left < 0 or len(word) > 60:
            return ""
        return next(iter(get_close_matches(word, known, 1)), "")
