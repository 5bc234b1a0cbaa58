"""The headers that are the same for every answer are there once, whatever the answer brought itself."""

from __future__ import annotations

from typing import Any

import pytest

from starrating.headers import HEADERS, POLICY, SANDBOXED, headed

Given = list[tuple[str, str]]


def begun(*given: tuple[str, str]) -> Given:
    """The headers of an answer that comes with these."""
    said: list[Given] = []

    def begin(_status: str, headers: Given, _fault: Any = None, /) -> Any:
        said.append(headers)
        return said.append

    headed(begin)("200 OK", list(given))
    return said[0]


@pytest.mark.parametrize(
    ("given", "policy"),
    [
        ((), POLICY),
        ((("Content-Security-Policy", "default-src *"),), POLICY),
        ((("Content-Security-Policy", SANDBOXED),), SANDBOXED),
        ((("X-Frame-Options", "ALLOWALL"), ("Referrer-Policy", "unsafe-url")), POLICY),
    ],
)
def test_no_answer_has_weaker_headers_than_ours_and_each_is_there_once(given: Any, policy: str) -> None:
    found = begun(*given)
    assert dict(found) == {**HEADERS, "Content-Security-Policy": policy}
    assert len(found) == len(HEADERS)


def test_what_an_answer_brings_beside_them_stays_in_its_order() -> None:
    own = (("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Length", "3"))
    assert tuple(begun(*own)[: len(own)]) == own


@pytest.mark.parametrize("path", ["/", "/accounts/sign-in", "/static/css/base.css", "/nowhere"])
def test_every_answer_has_them(app: Any, path: str) -> None:
    answer = app.test_client().get(path)
    answer.close()
    for name, value in HEADERS.items():
        assert answer.headers.getlist(name) == [value]
