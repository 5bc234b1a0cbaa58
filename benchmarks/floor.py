"""The floor: the least that a good Polars script does with the same table. Reads, sums, ranks by district, writes.

It does not check a cell, apply a rule, or give a reason; it adds the raw values as binary floats. It is what the
offline command is measured against.

    python benchmarks/floor.py SCORES.csv RANKS.csv
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import polars as pl

VALUE = re.compile(r"V\d+\.\d+$")


def rank(scores: Path, out: Path) -> None:
    with scores.open(encoding="utf-8-sig") as lines:
        headers = lines.readline().rstrip("\r\n").split(",")
    values = [header for header in headers if VALUE.match(header)]
    types = dict.fromkeys(values, pl.Float64) | {"unit": pl.String, "district": pl.String}
    total = pl.sum_horizontal(values).round(2)
    (
        pl.scan_csv(scores, schema_overrides=types)
        .select("unit", "district", total=total)
        .with_columns(rank=pl.col("total").rank("min", descending=True).over("district"))
        .select("unit", "total", "rank")
        .sort("unit")
        .collect()
        .write_csv(out)
    )


if __name__ == "__main__":
    rank(Path(sys.argv[1]), Path(sys.argv[2]))
