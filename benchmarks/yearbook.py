"""Measure the yearbook of a whole city: 5,476 units set and written, in one process as the server's job does it.

    python -m benchmarks.yearbook

The lists are those of the demonstration's units with stars in the shares of 1:4:4:1; nothing is read from a database.
The bars: 30 s for each file, 400 MB for the process. Prints Markdown.
"""

from __future__ import annotations

import io
import resource
import time
from datetime import date

import pypdfium2
from docx import Document

from starrating.demo.units import Unit, units_of
from starrating.documents.apart import typeset_apart
from starrating.documents.published_list import NOUNS
from starrating.documents.report import TEMPLATE, Report, Section, report_data
from starrating.documents.report_word import report_docx
from starrating.queries.public_lists import PublicList, PublicUnit
from starrating.services.yearbook.facts import facts_of
from starrating.services.yearbook.findings import findings
from starrating.services.yearbook.tables import level_tables, move_tables, unit_tables

LEVELS, STARS = ("五星", "四星", "三星", "无星"), (5, 4, 3, 0)
PLACES = (0, 1, 1, 1, 1, 2, 2, 2, 2, 3)
DAY = date(2025, 2, 20)
SECONDS, MEGABYTES = 30, 400


def main() -> None:
    begun = time.perf_counter()
    report = _report()
    told = time.perf_counter() - begun
    begun = time.perf_counter()
    pdf = typeset_apart(TEMPLATE, report_data(report))
    set_in = told + time.perf_counter() - begun
    begun = time.perf_counter()
    word = report_docx(report)
    written = told + time.perf_counter() - begun
    print("| file | pages or tables | MB | seconds | bar | holds |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    _tell("the city's yearbook, PDF", len(pypdfium2.PdfDocument(pdf)), pdf, set_in)
    _tell("the city's yearbook, DOCX", len(Document(io.BytesIO(word)).tables), word, written)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nThe process took {used} MB at most (bar {MEGABYTES}: {'yes' if used <= MEGABYTES else 'no'}).")


def _tell(name: str, length: int, content: bytes, seconds: float) -> None:
    holds = "yes" if seconds <= SECONDS else "no"
    print(f"| {name} | {length:,} | {len(content) / 1_000_000:.1f} | {seconds:.1f} | {SECONDS} | {holds} |", flush=True)


def _report() -> Report:
    lists = [_list(kind, district) for kind in NOUNS for district in sorted({one.district for one in units_of(kind)})]
    facts = facts_of("天津市", True, 2024, lists)
    words = findings(facts, (), dict.fromkeys(NOUNS, (1, 4, 4, 1)))
    assert words
    grids = [grid for one in facts.counts for grid in (*level_tables(facts, one), *move_tables(facts, one))]
    sections = [Section("统计", grids), Section("名单", list(unit_tables(facts)))]
    return Report("天津市2024年度\n年报", "", ("示例",), "2025年2月20日", "", "示例", "示例", True, sections)


def _list(kind: str, district: str) -> PublicList:
    units = sorted((one for one in units_of(kind) if one.district == district), key=lambda one: one.code)
    towns = tuple(sorted({(one.township_code, one.township) for one in units}))
    made = tuple(_unit(at, one) for at, one in enumerate(units))
    return PublicList(
        2024, kind, district, district, "示例", "0" * 64, True, 5, True, LEVELS, STARS, towns, DAY, DAY, made
    )


def _unit(at: int, one: Unit) -> PublicUnit:
    place, before = PLACES[at % 10], PLACES[(at * 7 + at // 10) % 10]
    change = before - place
    moved = "up" if change > 0 else "held" if not change else "stripped" if place == 3 else "down"
    return PublicUnit(one.code, one.name, one.kind, one.district, one.district, one.township_code, one.township,
                      LEVELS[place], place, len(LEVELS), LEVELS[before], before, change, moved, "", None)  # fmt: skip


if __name__ == "__main__":
    main()
