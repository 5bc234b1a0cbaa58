"""Every star and every total of exported lists worked out again by the stand-alone scripts, and changes of a bit found.

    flask export-editions FOLDER; python -m benchmarks.editions FOLDER

The bars: all of the demonstration's units in each year, 500 of 500 changes.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[1] / "tools"
CHANGES = 500


def run(script: str, *arguments: str) -> tuple[int, str, float]:
    """The exit status of a script, what it printed, and how long it took."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(TOOLS / script), *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout + done.stderr, time.perf_counter() - begun


def changed(path: Path) -> int:
    """How many of the changes of one bit in a list the script finds."""
    whole, chance, found = path.read_bytes(), random.Random(1), 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.with_suffix(".sig.json").write_bytes(path.with_suffix(".sig.json").read_bytes())
        for _ in range(CHANGES):
            place, bits = chance.randrange(len(whole) * 8), bytearray(whole)
            bits[place // 8] ^= 1 << place % 8
            copy.write_bytes(bits)
            found += run("verify_list.py", str(copy))[0] != 0
    return found


def main(folder: Path) -> int:
    """Print the figures; 1 where a bar is missed."""
    paths = sorted(path for path in folder.glob("*.json") if not path.name.endswith(".sig.json"))
    units: Counter[int] = Counter()
    for path in paths:
        edition = json.loads(path.read_bytes())
        units[edition["year"]] += len(edition["units"])
    names = [str(path) for path in paths]
    print(f"{len(paths)} lists: " + ", ".join(f"{year}: {count:,} units" for year, count in sorted(units.items())))
    missed = 0
    for script, what in (
        ("verify_list.py", "stars, ranks, signatures, chains"),
        ("verify_points.py", "totals, points"),
    ):
        status, said, took = run(script, *names)
        wrong = sum(line.startswith("  ") for line in said.splitlines())
        print(
            f"  {what}: {sum(units.values()) - wrong:,} of {sum(units.values()):,}, exit status {status}, {took:.1f} s"
        )
        missed += status != 0
    found = changed(min(paths, key=lambda path: path.stat().st_size))
    print(f"  changes of one bit: {found} of {CHANGES} found")
    return 1 if missed or found < CHANGES else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
