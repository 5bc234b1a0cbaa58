"""Signed texts that were found genuine are known again: the cookie of a session and the token of its pages.

A page that saves sends the same two texts with each save. Whether a signature is genuine depends on the text and the
keys alone, so the answer for the last few is kept, by exactly these. What depends on anything else is looked at each
time: how old a cookie is, whether its session lasts, whether a token is that of the session. What was refused is not
kept.
"""

from __future__ import annotations

import hmac
import time
from copy import deepcopy
from functools import lru_cache
from typing import Any

from flask import Flask, Request, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, same_origin
from itsdangerous import BadSignature, URLSafeTimedSerializer

MOST = 1_000
"""How many texts of each kind a process knows again."""
Keys = tuple[Any, ...]


class KnownCookies(SecureCookieSessionInterface):
    """Sessions in signed cookies, as Flask has them."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._genuine = lru_cache(MOST)(self._read)

    def _read(self, _keys: Keys, text: str) -> tuple[dict[str, Any], float]:
        """What a cookie says and when it was signed; `BadSignature` where it was not, which is never kept."""
        serializer = self.get_signing_serializer(self._app)
        if serializer is None:
            raise BadSignature("there is no key")
        content, signed = serializer.loads(text, return_timestamp=True)
        return content, signed.timestamp()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What this request's cookie says; an empty session where it is not ours, too old or from the future."""
        text = request.cookies.get(self.get_cookie_name(app))
        if not text:
            return self.session_class()
        try:
            content, signed = self._genuine((app.secret_key, *app.config["SECRET_KEY_FALLBACKS"]), text)
        except BadSignature:
            return self.session_class()
        good = 0 <= int(time.time()) - signed <= app.permanent_session_lifetime.total_seconds()
        return self.session_class(_own(content) if good else None)


def _own(content: dict[str, Any]) -> dict[str, Any]:
    """What a cookie says, for a request to change: what can be changed within it is copied, too."""
    return {name: value if isinstance(value, str | int) else deepcopy(value) for name, value in content.items()}


@lru_cache(MOST)
def _signed(key: Any, token: str) -> str:
    """What a token of a page says; `BadSignature` where it is not ours, which is never kept."""
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").loads(token))


class KnownTokens(CSRFProtect):  # type: ignore[misc]  # the library comes without types
    """The check of the token that every request which writes comes with."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a request without the token of its session; JSON has it in its header, with no form to be read."""
        if request.is_json and _has_own_token() and _comes_from_here():
            g.csrf_valid = True
        else:
            super().protect(apply_exemptions)


def _has_own_token() -> bool:
    """True where the header holds a token of this session; False also where only the library can say."""
    token, own = request.headers.get("X-CSRFToken"), session.get("csrf_token")
    if not token or not own or current_app.config["WTF_CSRF_TIME_LIMIT"] is not None:
        return False
    try:
        said = _signed(current_app.secret_key, token)
    except BadSignature:
        return False
    return hmac.compare_digest(said.encode(), str(own).encode())


def _comes_from_here() -> bool:
    """True where an encrypted request names a page of this site as the one that it came from."""
    return not request.is_secure or bool(same_origin(request.referrer or "", f"https://{request.host}/"))
