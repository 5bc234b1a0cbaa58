"""What one reading of a scheme finds out on its way through the tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from starrating.domain.closest import Closest
from starrating.domain.faults import FileFault

Path = tuple[str | int, ...]
"""Keys and positions from the top of the scheme to a value."""


@dataclass(slots=True)
class Notes:
    """What one reading finds out: faults, paths that could not be read, canonical forms, the levels' positions."""

    faults: list[FileFault] = field(default_factory=list)
    unsound: set[Path] = field(default_factory=set)
    written: dict[Path, str] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    levels_sound: bool = True
    closest: Closest = field(default_factory=Closest)
