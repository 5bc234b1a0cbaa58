"""A file of divisions and units, `code,name,parent,level,kind`, checked row by row: everything wrong is listed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starrating.services.names import plain_text

HEADER = ("code", "name", "parent", "level", "kind")
ROOT_LEVELS = {"province", "city", "municipality"}
PARENT_LEVEL = {"district": "municipality", "township": "district", "unit": "township"}
KINDS = {
    "村": ("village", True),
    "社区": ("community", True),
    "类似村": ("village", False),
    "类似社区": ("community", False),
}
"""The file's word for a unit's kind → our kind, and whether it is a unit that is rated."""
CODE = re.compile(r"[0-9]{12}")
LONGEST_FILE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a line (1 the first, the header); `code` names the sentence."""

    line: int
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class ImportRefused(Exception):
    """A file that was not imported, with everything that is wrong in it; nothing was stored."""

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))


@dataclass(frozen=True, slots=True)
class DivisionLine:
    """A row of the file; `unit_kind` and `rated` are set for units only."""

    line: int
    code: str
    name: str
    parent: str
    level: str
    kind: str
    unit_kind: str = ""
    rated: bool = True


def read_divisions(path: Path) -> tuple[DivisionLine, ...]:
    """Every row of the file, parents before children; raises `ImportRefused` with all that is wrong."""
    if path.stat().st_size > LONGEST_FILE:
        raise ImportRefused([RowFault(1, "file.large")])
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused([RowFault(1, "file.encoding")]) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    if tuple(next(reader, ())) != HEADER:
        raise ImportRefused([RowFault(1, "file.header", {"header": ",".join(HEADER)})])
    faults: list[RowFault] = []
    rows = list(_rows(reader, faults))
    faults.extend(_relations(rows))
    if not rows and not faults:
        faults.append(RowFault(1, "file.empty"))
    if faults:
        raise ImportRefused(faults)
    order = ("municipality", "district", "township", "unit")
    return tuple(sorted(rows, key=lambda row: (order.index(row.level), row.code)))


def kind_of(code: str) -> str:
    """`village` or `community` by the last three digits of a statistical code; nothing where they say neither."""
    number = int(code[-3:])
    if 1 <= number <= 199 or 400 <= number <= 499:
        return "community"
    return "village" if 200 <= number <= 399 or 500 <= number <= 599 else ""


def _rows(reader: Iterator[list[str]], faults: list[RowFault]) -> Iterator[DivisionLine]:
    try:
        for line, cells in enumerate(reader, start=2):
            if not any(cells):
                continue
            if len(cells) != len(HEADER):
                faults.append(RowFault(line, "row.cells", {"found": len(cells), "wanted": len(HEADER)}))
                continue
            row = _row(line, cells, faults)
            if row is not None:
                yield row
    except csv.Error:
        faults.append(RowFault(2, "file.csv"))


def _row(line: int, cells: list[str], faults: list[RowFault]) -> DivisionLine | None:
    code, name, parent, level, kind = (cell.strip() for cell in cells)
    found = len(faults)
    if not CODE.fullmatch(code):
        faults.append(RowFault(line, "row.code", {"code": code[:40]}))
    if not name or len(name) > 200 or plain_text(name, 200) != name:
        faults.append(RowFault(line, "row.name", {"name": plain_text(name, 40)}))
    if level not in ROOT_LEVELS and level not in PARENT_LEVEL:
        faults.append(RowFault(line, "row.level", {"level": level[:40]}))
    if len(kind) > 40 or "\0" in kind:
        faults.append(RowFault(line, "row.kind", {"kind": plain_text(kind, 40)}))
    if len(faults) > found:
        return None
    if level in ROOT_LEVELS:
        return DivisionLine(line, code, name, parent, "municipality", kind)
    if level != "unit":
        return DivisionLine(line, code, name, parent, level, kind)
    unit_kind, rated = KINDS.get(kind, (kind_of(code) if not kind else "", int(code[-3:]) < 400))
    if not unit_kind:
        faults.append(RowFault(line, "row.kind", {"kind": kind[:40]}))
        return None
    return DivisionLine(line, code, name, parent, level, kind, unit_kind, rated)


def _relations(rows: list[DivisionLine]) -> Iterator[RowFault]:
    known: dict[str, DivisionLine] = {}
    roots = [row for row in rows if row.level == "municipality"]
    for row in rows:
        if row.code in known:
            yield RowFault(row.line, "row.twice", {"code": row.code, "first": known[row.code].line})
        known.setdefault(row.code, row)
    for row in roots:
        if row.parent:
            yield RowFault(row.line, "row.root_parent", {"parent": row.parent})
        if row is not roots[0]:
            yield RowFault(row.line, "row.second_root", {"first": roots[0].line})
    for row in rows:
        wanted = PARENT_LEVEL.get(row.level)
        above = known.get(row.parent)
        if wanted is not None and (above is None or above.level != wanted):
            yield RowFault(row.line, "row.parent", {"parent": row.parent[:40]})
