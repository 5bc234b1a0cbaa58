"""The child process that opens an uploaded spreadsheet: checks, reads, answers in lines of JSON, and is gone.

It runs as `python -m starrating.interchange.sheet_process` with the file on its standard input. Whatever a file makes
the reader do is done here, under limits of memory and time that the system enforces; the server never parses it.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any, BinaryIO, TextIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from starrating.domain.faults import RuleError
from starrating.interchange.archives import Member, members_of
from starrating.interchange.sheet_marks import Mark, Marks, check_text, percent_styles, sheet_paths

MEMORY = 144 * 1024 * 1024
SECONDS = 20
MOST_ANSWERED = 24 * 1024 * 1024
SMALL_PART = 4 * 1024 * 1024
LONGEST_TEXT = 32_767
SHOWN_DIGITS = Context(prec=15)
"""As many digits as spreadsheets keep of a number: 0.1+0.2 is shown, and meant, as 0.3."""
NUMBER, TEXT, MOMENT, TRUTH = "n", "t", "d", "b"


def answer(data: bytes, out: TextIO) -> None:
    """Write what a file holds, line by line: a sheet's name and marks, then each of its rows that has anything."""
    marks = _looked_through(data)
    room = MOST_ANSWERED
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ is SheetTypeEnum.WorkSheet:
                    noted = marks.get(sheet.name, Marks()).found
                    hidden = sheet.visible is not SheetVisibleEnum.Visible
                    for line in _lines(book, sheet.name, noted, hidden=hidden):
                        text = json.dumps(line, ensure_ascii=False)
                        room -= len(text)
                        if room < 0:
                            raise RuleError("sheet.bomb")
                        out.write(text + "\n")
    except CalamineError as fault:
        raise RuleError("sheet.broken") from fault


def _looked_through(data: bytes) -> dict[str, Marks]:
    """Name of a sheet → what its reader would keep silent; refused where the container or a text is not sound."""
    members = {member.name: member for member in members_of(data)}
    _check_kind(members)
    styles = members.get("xl/styles.xml")
    percent = percent_styles(_whole(styles, data)) if styles else frozenset()
    book, links = members.get("xl/workbook.xml"), members.get("xl/_rels/workbook.xml.rels")
    if book is None or links is None:
        raise RuleError("sheet.broken")
    names = sheet_paths(_whole(book, data), _whole(links, data))
    found: dict[str, Marks] = {}
    for name, member in members.items():
        if not name.casefold().endswith((".xml", ".rels", ".vml")):
            for _ in member.pieces(data):
                pass
            continue
        marks = Marks(percent)
        marks.look(check_text(member.pieces(data)))
        if name in names:
            found[names[name]] = marks
    return found


def _check_kind(members: dict[str, Member]) -> None:
    """Say plainly what a container is that we do not read."""
    names = {name.casefold() for name in members}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise RuleError("sheet.macro")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise RuleError("sheet.external")
    if "xl/workbook.bin" in names:
        raise RuleError("sheet.binary")
    if "xl/workbook.xml" not in names:
        raise RuleError("sheet.open_document" if "content.xml" in names else "sheet.other")


def _whole(member: Member, data: bytes) -> bytes:
    """A small part in one piece, for the parser."""
    if member.unpacked > SMALL_PART:
        raise RuleError("sheet.bomb")
    return b"".join(check_text(member.pieces(data)))


def _lines(
    book: CalamineWorkbook, name: str, noted: dict[tuple[int, int], Mark], *, hidden: bool
) -> Iterator[dict[str, Any] | list[Any]]:
    sheet = book.get_sheet_by_name(name)
    marks = [[row, column, mark.value] for (row, column), mark in noted.items()]
    yield {"name": name, "hidden": hidden, "marks": marks}
    if sheet.start:
        yield from ([number, *cells] for number, cells in _rows(sheet.iter_rows(), sheet.start[1]))


def _rows(rows: Iterator[list[Any]], left: int) -> Iterator[tuple[int, list[str | None]]]:
    """Row from 0 → its cells from column 0 on, the blank ones at its end left out; blank rows are left out."""
    before: list[str | None] = [None] * left
    for number, cells in enumerate(rows):
        shown = [_shown(cell) for cell in cells]
        while shown and shown[-1] is None:
            shown.pop()
        if shown:
            yield number, before + shown


def _shown(cell: Any) -> str | None:
    """A cell as a letter for its kind and its text; None where it is blank."""
    match cell:
        case "":
            return None
        case str():
            if len(cell) > LONGEST_TEXT:
                raise RuleError("sheet.bomb")
            return TEXT + cell
        case bool():
            return TRUTH + ("TRUE" if cell else "FALSE")
        case datetime() | date() | time():
            return MOMENT + cell.isoformat()
        case timedelta():
            return MOMENT + str(cell)
    return NUMBER + number_text(cell)


def number_text(value: Any) -> str:
    """A number of a spreadsheet as somebody typed it: the shortest text that means it, at most fifteen digits."""
    text = repr(value)
    if len(text) > SHOWN_DIGITS.prec or "e" in text or "n" in text:
        text = _at_length(text)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _at_length(text: str) -> str:
    """A number that may have too many digits or an exponent, without either."""
    exact = Decimal(text)
    if exact.is_finite() and len(exact.as_tuple().digits) > SHOWN_DIGITS.prec:
        exact = SHOWN_DIGITS.plus(exact)
        text = str(exact)
    return format(exact, "f") if "e" in text.lower() or "n" in text.lower() else text


def main(source: BinaryIO, out: TextIO) -> int:
    """Read the file under limits; 0 with sheets, 3 with the refusal as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer(source.read(), out)
    except RuleError as refusal:
        json.dump({"code": refusal.code, "facts": dict(refusal.facts)}, out, ensure_ascii=False)
        return 3
    except MemoryError:
        json.dump({"code": "sheet.bomb", "facts": {}}, out)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.stdin.buffer, io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", write_through=True)))
