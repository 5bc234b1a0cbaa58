"""Workbooks about people that are handed out: each leaves an event first and is kept by no cache."""

from __future__ import annotations

from flask import make_response
from flask.typing import ResponseReturnValue

from starrating.blueprints.downloads import disposition
from starrating.blueprints.pages import person
from starrating.queries.divisions import path_of
from starrating.services.people.exports import note_export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def handed_out(content: bytes, name: str, division_id: int, what: str, rows: int) -> ResponseReturnValue:
    """A workbook of a division's list by its name; that it was taken away is in the trail before it goes."""
    note_export(division_id, what, f"{path_of(division_id)[-1].name}{name}", rows, person())
    answer = make_response(content)
    answer.headers["Content-Type"] = XLSX
    answer.headers["Content-Disposition"] = disposition(f"{name}.xlsx", inline=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer
