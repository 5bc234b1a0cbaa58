"""The headers of every answer: what a browser may load, frame, remember and tell others."""

from __future__ import annotations

from flask import Flask, Response, request, session

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
ONE_YEAR = "max-age=31536000"


def register(app: Flask) -> None:
    """Add the headers to every answer of the application."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Add the headers; what a signed-in person sees is kept by nobody; a file that was sent in has its own policy."""
    for name, value in HEADERS.items():
        if not (name == POLICY_NAME and response.headers.get(name) == SANDBOXED):
            response.headers[name] = value
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = ONE_YEAR
    if "token" in session:
        response.headers["Cache-Control"] = "no-store"
    elif request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-cache")
    return response
