"""Measure the charts: milliseconds to lay out, to draw as SVG and as PNG, and to fetch from the cache.

    python -m benchmarks.charts [--runs N] [--only KIND …] [--memory N]

Prints Markdown; times are medians of processor time, so that other work on the machine counts as little as it can. The
bars of the house: 400 ms drawn, 10 ms from the cache, laying out included; and a process that does not grow, however
many charts it draws (500 by default, every kind at both widths).
"""

from __future__ import annotations

import argparse
import gc
import os
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
    parser.add_argument("--only", nargs="*", choices=[*KINDS, []], default=KINDS)
    parser.add_argument("--memory", type=int, default=500)
    asked = parser.parse_args()
    runs: int = asked.runs
    first = _milliseconds(lambda: draw("movement", "one unit").svg(), 1)
    print(f"First chart of a process, matplotlib and fonts loaded with it: {first:.0f} ms\n")
    print("| chart | rows | width | lay out | SVG | PNG 192 dpi | from the cache | holds |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: | --- |")
    with tempfile.TemporaryDirectory() as folder:
        cache = ChartCache(Path(folder))
        for kind in asked.only:
            for state in STATES:
                for width in Width:
                    print(_line(cache, kind, state, width, runs), flush=True)
    print(f"\n{_grown(asked.memory)}")


def _grown(charts: int) -> str:
    """By how much this process grows over so many charts, once every kind was drawn before."""
    every = [(kind, state, width) for kind in KINDS for state in STATES[:2] for width in Width]
    for each in every:
        draw(*each).svg()
    gc.collect()
    before = _resident()
    for number in range(charts):
        chart = draw(*every[number % len(every)])
        chart.svg()
        chart.png(96)
    gc.collect()
    return f"{charts} charts: {before / 2**20:.0f} MB before, {(_resident() - before) / 2**20:+.1f} MB after"


def _resident() -> int:
    """The resident set of this process, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _line(cache: ChartCache, kind: str, state: str, width: Width, runs: int) -> str:
    chart = draw(kind, state, width)
    cache.svg(chart)
    laid = _milliseconds(lambda: draw(kind, state, width), runs)
    svg = _milliseconds(chart.svg, runs)
    png = _milliseconds(chart.png, runs)
    cached = _milliseconds(lambda: cache.svg(chart), runs)
    holds = max(svg, png) + laid <= DRAWN_MS and cached <= CACHED_MS
    numbers = f"{laid:.1f} | {svg:.0f} | {png:.0f} | {cached:.2f}"
    return f"| {kind} | {state} | {width} | {numbers} | {'yes' if holds else 'no'} |"


def _milliseconds(act: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.process_time()
        act()
        times.append((time.process_time() - start) * 1000)
    return median(times)


if __name__ == "__main__":
    main()
