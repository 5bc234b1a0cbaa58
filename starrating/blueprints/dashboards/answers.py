"""What the address of a chart answers: its picture by the digest that the page gave out, or a file of it as it is now.

Pictures speak the reader's language, which their digest covers; the table is the same for everybody.
"""

from __future__ import annotations

import hmac
import io
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, abort, current_app, redirect, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from starrating.blueprints.dashboards.pictures import OutOfDate, cache, seal, svg_by_digest
from starrating.blueprints.languages import in_chinese
from starrating.charts.chart import Chart, Heading, empty
from starrating.charts.style import PHONE_WIDE, Width

TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A chart that an address names: whose it is, how it is laid out now, and where its picture is."""

    of: int | str
    name: str
    make: Callable[[], Chart]
    at: Callable[[Chart], str]


def answered(asked: Asked, ending: str) -> ResponseReturnValue:
    """The picture of a digest from the cache; the picture and the numbers of now, to download."""
    if ending not in TYPES:
        abort(404)
    if ending == "svg":
        return (
            _picture(asked, request.args["digest"]) if request.args.get("digest") else redirect(asked.at(asked.make()))
        )
    if ending == "csv":
        with in_chinese():
            made = asked.make()
            content = ("\ufeff" + made.csv()).encode("utf-8")
    else:
        made = asked.make()
        content = cache().png(made)
    called = f"{made.heading.subject}-{asked.name}.{ending}"
    return send_file(io.BytesIO(content), mimetype=TYPES[ending], as_attachment=True, download_name=called)


def width_asked() -> Width:
    """For which screen the address asks."""
    return Width.PHONE if request.args.get("width") == Width.PHONE else Width.DESK


def _picture(asked: Asked, digest: str) -> ResponseReturnValue:
    if not hmac.compare_digest(seal(asked.of, asked.name, digest).encode(), request.args.get("seal", "").encode()):
        abort(404)
    try:
        drawn = svg_by_digest(digest, asked.make)
    except OutOfDate:
        return redirect(asked.at(asked.make()))
    except HTTPException:
        raise
    except Exception:
        current_app.logger.exception("a chart was not drawn: %s", asked.name)
        return _not_drawn()
    answer = send_file(io.BytesIO(drawn), mimetype=TYPES["svg"], etag=False)
    answer.set_etag(digest)
    return answer


def _not_drawn() -> ResponseReturnValue:
    """In place of the picture the words that it failed: as an image, so that they stand where it would."""
    said, to_do = gettext("这张图没有画成，别的图和数都在。"), gettext("数在“数”里；刷新这一页再画一次。")
    heading = Heading("", "")
    failed = empty("failed", heading, PHONE_WIDE, what=said, to_do=to_do, header=())
    return Response(cache().svg(failed), status=HTTPStatus.SERVICE_UNAVAILABLE, mimetype=TYPES["svg"])
