"""Reads a workbook of scores back: what its hidden sheet keeps, where its columns are, row by row; decides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from starrating.domain.faults import RuleError
from starrating.interchange.spreadsheets import Sheet
from starrating.interchange.workbook_layout import CODE, FORMAT, KEPT, OPTIONS, Kept, KeptCell
from starrating.interchange.workbook_writer import kept_digest

HEAD_WITHIN = 30


@dataclass(frozen=True, slots=True)
class Head:
    """The machine's row of a sheet: where it is, and key → columns that say so, in their order."""

    row: int
    columns: dict[str, list[int]]


def kept_of(sheets: Sequence[Sheet]) -> Kept:
    """What the workbook keeps of the moment it was made; refused where it is not ours or was cut."""
    sheet = next((one for one in sheets if one.name == KEPT), None)
    if sheet is None:
        raise RuleError("workbook.not_ours")
    rows = [[cell[1:] if cell else "" for cell in sheet.rows[row]] for row in sorted(sheet.rows)]
    try:
        facts = json.loads(rows[0][0])
        digest = facts.pop("digest")
        if facts["format"] != FORMAT or kept_digest(facts, rows[1:]) != digest:
            raise RuleError("workbook.damaged")
        cells = {(row[0], row[1]): _cells("".join(row[2:])) for row in rows[1:]}
        return Kept(int(facts["cycle"]), str(facts["made"]), cells)
    except (LookupError, ValueError, TypeError, AttributeError) as fault:
        raise RuleError("workbook.damaged") from fault


def _cells(text: str) -> dict[str, KeptCell]:
    found: dict[str, Any] = json.loads(text)
    return {header: KeptCell(int(version), str(shown)) for header, (version, shown) in found.items()}


def filled_sheets(sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, Head | None]]:
    """The sheets that people see, each with its machine's row; None where it has none."""
    for sheet in sheets:
        if sheet.name not in (KEPT, OPTIONS) and not sheet.hidden and sheet.rows:
            yield sheet, _head(sheet)


def _head(sheet: Sheet) -> Head | None:
    for row in sorted(sheet.rows)[:HEAD_WITHIN]:
        keys = [(cell or " ")[1:] for cell in sheet.rows[row]]
        if CODE in keys:
            columns: dict[str, list[int]] = {}
            for at, key in enumerate(keys):
                if key:
                    columns.setdefault(key, []).append(at)
            return Head(row, columns)
    return None
