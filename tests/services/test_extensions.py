"""Extensions on both databases: two people, one scope, until they end; nothing twice, nothing outside a scope."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from starrating.domain.access import Granted, Place, Role
from starrating.domain.faults import RuleError
from starrating.domain.windows import TICK, Stage, Window
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.divisions import Division
from starrating.models.windows import StageExtension
from starrating.queries.cycles import cycle
from starrating.queries.extensions import extensions_of
from starrating.services.audit import verify_chain
from starrating.services.scoring.scores import save_scores
from starrating.services.scoring.typed_scores import Typed
from starrating.services.transaction import transaction
from starrating.services.years.extensions import (
    Asked,
    approve_extension,
    ask_extension,
    refuse_extension,
    withdraw_extension,
)
from starrating.services.years.windows import set_windows
from tests.services import district
from tests.services.browser import Browser
from tests.services.test_scores import CHECK, OWN, who
from tests.web.city import identity


@pytest.fixture
def closed(app: Any, people: dict[str, int], in_scoring: int, clock: Any) -> int:
    """A cycle whose scoring closed a moment ago; its key."""
    with app.app_context():
        set_windows(in_scoring, {Stage.SCORING: Window(closes=clock.at)}, 2, people["wang"])
        clock.at += TICK
        return in_scoring


@pytest.fixture
def late(app: Any, closed: int) -> Any:
    """The same, in the application's context."""
    with app.app_context():
        yield closed


def told() -> list[str]:
    found = db.session.scalars(select(AuditEvent.act).where(AuditEvent.act.like("extension%")))
    return sorted(found)


def save(cycle_id: int, people: dict[str, int], name: str, header: str, text: str = "1") -> int:
    return save_scores(cycle_id, [Typed(people["first"], header, 0, text)], who(people, name)).changed


def test_a_department_gets_longer_once_a_second_person_agrees(late: int, people: dict[str, int], clock: Any) -> None:
    wang, assessor = who(people, "wang"), who(people, "assessor")
    ends = clock.at + timedelta(days=2)
    asked = Asked(Stage.SCORING, ends, department="区委组织部")
    key = ask_extension(late, asked, "数据没有到", assessor)
    assert ask_extension(late, asked, "数据没有到", assessor) == key, "a double click asks once"
    with pytest.raises(RuleError, match=r"window\.over"):
        save(late, people, "assessor", CHECK)
    approve_extension(late, key, wang)
    approve_extension(late, key, wang)
    district.step(late, "close_scoring", people["wang"])
    clock.at = ends
    assert save(late, people, "assessor", CHECK) == 1, "it counts in verification too, up to its last instant"
    with pytest.raises(RuleError, match=r"window\.not_now"):
        save(late, people, "town", OWN)
    clock.at = ends + TICK
    with pytest.raises(RuleError, match=r"window\."):
        save_scores(late, [Typed(people["first"], CHECK, 1, "0")], assessor)
    assert told() == ["extension_approved", "extension_asked"]
    assert verify_chain().broken_at is None


def test_nobody_decides_on_their_own_whatever_they_became(late: int, people: dict[str, int], clock: Any) -> None:
    row = cycle(late)
    assert row is not None
    ends = clock.at + timedelta(days=1)
    admin = Granted(Role.DISTRICT_ADMINISTRATOR, Place(row.municipality_id, row.district_id))
    for name, scope in (("wang", Asked(Stage.SCORING, ends, people["township"])),
                        ("town", Asked(Stage.SCORING, ends, people["township"])),
                        ("unit", Asked(Stage.SELF_ASSESSMENT, ends, unit_id=people["first"]))):  # fmt: skip
        key = ask_extension(late, scope, f"{name}要补", who(people, name))
        promoted = identity(people[name], admin)
        for act in (approve_extension, lambda *given: refuse_extension(given[0], given[1], "不行", given[2])):
            with pytest.raises(RuleError, match=r"extension\.own"):
                act(late, key, promoted)
        for other in ("town", "unit", "assessor", "auditor", "city"):
            with pytest.raises(RuleError, match=r"extension\.none"):
                approve_extension(late, key, who(people, other))
    assert told() == ["extension_asked"] * 3
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(StageExtension).values(state="approved", decided_by=StageExtension.asked_by,
                                                      decided_at=clock.at))  # fmt: skip


def test_what_cannot_be_asked_is_refused(late: int, people: dict[str, int], clock: Any) -> None:
    ends, first, town = clock.at + timedelta(days=1), people["first"], people["township"]
    other = db.session.scalars(
        select(Division.id).where(Division.level == "township", Division.id != town).limit(1)
    ).one()
    for name, asked, reason, code in (
        ("wang", Asked(Stage.SCORING, ends), "理由", "scope"),
        ("wang", Asked(Stage.SCORING, ends, town, first), "理由", "scope"),
        ("wang", Asked(Stage.SCORING, ends, people["district"]), "理由", "scope"),
        ("wang", Asked(Stage.SCORING, ends, 10**6), "理由", "scope"),
        ("wang", Asked(Stage.SCORING, ends, department="没有这个局"), "理由", "scope"),
        ("wang", Asked(Stage.SCORING, clock.at, town), "理由", "past"),
        ("wang", Asked(Stage.SCORING, None, town), "理由", "past"),
        ("wang", Asked(Stage.SCORING, ends, town), "  ", "reason"),
        ("town", Asked(Stage.SCORING, ends, other), "理由", "none"),
        ("town", Asked(Stage.SCORING, ends, department="区委组织部"), "理由", "none"),
        ("assessor", Asked(Stage.SCORING, ends, town), "理由", "none"),
        ("assessor", Asked(Stage.SCORING, ends, department="区民政局"), "理由", "none"),
        ("unit", Asked(Stage.SCORING, ends, town), "理由", "none"),
        ("auditor", Asked(Stage.SCORING, ends, town), "理由", "none"),
        ("city", Asked(Stage.SCORING, ends, town), "理由", "none"),
    ):
        with pytest.raises(RuleError, match=rf"extension\.{code}"):
            ask_extension(late, asked, reason, who(people, name))
    assert extensions_of(late) == ()
    assert told() == []


def test_refused_withdrawn_and_late_ones_open_nothing(late: int, people: dict[str, int], clock: Any) -> None:
    wang, liu, ends = who(people, "wang"), who(people, "liu"), clock.at + timedelta(days=1)
    asked = [ask_extension(late, Asked(Stage.SCORING, ends, people["township"]), f"第{number}次", wang)
             for number in range(4)]  # fmt: skip
    refuse_extension(late, asked[0], "不行", liu)
    withdraw_extension(late, asked[1], "不用了", wang)
    for key in asked[:2]:
        with pytest.raises(RuleError, match=r"extension\.changed"):
            approve_extension(late, key, liu)
    approve_extension(late, asked[2], liu)
    assert save(late, people, "town", OWN) == 1
    withdraw_extension(late, asked[2], "批错了", liu)
    with pytest.raises(RuleError, match=r"window\.over"):
        save_scores(late, [Typed(people["first"], OWN, 1, "2")], who(people, "town"))
    with pytest.raises(RuleError, match=r"extension\.none"):
        withdraw_extension(late, asked[3], "不行", who(people, "town"))
    clock.at = ends
    with pytest.raises(RuleError, match=r"extension\.past"):
        approve_extension(late, asked[3], liu)
    assert [one.state.value for one in extensions_of(late)].count("asked") == 1


def test_of_ten_decisions_at_once_one_counts(app: Any, late: int, people: dict[str, int], clock: Any) -> None:
    key = ask_extension(late, Asked(Stage.SCORING, clock.at + timedelta(days=1), people["township"]), "补",
                        who(people, "wang"))  # fmt: skip
    by = [who(people, name) for name in ("liu", "zhao")]
    db.session.remove()

    def decide(number: int) -> str:
        with app.app_context():
            try:
                if number % 2:
                    approve_extension(late, key, by[0])
                else:
                    refuse_extension(late, key, "不行", by[1])
            except RuleError as refusal:
                return refusal.code
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(decide, range(10)))
    assert sorted(set(answers)) == ["done", "extension.changed"]
    assert answers.count("done") == 5, "the faster one's double clicks are one effect"
    assert db.session.scalar(select(func.count()).where(AuditEvent.act.in_(
        ("extension_approved", "extension_refused")))) == 1  # fmt: skip


def test_the_pages_from_asking_to_the_end(app: Any, closed: int, people: dict[str, int]) -> None:
    here = f"/calendar/cycles/{closed}/extensions"
    town, wang = Browser(app, "town"), Browser(app, "wang")
    fields = {"stage": "scoring", "township": str(people["township"]), "ends": "2024-03-05", "reason": "停电两天"}
    assert "停电两天" in town.post(here, fields | {"ends": "2024-02-01"}, 422)
    town.post(here, fields | {"township": ""}, 422)
    town.post(here, fields)
    assert "等另一个人批" in town.get(here)
    assert "批准</button>" not in town.get(here)
    assert "有1个延期等你批" in wang.get("/")
    page = wang.get(here)
    assert "停电两天" in page
    assert "2024-03-05 24:00" in page
    town.post(f"{here}/1/decision", {"decision": "approve"}, 404)
    wang.post(f"{here}/1/decision", {"decision": "refuse", "reason": " "}, 422)
    wang.post(f"{here}/1/decision", {"decision": "approve"})
    wang.post(f"{here}/1/decision", {"decision": "refuse", "reason": "不行"}, 409)
    assert "已批准" in Browser(app, "auditor").get(here)
    assert "停电两天" not in Browser(app, "assessor").get(here), "who only enters sees what he asked for himself"
    town.post(f"{here}/1/withdrawal", {"reason": "来电了"})
    assert "已撤回" in town.get(here)
    Browser(app, "city").post(here, fields, 403)
