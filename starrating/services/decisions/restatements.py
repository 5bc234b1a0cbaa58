"""What a decision would publish: the edition to be, and the digest that whoever decides confirms."""

from __future__ import annotations

from dataclasses import dataclass

from starrating.queries.decisions import ConcernedUnit
from starrating.queries.publications import PublicationHead
from starrating.services.editions.list_text import digest_of


@dataclass(frozen=True, slots=True)
class Restatement:
    """The edition that a decision would give, after which it comes, and the units whose levels it moves."""

    text: str
    stood: str
    """The text of the edition that stands."""
    standing: PublicationHead
    units: tuple[ConcernedUnit, ...]

    @property
    def digest(self) -> str:
        """The digest of the edition to be, which holds everything that was shown."""
        return digest_of(self.text)
