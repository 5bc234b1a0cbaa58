"""How steady the stars of a district are: 500 units × 60 leaf indicators, 1,000 re-weightings, beside the plain engine.

    python -m benchmarks.robustness

The floor is the engine rating the same district once; counted one draw after another it would take a thousand times
that. The two say the same of the first draws, or nothing is printed.
"""

from __future__ import annotations

import random
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

from benchmarks.determination import LEAVES, SCHEME, YEAR
from starrating.domain.exact import Column
from starrating.domain.inputs import History, Inputs, labels_of
from starrating.domain.rating import Rating, rate
from starrating.domain.robustness import DRAWS, reweighted, robustness
from starrating.schemes.reader import read_scheme

UNITS, GROUPS, CHECKED = 500, 6, 5


def district() -> Rating:
    """A district with six indicators of the first level, ten below each."""
    leaves = "\n".join(
        f"  - code: V{group}\n    name: 指标{group}\n    children:\n"
        + "\n".join(
            f"      - {{code: V{group}.{leaf}, name: 小项{leaf}, method: direct, max: 5, step: 0.1}}"
            for leaf in range(LEAVES // GROUPS)
        )
        for group in range(GROUPS)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scheme.yaml"
        path.write_text(SCHEME.format(year=YEAR, leaves=leaves), encoding="utf-8")
        scheme = read_scheme(path).scheme
    numbers = random.Random(1)
    columns = {
        node.code: Column(np.array([numbers.randint(20, 50) for _ in range(UNITS)]), Fraction(1, 10))
        for node in scheme.leaves()
    }
    fields = {"district": labels_of(["区"] * UNITS)}
    return rate(
        scheme, Inputs(tuple(f"{unit:05}" for unit in range(UNITS)), columns, fields, History({})), keep_all=True
    )


def main() -> None:
    """Measure and print."""
    rating = district()
    begun = time.perf_counter()
    for draw in range(CHECKED):
        rate(reweighted(rating.scheme, draw), rating.inputs)
    once = (time.perf_counter() - begun) / CHECKED
    begun = time.perf_counter()
    found = robustness(rating)
    whole = time.perf_counter() - begun
    few = robustness(rating, draws=CHECKED)
    assert found is not None
    assert few is not None
    expected = np.zeros_like(few.counts)
    for draw in range(CHECKED):
        expected[np.arange(UNITS), rate(reweighted(rating.scheme, draw), rating.inputs).level] += 1
    assert expected.tolist() == few.counts.tolist()
    print(f"{UNITS} units × {LEAVES} indicators, {DRAWS:,} re-weightings: {whole:.2f} s")
    print(f"  floor, the engine once: {once * 1000:.0f} ms; one after another that would be {once * DRAWS:.0f} s")
    print(f"  {int(np.sum(found.held < found.draws))} of {UNITS} units lose their level in some draw")


if __name__ == "__main__":
    main()
