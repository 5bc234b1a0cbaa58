"""Nobody confirms or reviews what they put there themselves, whatever role they had then; another of the place may."""

from __future__ import annotations

import html
from typing import Any

import pytest

from starrating.domain.access import Role
from starrating.domain.assessment import Move
from starrating.domain.faults import RuleError
from starrating.domain.verification import Verdict
from starrating.errors import sentence
from starrating.extensions import db
from starrating.models.accounts import Grant
from starrating.queries.scores import cells_of
from starrating.services.accounts.accounts import grant_role, revoke_role
from starrating.services.assessment.assessments import save_assessment, submit_assessment
from starrating.services.assessment.reviews import Decision, review_assessments
from starrating.services.assessment.verification import verify_scores
from starrating.services.assessment.verification_shown import confirm_shown, return_shown
from starrating.services.clock import now
from starrating.services.scoring.scores import save_scores
from starrating.services.transaction import transaction
from tests.services import district
from tests.services.browser import Browser
from tests.services.test_assessments import OWN, PARTS, counts, scoring, state, submitted, typed, who
from tests.services.test_verification import put, seen, stands, verifying
from tests.services.test_verifying_shown import shown_in

__all__ = ["scoring", "verifying"]
CELL, BESIDE = PARTS


def give(people: dict[str, int], name: str, role: Role) -> None:
    """A role of the district, or of the first unit or its township, for somebody who has another one already."""
    place = {
        Role.TOWNSHIP_OFFICER: {"division_id": people["township"]}, Role.UNIT: {"unit_id": people["first"]},
    }.get(role, {"division_id": people["district"]})  # fmt: skip
    with transaction() as session:
        session.add(Grant(account_id=people[name], role=role, granted_at=now(), department="", **place))
    db.session.remove()


def written_again(cycle: int, people: dict[str, int], header: str, name: str) -> str:
    """Return a score and let somebody put another value there, as its assessor; the value."""
    version, value, *_ = stands(cycle, people, header)
    verify_scores(cycle, Verdict.RETURN, seen(people, header, version=version), "再看", who(people, "liu"))
    other = "1" if value == "0" else "0"
    save_scores(cycle, put(people, other, version, header), who(people, name))
    return other


def test_whoever_entered_a_score_does_not_confirm_it(verifying: int, people: dict[str, int]) -> None:
    give(people, "assessor", Role.DISTRICT_ADMINISTRATOR)
    written_again(verifying, people, CELL, "assessor")
    both, kept = who(people, "assessor"), counts()
    with pytest.raises(RuleError) as refused:
        verify_scores(verifying, Verdict.CONFIRM, seen(people, CELL, version=2), "", both)
    assert refused.value.code == "verification.own"
    assert refused.value.facts["others"] == ("王海燕", "刘建国", "赵敏"), "who else can, and not those who cannot"
    assert "能确认的有：王海燕、刘建国、赵敏" in sentence(refused.value)
    with pytest.raises(RuleError, match=r"verification\.own"):
        verify_scores(verifying, Verdict.CONFIRM, [*seen(people, BESIDE), *seen(people, CELL, version=2)], "", both)
    assert counts() == kept, "all of them or none"
    assert verify_scores(verifying, Verdict.CONFIRM, seen(people, BESIDE), "", both) == 1, "what others entered"
    assert verify_scores(verifying, Verdict.CONFIRM, seen(people, CELL, version=2), "", who(people, "wang")) == 1


def test_a_role_that_was_taken_away_does_not_make_it_somebody_elses(verifying: int, people: dict[str, int]) -> None:
    """The assessor becomes the district's office; only what stands counts, not what was overwritten since."""
    written_again(verifying, people, CELL, "assessor")
    key = db.session.query(Grant).filter_by(account_id=people["assessor"]).one().id
    db.session.remove()
    give(people, "assessor", Role.DISTRICT_ADMINISTRATOR)
    revoke_role(people["assessor"], key, who(people, "city"))
    changed = who(people, "assessor")
    with pytest.raises(RuleError, match=r"verification\.own"):
        verify_scores(verifying, Verdict.CONFIRM, seen(people, CELL, version=2), "", changed)
    grant_role(people["zhao"], Role.DISTRICT_ASSESSOR, people["district"], None, "区委组织部", who(people, "city"))
    written_again(verifying, people, CELL, "zhao")
    assert verify_scores(verifying, Verdict.CONFIRM, seen(people, CELL, version=3), "", changed) == 1
    assert stands(verifying, people, CELL)[2] == "confirmed"


def test_where_nobody_else_can_it_says_so(verifying: int, people: dict[str, int]) -> None:
    give(people, "assessor", Role.DISTRICT_ADMINISTRATOR)
    written_again(verifying, people, CELL, "assessor")
    for name in ("wang", "liu", "zhao"):
        held = db.session.query(Grant).filter_by(account_id=people[name]).one().id
        db.session.remove()
        revoke_role(people[name], held, who(people, "city"))
    with pytest.raises(RuleError) as refused:
        verify_scores(verifying, Verdict.CONFIRM, seen(people, CELL, version=2), "", who(people, "assessor"))
    assert refused.value.code == "verification.own_alone"
    assert "没有别人能确认" in sentence(refused.value)


def test_a_verdict_on_all_that_is_shown_leaves_ones_own_out(verifying: int, people: dict[str, int]) -> None:
    give(people, "assessor", Role.DISTRICT_ADMINISTRATOR)
    written_again(verifying, people, CELL, "assessor")
    both, shown = who(people, "assessor"), [*seen(people, CELL, version=2), *seen(people, BESIDE, OWN[0])]
    done = confirm_shown(verifying, shown, both)
    assert (done.count, done.moved, done.own) == (2, (), 1)
    assert [stands(verifying, people, header)[2] for header in (CELL, BESIDE)] == ["open", "confirmed"]
    again = confirm_shown(verifying, shown, both)
    assert (again.count, again.moved, again.own) == (0, (), 1)
    back = return_shown(verifying, seen(people, CELL, version=2), "我填错了", both)
    assert (back.count, back.own) == (1, 0), "to return it confirms nothing"


def test_the_page_marks_ones_own_and_says_how_many_it_left(app: Any, verified: int, people: dict[str, int]) -> None:
    with app.app_context():
        give(people, "assessor", Role.DISTRICT_ADMINISTRATOR)
        written_again(verified, people, CELL, "assessor")
        key = f"{people['first']}:2:{CELL}"
    both, where = Browser(app, "assessor"), f"/verification/cycles/{verified}?township={people['township']}"
    page = html.unescape(both.get(f"{where}&indicator=village:V1.3"))
    assert "你填的，由别人确认" in page
    assert f'name="c" value="{key}"' in page, "it can still be returned"
    assert f'name="p" value="{key}"' not in page, "what is confirmed with the page has it not"
    refused = html.unescape(both.post(where, {"verdict": "confirm", "c": key}, 409))
    assert "现在的数是你填的" in refused
    assert "王海燕、刘建国、赵敏" in refused
    look = where.replace("?", "/shown?") + "&indicator=village:V1.3&show=open"
    second = both.get(look)
    assert "你自己填的1格不在内" in second
    with app.app_context():
        other = written_again(verified, people, BESIDE, "assessor")
        assert stands(verified, people, BESIDE)[:2] == (2, other)
    packed = shown_in(second).replace(f"{people['first']}.1.open", f"{people['first']}.2.open")
    answer = both.client.post(look, data={"csrf_token": _token(both), "shown": packed}, follow_redirects=True)
    assert "你自己填的1格没有确认" in answer.get_data(as_text=True)
    assert "你填的，由别人确认" not in Browser(app, "wang").get(where)


def _token(browser: Browser) -> str:
    from tests.web.city import token_of

    return str(token_of(browser.client))


def test_what_somebody_said_for_the_unit_they_do_not_review(scoring: int, people: dict[str, int]) -> None:
    submitted(scoring, people)
    give(people, "unit", Role.TOWNSHIP_OFFICER)
    both, kept = who(people, "unit"), counts()
    for one in (Decision("V1.3", 2, Move.ACCEPT), Decision("V1.3", 2, Move.CHANGE, "查过", dict.fromkeys(PARTS, "0"))):
        with pytest.raises(RuleError) as refused:
            review_assessments(scoring, people["first"], [one], both)
        assert refused.value.code == "assessment.own"
        assert refused.value.facts["others"] == ("张建军",)
    assert counts() == kept
    assert review_assessments(scoring, people["first"], [Decision("V1.3", 2, Move.RETURN, "我填错了")], both) == 1
    submitted_again = who(people, "unit")
    assert submit_assessment(scoring, people["first"], {"V1.3": 3}, submitted_again) == 1
    assert review_assessments(scoring, people["first"], [Decision("V1.3", 4, Move.ACCEPT)], who(people, "town")) == 1


def test_whoever_hands_in_does_not_review_even_what_others_typed(scoring: int, people: dict[str, int]) -> None:
    give(people, "town", Role.UNIT)
    save_assessment(scoring, people["first"], typed(people, dict.fromkeys(PARTS, "1")), who(people, "unit"))
    submit_assessment(scoring, people["first"], {"V1.3": 1}, who(people, "town"))
    with pytest.raises(RuleError) as refused:
        review_assessments(scoring, people["first"], [Decision("V1.3", 2, Move.ACCEPT)], who(people, "town"))
    assert refused.value.code == "assessment.own_alone"
    assert state(scoring, people) == ("submitted", 2, "")


def test_what_was_said_or_reviewed_earlier_is_not_confirmed_by_the_same(scoring: int, people: dict[str, int]) -> None:
    """The unit's value went through review into the score: neither the unit nor the reviewer confirms it later."""
    submitted(scoring, people, "V1.2")
    submitted(scoring, people, "V1.3")
    review_assessments(
        scoring, people["first"], [Decision("V1.2", 2, Move.ACCEPT), Decision("V1.3", 2, Move.ACCEPT)],
        who(people, "town"),
    )  # fmt: skip
    save_scores(scoring, put(people, "1", 0, CELL) + put(people, "0", 0, BESIDE), who(people, "assessor"))
    db.session.remove()
    with_values = cells_of(scoring, [people["first"]], [OWN[0], *PARTS])
    assert [cell.entry.shown for cell in with_values.values()].count("1") == 2
    db.session.remove()
    district.step(scoring, "close_scoring", people["wang"])
    for name in ("unit", "town"):
        give(people, name, Role.DISTRICT_ADMINISTRATOR)
        for header in (OWN[0], CELL):
            with pytest.raises(RuleError, match=r"verification\.own"):
                verify_scores(scoring, Verdict.CONFIRM, seen(people, header), "", who(people, name))
    assert verify_scores(scoring, Verdict.CONFIRM, seen(people, BESIDE), "", who(people, "unit")) == 1, "another value"
    assert verify_scores(scoring, Verdict.CONFIRM, seen(people, OWN[0], CELL), "", who(people, "liu")) == 2


def test_a_second_review_with_other_values_is_told_not_swallowed(scoring: int, people: dict[str, int]) -> None:
    submitted(scoring, people)
    town = who(people, "town")
    first = Decision("V1.3", 2, Move.CHANGE, "查过台账", {CELL: "0", BESIDE: "1"})
    assert review_assessments(scoring, people["first"], [first], town) == 1
    kept = counts()
    assert review_assessments(scoring, people["first"], [first], town) == 0, "a double click is one review"
    spaced = Decision("V1.3", 2, Move.CHANGE, " 查过台账 ", {CELL: "０", BESIDE: "1"})
    assert review_assessments(scoring, people["first"], [spaced], town) == 0, "the same values, otherwise written"
    for texts in ({CELL: "1", BESIDE: "1"}, {CELL: "0", BESIDE: "0"}, {CELL: "0"}):
        with pytest.raises(RuleError, match=r"assessment\.changed"):
            review_assessments(
                scoring, people["first"], [Decision("V1.3", 2, Move.CHANGE, "查过台账", texts)], town
            )  # fmt: skip
    assert counts() == kept


def test_the_page_of_a_second_review_keeps_what_was_typed(app: Any, in_scoring: int, people: dict[str, int]) -> None:
    with app.app_context():
        submitted(in_scoring, people)
        db.session.remove()
    town, first = Browser(app, "town"), people["first"]
    where = f"/assessments/cycles/{in_scoring}/units/{first}/review"
    sent = {
        "a:V1.3": "2",
        "m:V1.3": "change",
        "r:V1.3": "查过台账",
        f"v:{first}:{CELL}": "0",
        f"v:{first}:{BESIDE}": "0",
    }
    town.post(where, sent)
    page = html.unescape(town.post(where, sent | {f"v:{first}:{CELL}": "1"}, 409))
    assert "有人动过" in page
    field = page.split(f'name="v:{first}:{CELL}"')[1][:200]
    assert 'value="1"' in field or "checked" in field, field
    assert "查过台账" in page
