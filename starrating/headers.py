"""The headers of every answer: what a browser may load, frame, remember and tell others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request, session

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "X-Frame-Options": "DENY",
}
POLICY_NAME = "Content-Security-Policy"
SANDBOXED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""The one other policy there is, of files that people sent in: it allows nothing at all."""
SAME_POLICY = list(HEADERS.items())
OWN_POLICY = [one for one in SAME_POLICY if one[0] != POLICY_NAME]
ONE_YEAR = "max-age=31536000"


def register(app: Flask) -> None:
    """Add the headers that are not the same for all to every answer of the application; `headed` adds the others."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Add what depends on who asks: what a signed-in person sees is kept by nobody."""
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = ONE_YEAR
    if "token" in session:
        response.headers["Cache-Control"] = "no-store"
    elif request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def headed(begin: StartResponse) -> StartResponse:
    """Begin an answer with the headers that are the same for all; a file that was sent in has its own policy.

    They are put in where an answer leaves: one by one they would be looked for, checked and copied.
    """

    def begun(status: str, headers: list[tuple[str, str]], fault: Any = None, /) -> Callable[[bytes], object]:
        same = OWN_POLICY if (POLICY_NAME, SANDBOXED) in headers else SAME_POLICY
        kept = [one for one in headers if one[0] not in HEADERS or one == (POLICY_NAME, SANDBOXED)]
        return begin(status, kept + same, fault)

    return begun
