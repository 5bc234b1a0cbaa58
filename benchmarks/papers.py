"""Measure the papers of a published list: a district's and the city's document, the workbook, a district's plaques.

    python -m benchmarks.papers

Beside each stands its floor: the same template with nothing in its lists, for the workbook one with its heads only. The
bars: 20 s for the document of 5,476 units, 5 s for the workbook. Prints Markdown; everything is set in a process of its
own, as the server does it, and no cache is asked.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby

import pypdfium2
from python_calamine import CalamineWorkbook

from starrating.demo.units import units_of
from starrating.documents.apart import typeset_apart
from starrating.documents.list_workbook import Listed, list_workbook
from starrating.documents.plaques import PLAQUES, Plaque, Sheet, plaque_data
from starrating.documents.published_list import NOUNS, TEMPLATE, Annex, Line, Paper, Part, Town, list_data

LEVELS = ("五星", "四星", "三星", "无星")
PLACES = (0, 1, 1, 1, 1, 2, 2, 2, 2, 3)
DIGEST = "0123456789abcdef" * 4
DAY = date(2025, 2, 20)
ISSUERS = ("中共天津市委组织部", "天津市民政局")
DOCUMENT_SECONDS, WORKBOOK_SECONDS = 20, 5


def main() -> None:
    city = [_annex(kind, "") for kind in NOUNS]
    one = [_annex("village", "北辰区")]
    print("| paper | units | pages or rows | MB | seconds | floor | bar | holds |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    floor = _document([])[1]
    _tell("document, one district", one, _document(one), floor, DOCUMENT_SECONDS)
    _tell("document, the whole city", city, _document(city), floor, DOCUMENT_SECONDS)
    _tell("workbook, the whole city", city, _workbook(city), _workbook([])[1], WORKBOOK_SECONDS)
    _tell("plaques, one district", one, _plaques(one), _plaques([])[1], DOCUMENT_SECONDS)


def _tell(name: str, annexes: Sequence[Annex], made: tuple[bytes, float], floor: float, bar: int) -> None:
    content, seconds = made
    units = sum(len(annex.lines) for annex in annexes)
    size = len(content) / 1_000_000
    holds = "yes" if seconds <= bar else "no"
    print(f"| {name} | {units:,} | {_length(content):,} | {size:.1f} | {seconds:.1f} | {floor:.1f} | {bar} | {holds} |",
          flush=True)  # fmt: skip


def _length(content: bytes) -> int:
    """Pages of a PDF or rows of a workbook, as another library counts them."""
    if content.startswith(b"%PDF-"):
        document = pypdfium2.PdfDocument(content)
        try:
            return len(document)
        finally:
            document.close()
    return len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())


def _timed(make: Callable[[], bytes]) -> tuple[bytes, float]:
    begun = time.perf_counter()
    content = make()
    return content, time.perf_counter() - begun


def _document(annexes: Sequence[Annex]) -> tuple[bytes, float]:
    paper = Paper("天津市", "全市", 2024, DAY, ISSUERS, "", ("示例",), None, annexes, DIGEST, (), "", True)
    return _timed(lambda: typeset_apart(TEMPLATE, list_data(paper)))


def _workbook(annexes: Sequence[Annex]) -> tuple[bytes, float]:
    rows = [("2024", part.district, town.name, NOUNS[annex.kind], line.name, "120113100201", line.level, line.previous,
             "保星", "91.25", "1") for annex in annexes for part in annex.parts for town in part.towns
            for line in town.lines]  # fmt: skip
    return _timed(lambda: list_workbook(Listed("名单", DAY, rows, [], "示例")))


def _plaques(annexes: Sequence[Annex]) -> tuple[bytes, float]:
    check = "https://stars.example.gov.cn/public/verify?code=2024-120113100201"
    made = [Plaque("天津市北辰区", line.name, line.level, 3, 2024, "2024-120113100201", check)
            for annex in annexes for line in annex.lines if line.place != len(LEVELS) - 1]  # fmt: skip
    sheet = Sheet("星级牌", ISSUERS, DAY, "https://stars.example.gov.cn/public/verify", True)
    return _timed(lambda: typeset_apart(PLAQUES, plaque_data(sheet, made)))


def _annex(kind: str, district: str) -> Annex:
    """Every unit of the kind in the demonstration, stars in the shares of 1:4:4:1."""
    units = sorted((unit for unit in units_of(kind) if district in ("", unit.district)), key=lambda unit: unit.code)
    parts = [Part(name, DIGEST, 1, LEVELS, [Town(town, [_line(number, unit.name) for number, unit in enumerate(those)])
                                            for town, those in groupby(group, key=lambda unit: unit.township)])
             for name, group in groupby(units, key=lambda unit: unit.district)]  # fmt: skip
    return Annex(kind, parts)


def _line(number: int, name: str) -> Line:
    place = PLACES[number % len(PLACES)]
    return Line(name, LEVELS[place], place, LEVELS[place], "held", 0)


if __name__ == "__main__":
    main()
