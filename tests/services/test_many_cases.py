"""Many cases approved at once: what was seen, all of it or nothing, by one of two people; never a measure."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.domain.access import Place
from starrating.domain.cases import CaseMove
from starrating.domain.faults import RuleError
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.cases import CaseEvent, ConsequenceCase
from starrating.queries.cases import CaseFilter, CaseRow, cases_of
from starrating.queries.places import place_of_unit
from starrating.services.consequences import many_cases as service
from starrating.services.consequences.cases import Given, move_case
from starrating.services.consequences.many_cases import SeenCase, approve_seen, digest_of_seen, refusal_of
from starrating.services.publication.publication import open_notice, publish


@pytest.fixture
def place(app: Any, determined: int, people: dict[str, int], clock: Any) -> Any:
    """The district of a published year."""
    with app.app_context():
        open_notice(determined, date(2025, 1, 10), None, people["wang"])
        clock.advance(days=40)
        publish(determined, None, people["wang"])
        db.session.remove()
        unit = place_of_unit(db.session.scalars(select(ConsequenceCase.unit_id)).first() or 0)
        assert unit is not None
        yield Place(unit.municipality, unit.district)


def shown(place: Place) -> tuple[list[CaseRow], list[SeenCase], str, int]:
    """What a page shows of all that can be approved together."""
    db.session.remove()
    rows = [row for row in cases_of([place], CaseFilter()) if not refusal_of(row)]
    return rows, [SeenCase(row.id, row.version) for row in rows], digest_of_seen(rows), rows[0].year if rows else 2024


def told() -> tuple[int, int, int]:
    """How many cases are approved, moves made, and moves in the trail."""
    db.session.remove()
    approved = select(func.count()).select_from(ConsequenceCase).where(ConsequenceCase.state == "approved")
    events = select(func.count()).select_from(AuditEvent).where(AuditEvent.act == "case_moved")
    moves = select(func.count()).select_from(CaseEvent)
    return (db.session.scalar(approved) or 0, db.session.scalar(moves) or 0, db.session.scalar(events) or 0)


def test_what_was_seen_is_approved_once_and_no_measure(place: Place, people: dict[str, int]) -> None:
    rows, seen, digest, year = shown(place)
    measures = [row for row in cases_of([place], CaseFilter(year)) if row.outcome == "measure"]
    assert {refusal_of(row) for row in measures} == {"case.alone"}
    assert approve_seen(place, year, seen, digest, people["wang"]) == len(rows) > 10
    assert told() == (len(rows),) * 3
    assert approve_seen(place, year, seen, digest, people["wang"]) == 0
    with pytest.raises(RuleError, match=r"case\.many_changed"):
        approve_seen(place, year, seen, digest, people["liu"])
    assert told() == (len(rows),) * 3
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "case_moved")).all()
    assert {one.subject_id for one in events} == {row.id for row in rows}
    assert all(one.unit_id and one.district_id == place.district for one in events)


def test_one_that_changed_holds_back_all(place: Place, people: dict[str, int]) -> None:
    rows, seen, digest, year = shown(place)
    move_case(rows[0].id, CaseMove.WAIVE, 1, Given("已调离"), people["liu"])
    for given in (seen, [SeenCase(rows[0].id, 2), *seen[1:]], seen[1:]):
        with pytest.raises(RuleError, match=r"case\.many_changed"):
            approve_seen(place, year, given, digest, people["wang"])
    assert told() == (0, 1, 1)


def test_a_forged_measure_and_another_place_are_refused(place: Place, people: dict[str, int]) -> None:
    rows, seen, digest, year = shown(place)
    one = next(row for row in cases_of([place], CaseFilter(year)) if row.outcome == "measure")
    for where, given, of in ((place, [SeenCase(one.id, 1)], digest_of_seen([one])),
                             (Place(place.municipality, 10**6), seen, digest)):  # fmt: skip
        with pytest.raises(RuleError, match=r"case\.many_changed"):
            approve_seen(where, year, given, of, people["wang"])
    with pytest.raises(RuleError, match=r"case\.many_none"):
        approve_seen(place, year, [], digest, people["wang"])
    assert told() == (0, 0, 0)
    assert rows


def test_broken_off_in_between_nothing_is_done(
    place: Place, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _rows, seen, digest, year = shown(place)

    def die(*_given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(service, "record_each", die)
    with pytest.raises(KeyboardInterrupt):
        approve_seen(place, year, seen, digest, people["wang"])
    assert told() == (0, 0, 0)


def test_of_two_people_at_once_one_approves(place: Place, app: Any, people: dict[str, int]) -> None:
    rows, seen, digest, year = shown(place)
    db.session.remove()
    said: list[str] = []

    def approve(by: int) -> None:
        with app.app_context():
            try:
                said.append(str(approve_seen(place, year, seen, digest, by)))
            except RuleError as refusal:
                said.append(refusal.code)

    threads = [threading.Thread(target=approve, args=(people[name],)) for name in ("wang", "liu")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == sorted([str(len(rows)), "case.many_changed"])
    assert told() == (len(rows),) * 3
