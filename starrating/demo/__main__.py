"""`python -m starrating.demo FOLDER`: three years of invented scores, rated in order, and a table of the stars."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from starrating.demo.scheme_files import KINDS
from starrating.demo.years import VOID, RatingFailed, YearStars, rate_all
from starrating.wording.language import translate as _


def main(arguments: Sequence[str]) -> int:
    """0 when everything was written; 2 when the folder is not named or a rating was refused."""
    if len(arguments) != 1:
        print(_("用法：python -m starrating.demo 文件夹"), file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    try:
        results = rate_all(folder)
    except RatingFailed as failed:
        print(failed, file=sys.stderr)
        return 2
    print("\n".join(table(results)))
    return 0


def table(results: Sequence[YearStars]) -> list[str]:
    """Stars by year and kind, from the highest level down, with their part of the rated units."""
    kinds = dict(zip(KINDS, (_("村"), _("社区")), strict=True))
    line = _("{year} {kind}（示例） 参评 {rated} 未评 {void}")
    lines = []
    for one in results:
        rated = sum(count for level, count in one.counts.items() if level != VOID)
        cells = [f"{name} {_part(one.counts.get(code, 0), rated)}" for code, name in reversed(tuple(one.names.items()))]
        void = one.counts.get(VOID, 0)
        head = line.format(year=one.year, kind=kinds[one.kind], rated=rated, void=void)
        lines.append(" ".join((head, *cells)))
    return lines


def _part(count: int, rated: int) -> str:
    tenths = (2000 * count + rated) // (2 * rated) if rated else 0
    return f"{count}（{tenths // 10}.{tenths % 10}%）"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
