"""The rating and the naive evaluator agree on random worlds, row by row, reasons and consequences too.

`STARRATING_WORLDS=4000` compares more worlds than the few hundred of every run; `python -m tests.oracle.worlds SEED
DIR` writes one of them down.
"""

import os
from pathlib import Path

import pytest

from tests.oracle.naive import rate_naively
from tests.oracle.naive_scheme import Refused
from tests.oracle.worlds import random_world
from tests.support import rows_of, run_rate, write

BATCH = 40
BATCHES = int(os.environ.get("STARRATING_WORLDS", "400")) // BATCH


@pytest.mark.parametrize("batch", range(BATCHES))
def test_both_give_the_same_rows(batch: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    units = 0
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        units += compare(seed, tmp_path)
        capsys.readouterr()
    assert units > BATCH


def compare(seed: int, folder: Path) -> int:
    """Compare one world; how many units it had. Both must refuse the same worlds."""
    world = random_world(seed)
    out = folder / "ratings.csv"
    out.unlink(missing_ok=True)
    paths = write(
        folder, scheme__yaml=world.scheme_text, scores__csv=world.scores_text, history__csv=world.history_text
    )
    explained = folder / "explain.jsonl" if seed % 4 == 0 else None
    status = run_rate(paths, out, explained)
    try:
        wanted = rate_naively(world.scheme, world.rows, world.history)
    except Refused:
        assert status == 2, seed
        assert not out.exists()
        return 0
    assert status == 0, seed
    assert rows_of(out.read_text(encoding="utf-8")) == wanted, seed
    return len(wanted)
