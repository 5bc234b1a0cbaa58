"""Settings and headers: no key that somebody knows ever starts, every answer carries the headers."""

import secrets
from typing import Any

import pytest

from config import Production, SettingRefused, database_address, settings
from starrating.headers import HEADERS

GOOD = secrets.token_hex(32)


@pytest.mark.parametrize(
    "key",
    [None, "", "dev", "x" * 31, "x" * 64, "secret" * 8, "changeme" * 5, "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET",
     "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf", "c292a0a3aa32397cdb050e233733900f", "0" * 32,
     "starrating-starrating-starrating-starrating", "abababababababababababababababababab"],
)  # fmt: skip
@pytest.mark.parametrize("environment", ["production", "development", "testing"])
def test_a_key_that_somebody_knows_never_starts(key: str | None, environment: str) -> None:
    given = {"STARRATING_ENV": environment, **({"SECRET_KEY": key} if key is not None else {})}
    with pytest.raises(SettingRefused, match="SECRET_KEY"):
        settings(given)


def test_an_own_key_starts_in_production_with_secure_cookies() -> None:
    made = settings({"SECRET_KEY": GOOD, "DATABASE_URL": "sqlite:///x"})
    assert type(made) is Production
    assert (made.DEBUG, made.SESSION_COOKIE_SECURE, made.SESSION_COOKIE_NAME) == (False, True, "__Host-starrating")


@pytest.mark.parametrize(
    "given", [{"STARRATING_ENV": "staging"}, {"TRUSTED_PROXIES": "-1"}, {"SECURE_COOKIES": "maybe"}]
)
def test_an_odd_setting_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(SettingRefused):
        settings({"SECRET_KEY": GOOD, "DATABASE_URL": "sqlite:///x", **given})


def test_postgresql_gets_its_driver() -> None:
    assert database_address("postgres://a/b") == "postgresql+psycopg://a/b"


@pytest.mark.usefixtures("people")
def test_every_answer_has_the_headers(city: Any) -> None:
    from tests.web.city import sign_in

    client = city.test_client()
    answers = [client.get(path) for path in ("/", "/nowhere", "/accounts/sign-in", "/static/css/base.css")]
    answers.append(client.post("/accounts/sign-in"))
    answers.append(sign_in(client, "city"))
    answers.append(client.get("/units/"))
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        answer.close()
    assert answers[-1].headers["Cache-Control"] == "no-store"


def test_errors_are_pages_and_json(city: Any) -> None:
    client = city.test_client()
    assert client.get("/nowhere", headers={"Accept": "application/json"}).json["status"] == 404
    assert "没有这一页" in client.get("/nowhere").text
    assert client.put("/accounts/sign-in").status_code == 405
    assert client.get("/units/", headers={"Accept": "application/json"}).status_code == 401


def test_a_forwarded_address_is_not_believed(city: Any) -> None:
    with city.test_request_context(
        headers={"X-Forwarded-For": "203.0.113.9"}, environ_base={"REMOTE_ADDR": "192.0.2.1"}
    ):
        from flask import request

        assert request.remote_addr == "192.0.2.1"
