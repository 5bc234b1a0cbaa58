"""A cookie or a token that was found genuine before is refused all the same once anything about it changed."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, Response, jsonify, session
from flask_wtf.csrf import generate_csrf

from starrating import signatures
from starrating.blueprints.limits import LIMITED
from starrating.extensions import limiter
from starrating.signatures import KnownCookies, KnownTokens

KEY, OLD, OTHER = ("a key of thirty-two characters or " + one for one in ("so", "more", "other"))
LIFETIME = 31 * 86_400


@pytest.fixture
def small() -> Flask:
    """An application with nothing but a session and a check of tokens."""
    app = Flask("small")
    app.config.update(SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=[OLD], WTF_CSRF_TIME_LIMIT=None)
    app.session_interface = KnownCookies(app)
    KnownTokens(app)

    @app.get("/")
    def show() -> Response:
        said = jsonify(dict(session))
        session.get("list", []).append("changed in passing")
        return said

    @app.get("/begin")
    def begin() -> str:
        session["list"] = ["kept"]
        return str(generate_csrf())

    @app.post("/")
    def save() -> str:
        return "saved"

    signatures._signed.cache_clear()
    return app


def begun(app: Flask) -> tuple[str, str]:
    """The cookie of a new session, seen once more after that, and the token of its pages."""
    answer = app.test_client().get("/begin")
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    assert shown(app, cookie)["list"] == ["kept"]
    assert post(app, cookie, answer.text) == 200
    return cookie, answer.text


def shown(app: Flask, cookie: str) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client(use_cookies=False).get("/", headers={"Cookie": cookie}).get_json()
    return found


def post(app: Flask, cookie: str, token: str, address: str = "/", **more: str) -> int:
    headers = {"Cookie": cookie, "X-CSRFToken": token, **more}
    return app.test_client(use_cookies=False).post(address, json={}, headers=headers).status_code


def test_what_is_known_is_answered_as_the_first_time(small: Flask) -> None:
    cookie, token = begun(small)
    for _ in range(3):
        assert shown(small, cookie)["list"] == ["kept"], "what a request does to its session is its own"
        assert post(small, cookie, token) == 200
    interface = small.session_interface
    assert isinstance(interface, KnownCookies)
    assert interface._genuine.cache_info()[2:] == (signatures.MOST, 1)
    assert signatures._signed.cache_info()[2:] == (signatures.MOST, 1)


@pytest.mark.parametrize("place", [12, -3])
def test_a_changed_letter_is_refused_and_not_kept(small: Flask, place: int) -> None:
    cookie, token = begun(small)
    for one in (cookie, token):
        changed = one[:place] + ("A" if one[place] != "A" else "B") + one[place + 1 :]
        if one is cookie:
            assert shown(small, changed) == {}
        else:
            assert post(small, cookie, changed) == 400
    assert signatures._signed.cache_info().currsize == 1


def test_a_cookie_that_grew_old_or_is_from_the_future_is_refused(small: Flask, monkeypatch: Any) -> None:
    cookie, token = begun(small)
    real = time.time()
    for seconds, good in ((LIFETIME - 60, True), (LIFETIME + 60, False), (-60, False)):
        monkeypatch.setattr(signatures, "time", SimpleNamespace(time=lambda after=seconds: real + after))
        assert ("list" in shown(small, cookie)) is good
        assert post(small, cookie, token) == (200 if good else 400)


def test_a_new_key_refuses_what_the_last_one_signed(small: Flask) -> None:
    cookie, token = begun(small)
    small.config["SECRET_KEY_FALLBACKS"] = [KEY]
    small.secret_key = OTHER
    assert "list" in shown(small, cookie), "a key that was followed by another still holds for sessions"
    assert post(small, cookie, token) == 400, "and never for tokens"
    small.config["SECRET_KEY_FALLBACKS"] = []
    assert shown(small, cookie) == {}


def test_a_token_holds_for_its_own_session_only(small: Flask) -> None:
    cookie, token = begun(small)
    other, others = begun(small)
    assert (post(small, cookie, others), post(small, other, token)) == (400, 400)
    assert (post(small, "", token), post(small, cookie, "")) == (400, 400)
    assert post(small, cookie, token, **{"Content-Type": "text/plain"}) == 200, "read by the library"


def test_an_encrypted_request_names_a_page_of_the_site(small: Flask) -> None:
    cookie, token = begun(small)
    here = "https://localhost/"
    assert post(small, cookie, token, here) == 400
    assert post(small, cookie, token, here, Referer="https://elsewhere.example/") == 400
    assert post(small, cookie, token, here, Referer="http://localhost/page") == 400
    assert post(small, cookie, token, here, Referer=f"{here}page") == 200


def test_a_token_with_a_time_limit_is_left_to_the_library(small: Flask, monkeypatch: Any) -> None:
    cookie, token = begun(small)
    small.config["WTF_CSRF_TIME_LIMIT"] = 60
    assert post(small, cookie, token) == 200
    later = time.time() + 120
    monkeypatch.setattr("itsdangerous.timed.time", SimpleNamespace(time=lambda: later))
    assert post(small, cookie, token) == 400


def test_the_application_knows_cookies_and_counts_all_that_has_a_limit(app: Any) -> None:
    assert isinstance(app.session_interface, KnownCookies)
    marked = {name for name, view in app.view_functions.items() if hasattr(view, "__wrapper-limiter-instance")}
    assert len(marked) >= 5
    assert {name.partition(".")[0] for name in marked} | set(limiter.limit_manager._blueprint_limits) == set(LIMITED)
