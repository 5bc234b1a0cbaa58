"""Confirming everything that a filter shows: what is still as it was shown, all at once; what moved on is named."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from starrating.domain.faults import RuleError
from starrating.domain.verification import Review, Verdict
from starrating.extensions import db
from starrating.queries.cycles import cycle
from starrating.queries.verification import review_total
from starrating.services.assessment.verification import Seen, verify_scores
from starrating.services.assessment.verification_shown import confirm_shown, return_shown
from starrating.services.audit import verify_chain
from starrating.services.scoring.scores import save_scores
from tests.services.browser import Browser
from tests.services.test_assessments import OWN, PARTS, who
from tests.services.test_verification import counts, put, seen, stands, verifying

__all__ = ["verifying"]
OTHER = "V1.1.不团结"


def test_what_stands_as_shown_is_confirmed_and_what_moved_is_named(verifying: int, people: dict[str, int]) -> None:
    wang, liu, assessor = who(people, "wang"), who(people, "liu"), who(people, "assessor")
    for version in (1, 2):
        verify_scores(verifying, Verdict.RETURN, seen(people, version=version), "再看", liu)
        old = stands(verifying, people)[1]
        save_scores(verifying, put(people, "1" if old == "0" else "0", version), assessor)
    shown = [*seen(people, PARTS[1], OTHER, OWN[0]), Seen(people["first"], PARTS[0], 2),
             Seen(people["first"], OWN[1], 9), Seen(people["first"], OWN[2], 0)]  # fmt: skip
    verify_scores(verifying, Verdict.RETURN, seen(people, PARTS[1]), "再看", liu)
    verify_scores(verifying, Verdict.CONFIRM, seen(people, OTHER), "", liu)
    before = counts()
    done = confirm_shown(verifying, shown, wang)
    assert done.count == 1
    said = {one.header: (one.shown and one.shown.shown, one.stands.shown, one.review) for one in done.moved}
    now = {header: stands(verifying, people, header)[1] for header in (PARTS[0], PARTS[1], OTHER, *OWN[1:3])}
    assert said == {
        PARTS[0]: (old, now[PARTS[0]], Review.OPEN),
        PARTS[1]: (now[PARTS[1]], now[PARTS[1]], Review.RETURNED),
        OTHER: (now[OTHER], now[OTHER], Review.CONFIRMED),
        OWN[1]: (None, now[OWN[1]], Review.OPEN),
        OWN[2]: ("", now[OWN[2]], Review.OPEN),
    }
    assert [after - first for first, after in zip(before, counts(), strict=True)] == [0, 0, 1, 1]
    assert stands(verifying, people, OWN[0])[2] == "confirmed"
    again = confirm_shown(verifying, shown, wang)
    assert (again.count, len(again.moved)) == (0, 5), "sent twice it is one effect"
    assert verify_chain().broken_at is None


def test_who_may_not_and_what_is_not_there_confirm_nothing(verifying: int, people: dict[str, int]) -> None:
    kept = counts()
    for name in ("assessor", "town", "unit", "auditor", "city"):
        with pytest.raises(RuleError, match=r"verification\.none"):
            confirm_shown(verifying, seen(people), who(people, name))
    for wrong in (Seen(people["first"], "V99", 1), Seen(999_999, PARTS[0], 1)):
        with pytest.raises(RuleError, match=r"verification\.none"):
            confirm_shown(verifying, [*seen(people), wrong], who(people, "wang"))
    assert counts() == kept


@pytest.fixture
def statements(app: Any) -> Iterator[list[str]]:
    """The statements of what follows."""
    found: list[str] = []

    def note(*given: Any) -> None:
        found.append(given[2])

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    yield found
    with app.app_context():
        event.remove(db.engine, "before_cursor_execute", note)


def shown_in(page: str) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def test_a_filter_of_many_pages_is_confirmed_after_a_second_look(
    app: Any, verified: int, people: dict[str, int], statements: list[str]
) -> None:
    wang, town = Browser(app, "wang"), people["township"]
    where = f"/verification/cycles/{verified}?township={town}&show=open"
    page = wang.get(where)
    asked = re.search(r"确认筛选出的全部([\d,]+)格", page)
    assert asked, "more than a page, and the number is said"
    count = int(asked[1].replace(",", ""))
    assert count > 200
    look = f"/verification/cycles/{verified}/shown?township={town}&show=open"
    assert look in html.unescape(page)
    second = wang.get(look)
    assert f"确认这{asked[1]}格" in second
    with app.app_context():
        verify_scores(verified, Verdict.RETURN, seen(people), "再看", who(people, "liu"))
        db.session.remove()
    statements.clear()
    moved = wang.post(look, {"shown": shown_in(second)}, 200)
    assert len(statements) < 40, "a statement for all of a version, none for each"
    assert f"确认了{count - 1:,}格" in moved
    assert "1格没有确认" in moved
    assert PARTS[0] in moved
    with app.app_context():
        row = cycle(verified)
        assert row is not None
        assert review_total(row)[Review.CONFIRMED] == count - 1
        db.session.remove()
    assert "没有可以确认的格" in wang.get(look)
    assert "退回了在等改的1格不在内" not in wang.get(f"{look[:-5]}&show=returned")


def test_the_second_look_refuses_what_is_none_of_ours(app: Any, verified: int, people: dict[str, int]) -> None:
    wang, look = Browser(app, "wang"), f"/verification/cycles/{verified}/shown"
    for wrong in ("", "x", "[]", "{}", '{"V1":1}', '{"V1":"1.1"}', '{"V1":"1.x.open"}', '{"V1":"1.1.gone"}',
                  "[" * 9_999, '{"' + "V" * 121 + '":"1.1.open"}'):  # fmt: skip
        wang.post(look, {"shown": wrong}, 400)
    wang.post(look, {"shown": '{"V99":"1.1.open"}'}, 404)
    for name, status in (("auditor", 403), ("city", 403), ("assessor", 403), ("town", 404)):
        Browser(app, name).get(look, status)


def test_everything_a_filter_shows_is_returned_for_one_reason(verifying: int, people: dict[str, int]) -> None:
    """What is still as shown; what nobody filled in is made blank; what was filled in meanwhile is left alone."""
    wang, liu, assessor = who(people, "wang"), who(people, "liu"), who(people, "assessor")
    first = people["first"]
    verify_scores(verifying, Verdict.CONFIRM, seen(people, OTHER), "", liu)
    bare = [Seen(first, header, 0) for header in OWN[1:3]]
    shown = [*seen(people, PARTS[0], OTHER), Seen(first, PARTS[1], 7), *bare]
    before, cells = counts(), {header: stands(verifying, people, header) for header in OWN[1:3]}
    with pytest.raises(RuleError, match=r"verification\.reason"):
        return_shown(verifying, shown, "  ", wang)
    assert counts() == before
    done = return_shown(verifying, shown, "请附台账", wang)
    assert (done.count, {one.header for one in done.moved}) == (1, {OTHER, PARTS[1], *OWN[1:3]})
    assert stands(verifying, people, PARTS[0])[2:] == ("returned", "请附台账")
    assert {header: stands(verifying, people, header) for header in OWN[1:3]} == cells
    assert stands(verifying, people, OTHER)[2] == "confirmed"
    again = return_shown(verifying, shown, "请附台账", wang)
    assert again.count == 0, "sent twice it is one effect"
    assert PARTS[0] not in {one.header for one in again.moved}
    version = stands(verifying, people)[0]
    assert save_scores(verifying, put(people, "1", version), assessor).changed <= 1
    assert verify_chain().broken_at is None


def test_what_nobody_filled_in_is_returned_blank(app: Any, in_scoring: int, people: dict[str, int]) -> None:
    """Hundreds of empty cells are made and returned in a few statements; whoever enters them finds them."""
    from starrating.models.scores import ScoreCell
    from tests.services import district

    with app.app_context():
        district.step(in_scoring, "close_scoring", people["wang"])
    wang, look = Browser(app, "wang"), f"/verification/cycles/{in_scoring}/shown/return?township={people['township']}"
    second = wang.get(look + "&show=lacking")
    count = re.search(r"退回这([\d,]+)格", second)
    assert count
    number = int(count[1].replace(",", ""))
    assert number > 200
    refused = wang.post(look + "&show=lacking", {"shown": shown_in(second), "reason": " "}, 422)
    assert "都要写明理由" in refused
    wang.post(look + "&show=lacking", {"shown": shown_in(second), "reason": "还没有填"}, 303)
    with app.app_context():
        made = db.session.query(ScoreCell).filter_by(cycle_id=in_scoring, review="returned", state="blank").all()
        assert len(made) == number
        assert {one.review_reason for one in made} == {"还没有填"}
        assert verify_chain().broken_at is None
        db.session.remove()
    assert "没有可以退回的格" in wang.get(look + "&show=lacking")
    assert "还没有填" in Browser(app, "assessor").get("/scoring/returned")


def test_a_filter_of_many_pages_is_returned_after_a_second_look(
    app: Any, verified: int, people: dict[str, int], statements: list[str]
) -> None:
    wang, town = Browser(app, "wang"), people["township"]
    page = wang.get(f"/verification/cycles/{verified}?township={town}&show=open")
    asked = re.search(r"退回筛选出的全部([\d,]+)格", page)
    assert asked
    count = int(asked[1].replace(",", ""))
    look = f"/verification/cycles/{verified}/shown/return?township={town}&show=open"
    second = wang.get(look)
    with app.app_context():
        verify_scores(verified, Verdict.CONFIRM, seen(people), "", who(people, "liu"))
        db.session.remove()
    statements.clear()
    moved = wang.post(look, {"shown": shown_in(second), "reason": "依据不清"}, 200)
    assert len(statements) < 40, "a statement for all of a version, none for each"
    assert f"退回了{count - 1:,}格" in moved
    assert "1格没有退回" in moved
    with app.app_context():
        row = cycle(verified)
        assert row is not None
        assert review_total(row)[Review.RETURNED] == count - 1
        db.session.remove()
    for name, status in (("auditor", 403), ("city", 403), ("assessor", 403), ("town", 404)):
        Browser(app, name).get(look, status)
    wang.post(look, {"shown": "x", "reason": "再看"}, 400)
