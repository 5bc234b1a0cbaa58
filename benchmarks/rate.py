"""Measure `python -m starrating rate` beside the Polars floor: whole processes, alternating, in one run.

    python -m benchmarks.rate [--quick] [--runs N] [--keep FOLDER]

Prints Markdown: the ratios against the bars of the house, peak memory, and how time and memory grow with the units.
Times are medians of wall time; memory is the largest resident set the system saw. Compare ratios, not seconds:
machines differ.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
BARS = {5_500: 2, 700_000: 4}
MEMORY_BAR_MB = 1_500
QUICK = (5_500, 10_000)
FULL = (5_500, 10_000, 100_000, 700_000)
LARGE = 100_000


@dataclass(frozen=True, slots=True)
class World:
    """The files of one measurement, made by `benchmarks.world`."""

    scheme: str
    scores: str
    history: str | None
    units: int
    districts: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds on the wall, seconds of all cores, megabytes at the peak."""

    seconds: float
    core_seconds: float
    megabytes: float


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    print(_machine())
    with _folder(options.keep) as folder:
        sizes = QUICK if options.quick else FULL
        measured = {units: _pair(_world(folder, "plain", units), folder, options.runs) for units in sizes}
        print(_headline(measured))
        print(_growth({units: command for units, (command, _) in measured.items()}))
        rich = _world(folder, "rich", 5_500 if options.quick else LARGE)
        print(_rich(rich, _alone(rich, folder, options.runs)))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="5,500 and 10,000 units only")
    parser.add_argument("--runs", type=int, help="runs of each process (5; 3 from 100,000 units)")
    parser.add_argument("--keep", type=Path, help="folder to write the files to and leave them there")
    return parser.parse_args(arguments)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="starrating-bench-") as name:
            yield Path(name)
    else:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept


def _world(folder: Path, name: str, units: int) -> World:
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.world", str(folder), name, str(units)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    return World(**json.loads(made.stdout))


def _pair(world: World, folder: Path, runs: int | None) -> tuple[Cost, Cost]:
    """The medians of the command and the floor, run in turn; one run of each goes before and does not count."""
    _say(f"{world.units:,} units in {world.districts:,} districts")
    pairs = [(_command(world, folder), _floor(world, folder)) for _ in range(1 + _runs(world, runs))]
    commands, floors = zip(*pairs[1:], strict=True)
    return _median(commands), _median(floors)


def _alone(world: World, folder: Path, runs: int | None) -> Cost:
    _say(f"{world.units:,} units, every leaf method, periods, history")
    return _median([_command(world, folder) for _ in range(1 + _runs(world, runs))][1:])


def _runs(world: World, runs: int | None) -> int:
    return runs or (3 if world.units >= LARGE else 5)


def _command(world: World, folder: Path) -> Cost:
    out = folder / "ratings.csv"
    history = ["--history", world.history] if world.history else []
    cost = _run(["-m", "starrating", "rate", world.scheme, world.scores, *history, "--out", str(out)])
    _check(out, world)
    return cost


def _floor(world: World, folder: Path) -> Cost:
    out = folder / "ranks.csv"
    cost = _run([str(ROOT / "benchmarks" / "floor.py"), world.scores, str(out)])
    _check(out, world)
    return cost


def _check(out: Path, world: World) -> None:
    with out.open("rb") as lines:
        rows = sum(1 for _ in lines) - 1
    if rows != world.units:
        sys.exit(f"{out.name}: {rows:,} rows, expected {world.units:,}")
    out.unlink()


def _run(arguments: Sequence[str]) -> Cost:
    """Run Python with those arguments from the repository's root and wait for it."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"exit status {process.returncode}: python {' '.join(arguments)}")
    kilobyte = 1024 if sys.platform == "linux" else 1
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * kilobyte / 1e6)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(cost.seconds for cost in costs),
        median(cost.core_seconds for cost in costs),
        max(cost.megabytes for cost in costs),
    )


def _machine() -> str:
    parts = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in ("numpy", "polars"))]
    return f"{len(os.sched_getaffinity(0))} cores, {platform.machine()}, {platform.system()}; {', '.join(parts)}\n"


def _headline(measured: dict[int, tuple[Cost, Cost]]) -> str:
    rows = [
        "| units × 60 | command s | floor s | ratio | bar | command MB | floor MB | command core-s | floor core-s |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for units, (command, floor) in measured.items():
        bar = f"≤ {BARS[units]}" if units in BARS else "–"
        if units == max(BARS):
            bar += f", ≤ {MEMORY_BAR_MB:,} MB"
        rows.append(
            f"| {units:,} | {command.seconds:.2f} | {floor.seconds:.2f} "
            f"| {command.seconds / floor.seconds:.2f} | {bar} "
            f"| {command.megabytes:.0f} | {floor.megabytes:.0f} "
            f"| {command.core_seconds:.2f} | {floor.core_seconds:.2f} |"
        )
    return "\n".join(rows) + "\n"


def _growth(commands: dict[int, Cost]) -> str:
    rows = ["| units | seconds | µs a unit | MB | bytes a unit |", "| ---: | ---: | ---: | ---: | ---: |"]
    for units, cost in commands.items():
        rows.append(
            f"| {units:,} | {cost.seconds:.2f} | {cost.seconds / units * 1e6:.1f} "
            f"| {cost.megabytes:.0f} | {cost.megabytes / units * 1e6:,.0f} |"
        )
    return "\n".join(rows) + "\n"


def _rich(world: World, cost: Cost) -> str:
    return (
        f"Every leaf method, parts, quarters, months and two years of history, {world.units:,} units (no bar): "
        f"{cost.seconds:.2f} s, {cost.megabytes:.0f} MB\n"
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
