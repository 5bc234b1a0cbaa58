"""Verification on both databases: what is confirmed is what was seen and stays so; what was returned is put right."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DatabaseError

from starrating.domain.faults import RuleError
from starrating.domain.verification import MOVES, Review, Verdict, find_move
from starrating.domain.windows import Stage, Window
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.scores import CellReview, ScoreCell, ScoreValue
from starrating.queries.cycles import cycle
from starrating.queries.scores import cells_of
from starrating.queries.verification import review_total
from starrating.services.assessment.verification import Seen, verify_scores
from starrating.services.audit import verify_chain
from starrating.services.rating.determination import confirm_determination, determine
from starrating.services.scoring.batches import Outcome, save_each
from starrating.services.scoring.scores import save_scores
from starrating.services.scoring.typed_scores import EntriesRefused, ScoresConflict, Typed
from starrating.services.years.windows import set_windows
from tests.services import district
from tests.services.browser import Browser
from tests.services.test_assessment_pages import fields
from tests.services.test_assessments import OWN, PARTS, who

CELL = PARTS[0]


def stands(year: int, people: dict[str, int], header: str = CELL) -> tuple[int, str, str, str]:
    found = cells_of(year, [people["first"]], [header])[people["first"], header]
    db.session.remove()
    return found.version, found.entry.shown, found.review.value, found.review_reason


def seen(people: dict[str, int], *headers: str, version: int = 1) -> list[Seen]:
    return [Seen(people["first"], header, version) for header in headers or (CELL,)]


def put(people: dict[str, int], value: str, version: int, header: str = CELL) -> list[Typed]:
    return [Typed(people["first"], header, version, value)]


def counts() -> list[int]:
    tables = (ScoreCell, ScoreValue, CellReview, AuditEvent)
    found = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    db.session.remove()
    return found


@pytest.fixture
def verifying(app: Any, verified: int) -> Any:
    """A filled-in cycle in verification, in the application's context; its key."""
    with app.app_context():
        yield verified


def test_the_table_of_moves_is_all_there_is() -> None:
    legal = {(row.verdict, row.source) for row in MOVES}
    for verdict in Verdict:
        for source in Review:
            assert (find_move(verdict, source) is not None) == ((verdict, source) in legal)
    assert find_move(Verdict.RETURN, Review.CONFIRMED) is None, "it is opened again first, with its reason"


def test_a_confirmed_score_is_locked_until_it_is_opened_again(verifying: int, people: dict[str, int]) -> None:
    wang, assessor, before = who(people, "wang"), who(people, "assessor"), counts()
    value = stands(verifying, people)[1]
    assert verify_scores(verifying, Verdict.CONFIRM, seen(people, *PARTS), "", wang) == 2
    assert verify_scores(verifying, Verdict.CONFIRM, seen(people, *PARTS), "", wang) == 0, "a double click is one"
    assert stands(verifying, people) == (1, value, "confirmed", "")
    assert [after - first for first, after in zip(before, counts(), strict=True)] == [0, 0, 2, 2]
    kept = counts()
    for typed in (put(people, "1" if value == "0" else "0", 1), put(people, "", 1)):
        with pytest.raises(RuleError, match=r"score\.confirmed"):
            save_scores(verifying, typed, assessor)
    for verdict in (Verdict.RETURN, Verdict.CONFIRM):
        with pytest.raises(RuleError, match=r"verification\.no_move"):
            verify_scores(verifying, verdict, seen(people), "看错了", who(people, "liu"))
    with pytest.raises(RuleError, match=r"verification\.reason"):
        verify_scores(verifying, Verdict.REOPEN, seen(people), " ", wang)
    assert counts() == kept
    district.step(verifying, "return_to_scoring", people["wang"], "要补填")
    with pytest.raises(RuleError, match=r"score\.confirmed"):
        save_scores(verifying, put(people, "1" if value == "0" else "0", 1), assessor)
    with pytest.raises(RuleError, match=r"window\.(not_now|over)"):
        verify_scores(verifying, Verdict.REOPEN, seen(people), "看错了", wang)
    district.step(verifying, "close_scoring", people["wang"])
    assert verify_scores(verifying, Verdict.REOPEN, seen(people), "看错了", wang) == 1
    assert stands(verifying, people) == (1, value, "open", "")
    assert verify_chain().broken_at is None


def test_what_was_returned_is_put_right_by_its_assessor_alone(verifying: int, people: dict[str, int]) -> None:
    wang, assessor = who(people, "wang"), who(people, "assessor")
    other = "1" if stands(verifying, people)[1] == "0" else "0"
    with pytest.raises(RuleError, match=r"verification\.reason"):
        verify_scores(verifying, Verdict.RETURN, seen(people), "", wang)
    assert verify_scores(verifying, Verdict.RETURN, seen(people), "与档案不符", wang) == 1
    assert stands(verifying, people)[2:] == ("returned", "与档案不符")
    kept = counts()
    for name in ("town", "unit", "auditor", "city", "wang"):
        with pytest.raises(RuleError, match=r"score\.none"):
            save_scores(verifying, put(people, other, 1), who(people, name))
    beside = "1" if stands(verifying, people, PARTS[1])[1] == "0" else "0"
    with pytest.raises(RuleError, match=r"window\.(not_now|over)"):
        save_scores(verifying, put(people, other, 1) + put(people, beside, 1, PARTS[1]), assessor)
    assert counts() == kept, "a cell that was not returned is shut, and with it the whole save"
    with pytest.raises(EntriesRefused):
        save_scores(verifying, put(people, "三", 1), assessor)
    assert save_scores(verifying, put(people, other, 1), assessor).changed == 1
    assert stands(verifying, people) == (2, other, "open", "")
    with pytest.raises(RuleError, match=r"window\.(not_now|over)"):
        save_scores(verifying, put(people, "1" if other == "0" else "0", 2), assessor)
    assert verify_scores(verifying, Verdict.CONFIRM, seen(people, version=2), "", wang) == 1
    history = db.session.scalars(select(CellReview.review).order_by(CellReview.id)).all()
    assert history == ["returned", "open", "confirmed"]


def test_a_township_puts_its_own_right_and_a_blank_cell_can_be_asked_for(
    verifying: int, people: dict[str, int]
) -> None:
    from starrating.services.transaction import transaction

    wang, town = who(people, "wang"), who(people, "town")
    with transaction() as session:
        session.execute(text("DELETE FROM score_cell WHERE unit_id = :unit AND header = :header"),
                        {"unit": people["first"], "header": OWN[0]})  # fmt: skip
    with pytest.raises(RuleError, match=r"verification\.blank"):
        verify_scores(verifying, Verdict.CONFIRM, seen(people, OWN[0], version=0), "", wang)
    assert verify_scores(verifying, Verdict.RETURN, seen(people, OWN[0], version=0), "没有填", wang) == 1
    assert verify_scores(verifying, Verdict.RETURN, seen(people, OWN[0], version=0), "没有填", wang) == 0
    assert stands(verifying, people, OWN[0]) == (1, "", "returned", "没有填")
    with pytest.raises(RuleError, match=r"score\.none"):
        save_scores(verifying, put(people, "3", 1, OWN[0]), who(people, "assessor"))
    assert save_scores(verifying, put(people, "3", 1, OWN[0]), town).changed == 1
    assert stands(verifying, people, OWN[0]) == (2, "3", "open", "")


def test_a_verdict_is_on_what_was_seen_or_on_nothing(verifying: int, people: dict[str, int]) -> None:
    wang, assessor, kept = who(people, "wang"), who(people, "assessor"), counts()
    for wrong, code in (
        ([*seen(people, *PARTS), Seen(people["first"], OWN[0], 9)], "verification.changed"),
        ([*seen(people, *PARTS), Seen(people["first"], "V99", 1)], "verification.none"),
        ([*seen(people, *PARTS), Seen(999_999, CELL, 1)], "verification.none"),
    ):
        with pytest.raises(RuleError, match=code):
            verify_scores(verifying, Verdict.CONFIRM, wrong, "", wang)
    for name in ("assessor", "town", "unit", "auditor", "city"):
        with pytest.raises(RuleError, match=r"verification\.none"):
            verify_scores(verifying, Verdict.CONFIRM, seen(people), "", who(people, name))
    assert counts() == kept
    verify_scores(verifying, Verdict.RETURN, seen(people), "再看", wang)
    other = "1" if stands(verifying, people)[1] == "0" else "0"
    save_scores(verifying, put(people, other, 1), assessor)
    with pytest.raises(RuleError, match=r"verification\.changed"):
        verify_scores(verifying, Verdict.CONFIRM, seen(people, version=1), "", wang)


def test_the_window_of_verification(verifying: int, people: dict[str, int], clock: Any) -> None:
    wang, assessor = who(people, "wang"), who(people, "assessor")
    verify_scores(verifying, Verdict.RETURN, seen(people), "再看", wang)
    row = cycle(verifying)
    assert row is not None
    set_windows(verifying, {Stage.VERIFICATION: Window(closes=clock())}, row.version, people["wang"])
    other = "1" if stands(verifying, people)[1] == "0" else "0"
    clock.at += timedelta(microseconds=1)
    kept = counts()
    with pytest.raises(RuleError, match=r"window\.(not_now|over)"):
        save_scores(verifying, put(people, other, 1), assessor)
    with pytest.raises(RuleError, match=r"window\.(not_now|over)"):
        verify_scores(verifying, Verdict.CONFIRM, seen(people), "", wang)
    assert counts() == kept
    clock.at -= timedelta(microseconds=1)
    assert save_scores(verifying, put(people, other, 1), assessor).changed == 1


def test_confirm_while_the_assessor_saves_confirms_what_is_stored(
    app: Any, verifying: int, people: dict[str, int]
) -> None:
    """Rounds of a confirmation against a correction: whatever wins, a confirmed value is the one that was seen."""
    wang, assessor = who(people, "wang"), who(people, "assessor")
    answers: list[tuple[str, str]] = []
    differences = 0
    for number in range(12):
        version, value, review, _ = stands(verifying, people)
        if review == "confirmed":
            verify_scores(verifying, Verdict.REOPEN, seen(people, version=version), f"第{number}轮", wang)
        verify_scores(verifying, Verdict.RETURN, seen(people, version=version), f"第{number}轮", wang)
        other = "1" if value == "0" else "0"
        said: dict[str, str] = {}
        begin = threading.Barrier(2)

        def run(name: str, act: Any, said: dict[str, str] = said, begin: threading.Barrier = begin) -> None:
            with app.app_context():
                begin.wait()
                try:
                    act()
                    said[name] = "done"
                except RuleError as refusal:
                    said[name] = refusal.code
                except ScoresConflict:
                    said[name] = "conflict"
                finally:
                    db.session.remove()

        acts = {
            "confirm": lambda v=version: verify_scores(verifying, Verdict.CONFIRM, seen(people, version=v), "", wang),
            "save": lambda v=version, o=other: save_scores(verifying, put(people, o, v), assessor),
        }
        threads = [threading.Thread(target=run, args=pair) for pair in acts.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        answers.append((said["confirm"], said["save"]))
        after = stands(verifying, people)
        if said["confirm"] == "done":
            differences += (after[0], after[1], after[2]) != (version, value, "confirmed")
        else:
            differences += (after[0], after[1], after[2]) != (version + 1, other, "open")
    assert differences == 0
    assert set(answers) <= {("done", "score.confirmed"), ("verification.changed", "done")}, answers
    assert verify_chain().broken_at is None


def test_the_grid_keeps_to_the_same_locks(verifying: int, people: dict[str, int]) -> None:
    wang, assessor = who(people, "wang"), who(people, "assessor")
    verify_scores(verifying, Verdict.CONFIRM, seen(people, PARTS[1]), "", wang)
    verify_scores(verifying, Verdict.RETURN, seen(people), "再看", wang)
    other = {header: "1" if stands(verifying, people, header)[1] == "0" else "0" for header in (*PARTS, "V1.1.不团结")}
    kept = [stands(verifying, people, header) for header in other]
    answers = save_each(verifying, [one for header, text in other.items() for one in put(people, text, 1, header)],
                        assessor)  # fmt: skip
    said = {one.header: (one.outcome, one.fault.code if one.fault else "") for one in answers}
    assert said == {
        CELL: (Outcome.SAVED, ""),
        PARTS[1]: (Outcome.REFUSED, "entry.confirmed"),
        "V1.1.不团结": (Outcome.CLOSED, "window.not_now"),
    }
    assert [stands(verifying, people, header) for header in other] == [(2, other[CELL], "open", ""), *kept[1:]]


def test_returned_scores_stop_the_determination(verifying: int, people: dict[str, int]) -> None:
    from starrating.queries.content import content_digest

    digest = content_digest(determine(verifying, people["wang"]))
    verify_scores(verifying, Verdict.RETURN, seen(people), "与档案不符", who(people, "wang"))
    with pytest.raises(RuleError, match=r"determination\.returned"):
        confirm_determination(verifying, digest, people["liu"])
    verify_scores(verifying, Verdict.CONFIRM, seen(people), "", who(people, "liu"))
    assert confirm_determination(verifying, digest, people["liu"])
    row = cycle(verifying)
    assert row is not None
    assert review_total(row)[Review.OPEN] > 0, "what is not confirmed is shown, and stops nothing"


def test_the_history_of_verification_is_final(verifying: int, people: dict[str, int]) -> None:
    verify_scores(verifying, Verdict.RETURN, seen(people), "再看", who(people, "wang"))
    for statement in ("UPDATE cell_review SET reason = 'x'", "DELETE FROM cell_review"):
        with pytest.raises(DatabaseError):
            db.session.execute(text(statement))
        db.session.rollback()
    with pytest.raises(DatabaseError):
        db.session.execute(text("UPDATE score_cell SET review = 'returned', review_reason = ''"))
    db.session.rollback()


def test_the_page_confirms_returns_and_leads_the_assessor(app: Any, verified: int, people: dict[str, int]) -> None:
    wang, assessor, first = Browser(app, "wang"), Browser(app, "assessor"), people["first"]
    page = f"/verification/cycles/{verified}"
    where = f"{page}?township={people['township']}&indicator={quote('village:V1.3')}"
    shown = wang.get(where)
    assert f'value="{first}:1:{CELL}"' in shown
    wang.post(where, {"verdict": "return", "c": f"{first}:1:{CELL}"}, 422)
    kept = wang.post(where, {"verdict": "confirm"}, 422)
    assert "没有选" in kept
    wang.post(where, {"verdict": "return", "c": f"{first}:1:{CELL}", "reason": "与档案不符"})
    assert "退回了1格" in wang.get(where)
    assert "与档案不符" in wang.get(f"{where}&show=returned")
    back = assessor.get("/scoring/returned")
    assert "与档案不符" in back
    assert "退回给我的1格" in assessor.get("/scoring/")
    assert "区里退回了1格" in assessor.get("/")
    assert "没有退回给你的" in Browser(app, "town").get("/scoring/returned")
    sheet = f"/scoring/cycles/{verified}/units/{first}?part=V1"
    form = fields(assessor.get(sheet))
    assert [name for name in form if name.startswith("v:")] == [f"v:{first}:{CELL}"], "only what was returned"
    other = "1" if form[f"v:{first}:{CELL}"] == "0" else "0"
    late = wang.get(where)
    assessor.post(sheet, form | {f"v:{first}:{CELL}": other})
    assert "没有退回给你的" in assessor.get("/scoring/returned")
    assert f'value="{first}:1:{CELL}"' in late
    stale = wang.post(where, {"verdict": "confirm", "c": f"{first}:1:{CELL}", "reason": "写了一半"}, 409)
    assert "打开页面以后改过" in stale
    assert "写了一半" in stale
    wang.post(where, {"verdict": "confirm", "c": f"{first}:2:{CELL}"})
    assert "确认了1格" in wang.get(where)
    assert "已确认" in assessor.get(sheet)
    assert not [name for name in fields(assessor.get(sheet)) if name.startswith("v:")]
    locked = assessor.post(sheet, {f"v:{first}:{CELL}": "", f"b:{first}:{CELL}": "2", f"r:{first}:V1.3": "要改"}, 409)
    assert "已经确认" in locked
    wang.post(where, {"verdict": "reopen", "c": f"{first}:2:{CELL}", "reason": "看错了"})
    trail = wang.client.get("/audit/", check=False).get_data(as_text=True)
    for sentence in ("退回了2024年度", "确认了2024年度", "撤回了2024年度"):
        assert sentence in trail
    assert "没有经过复核确认" in wang.get(f"/ratings/cycles/{verified}/determination")


def test_a_whole_page_is_confirmed_at_once(app: Any, verified: int, people: dict[str, int]) -> None:
    import re

    wang = Browser(app, "wang")
    where = f"/verification/cycles/{verified}?township={people['township']}&indicator={quote('village:V1.3')}&show=open"
    shown = re.findall(r'name="p" value="([^"]+)"', wang.get(where))
    assert len(shown) > 4
    from tests.web.city import token_in

    token = token_in(wang.client.get("/accounts/password").get_data(as_text=True))
    answer = wang.client.post(where, data={"csrf_token": token, "verdict": "confirm-page", "p": shown})
    assert answer.status_code == 303
    assert f"确认了{len(shown)}格" in wang.get(where)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CellReview)) == len(shown)


@pytest.mark.parametrize(
    ("name", "status"),
    [("wang", 200), ("auditor", 200), ("city", 200), ("assessor", 403), ("town", 404), ("unit", 404)],
)
def test_who_sees_and_who_decides(app: Any, verified: int, people: dict[str, int], name: str, status: int) -> None:
    browser = Browser(app, name)
    page = browser.get(f"/verification/cycles/{verified}", status)
    assert ("确认选中的" in page) == (name == "wang")
    browser.get("/verification/cycles/999", 404)
    if name == "wang":
        for wrong in ({"verdict": "x"}, {"verdict": "confirm", "c": "x"}, {"verdict": "confirm-all", "c": "1:1:V1"}):
            browser.post(f"/verification/cycles/{verified}", wrong, 400)
        browser.get(f"/verification/cycles/{verified}?township=999999", 404)
        browser.get(f"/verification/cycles/{verified}?indicator=x", 404)
        browser.get(f"/verification/cycles/{verified}?show=x&page=99999999")
    else:
        browser.post(f"/verification/cycles/{verified}", {"verdict": "confirm", "c": f"{people['first']}:1:{CELL}"},
                     status if status != 200 else 403)  # fmt: skip


def test_no_page_runs_a_statement_a_row(app: Any, verified: int, people: dict[str, int]) -> None:
    with app.app_context():
        verify_scores(verified, Verdict.RETURN, seen(people, *PARTS), "再看", who(people, "wang"))
        db.session.remove()
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for name, address in (("wang", f"/verification/cycles/{verified}"), ("assessor", "/scoring/returned"),
                          ("assessor", "/"), ("wang", "/"), ("assessor", "/scoring/")):  # fmt: skip
        browser = Browser(app, name)
        asked.clear()
        browser.get(address)
        assert 0 < len([one for one in asked if not one.startswith("BEGIN")]) <= 20, (address, len(asked))
