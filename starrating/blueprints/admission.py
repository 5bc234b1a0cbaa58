"""Who is let in: before each request by the table of guards, and for what is saved most often within its transaction.

A save of a cell asks the database who it is from together with those that wait beside it (`Guard.within`). The guard
lets it pass to its view unasked where it comes with a session; the view hands the service a `caller`, and whoever is
let in there is `admitted`. All others go to the guard after all, which says why not. An answer for which nobody was
asked is never given.
"""

from __future__ import annotations

import logging

from flask import Flask, Request, Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from starrating.blueprints.guards import GUARDS, Guard
from starrating.blueprints.pages import local_target, person
from starrating.domain.access import Answer, answer, may_somewhere
from starrating.errors import answer as told
from starrating.errors import wants_json
from starrating.extensions import login_manager
from starrating.queries.identities import Identity
from starrating.services.accounts.sessions import SEEN_EVERY, Caller, identity_behind, note_seen
from starrating.services.clock import now

security = logging.getLogger("starrating.security")


def register(app: Flask) -> None:
    """Put the guard before every request."""
    login_manager.session_protection = None
    login_manager.request_loader(_identify)
    app.before_request(guard)
    app.after_request(refuse_unasked)


def guard() -> ResponseReturnValue | None:
    """Let the request pass, send it to sign in, or answer that there is nothing for it here."""
    if request.routing_exception is not None or request.endpoint is None:
        return None
    row = GUARDS.get((request.endpoint, "GET" if request.method == "HEAD" else request.method))
    if row is None:
        security.error("an endpoint without a guard was asked for: %s %s", request.method, request.endpoint)
        abort(404)
    if row.public:
        return None
    if row.within and row.act is not None and isinstance(session.get("token"), str):
        g.unasked = row
        return None
    return _admit(row)


def caller(account_id: int) -> Caller:
    """Whoever sent this request from a page of that account, for the service to ask within its transaction."""
    return Caller(session["token"], account_id, g.unasked.act)


def admitted(who: Identity) -> None:
    """Note that the service let the caller in."""
    del g.unasked
    _note_visit(who)


def ask_after_all() -> ResponseReturnValue | None:
    """What the guard says where the service was not asked, or let nobody in."""
    return _admit(g.pop("unasked"))


def refuse_unasked(response: Response) -> Response:
    """Hold back an answer for which nobody was asked, which is a fault of the program; refusals may go out."""
    if "unasked" in g and response.status_code < 400:
        security.error("nobody was asked for: %s %s", request.method, request.endpoint)
        return current_app.make_response(told(404))
    return response


def _admit(row: Guard) -> ResponseReturnValue | None:
    """Let somebody pass who is signed in and may."""
    if not current_user.is_authenticated:
        return _sign_in()
    who = person()
    if who.must_change_password and not row.own:
        return redirect(url_for("accounts.change_password"))
    _check(row, who)
    _note_visit(who)
    return None


def _note_visit(who: Identity) -> None:
    """Keep a session that is used from idling, once a minute."""
    if now() - who.seen_at >= SEEN_EVERY:
        note_seen(who.session_id)


def _check(row: Guard, who: Identity) -> None:
    if row.act is None:
        return
    if row.place is None:
        if not may_somewhere(who.grants, row.act):
            _denied(404 if row.hidden else 403, who)
        return
    place = row.place(**(request.view_args or {}))
    match Answer.NOT_THERE if place is None else answer(who.grants, row.act, place):
        case Answer.NOT_THERE:
            _denied(404, who)
        case Answer.REFUSED:
            _denied(404 if row.hidden else 403, who)


def _denied(status: int, who: Identity) -> None:
    security.warning("refused %s: %s %s to account %s", status, request.method, request.endpoint, who.account_id)
    abort(status)


def _sign_in() -> ResponseReturnValue:
    """Lead to the sign-in page, and back here afterwards where this was a page."""
    if wants_json():
        abort(401)
    asked = request.full_path.rstrip("?") if request.method == "GET" else ""
    back = local_target(asked) if asked != "/" else None
    return redirect(url_for("accounts.sign_in", next=back))


def _identify(_request: Request) -> Identity | None:
    token = session.get("token")
    if not isinstance(token, str):
        return None
    return identity_behind(token)
