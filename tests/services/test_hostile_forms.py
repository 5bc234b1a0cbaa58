"""Forms as nobody should send them: numbers that are none, texts that break tables, floods of fields, absurd keys."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlencode

import pytest
from sqlalchemy import select

from starrating.extensions import db
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.services.scoring.sheets import LONGEST_REASON
from tests.services.browser import Browser
from tests.web.city import token_of

SHEET = "/scoring/cycles/1/village/indicators/V6.1"
HEADER = "V6.1"
KEY, OTHER = re.compile(r"<key:[^>]+>"), re.compile(r"<[^>]+>")
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
NEVER = ("9223372036854775807", "9223372036854775808", str(10**30), "-1", "1.0", "%00", "٣")
NO_NUMBERS = (
    "sNaN", "NaN", "inf", "-inf", "1e999999999", "1E-400", "-0", "٩", "1_0", "1e1", "+5", "5,5", "9 5", "九十五",
    "95分", "95%", "99.999999999999999999999", "100.0000000000000000000000001", "12345678901234","=1+1", "5\x00",
)  # fmt: skip
TEXTS = {
    # what is sent, as bytes: what is kept
    "nul": (b"a\x00b", "ab"),
    "bytes that are no text": (b"a\xff\xfeb", "a%FF%FEb"),
    "lone surrogate": (b"a\xed\xa0\x80b", "a%ED%A0%80b"),
    "GB18030": ("中".encode("gb18030"), "%D6%D0"),
    "rare character": ("𠮷村".encode(), "𠮷村"),
    "combining": ("e\u0301".encode(), "é"),
    "script": (b"<script>alert(1)</script>", "<script>alert(1)</script>"),
    "attribute": (b'"><img src=x onerror=alert(1)>', '"><img src=x onerror=alert(1)>'),
    "template": (b"{{7*7}}${7*7}", "{{7*7}}${7*7}"),
    "statement": (b"'; DROP TABLE score_cell;--", "'; DROP TABLE score_cell;--"),
    "line of a log": (b"ok\r\n2026 ERROR admin", "ok2026 ERROR admin"),
    "lines without end": (b"\n" * 10_000, ""),
}


@pytest.fixture
def scoring(in_scoring: int) -> int:
    return in_scoring


def cells(app: Any) -> list[tuple[str, str]]:
    """What stands, and the reason it was given."""
    with app.app_context():
        kept = db.session.execute(select(ScoreCell.state, ScoreCell.value)).all()
        db.session.remove()
        return [(str(state), str(value)) for state, value in kept]


def in_parts(fields: dict[str, str]) -> bytes:
    """A multipart form in memory."""
    said = (f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in fields.items())
    return ("".join(said) + "--b--\r\n").encode()


def reasons(app: Any) -> list[str]:
    with app.app_context():
        kept = list(db.session.scalars(select(ScoreValue.reason).order_by(ScoreValue.id)))
        db.session.remove()
        return kept


def test_no_number_is_refused_with_what_was_typed(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor, first = Browser(app, "assessor"), people["first"]
    token = token_of(assessor.client)
    for typed in NO_NUMBERS:
        fields = {"csrf_token": token, f"v:{first}:{HEADER}": typed, f"b:{first}:{HEADER}": "0"}
        answer = assessor.client.post(SHEET, data=fields, check=False)  # English words that are quoted are no fault
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, typed
        assert 'aria-invalid="true"' in page, typed
        assert f'value="{html.escape(typed)}"' in page or "\0" in typed, typed
    assert cells(app) == []


def test_a_reason_is_kept_as_a_text_and_shown_as_one(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor, cell = Browser(app, "assessor"), f"{people['first']}:{HEADER}"
    token = token_of(assessor.client).encode()
    for version, (name, (sent, kept)) in enumerate(TEXTS.items()):
        fields = {f"v:{cell}": b"%d" % version, f"b:{cell}": b"%d" % version, f"r:{cell}": sent, "csrf_token": token}
        body = "&".join(f"{quote(key)}={quote_from_bytes(value)}" for key, value in fields.items())
        assert assessor.client.post(SHEET, data=body, content_type=FORM).status_code == 303, name
        assert reasons(app)[version:] == [kept], name
    shown = assessor.get(f"/scoring/cycles/1/units/{people['first']}/history?header={HEADER}")
    for name, (_, kept) in TEXTS.items():
        assert html.escape(kept, quote=False) in shown.replace("&#34;", '"').replace("&#39;", "'"), name
    assert "<script>alert" not in shown
    assert "<img" not in shown


@pytest.mark.parametrize("mark", ["\u202e", "\u200d", "\u200b", "\ufeff", "\u2066", "\ue000", "\U000f0000"])
def test_a_mark_that_nobody_sees_is_refused_with_what_was_typed(
    app: Any, scoring: int, people: dict[str, int], mark: str
) -> None:
    """Marks of direction, joiners, letters of private use: neither kept nor left out without a word."""
    assessor, cell = Browser(app, "assessor"), f"{people['first']}:{HEADER}"
    page = assessor.post(SHEET, {f"v:{cell}": "90", f"b:{cell}": "0", f"r:{cell}": f"村{mark}甲"}, 422)
    assert "看不见的符号" in page
    assert f"村{mark}甲" in html.unescape(page)
    assert cells(app) == []


def test_a_reason_that_is_too_long_is_refused_on_every_database(app: Any, scoring: int, people: dict[str, int]) -> None:
    """By one letter, whatever it takes in bytes; the last that fits is kept whole."""
    assessor, cell = Browser(app, "assessor"), f"{people['first']}:{HEADER}"
    long = "𠮷" * (LONGEST_REASON + 1)
    page = assessor.post(SHEET, {f"v:{cell}": "90", f"b:{cell}": "0", f"r:{cell}": long}, 422)
    assert f"最多{LONGEST_REASON}个字" in page
    assert long in page
    assert cells(app) == []
    assessor.post(SHEET, {f"v:{cell}": "90", f"b:{cell}": "0", f"r:{cell}": long[1:]})
    assert reasons(app) == [long[1:]]


def test_floods_are_refused_and_an_honest_grid_of_1200_fields_is_not(
    app: Any, scoring: int, people: dict[str, int]
) -> None:
    assessor, cell = Browser(app, "assessor"), f"{people['first']}:{HEADER}"
    token = {"csrf_token": token_of(assessor.client)}
    good = {f"v:{cell}": "90", f"b:{cell}": "0"}
    many, long = {f"x{number}": "1" for number in range(40_000)}, {f"r:{cell}": "x" * 5_000_000}
    for flood in (many, long):
        fields = {**token, **good, **flood}
        for kind, body in ((FORM, urlencode(fields).encode()), (f"{PARTS}; boundary=b", in_parts(fields))):
            assert assessor.client.post(SHEET, data=body, content_type=kind).status_code == 413, (kind, len(flood))
    assert cells(app) == []
    assessor.post(SHEET, {**good, **dict(list(many.items())[:1_200])})
    assert cells(app) == [("value", "90")]


def test_a_key_that_never_was_is_not_found_on_any_page(app: Any, scoring: int, people: dict[str, int]) -> None:
    wang = Browser(app, "wang")
    rules = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and "<key:" in rule.rule]
    assert len(rules) > 30
    for key in NEVER:
        for rule in rules:
            address = OTHER.sub("village", KEY.sub(key, rule))
            assert wang.client.get(address, check=False).status_code in (404, 405), address
