"""An import of scores that is killed: all of its rows or none; the same again changes nothing.

    python -m benchmarks.killed_imports [sqlite | postgres] [--kills N] [--units N] [--naive]

A file's 65,560 cells wait for their confirmation. The confirmation is killed as the acts of `benchmarks.killed` are,
half of the times after a random one of its statements; whatever it left is compared table by table with what stood
before and with what an undisturbed run leaves, then it is confirmed again, and at last by ten at once. With `--naive`
each statement is stored on its own, and a file of which only a part came in must be found.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.killed import killed
from benchmarks.killing import elsewhere
from benchmarks.proof import Facts, Outcome, application, proof

KILLS, UNITS, INDICATORS = 60, 1_639, 40
ACT = "scores"


def measure(base: str, kills: int, units: int, draw: random.Random, *, naive: bool = False) -> Iterator[Outcome]:
    """Kill the import of that many units so many times, on a migrated, empty database."""
    known = elsewhere(prepare, base, units)
    yield killed(base, ACT, known | {"do": bring_in}, kills, draw, naive=naive)


def prepare(address: str, units: int) -> Facts:
    """A district in scoring, and a file with a number for each of its cells that waits; what a confirmation needs."""
    from benchmarks.workbook import build
    from starrating.queries.cycles import cycle
    from starrating.queries.scores import units_of
    from starrating.services.scoring import imports
    from starrating.services.scoring.scores import Source
    from starrating.services.scoring.sheet_cells import Proposed
    from starrating.services.scoring.typed_scores import Typed

    with application(address, ACT):
        row, by = build(units, INDICATORS)
        row = cycle(row.id)
        assert row is not None
        proposed = [Proposed(Typed(unit.id, f"A{number}", 0, f"{(unit.id + number) % 100}.25"), "")
                    for unit in units_of(row) for number in range(INDICATORS)]  # fmt: skip
        key = imports.keep(row, Source.WORKBOOK, "填报表.xlsx", b"file", proposed, by)
        shown = imports.preview(row, proposed)
        assert len(shown.changes) == units * INDICATORS
        return {"cycle": row.id, "row": row, "by": by, "key": key, "digest": shown.digest, "proposed": proposed}


def bring_in(known: dict[str, Any]) -> None:
    """Confirm the file; where it was stored already, see that nothing of it is left to change."""
    from starrating.domain.faults import RuleError
    from starrating.services.scoring import imports

    try:
        imports.confirm(known["row"], known["key"], known["digest"], {}, known["by"])
    except RuleError as refusal:
        again = imports.preview(known["row"], known["proposed"])
        if refusal.code not in ("import.none", "import.changed") or again.changes or again.conflicts:
            raise


if __name__ == "__main__":
    sys.exit(proof(sys.argv[1:], __doc__, ACT, measure, 20261122, kills=KILLS, units=UNITS))
