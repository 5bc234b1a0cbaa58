"""How large a url-encoded form may be: Werkzeug bounds the memory and the parts of multipart forms only (3.1.9)."""

from __future__ import annotations

from flask import Flask, abort, current_app, request

URL_ENCODED = "application/x-www-form-urlencoded"


def register(app: Flask) -> None:
    """Look at every form before anything reads its fields; the check of the token is the first that does."""
    app.before_request(_bound_form)


def _bound_form() -> None:
    """413 where a url-encoded form has more bytes or fields than a multipart one may have, before it is taken apart."""
    if request.mimetype != URL_ENCODED:
        return
    request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    if request.get_data().count(b"&") >= current_app.config["MAX_FORM_PARTS"]:
        abort(413)
