"""A notice as files for people: PDF to be put up, a Word file to be written on in; of a district or one township."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, make_response, request
from flask.typing import ResponseReturnValue

from starrating.blueprints.downloads import disposition
from starrating.blueprints.limits import PAPERS
from starrating.blueprints.ordered import to_everybody
from starrating.blueprints.public import bp
from starrating.blueprints.public.answers import frame, kept, unchanged
from starrating.blueprints.public.places import address_of
from starrating.domain.evidence import Medium
from starrating.extensions import limiter
from starrating.queries import publications as question
from starrating.services.publication.notice_papers import name_of, notice_file, notice_paper
from starrating.services.publication.orders import Order


@bp.get("/notices/<key:notice_id>.<any(pdf, docx):ending>")
@limiter.limit(PAPERS)
def notice_paper_file(notice_id: int, ending: str) -> ResponseReturnValue:
    """The notice as it was stored, with or without points as the scheme says."""
    found = question.notice(notice_id)
    if found is None:
        abort(404)
    head, shown, digest = found
    township = request.args.get("township", "")[:12]
    paper = notice_paper(head, shown, digest, township, address_of("public.objection"))
    if paper is None:
        abort(404)
    seen = [digest, str(head), str(paper.days)]
    return unchanged(seen) or _file(notice_file(paper, ending), name_of(paper), seen)


def _file(order: Order, name: str, seen: Sequence[str]) -> ResponseReturnValue:
    def send(content: bytes) -> Response:
        answer = make_response(content)
        answer.content_type = Medium(order.ending).mime
        answer.headers["Content-Disposition"] = disposition(f"{name}.{order.ending}", inline=False)
        return kept(answer, seen)

    return to_everybody(order, name, send, lambda: frame("notices"))
