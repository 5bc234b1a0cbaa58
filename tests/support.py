"""What several tests need: worlds on disk, the command run in this process, its output as rows."""

import csv
import io
from pathlib import Path

from starrating.offline.command import main

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
SHARED_CASES = ROOT.parent / "shared" / "cases"

Row = dict[str, str]

LEVELS = """levels: [{code: none, name: 无星, stars: 0}, {code: three, name: 三星, stars: 3},
  {code: four, name: 四星, stars: 4}, {code: five, name: 五星, stars: 5}]"""


def write(folder: Path, **files: str | None) -> dict[str, Path]:
    """Write `name__ending=text` as `name.ending` and give the paths by name; None is not written."""
    paths = {}
    for key, text in files.items():
        name, _, ending = key.partition("__")
        if text is not None:
            paths[name] = folder / f"{name}.{ending}"
            paths[name].write_text(text, encoding="utf-8")
    return paths


def rows_of(text: str) -> list[Row]:
    """The rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text)))


def rate_rows(folder: Path, scheme: str, scores: str, history: str | None = None) -> list[Row]:
    """The rows of RATINGS.csv for these texts; the command must have succeeded."""
    paths = write(folder, scheme__yaml=scheme, scores__csv=scores, history__csv=history)
    out = folder / "ratings.csv"
    assert run_rate(paths, out) == 0
    return rows_of(out.read_text(encoding="utf-8"))


def run_rate(paths: dict[str, Path], out: Path, explained: Path | None = None) -> int:
    """Run `rate` in this process; its exit status."""
    arguments = ["rate", str(paths["scheme"]), str(paths["scores"]), "--out", str(out)]
    if "history" in paths:
        arguments += ["--history", str(paths["history"])]
    if explained is not None:
        arguments += ["--explain", str(explained)]
    return main(arguments)


def scheme_text(body: str, *, year: int = 2024, kinds: str = "[village]") -> str:
    """A scheme with the usual head and four levels around `body`."""
    head = f"format: starrating/1\ncode: test\ntitle: 试验\nyear: {year}\napplies_to: {kinds}\n{LEVELS}\n"
    return head + body
