"""What is kept of an import while it waits: its cells, and of a foreign table also the table itself."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from starrating.interchange.foreign_tables import ForeignTable, unpacked
from starrating.services.scoring.sheet_cells import Proposed
from starrating.services.scoring.typed_scores import Typed


@dataclass(frozen=True, slots=True)
class Content:
    """The cells of an import, None as long as nobody said which columns of its table they are.

    `few` are the units whose sample is smaller than `least`: name, township, size.
    """

    proposed: tuple[Proposed, ...] | None
    table: ForeignTable | None = None
    few: tuple[tuple[str, str, int], ...] = ()
    least: int = 0


def pack(proposed: Sequence[Proposed]) -> bytes:
    """Cells alone, as bytes."""
    return _packed(_rows(proposed))


def pack_table(content: Content) -> bytes:
    """A foreign table with its cells, as bytes."""
    assert content.table is not None
    rows = None if content.proposed is None else _rows(content.proposed)
    return _packed({"cells": rows, "table": content.table.packed(), "few": content.few, "least": content.least})


def unpack(content: bytes) -> Content:
    """What was packed."""
    kept = json.loads(zlib.decompress(content))
    if isinstance(kept, list):
        return Content(_cells(kept))
    few = tuple((name, town, size) for name, town, size in kept["few"])
    cells = None if kept["cells"] is None else _cells(kept["cells"])
    return Content(cells, unpacked(kept["table"]), few, kept["least"])


def _rows(proposed: Sequence[Proposed]) -> list[list[object]]:
    return [[*typed, base] for typed, base in proposed]


def _cells(rows: Sequence[tuple[int, str, int, str, str, str]]) -> tuple[Proposed, ...]:
    return tuple(Proposed(Typed(*row[:5]), row[5]) for row in rows)


def _packed(kept: object) -> bytes:
    return zlib.compress(json.dumps(kept, ensure_ascii=False).encode(), 1)
