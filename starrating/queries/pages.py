"""A page of a long list: which rows it holds and how many there are in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
SIZE = 50
LAST = 100_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page, its number (1 the first) and the number of rows of the whole list."""

    rows: tuple[Row, ...]
    number: int
    total: int
    size: int = SIZE

    @property
    def last(self) -> int:
        """The number of the last page; 1 where the list is empty."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """The place of the first row in the whole list, 1 the first; 0 where the page is empty."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        """The place of the last row in the whole list."""
        return self.first_row + len(self.rows) - 1 if self.rows else 0


def offset_of(number: int) -> int:
    """How many rows stand before a page."""
    return (min(max(number, 1), LAST) - 1) * SIZE
