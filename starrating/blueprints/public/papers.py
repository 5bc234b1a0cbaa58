"""Published lists as files for people: the document for sealing and the workbook, of a district or the city."""

from __future__ import annotations

from flask import Response, abort, make_response
from flask.typing import ResponseReturnValue

from starrating.blueprints.downloads import disposition
from starrating.blueprints.limits import PAPERS
from starrating.blueprints.ordered import to_everybody
from starrating.blueprints.public import bp
from starrating.blueprints.public.answers import frame, kept, unchanged
from starrating.blueprints.public.narrowing import asked
from starrating.blueprints.public.places import address_of
from starrating.extensions import limiter
from starrating.services.publication.list_papers import Chosen, Letterhead, chosen, document, workbook
from starrating.services.publication.orders import Order

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/lists/<key:year>.pdf")
@limiter.limit(PAPERS)
def year_pdf(year: int) -> ResponseReturnValue:
    """The list as a document in the layout of GB/T 9704-2012."""
    wanted = _wanted(year)
    same = unchanged([wanted.digest])
    return same or _file(document(wanted, Letterhead(), address_of("public.verify")), wanted, PDF)


@bp.get("/lists/<key:year>.xlsx")
@limiter.limit(PAPERS)
def year_xlsx(year: int) -> ResponseReturnValue:
    """The list as a workbook."""
    wanted = _wanted(year)
    same = unchanged([wanted.digest])
    return same or _file(workbook(wanted), wanted, XLSX)


def _wanted(year: int) -> Chosen:
    """What the address narrows the list to by district and kind; the rest of an address narrows only tables."""
    narrowed = asked()
    found = chosen(year, narrowed.district, narrowed.kind)
    if found is None:
        abort(404)
    return found


def _file(order: Order, wanted: Chosen, mime: str) -> ResponseReturnValue:
    def send(content: bytes) -> Response:
        answer = make_response(content)
        answer.content_type = mime
        answer.headers["Content-Disposition"] = disposition(f"{wanted.name}.{order.ending}", inline=False)
        return kept(answer, [wanted.digest])

    return to_everybody(order, wanted.name, send, lambda: frame("lists"))
