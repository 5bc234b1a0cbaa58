"""Measure the charts: milliseconds to lay out, to draw as SVG and as PNG, and to fetch from the cache.

    python -m benchmarks.charts [--runs N]

Prints Markdown; times are medians. The bars of the house: 400 ms drawn, 10 ms from the cache, laying out included.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from starrating.charts.cache import ChartCache
from starrating.charts.style import Width
from tests.charts.world import KINDS, draw

DRAWN_MS, CACHED_MS = 400, 10
STATES = ("one place", "city", "300 places")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs: int = parser.parse_args().runs
    first = _milliseconds(lambda: draw("movement", "one unit").svg(), 1)
    print(f"First chart of a process, matplotlib and fonts loaded with it: {first:.0f} ms\n")
    print("| chart | rows | width | lay out | SVG | PNG 192 dpi | from the cache | holds |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: | --- |")
    with tempfile.TemporaryDirectory() as folder:
        cache = ChartCache(Path(folder))
        for kind in KINDS:
            for state in STATES:
                for width in Width:
                    print(_line(cache, kind, state, width, runs), flush=True)


def _line(cache: ChartCache, kind: str, state: str, width: Width, runs: int) -> str:
    chart = draw(kind, state, width)
    cache.svg(chart)
    laid = _milliseconds(lambda: draw(kind, state, width), runs)
    svg = _milliseconds(chart.svg, runs)
    png = _milliseconds(chart.png, runs)
    cached = _milliseconds(lambda: cache.svg(chart), runs)
    holds = svg + laid <= DRAWN_MS and cached <= CACHED_MS
    numbers = f"{laid:.1f} | {svg:.0f} | {png:.0f} | {cached:.2f}"
    return f"| {kind} | {state} | {width} | {numbers} | {'yes' if holds else 'no'} |"


def _milliseconds(act: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return median(times)


if __name__ == "__main__":
    main()
