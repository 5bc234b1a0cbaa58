"""Frames that a process keeps: the same for the same figures, others for others, none of charts that failed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from starrating.blueprints.dashboards import frames
from starrating.blueprints.dashboards import pictures as drawn
from starrating.charts.chart import Chart
from starrating.extensions import db
from starrating.models.divisions import Division
from starrating.services.transaction import transaction
from tests.web.city import key_of, sign_in


@pytest.fixture
def page(standing: Any) -> Callable[[], str]:
    client = standing.test_client()
    sign_in(client, "city")
    with standing.app_context():
        district = key_of("东区")
    return lambda: str(client.get(f"/dashboards/divisions/{district}").text)


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the charts that are laid out, one for each frame."""
    names: list[str] = []

    def framed(figures: Any, name: str, further: Any = None) -> dict[str, Any]:
        names.append(name)
        return drawn.framed(figures, name, further)

    monkeypatch.setattr(frames, "framed", framed)
    return names


def test_a_page_opened_again_lays_out_nothing_and_says_the_same(page: Callable[[], str], laid_out: list[str]) -> None:
    first = page()
    assert laid_out
    laid_out.clear()
    assert without_token(page()) == without_token(first)
    assert laid_out == []


def test_other_figures_are_laid_out_anew(standing: Any, page: Callable[[], str], laid_out: list[str]) -> None:
    page()
    laid_out.clear()
    with standing.app_context(), transaction() as session:
        session.execute(update(Division).where(Division.name == "东一镇").values(name="改名镇"))
        db.session.expire_all()
    assert page().count("改名镇") > 1
    assert laid_out


def test_kept_frames_hold_no_marks(standing: Any, page: Callable[[], str]) -> None:
    page()
    with standing.app_context():
        held = frames._memory()._held
    values = [value for one in held.values() for frame in one.frames for value in frame.values()]
    assert values
    assert not any(isinstance(value, Chart) for value in values)


def test_what_failed_is_tried_again(page: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "_framed", lambda *_given: 1 / 0)
    assert "这张图没有画成" in page()
    monkeypatch.undo()
    assert "这张图没有画成" not in page()


def test_each_language_has_frames_of_its_own(standing: Any, page: Callable[[], str], laid_out: list[str]) -> None:
    chinese = page()
    laid_out.clear()
    client = standing.test_client()
    sign_in(client, "city")
    with client.session_transaction() as session:
        session["language"] = "en"
    with standing.app_context():
        english = client.get(f"/dashboards/divisions/{key_of('东区')}").text
    assert laid_out
    assert "数据：" in chinese
    assert "数据：" not in english


def without_token(text: str) -> str:
    """A page without what each answer has of its own."""
    return re.sub(r'value="[^"]{40,}"', "", text)
