"""`compare`: two files of ratings, unit by unit: whose star changed and why, whose total or rank, who came and went."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from starrating.interchange.ratings import COLUMNS, read_ratings
from starrating.offline.shown import joined, named_reasons
from starrating.wording.language import translate as _

Row = Mapping[str, str]
Rows = Mapping[str, Row]

DIFFERENT = 1
"""The exit status where the files differ."""
_MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Comparison:
    """The units of two ratings by what became of them; each list in the order of the units."""

    gone: tuple[str, ...]
    new: tuple[str, ...]
    starred: tuple[str, ...]
    other: tuple[str, ...]
    same: tuple[str, ...]

    @property
    def different(self) -> bool:
        """True where anything differs."""
        return bool(self.gone or self.new or self.starred or self.other)


def compared(before: Rows, after: Rows) -> Comparison:
    """Sort the units of two ratings by what became of them; only columns that both have are compared."""
    starred: list[str] = []
    other: list[str] = []
    same: list[str] = []
    for unit in sorted(before.keys() & after.keys()):
        changed = changes(before[unit], after[unit])
        kept = other if changed else same
        (starred if "level" in changed or "status" in changed else kept).append(unit)
    return Comparison(
        gone=tuple(sorted(before.keys() - after.keys())),
        new=tuple(sorted(after.keys() - before.keys())),
        starred=tuple(starred),
        other=tuple(other),
        same=tuple(same),
    )


def changes(before: Row, after: Row) -> dict[str, tuple[str, str]]:
    """The cells of one unit that differ, by column, in the order of RATINGS.csv."""
    return {
        name: (before[name], after[name])
        for name in COLUMNS
        if name in before and name in after and before[name] != after[name]
    }


def run(before_path: Path, after_path: Path) -> int:
    """Print the comparison; the exit status is 0 where the files say the same, else 1. Raises `FilesRefused`."""
    before, after = read_ratings(before_path), read_ratings(after_path)
    result = compared(before, after)
    for line in _lines(result, before, after):
        sys.stdout.write(line + "\n")
    return DIFFERENT if result.different else 0


def _lines(result: Comparison, before: Rows, after: Rows) -> Iterator[str]:
    text = _("原来{before}个单位，现在{after}个：星级变了{starred}个，只是分数、名次等变了{other}个，没变{same}个。")
    yield text.format(
        before=len(before),
        after=len(after),
        starred=len(result.starred),
        other=len(result.other),
        same=len(result.same),
    )
    yield from _listed(_("只在原来的结果里（{count}个）：{units}"), result.gone)
    yield from _listed(_("只在现在的结果里（{count}个）：{units}"), result.new)
    if result.starred:
        yield ""
        yield _("星级变了的：")
    for unit in result.starred:
        yield from _star_lines(unit, before[unit], after[unit])
    if result.other:
        yield ""
        yield _("星级没变，别的变了的：")
    for unit in result.other:
        yield "  " + unit + "  " + _cells(changes(before[unit], after[unit]))


def _listed(text: str, units: Sequence[str]) -> Iterator[str]:
    if units:
        yield text.format(count=len(units), units=joined(units, _MOST_NAMES))


def _star_lines(unit: str, before: Row, after: Row) -> Iterator[str]:
    """The star before and after, what else changed, and the reasons that were given each time."""
    changed = changes(before, after)
    others = {name: pair for name, pair in changed.items() if name not in ("status", "level", "change", "reasons")}
    line = f"  {unit}  {_star(before)} → {_star(after)}"
    yield line + (f"  {_cells(others)}" if others else "")
    if "reasons" in before and "reasons" in after:
        why = _("原来：{before}；现在：{after}")
        was, now = named_reasons(before["reasons"]), named_reasons(after["reasons"])
        yield "      " + why.format(before=was, after=now)


def _star(row: Row) -> str:
    return _("未评") if row.get("status") == "void" else row.get("level") or _("空")


def _cells(changed: Mapping[str, tuple[str, str]]) -> str:
    names = column_names()
    nothing = _("空")
    return "  ".join(f"{names[name]} {was or nothing} → {now or nothing}" for name, (was, now) in changed.items())


def column_names() -> dict[str, str]:
    """What the columns of RATINGS.csv are called."""
    return {
        "unit": _("单位"),
        "status": _("参评"),
        "total": _("总分"),
        "rank": _("名次"),
        "pool": _("评定范围"),
        "level": _("星级"),
        "previous": _("上年星级"),
        "change": _("升降"),
        "reasons": _("缘由"),
        "consequences": _("结果运用"),
    }
