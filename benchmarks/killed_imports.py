"""An import of scores that is killed: all of its rows or none; the same again changes nothing.

    python -m benchmarks.killed_imports [sqlite | postgres] [--kills N] [--units N] [--naive]

A file's 65,560 cells wait for their confirmation. The confirmation is killed as the acts of `benchmarks.killed` are,
half of the times after a random one of its statements; whatever it left is compared table by table with what stood
before and with what an undisturbed run leaves, then it is confirmed again, and at last by ten at once. With `--naive`
each statement is stored on its own, and a file of which only a part came in must be found.
"""

from __future__ import annotations

import argparse
import random
import sys
from typing import Any

from benchmarks.databases import NAMES, asked_for, database, end_cleanly, load
from benchmarks.killed import Facts, Outcome, application, killed, load_everything, migrate
from benchmarks.killing import elsewhere

KILLS, UNITS, INDICATORS = 60, 1_639, 40
ACT = "scores"


def measure(base: str, kills: int, units: int, draw: random.Random, *, naive: bool = False) -> Outcome:
    """Kill the import of that many units so many times, on a migrated, empty database."""
    known = elsewhere(prepare, base, units)
    return killed(base, ACT, known | {"do": bring_in}, kills, draw, naive=naive)


def prepare(address: str, units: int) -> Facts:
    """A district in scoring, and a file with a number for each of its cells that waits; what a confirmation needs."""
    from benchmarks.workbook import build
    from starrating.queries.cycles import cycle
    from starrating.queries.scores import units_of
    from starrating.services import score_imports as imports
    from starrating.services.scores import Source
    from starrating.services.sheet_cells import Proposed
    from starrating.services.typed_scores import Typed

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
    from starrating.services import score_imports as imports

    try:
        imports.confirm(known["row"], known["key"], known["digest"], {}, known["by"])
    except RuleError as refusal:
        again = imports.preview(known["row"], known["proposed"])
        if refusal.code not in ("import.none", "import.changed") or again.changes or again.conflicts:
            raise


def main(arguments: list[str]) -> int:
    """0 when every kill left all rows or none; with `--naive`, when a part of them was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", nargs="*", choices=[*NAMES, []])
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--units", type=int, default=UNITS)
    parser.add_argument("--naive", action="store_true")
    asked = parser.parse_args(arguments)
    end_cleanly()
    print(f"{asked.kills} kills a database, {asked.units * INDICATORS:,} rows; {load()}", flush=True)
    load_everything()
    good = True
    for kind in asked_for(asked.database):
        with database(kind) as address:
            elsewhere(migrate, address, ACT)
            one = measure(address, asked.kills, asked.units, random.Random(20261122), naive=asked.naive)
        good = good and (one.between > 0 if asked.naive else one.holds)
        print(f"{NAMES[kind]}: {one.statements} statements, {one.in_the_middle} kills while it wrote; "
              f"none {one.not_done}, all {one.done}, a part {one.between}; second run differs {one.other_bytes}; "
              f"ten at once {'have one effect' if one.one_effect else 'HAVE MORE THAN ONE EFFECT'}",
              flush=True)  # fmt: skip
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
