"""`audit`: rates somebody's data by their rule and lists every row of their published result that does not follow."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from starrating.domain.faults import FileFault, FilesRefused
from starrating.domain.inputs import Labels
from starrating.interchange.ratings import COLUMNS, read_ratings
from starrating.offline.compare import DIFFERENT, changes, column_names
from starrating.offline.progress import Progress
from starrating.offline.report import tell
from starrating.offline.results import rating_columns
from starrating.offline.shown import named_reasons
from starrating.offline.working import rate_files
from starrating.wording.language import translate as _
from starrating.wording.phrases import items, sentences

Rows = Mapping[str, Mapping[str, str]]


def run(scheme: Path, scores: Path, published_path: Path, *, history: Path | None = None) -> int:
    """Print every row that does not follow; the exit status is 0 where all do, else 1. Raises `FilesRefused`."""
    published = read_ratings(published_path)
    checked = _columns_to_check(published, published_path)
    with Progress() as progress:
        rated = rate_files(scheme, scores, history, progress=progress)
    tell(rated.notices)
    right = _rows(rating_columns(rated.rating, rated.by_name))
    lines = list(_wrong_rows(published, right))
    names = column_names()
    head = _("按办法重算了{count}个单位，核对{columns}。").format(
        count=len(right), columns=items(names[name] for name in checked)
    )
    for line in (head, *lines, _verdict(len(lines))):
        sys.stdout.write(line + "\n")
    return DIFFERENT if lines else 0


def _columns_to_check(published: Rows, path: Path) -> list[str]:
    """The columns of the contract that the published file has beside `unit`; there must be one."""
    there: Mapping[str, str] = next(iter(published.values()), {})
    checked = [name for name in COLUMNS[1:] if name in there]
    if published and not checked:
        raise FilesRefused([FileFault("nothing_to_check", str(path), 1, {"columns": list(COLUMNS[1:])})])
    return checked


def _rows(columns: Mapping[str, Sequence[str] | Labels]) -> dict[str, dict[str, str]]:
    texts = {name: _texts(column) for name, column in columns.items()}
    names = list(texts)
    return {row[0]: dict(zip(names, row, strict=True)) for row in zip(*texts.values(), strict=True)}


def _texts(column: Sequence[str] | Labels) -> Sequence[str]:
    if not isinstance(column, Labels):
        return column
    names = (*column.names, "")
    return [names[code] for code in column.codes]


def _wrong_rows(published: Rows, right: Rows) -> Iterator[str]:
    """One line for each unit that was published otherwise, twice over, or not at all."""
    names = column_names()
    nothing = _("空")
    for unit in sorted(published.keys() | right.keys()):
        if unit not in right:
            yield _("{unit}：得分表里没有这个单位，名单上却有。").format(unit=unit)
        elif unit not in published:
            yield _("{unit}：得分表里有这个单位，名单上没有。").format(unit=unit)
        elif wrong := changes(published[unit], right[unit]):
            cells = sentences(
                _("{column}公布“{was}”，按办法是“{now}”").format(
                    column=names[name], was=was or nothing, now=now or nothing
                )
                for name, (was, now) in wrong.items()
            )
            why = named_reasons(right[unit]["reasons"])
            yield _("{unit}：{cells}（缘由：{why}）").format(unit=unit, cells=cells, why=why)


def _verdict(wrong: int) -> str:
    if wrong:
        return _("有{count}行对不上，见上。").format(count=wrong)
    return _("每一行都对得上。")
