"""The office's papers of a published year: the document under its own name and number, plaques, those to take back."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from starrating.blueprints.downloads import disposition
from starrating.blueprints.ordered import to_the_office
from starrating.blueprints.pages import KINDS, words
from starrating.blueprints.public.places import address_of
from starrating.blueprints.publication import bp
from starrating.queries.cycles import cycle
from starrating.queries.publications import standing_publications
from starrating.services.publication.list_papers import Chosen, Letterhead, chosen, document
from starrating.services.publication.orders import Order
from starrating.services.publication.plaque_papers import PLAQUE, TO_TAKE_BACK, plaques, withdrawn

PDF = "application/pdf"
LONGEST = 40
"""Letters of an issuer's name or a number; more would not fit into a red head."""


@bp.get("/<key:cycle_id>/document.pdf")
def list_document(cycle_id: int) -> ResponseReturnValue:
    """The list as a document for sealing, under the names and the number that the office gives."""
    wanted = _wanted(cycle_id)
    return _file(document(wanted, _letterhead(), address_of("public.verify")), wanted.name)


@bp.get("/<key:cycle_id>/plaques.pdf")
def list_plaques(cycle_id: int) -> ResponseReturnValue:
    """The plaques of new stars, or of all, one a page."""
    wanted = _wanted(cycle_id)
    order = plaques(wanted, _letterhead(), _check, township=words("township"), every=words("which") == "all")
    if order is None:
        flash(gettext("这个范围里没有要做的星级牌，没有下载。请换一个类别、乡镇街道，或者选全部有星级的。"), "info")
        return redirect(url_for("publication.show", cycle_id=cycle_id), 303)
    return _file(order, wanted.named(PLAQUE))


@bp.get("/<key:cycle_id>/withdrawn.pdf")
def list_withdrawn(cycle_id: int) -> ResponseReturnValue:
    """The plaques that are to be taken back, by township."""
    wanted = _wanted(cycle_id)
    return _file(withdrawn(wanted, township=words("township")), wanted.named(TO_TAKE_BACK))


def _wanted(cycle_id: int) -> Chosen:
    """The editions of the year, of one kind or both; there is nothing before it is published."""
    row, kind = cycle(cycle_id), words("kind")
    heads = standing_publications(cycle_id)
    found = chosen(row.year, heads[0].district_code, kind if kind in KINDS else "") if row and heads else None
    if found is None:
        abort(404)
    return found


def _letterhead() -> Letterhead:
    issuers = tuple(name[:LONGEST] for name in (part.strip() for part in request.args.getlist("issuer")[:3]) if name)
    return Letterhead(issuers, words("number")[:LONGEST])


def _check(serial: str) -> str:
    return address_of("public.verify", code=serial)


def _file(order: Order, name: str) -> ResponseReturnValue:
    def send(content: bytes) -> Response:
        answer = make_response(content)
        answer.content_type = PDF
        answer.headers["Content-Disposition"] = disposition(f"{name}.pdf", inline=False)
        return answer

    return to_the_office(order, name, send)
