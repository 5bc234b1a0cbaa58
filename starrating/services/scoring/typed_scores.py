"""What comes back from a sheet and how its save can end: saved, refused text by text, or a conflict cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from starrating.domain.entry import Entry
from starrating.domain.faults import RuleError
from starrating.queries.scores import CellRow, SheetUnit

Key = tuple[int, str]
"""A unit's key and a header."""


class Typed(NamedTuple):
    """A cell as it came back from a page: the version that was shown there (0: never touched), the text, the reason.

    A tuple, as all that an import makes by the hundred thousand is: it is made in a third of the time.
    """

    unit_id: int
    header: str
    version: int
    text: str
    reason: str = ""

    @property
    def key(self) -> Key:
        """Which cell."""
        return self[:2]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that two people changed: what stood, what somebody else saved, what was typed."""

    unit: SheetUnit
    header: str
    base: Entry
    theirs: CellRow
    mine: Entry


class ScoresConflict(Exception):
    """Nothing was saved, because others changed these cells meanwhile."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(len(conflicts))
        self.conflicts = tuple(conflicts)


class EntriesRefused(Exception):
    """Nothing was saved, because these texts may not stand where they were typed."""

    def __init__(self, faults: Mapping[Key, RuleError]) -> None:
        super().__init__(len(faults))
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True)
class Saved:
    """How many cells a save changed."""

    changed: int
