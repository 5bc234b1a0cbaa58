"""Counts of levels: what stars by district and stars by township have in common, as rows, words and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from starrating.charts.chart import Cell, percent_cell, share_of
from starrating.charts.style import UNRATED, Fill, star_fills
from starrating.wording.language import translate

MOST_ROWS = 400
LISTED = 20
NAMED = 3
NAMES_LONG = 24


@dataclass(frozen=True, slots=True)
class StarCounts:
    """How many units of a place have each level, lowest first as in the scheme, and how many are not rated.

    `promoted` and `fell` are those that rose, and that fell or lost all stars; None where last year is not known.
    """

    place: str
    counts: tuple[int, ...]
    unrated: int = 0
    promoted: int | None = None
    fell: int | None = None

    @property
    def rated(self) -> int:
        """Units with a level, the lowest one counted."""
        return sum(self.counts)

    @property
    def units(self) -> int:
        """All units of the place."""
        return self.rated + self.unrated

    @property
    def top(self) -> int:
        """Units of the highest level."""
        return self.counts[-1]


def check_rows(rows: Sequence[StarCounts], names: Sequence[str]) -> None:
    """Refuses what cannot be drawn: too many rows, other numbers of levels, negative counts."""
    star_fills(len(names))
    if len(rows) > MOST_ROWS:
        raise ValueError(f"a chart shows at most {MOST_ROWS} rows, not {len(rows)}")
    for row in rows:
        if len(row.counts) != len(names) or min((*row.counts, row.unrated)) < 0:
            raise ValueError(f"counts of {row.place} do not fit {len(names)} levels")


def added(rows: Iterable[StarCounts], place: str) -> StarCounts:
    """The rows added up, under another name."""
    rows = tuple(rows)
    counts = tuple(sum(column) for column in zip(*(row.counts for row in rows), strict=True))
    return StarCounts(
        place,
        counts,
        sum(row.unrated for row in rows),
        _sum(row.promoted for row in rows),
        _sum(row.fell for row in rows),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = tuple(numbers)
    return None if None in known else sum(number for number in known if number is not None)


def legend_of(total: StarCounts, names: Sequence[str]) -> list[tuple[Fill, str]]:
    """The fills from the highest level down with their counts, 未评 where there is any."""
    pairs = zip(star_fills(len(names)), names, total.counts, strict=True)
    entries = [(fill, f"{name} {count:,}") for fill, name, count in pairs][::-1]
    return [*entries, (UNRATED, f"{translate('未评')} {total.unrated:,}")] if total.unrated else entries


def header_of(place: str, names: Sequence[str], moves: bool) -> tuple[str, ...]:
    """The head of the table: counts from the highest level down, then their shares of those that are rated."""
    shares = (translate("{level}占比（%）").format(level=name) for name in reversed(names))
    moved = (translate("晋星"), translate("降星和取消")) if moves else ()
    return (place, *reversed(names), translate("未评"), translate("共"), *shares, *moved)


def cells_of(row: StarCounts, moves: bool) -> tuple[Cell, ...]:
    """A row of the table."""
    counts = row.counts[::-1]
    shares = (percent_cell(share_of(count, row.rated)) for count in counts)
    moved: tuple[Cell, ...] = (_known(row.promoted), _known(row.fell)) if moves else ()
    return (row.place, *counts, row.unrated, row.units, *shares, *moved)


def _known(number: int | None) -> Cell:
    return "" if number is None else number


def listed(rows: Sequence[StarCounts], names: Sequence[str]) -> str:
    """The counts in words for those who do not see the chart; of many rows only how many there are."""
    if len(rows) > LISTED:
        return translate("一共{count}行，数在图旁的表里。").format(count=len(rows))
    return translate("；").join(_in_words(row, names) for row in rows) + translate("。")


def _in_words(row: StarCounts, names: Sequence[str]) -> str:
    pairs = [(name, count) for name, count in zip(names, row.counts, strict=True)][::-1]
    pairs += [(translate("未评"), row.unrated)] if row.unrated else []
    counts = translate("、").join(
        translate("{level}{count}个").format(level=name, count=count) for name, count in pairs
    )
    return translate("{place}：{words}").format(place=row.place, words=counts)


def places(names: Sequence[str]) -> str:
    """The places of a finding: up to three short names, of more the first ones and how many."""
    named = min(len(names), NAMED)
    while named > 1 and sum(map(len, names[:named])) > NAMES_LONG:
        named -= 1
    shown = translate("、").join(names[:named])
    if len(names) == named:
        return shown
    return translate("{names}等{count}处").format(names=shown, count=len(names))


def with_most(rows: Sequence[StarCounts], number: Callable[[StarCounts], int]) -> tuple[int, list[str]]:
    """The largest number of any row, and the places that have it."""
    most = max(number(row) for row in rows)
    return most, [row.place for row in rows if number(row) == most]
