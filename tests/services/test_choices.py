"""What a form sends that is on none of its lists is refused, never stored as the first of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.blueprints.objections import deciding, lodging
from starrating.blueprints.people import changing
from starrating.domain.faults import RuleError
from starrating.domain.objections import Channel, Step
from starrating.domain.posts import PostKind
from starrating.domain.windows import Stage, last_instant
from starrating.extensions import db
from starrating.models.windows import StageExtension
from starrating.models.working_days import EnteredDay
from starrating.services.names import chosen
from starrating.services.years.extensions import Asked, ask_extension
from tests.services.browser import Browser
from tests.services.test_assessments import who


@pytest.mark.parametrize(
    ("read", "field", "known"),
    [
        (deciding._step, "step", Step.UPHOLD),
        (lambda: lodging._typed(online=False).channel, "channel", Channel.TELEPHONE),
        (changing._kind_sent, "post", PostKind.DIRECTOR),
    ],
)
def test_an_unknown_choice_is_none(app: Any, read: Callable[[], Any], field: str, known: str) -> None:
    with app.test_request_context("/", method="POST", data={field: known}):
        assert read() == known
    for wrong in ("", "x", known.upper(), f"{known} "):
        with app.test_request_context("/", method="POST", data={field: wrong}), pytest.raises(RuleError) as refused:
            read()
        assert (refused.value.code, refused.value.facts["field"]) == ("form.choice", field)


def test_a_choice_of_another_form_is_none_either() -> None:
    assert chosen(Channel, "paper", "channel", lodging.BY_OFFICE) is Channel.PAPER
    with pytest.raises(RuleError, match=r"form\.choice"):
        chosen(Channel, "online", "channel", lodging.BY_OFFICE)


def test_an_extension_of_no_stage_is_not_asked_for_and_none_is_decided_by_chance(
    app: Any, in_scoring: int, people: dict[str, int]
) -> None:
    wang, liu, where = Browser(app, "wang"), Browser(app, "liu"), f"/calendar/cycles/{in_scoring}/extensions"
    sent = {"stage": "scorings", "ends": "2025-03-01", "township": str(people["township"]), "reason": "大雪封路"}
    page = wang.post(where, sent, 422)
    assert "选的不在列出的里面" in page
    assert "大雪封路" in page
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(StageExtension)) == 0
        asked = Asked(Stage.SCORING, last_instant(date(2025, 3, 1)), people["township"], None, "")
        key = ask_extension(in_scoring, asked, "大雪封路", who(people, "wang"))
        db.session.remove()
    liu.post(f"{where}/{key}/decision", {"decision": "approved", "reason": "不行"}, 422)
    with app.app_context():
        assert db.session.scalar(select(StageExtension.decided_by).where(StageExtension.id == key)) is None


def test_days_that_are_said_to_be_neither_are_not_entered(app: Any, people: dict[str, int]) -> None:
    city, where = Browser(app, "city"), "/calendar/working-days"
    sent = {"first": "2025-05-06", "works": "2", "note": "津政办发〔2025〕1号"}
    page = city.post(where, sent, 422)
    assert "选的不在列出的里面" in page
    assert "津政办发〔2025〕1号" in page
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(EnteredDay)) == 0
