"""Who saves a cell is asked within the transaction that stores it: whoever was let out meanwhile stores nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from starrating.blueprints.guards import GUARDS, Guard
from starrating.domain.access import Act
from starrating.extensions import db
from starrating.models.accounts import Account, Grant, SessionRecord
from starrating.models.scores import ScoreValue
from starrating.services.accounts import sessions
from starrating.services.accounts.sessions import Caller
from starrating.services.scoring.batches import Batch, save_batch
from starrating.services.scoring.typed_scores import Typed
from starrating.services.transaction import transaction
from tests.conftest import TestClock
from tests.services.test_gathering import at_once, villages
from tests.services.test_grid_pages import JSON, Client, cell
from tests.services.test_score_batches import FIRST
from tests.web.city import PASSWORD, sign_in

Ended = Callable[[dict[str, int], TestClock], None]


def _change(model: Any, condition: Any, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(model).where(condition).values(**values))


def _signed_out(people: dict[str, int], clock: TestClock) -> None:
    _change(SessionRecord, SessionRecord.account_id == people["assessor"], ended_at=clock())


def _disabled(people: dict[str, int], clock: TestClock) -> None:
    _change(Account, Account.id == people["assessor"], disabled_at=clock())


def _without_grant(people: dict[str, int], clock: TestClock) -> None:
    _change(Grant, Grant.account_id == people["assessor"], revoked_at=clock())


def _with_a_new_password(people: dict[str, int], _clock: TestClock) -> None:
    _change(Account, Account.id == people["assessor"], must_change_password=True)


def _idle(_people: dict[str, int], clock: TestClock) -> None:
    clock.advance(minutes=31)


def _set_back(_people: dict[str, int], clock: TestClock) -> None:
    clock.advance(hours=-1)


def values() -> int:
    return db.session.scalar(select(func.count()).select_from(ScoreValue)) or 0


@pytest.mark.parametrize(
    ("ended", "status"),
    [(_signed_out, 401), (_disabled, 401), (_idle, 401), (_set_back, 401), (_without_grant, 403),
     (_with_a_new_password, 302)],
)  # fmt: skip
def test_whoever_saved_a_moment_ago_stores_nothing_once_it_ended(
    app: Any, in_scoring: int, people: dict[str, int], clock: TestClock, ended: Ended, status: int
) -> None:
    client = Client(app, "assessor")
    headers = {**JSON, "X-CSRFToken": client.sheet["token"]}

    def save(text: str, version: int) -> Any:
        sent = {"account": people["assessor"], "cells": [cell(people["first"], text, version=version)]}
        return client.client.post("/scoring/cycles/1/village/grid/cells", json=sent, headers=headers)

    assert save("80", 0).get_json()["cells"][0]["status"] == "saved"
    with app.app_context():
        before = values()
        ended(people, clock)
    assert save("81", 1).status_code == status
    with app.app_context():
        assert values() == before


def test_the_answers_of_those_who_are_not_let_in_are_those_of_the_guard(
    app: Any, in_scoring: int, people: dict[str, int]
) -> None:
    one = cell(people["first"], "80")
    assert Client(app, "auditor").save(one).status_code == 403
    assert Client(app, "assessor").save(one, account=people["wang"]).status_code == 409
    assert Client(app, "assessor").post("/scoring/cycles/1/village/grid/cells", {"cells": 3}).status_code == 409
    public = app.test_client().post("/scoring/cycles/1/village/grid/cells", json={}, headers=JSON)
    assert public.status_code == 400
    with app.app_context():
        assert values() == 0


def test_a_session_that_ended_while_its_save_waited_is_left_out_and_the_others_are_stored(
    app: Any, in_scoring: int, people: dict[str, int]
) -> None:
    asked: list[str] = []
    with app.app_context():
        begun = [sessions.sign_in("assessor", PASSWORD, "127.0.0.1") for _ in range(3)]
        tokens = [one.token for one in begun if one]
        ended = sessions.identity_behind(tokens[1])
        assert ended is not None
        sessions.sign_out(ended.session_id, ended.account_id)
        before, engine = values(), db.engine
        db.session.remove()
    acts = [
        lambda token=token, unit=unit: save_batch(
            in_scoring, [Typed(unit, FIRST, 0, "1")], Caller(token, people["assessor"], Act.FILL_SCORES)
        )
        for token, unit in zip(tokens, villages(app), strict=False)
    ]

    def counted(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", counted)
    try:
        found: list[Batch] = at_once(app, acts)
    finally:
        event.remove(engine, "before_cursor_execute", counted)
    assert [one.by is not None for one in found] == [True, False, True]
    assert [len(one.answers) for one in found] == [1, 0, 1]
    assert len([one for one in asked if "token_digest" in one]) == 1, "asked once for all"
    with app.app_context():
        assert values() == before + 2


def test_a_used_session_does_not_idle(app: Any, in_scoring: int, people: dict[str, int], clock: TestClock) -> None:
    client = Client(app, "assessor")
    for version in range(3):
        clock.advance(minutes=20)
        answer = client.save(cell(people["first"], str(version), version=version)).get_json()
        assert answer["cells"][0]["status"] == "saved"


def test_a_view_that_asks_nobody_answers_nothing(app: Any, people: dict[str, int], monkeypatch: Any) -> None:
    monkeypatch.setitem(GUARDS, ("forgetful", "GET"), Guard(Act.FILL_SCORES, within=True))
    app.add_url_rule("/forgetful", "forgetful", lambda: "secret")
    client = app.test_client()
    assert client.get("/forgetful").status_code == 302
    sign_in(client, "assessor")
    answer = client.get("/forgetful")
    assert (answer.status_code, "secret" in answer.text) == (404, False)
