"""The years, districts, lists and units that were published, each answer with a tag that follows from its bytes.

Everything is read from the stored texts of editions, so that nothing is here that is not in a published list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Response, abort, make_response, request, url_for
from flask.typing import ResponseReturnValue

from starrating.blueprints.api import bp
from starrating.blueprints.api.shapes import edition_shape, instant, list_shape, unit_shape
from starrating.blueprints.pages import KINDS
from starrating.queries import publications as question
from starrating.queries.editions import edition_by_digest, text_of

OPENAPI = Path(__file__).with_name("openapi.json")
MAX_AGE, FOR_EVER = 60, 365 * 24 * 3600


@bp.get("/")
def index() -> ResponseReturnValue:
    """Where everything is."""
    return _answer({"openapi": url_for("api.openapi"), "years": url_for("api.years")})


@bp.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """The description of this interface, OpenAPI 3.1."""
    return _sent(_described())


@bp.get("/years")
def years() -> ResponseReturnValue:
    """The years with published lists, the newest first."""
    found = [{"year": year, "districts": districts, "published_at": instant(at),
              "lists": url_for("api.year_lists", year=year), "districts_at": url_for("api.districts", year=year)}
             for year, districts, at in question.published_years()]  # fmt: skip
    return _answer({"years": found})


@bp.get("/years/<key:year>/districts")
def districts(year: int) -> ResponseReturnValue:
    """The districts with published lists of a year."""
    names = {head.district_code: head.district for head in _heads(year)}
    found = [{"code": code, "name": name, "lists": url_for("api.year_lists", year=year, district=code)}
             for code, name in names.items()]  # fmt: skip
    return _answer({"year": year, "districts": found})


@bp.get("/years/<key:year>/lists")
def year_lists(year: int) -> ResponseReturnValue:
    """The editions of a year that stand, of all districts or of one, of both kinds or of one."""
    district, kind = request.args.get("district", ""), request.args.get("kind", "")
    if kind and kind not in KINDS:
        abort(400)
    heads = [head for head in _heads(year) if district in ("", head.district_code) and kind in ("", head.kind)]
    shapes = [edition_shape(head, found) for head, found in zip(heads, question.lists(heads), strict=True)]
    return _answer({"year": year, "lists": shapes})


@bp.get("/years/<key:year>/lists/<district>/<kind>")
def year_list(year: int, district: str, kind: str) -> ResponseReturnValue:
    """One list with all its units."""
    head = question.publication_of(year, district, kind) if kind in KINDS else None
    if head is None:
        abort(404)
    return _answer(list_shape(head, question.lists([head])[0]))


@bp.get("/years/<key:year>/units/<code>")
def unit(year: int, code: str) -> ResponseReturnValue:
    """One unit of a year by its statistical code."""
    heads = _heads(year)
    pairs = zip(heads, question.lists(heads), strict=True)
    found = next(((head, listed, one) for head, listed in pairs for one in listed.units if one.code == code), None)
    if found is None:
        abort(404)
    return _answer({**unit_shape(found[2]), "year": year, "edition": edition_shape(found[0], found[1])})


@bp.get("/editions/<digest>")
def edition(digest: str) -> ResponseReturnValue:
    """An edition to the byte as it was signed, superseded ones too; the schema is docs/edition.schema.json."""
    found = edition_by_digest(digest) if len(digest) == sha256().digest_size * 2 else None
    if found is None:
        abort(404)
    return _sent(text_of(found).encode(), for_ever=True)


def _heads(year: int) -> tuple[question.PublicationHead, ...]:
    found = question.publications_of_year(year)
    if not found:
        abort(404)
    return found


def _answer(content: Mapping[str, Any]) -> ResponseReturnValue:
    return _sent(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def _sent(content: bytes, *, for_ever: bool = False) -> Response:
    """Bytes with the tag that is their own digest: a program that has them is not sent them again."""
    answer = make_response(content)
    answer.content_type = "application/json"
    answer.set_etag(sha256(content).hexdigest())
    answer.cache_control.public = True
    answer.cache_control.max_age = FOR_EVER if for_ever else MAX_AGE
    answer.cache_control.immutable = for_ever
    answer.make_conditional(request)
    return answer


@cache
def _described() -> bytes:
    return OPENAPI.read_bytes()
