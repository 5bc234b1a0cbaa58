"""Saves that wait at once are stored together and answered after the commit; a fault stays the fault of one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.divisions import Unit
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.queries.identities import Identity
from starrating.services.accounts import sessions
from starrating.services.audit import verify_chain
from starrating.services.gathering import Gathering, Taking
from starrating.services.scoring import batches, scores
from starrating.services.scoring.batches import Batch, save_batch
from starrating.services.scoring.typed_scores import Typed
from starrating.services.turns import GROUPS, turn
from tests.conftest import close
from tests.services import district
from tests.services.test_score_batches import FIRST, who
from tests.web.city import PASSWORD

TEN = 10
FORKING = multiprocessing.get_context("fork")


@pytest.fixture
def scoring(app: Any, people: dict[str, int]) -> Any:
    with app.app_context():
        key = district.opened(people)
        district.step(key, "open_scoring", people["wang"])
    return key


def villages(app: Any) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(Unit.id).where(Unit.kind == "village").order_by(Unit.id).limit(TEN)))


def stored(app: Any) -> list[int]:
    """How many cells, entries of their history and events of saves there are; the chain must hold."""
    with app.app_context():
        saved = select(func.count()).where(AuditEvent.act == "score_saved")
        counted = [db.session.scalar(select(func.count()).select_from(one)) or 0 for one in (ScoreCell, ScoreValue)]
        assert verify_chain().broken_at is None
        return [*counted, db.session.scalar(saved) or 0]


def at_once(app: Any, acts: Sequence[Callable[[], Any]], kind: str = batches.KEPT) -> list[Any]:
    """What each act gave, or the name of its fault, when all of them wait before the first is done."""
    found: list[Any] = [""] * len(acts)

    def run(place: int) -> None:
        with app.app_context():
            try:
                found[place] = acts[place]()
            except Exception as fault:
                found[place] = type(fault).__name__

    making: dict[str, Callable[[], Gathering[Any, Any]]] = {
        batches.KEPT: batches._gathering, sessions.ASKING: sessions._asking,
    }  # fmt: skip
    with app.app_context():
        gathering = making[kind]()
    gathering._led = True
    threads = []
    for place in range(len(acts)):
        threads.append(threading.Thread(target=run, args=(place,)))
        threads[-1].start()
        while len(gathering._waiting) <= place:
            threads[-1].join(0.001)
    gathering._hand_on(gathering._waiting[-1].__class__(gathering._waiting[0].given, frozenset()))
    for thread in threads:
        thread.join()
    assert (len(gathering._waiting), gathering._led) == (0, False)
    return found


def saving(app: Any, cycle: int, people: dict[str, int], texts: dict[int, str]) -> list[Callable[[], Batch]]:
    with app.app_context():
        assessor = who(people)
        db.session.remove()
    return [
        lambda unit=unit, text=text: save_batch(cycle, [Typed(unit, FIRST, 0, text)], assessor)  # type: ignore[misc]
        for unit, text in texts.items()
    ]


def outcomes(found: Sequence[Batch | str]) -> list[str]:
    return [one if isinstance(one, str) else one.answers[0].outcome.value for one in found]


def test_of_ten_that_wait_nine_are_stored_by_one_commit_and_one_is_refused(
    app: Any, scoring: int, people: dict[str, int]
) -> None:
    texts = dict.fromkeys(villages(app), "1")
    texts[list(texts)[4]] = "三"
    with app.app_context():
        engine = db.engine
    with counting_commits(engine) as commits:
        found = at_once(app, saving(app, scoring, people, texts))
    assert outcomes(found) == ["saved"] * 4 + ["refused"] + ["saved"] * 5
    assert (stored(app), len(commits)) == ([9, 9, 9], 1)
    assert [list(one.standing()) for one in found if isinstance(one, Batch) and one.changes] == [
        [unit] for unit, text in texts.items() if text == "1"
    ], "each is told of its own unit only"


@contextmanager
def counting_commits(engine: Any) -> Iterator[list[object]]:
    """Gives the commits of the block."""
    commits: list[object] = []

    def counted(connection: object) -> None:
        commits.append(connection)

    event.listen(engine, "commit", counted)
    try:
        yield commits
    finally:
        event.remove(engine, "commit", counted)


@contextmanager
def another_process_stores(app: Any) -> Iterator[None]:
    """Hold the turn as a group of another process does."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        with turn(engine.url):
            yield
        return
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": GROUPS})
        yield


def test_who_comes_while_another_process_stores_is_taken_along(app: Any, scoring: int, people: dict[str, int]) -> None:
    found: list[Batch] = []
    with app.app_context():
        engine, gathering = db.engine, batches._gathering()

    def run(act: Callable[[], Batch]) -> None:
        with app.app_context():
            found.append(act())

    threads = [threading.Thread(target=run, args=(act,))
               for act in saving(app, scoring, people, dict.fromkeys(villages(app)[:3], "1"))]  # fmt: skip
    with counting_commits(engine) as commits:
        with another_process_stores(app):
            for count, thread in enumerate(threads, 1):
                thread.start()
                while thread.is_alive() and len(gathering._waiting) < count:
                    thread.join(0.001)
        for thread in threads:
            thread.join()
    others = 1 if engine.dialect.name == "postgresql" else 0
    assert (outcomes(found), len(commits) - others) == (["saved"] * 3, 1)


def test_two_about_the_same_unit_are_decided_one_after_the_other(
    app: Any, scoring: int, people: dict[str, int]
) -> None:
    first, second, *_ = villages(app)
    acts = saving(app, scoring, people, {first: "1", second: "1"})
    again = saving(app, scoring, people, {first: "0"})
    found = at_once(app, [acts[0], again[0], acts[1]])
    assert outcomes(found) == ["saved", "conflict", "saved"]
    assert stored(app) == [2, 2, 2]


def test_the_fault_of_one_is_not_that_of_the_others(
    app: Any, scoring: int, people: dict[str, int], monkeypatch: Any
) -> None:
    units = villages(app)
    decide = batches._decide

    def failing(sheet: Any, wanted: Sequence[Typed], *more: Any) -> Any:
        if wanted[0].unit_id == units[3]:
            raise RuntimeError("a fault")
        return decide(sheet, wanted, *more)

    monkeypatch.setattr(batches, "_decide", failing)
    found = at_once(app, saving(app, scoring, people, dict.fromkeys(units, "1")))
    assert outcomes(found) == ["saved"] * 3 + ["RuntimeError"] + ["saved"] * 6
    assert stored(app) == [9, 9, 9]


def test_where_nothing_can_be_committed_nobody_is_told_that_it_was(
    app: Any, scoring: int, people: dict[str, int], monkeypatch: Any
) -> None:
    def fail(*_given: object) -> None:
        raise RuntimeError("no trail")

    monkeypatch.setattr("starrating.services.scoring.scores.record_all", fail)
    found = at_once(app, saving(app, scoring, people, dict.fromkeys(villages(app), "1")))
    assert set(outcomes(found)) == {"RuntimeError"}
    assert stored(app) == [0, 0, 0]


def test_a_server_that_is_killed_before_the_commit_has_answered_nobody(
    app: Any, scoring: int, people: dict[str, int], monkeypatch: Any
) -> None:
    acts = saving(app, scoring, people, dict.fromkeys(villages(app), "1"))
    write = scores.store_written

    def dying(*given: Any) -> None:
        write(*given)
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(batches, "store_written", dying)
    close(app)
    mine, theirs = FORKING.Pipe()
    process = FORKING.Process(target=lambda: theirs.send(outcomes(at_once(app, acts))))
    process.start()
    theirs.close()
    with pytest.raises(EOFError):
        mine.recv()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert stored(app) == [0, 0, 0]


def test_who_several_tokens_are_is_one_question_and_an_ended_session_is_nobody(
    app: Any, people: dict[str, int]
) -> None:
    asked: list[str] = []
    with app.app_context():
        engine = db.engine
        on_a_server = engine.dialect.name == "postgresql"
        begun = [sessions.sign_in(name, PASSWORD, "127.0.0.1") for name in ("wang", "assessor", "unit")]
        tokens = [one.token for one in begun if one]
        ended = sessions.identity_behind(tokens[1])
        assert ended is not None
        sessions.sign_out(ended.session_id, ended.account_id)

    def counted(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    acts = [lambda token=token: sessions.identity_behind(token) for token in (*tokens, tokens[0], "nobody's")]
    event.listen(engine, "before_cursor_execute", counted)
    try:
        found = at_once(app, acts, sessions.ASKING) if on_a_server else [alone(app, act) for act in acts]
    finally:
        event.remove(engine, "before_cursor_execute", counted)
    names = [one.name if isinstance(one, Identity) else one for one in found]
    assert (names, len(asked)) == (["wang", None, "unit", "wang", None], 1 if on_a_server else len(acts))
    assert found[0].grants != found[2].grants


def alone(app: Any, act: Callable[[], Any]) -> Any:
    with app.app_context():
        return act()


def test_somebody_else_leads_where_the_first_fails_before_it_took_anybody() -> None:
    tried = []

    def together(take: Taking[str, str]) -> None:
        tried.append(1)
        if len(tried) == 1:
            raise OSError("no database")
        for one in take():
            one.gave.append(one.given)

    gathering = Gathering(together, lambda given: given)
    with pytest.raises(OSError, match="no database"):
        gathering.do("first", frozenset({1}))
    assert gathering.do("second", frozenset({1})) == "second"
    assert not gathering._led
