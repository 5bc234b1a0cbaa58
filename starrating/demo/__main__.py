"""`python -m starrating.demo FOLDER`: three years of invented scores, rated in order, and a table of the stars."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from starrating.demo.scheme_files import KINDS, years
from starrating.demo.scores import write_year
from starrating.demo.years import MARK, VOID, RatingFailed, YearStars, rate_all

KIND_NAMES = dict(zip(KINDS, ("村", "社区"), strict=True))


def main(arguments: Sequence[str]) -> int:
    """0 when everything was written; 2 when the folder is not named or a rating was refused."""
    if len(arguments) != 1:
        print("用法:python -m starrating.demo 文件夹", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    if find_spec("starrating.__main__") is None:
        for year in years():
            write_year(folder, year, mark=MARK)
        print("已写出得分(示例);评定命令还没有,未评星。")
        return 0
    try:
        results = rate_all(folder)
    except RatingFailed as failed:
        print(failed, file=sys.stderr)
        return 2
    print("\n".join(table(results)))
    return 0


def table(results: Sequence[YearStars]) -> list[str]:
    """Stars by year and kind, from the highest level down, with their part of the rated units."""
    lines = []
    for one in results:
        rated = sum(count for level, count in one.counts.items() if level != VOID)
        cells = [f"{name} {_part(one.counts.get(code, 0), rated)}" for code, name in reversed(tuple(one.names.items()))]
        void = one.counts.get(VOID, 0)
        lines.append(f"{one.year} {KIND_NAMES[one.kind]}(示例) 参评 {rated} 未评 {void} " + " ".join(cells))
    return lines


def _part(count: int, rated: int) -> str:
    tenths = (2000 * count + rated) // (2 * rated) if rated else 0
    return f"{count}({tenths // 10}.{tenths % 10}%)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
