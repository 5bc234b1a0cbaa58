"""Files that are handed out: their names as people wrote them, in a header that every browser reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response

from starrating.interchange.lists import as_csv, as_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def disposition(name: str, *, inline: bool) -> str:
    """The header that gives a file its name: plain letters for old programs, UTF-8 for all others (RFC 6266)."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def list_file(form: str, title: str, head: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> Response:
    """A list as `csv` or `xlsx` under a name; `title` is that of the sheet."""
    content = as_csv(head, rows) if form == "csv" else as_xlsx(title, head, rows)
    headers = {"Content-Disposition": disposition(f"{name}.{form}", inline=False)}
    return Response(content, mimetype="text/csv" if form == "csv" else XLSX, headers=headers)
