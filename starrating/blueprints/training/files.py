"""Lists of people on their way out as workbooks, never kept by a cache."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response, make_response

from starrating.blueprints.consequences.handing_out import XLSX
from starrating.blueprints.downloads import disposition
from starrating.blueprints.exchange.files import beijing_now
from starrating.documents.people_workbook import people_workbook
from starrating.documents.training_workbook import SHEET
from starrating.services.working_days import today


def sent(name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]) -> Response:
    """A list as a workbook of that name."""
    return handed(name, people_workbook(SHEET, columns, rows, today()))


def handed(name: str, content: bytes) -> Response:
    """A workbook of that name, with the day of its making."""
    answer = make_response(content)
    answer.headers["Content-Type"] = XLSX
    answer.headers["Content-Disposition"] = disposition(f"{name}-{beijing_now('%Y%m%d')}.xlsx", inline=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer
