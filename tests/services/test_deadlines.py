"""The deadline of every route that writes into a year: ±1 µs, ±1 s, ±1 day, on servers in four time zones.

`STAGES_OF` names the stage of each such route; a new one without a row fails here. The routes themselves are called,
with a form that was opened while the window was open.
"""

from __future__ import annotations

import html
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from starrating.blueprints.guards import GUARDS
from starrating.blueprints.stages import STAGES_OF, WITHOUT_WINDOW
from starrating.domain.assessment import Move
from starrating.domain.evidence import Purpose
from starrating.domain.spot_checks import Effect
from starrating.domain.windows import TICK, Stage, Window, first_instant, last_instant
from starrating.domain.workflow import CycleState
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.cycles import Cycle
from starrating.models.divisions import Unit
from starrating.models.publications import Notice
from starrating.models.ratings import Determination, Rating
from starrating.models.scores import ScoreCell
from starrating.queries.cycles import cycle
from starrating.services.assessment.assessments import save_assessment, submit_assessment
from starrating.services.assessment.reviews import Decision, review_assessments
from starrating.services.assessment.spot_checks import Finding, record_spot_check
from starrating.services.evidence.evidence import add_evidence
from starrating.services.evidence.rights import Slot
from starrating.services.people import vault
from starrating.services.rating.events import flags_of, record_event
from starrating.services.scoring import imports
from starrating.services.scoring.scores import Source
from starrating.services.scoring.sheet_cells import Proposed
from starrating.services.scoring.typed_scores import Typed
from starrating.services.transaction import transaction
from starrating.services.years.windows import set_windows
from tests.services import district
from tests.services.browser import Browser
from tests.services.files import PDF
from tests.services.test_assessments import PARTS
from tests.services.test_scores import who
from tests.web.city import token_of

ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati")
STEPS = (TICK, timedelta(seconds=1), timedelta(days=1))
OPENS, CLOSES = first_instant(date(2024, 3, 10)), last_instant(date(2024, 11, 3))
"""The days on which New York changes its clocks."""
TAKEN = 8 * len(ZONES)
"""Writes of a route that are taken; each needs something of its own to work on, and so does one refused after them."""


@dataclass
class Route:
    """A write as somebody does it: who, where to, with which fields, and what of them a refusal gives back."""

    name: str
    address: str
    fields: dict[str, str]
    kept: str
    act: str = "score_saved"
    """What the trail calls it."""


def routes(people: dict[str, int]) -> dict[tuple[str, Stage], Route]:
    """Every route of `STAGES_OF`; `{bit}`, `{version}`, `{key}` and `{number}` change with every write."""
    first = people["first"]
    sheet = "/scoring/cycles/1/village/indicators/V1.3"
    unit = f"/scoring/cycles/1/units/{first}"
    check, own = "V1.3.未发展未培养", "V1.2.支委会@Q1"
    files = f"/evidence/cycles/1/units/{first}"
    scoring, events, own_view = Stage.SCORING, Stage.EVENTS, Stage.SELF_ASSESSMENT
    sent = {"indicator": "V1.3", "files": "{number}.pdf"}
    found = {
        ("scoring.save_indicator", scoring): Route(
            "assessor", sheet, {f"v:{first}:{check}": "{bit}", f"b:{first}:{check}": "{version}"}, f"{check}\t{{bit}}"
        ),
        ("scoring.save_unit", scoring): Route(
            "town", unit, {f"v:{first}:{own}": "{bit}", f"b:{first}:{own}": "{version}"}, f"{own}\t{{bit}}"
        ),
        ("scoring.record", events): Route(
            "wang", f"{unit}/events", {"flag": "{flag}", "count": "1", "reason": "第{number}号"}, "第{number}号",
            "event_recorded",
        ),
        ("scoring.withdraw", events): Route(
            "wang", f"{unit}/events/{{key}}/withdraw", {"reason": "{number}查否"}, "{number}查否", "event_withdrawn"
        ),
    }  # fmt: skip
    about = f"/assessments/cycles/1/units/{first}"
    field = f"{first}:{check}"
    found["assessments.save", own_view] = Route(
        "unit", f"{about}/parts/V1", {f"v:{field}": "{bit}", f"b:{field}": "{version}"}, f"{check}\t{{bit}}",
        "self_assessed",
    )  # fmt: skip
    found["assessments.submit", own_view] = Route(
        "unit", f"{about}/submit", {"a:V1.3": "{assessed}"}, "", "assessment_submitted"
    )
    decided = {"a:V1.3": "{assessed}", "m:V1.3": "return", "r:V1.3": "{number}再看"}
    found["assessments.decide", Stage.REVIEW] = Route(
        "town", f"{about}/review", decided, "{number}再看", "assessment_reviewed"
    )
    found["exchange.confirm", scoring] = Route(
        "assessor", "/exchange/cycles/1/imports/{key}", {"digest": "{digest}"}, "表.xlsx", "import_stored"
    )
    found["scoring.grid_save", scoring] = Route("assessor", "", {}, "")
    found["spot_checks.store", events] = Route(
        "wang", f"/spot-checks/cycles/1/units/{first}/new",
        {"place": "村口", "seen_at": "2024-01-05T09:30", "found_by": "二组", "found": "{number}", "effect": "noted",
         "answer_needed": "no"}, "{number}", "spot_check_recorded",
    )  # fmt: skip
    found["verification.decide", Stage.VERIFICATION] = Route(
        "wang", "/verification/cycles/1", {"verdict": "return", "c": "{key}", "reason": "{number}再核"}, "{number}再核",
        "score_returned",
    )  # fmt: skip
    found["verification.confirm_all", Stage.VERIFICATION] = Route(
        "wang", "/verification/cycles/1/shown", {"shown": "{packed}"}, "北京时间", "score_confirmed"
    )
    found["verification.return_all", Stage.VERIFICATION] = Route(
        "wang", "/verification/cycles/1/shown/return", {"shown": "{packed}", "reason": "{number}再核"}, "{number}再核",
        "score_returned",
    )  # fmt: skip
    for word, name, field, act in (
        ("answer", "unit", "text", "answered"),
        ("count", "wang", "reason", "counted"),
        ("withdraw", "wang", "reason", "withdrawn"),
    ):
        found[f"spot_checks.{word}", events] = Route(
            name, f"/spot-checks/{{key}}/{word}", {"version": "1", field: "{number}说明"}, "{number}说明",
            f"spot_check_{act}",
        )  # fmt: skip
    found["evidence.upload", events] = Route(
        "wang", files, {"files": "{number}.pdf", "purpose": "spot_check", "spot_check": "{key}"}, "{number}.pdf",
        "evidence_added",
    )  # fmt: skip
    found["objections.lodge", Stage.OBJECTION] = Route(
        "unit", f"/objections/cycles/1/units/{first}/own", {"grounds": "这一项扣错了，照片和台账都有{number}"},
        "这一项扣错了，照片和台账都有{number}", "objection_lodged",
    )  # fmt: skip
    found["public.object_to", Stage.OBJECTION] = Route(
        "unit", "/public/notices/{key}/objections",
        {"unit": "{code}", "grounds": "这一项扣错了，有照片和台账", "name": "路人甲", "contact": "某村一组12号",
         "consent": "1", "form": "a form of its own {number}"},
        "这一项扣错了，有照片和台账", "objection_received",
    )  # fmt: skip
    for stage, name, purpose in ((scoring, "assessor", "score"), (own_view, "unit", "self_assessment")):
        found["evidence.upload", stage] = Route(
            name, files, sent | {"purpose": purpose}, "{number}.pdf", "evidence_added"
        )
        found["evidence.remove", stage] = Route(
            name, f"{files}/files/{{key}}/remove", {"reason": "{number}传错了"}, "{number}传错了", "evidence_removed"
        )
    return found


Before = Callable[[int], dict[str, object]]


def prepared(endpoint: str, stage: Stage, cycle_id: int, people: dict[str, int]) -> Before:
    """What the route works on, made ready; what it answers belongs to the write after so many that were taken."""
    first, unit = people["first"], who(people, "unit")
    match endpoint:
        case "assessments.submit" | "assessments.decide":
            save_assessment(cycle_id, first, [Typed(first, one, 0, "1") for one in PARTS], unit)
            if endpoint == "assessments.decide":
                submit_assessment(cycle_id, first, {"V1.3": 1}, unit)
            return lambda taken: _to_and_fro(endpoint, cycle_id, people, taken)
        case "verification.decide" | "verification.confirm_all" | "verification.return_all":
            district.fill(cycle_id)
            district.step(cycle_id, "close_scoring", people["wang"])
            cells = db.session.execute(
                select(ScoreCell.unit_id, ScoreCell.version, ScoreCell.header).limit(TAKEN + 1)
            ).all()
            return lambda taken: {
                "key": ":".join(map(str, cells[taken])),
                "packed": json.dumps({cells[taken].header: f"{cells[taken].unit_id}.{cells[taken].version}.open"}),
            }
        case "objections.lodge":
            _noticed(cycle_id, people)
            return lambda taken: {}
        case "public.object_to":
            vault.add_key()
            code = db.session.scalar(select(Unit.code).where(Unit.id == first))
            _noticed(cycle_id, people, a_list(str(code)))
            notice = db.session.scalar(select(func.max(Notice.id)))
            return lambda taken: {"key": notice, "code": code}
        case "exchange.confirm":
            return lambda taken: _waiting(cycle_id, people, taken)
        case _:
            keys = _keys(endpoint, stage, cycle_id, people)
            return lambda taken: {"key": keys[taken]}


def _to_and_fro(endpoint: str, cycle_id: int, people: dict[str, int], taken: int) -> dict[str, object]:
    """A submission that was taken is returned, a return is submitted again, so that the next write finds its state."""
    first, version = people["first"], 2 * taken + (endpoint == "assessments.decide")
    if taken and endpoint == "assessments.submit":
        given = [Decision("V1.3", version, Move.RETURN, "再看")]
        review_assessments(cycle_id, first, given, who(people, "town"))
    elif taken:
        submit_assessment(cycle_id, first, {"V1.3": version}, who(people, "unit"))
    return {"assessed": version + 1}


def a_list(code: str) -> str:
    """The text of a notice with one unit."""
    unit = {"code": code, "name": "闫街村", "township": "1", "level": "four", "previous": "", "change": None,
            "movement": "first"}  # fmt: skip
    days = {"opens": "2024-03-10", "closes": "2024-11-03", "days": 5, "working_days": True}
    return json.dumps({
        "year": 2024, "kind": "village", "district": {"code": "1", "name": "示例区"}, "show_scores": False,
        "scheme": {"title": "示例办法", "digest": "0" * 64}, "notice": days, "townships": {"1": "示例镇"},
        "levels": [{"code": "four", "name": "四星", "stars": 4}], "units": [unit],
    })  # fmt: skip


def _noticed(cycle_id: int, people: dict[str, int], text: str = "{}") -> None:
    """A result of the unit on notice from the first to the last day: the days of a notice are those of objections."""
    with transaction() as session:
        made = Determination(cycle_id=cycle_id, kind="village", state="trial", scheme_digest="0" * 64,
                             input_digest="0" * 64, engine_version="1", determined_by=people["wang"],
                             determined_at=OPENS)  # fmt: skip
        session.add(made)
        session.flush()
        session.add(Rating(determination_id=made.id, unit_id=people["first"], status="rated", total="80.00", pool="",
                           level="four", level_name="四星", stars=4, movement="first", reasons="[]",
                           consequences="[]"))  # fmt: skip
        session.flush()
        made.state, made.confirmed_by, made.confirmed_at = "confirmed", people["liu"], OPENS
        session.add(Notice(determination_id=made.id, opens_on=date(2024, 3, 10), closes_on=date(2024, 11, 3), text=text,
                           opened_at=OPENS, opened_by=people["wang"]))  # fmt: skip
        session.execute(update(Cycle).where(Cycle.id == cycle_id).values(state=CycleState.NOTICE))


def _waiting(cycle_id: int, people: dict[str, int], taken: int) -> dict[str, object]:
    """An import of one cell that waits for its confirmation."""
    row, by = cycle(cycle_id), who(people, "assessor")
    assert row is not None
    cell = Typed(people["first"], PARTS[0], taken, str(taken % 2))
    proposed = [Proposed(cell, str(1 - taken % 2) if taken else "")]
    key = imports.keep(row, Source.WORKBOOK, "表.xlsx", str(taken).encode(), proposed, by)
    return {"key": key, "digest": imports.preview(row, proposed).digest}


def _keys(endpoint: str, stage: Stage, cycle_id: int, people: dict[str, int]) -> list[int]:
    """Events or files, as many as are asked for."""
    if endpoint == "scoring.withdraw":
        flag, wang = flags_of(cycle_id, "village")[0], who(people, "wang")
        return [record_event(cycle_id, people["first"], flag, 1, f"第{number}件", wang) for number in range(TAKEN + 1)]
    if endpoint == "evidence.remove":
        purpose = Purpose.SCORE if stage is Stage.SCORING else Purpose.SELF_ASSESSMENT
        by = who(people, "assessor" if stage is Stage.SCORING else "unit")
        slot = Slot(cycle_id, people["first"], "V1.3", purpose)
        return [add_evidence(slot, f"{number}.pdf", io.BytesIO(PDF), by) for number in range(TAKEN + 1)]
    if endpoint.startswith("spot_checks.") or stage is Stage.EVENTS:
        seen = first_instant(date(2024, 1, 5))
        usual = Finding("村口", seen, "二组", "垃圾", Effect.NOTED, answer_needed=False)
        if endpoint == "spot_checks.answer":
            usual = replace(usual, answer_needed=True, answer_due=last_instant(date(2025, 1, 5)))
        made = [record_spot_check(cycle_id, people["first"], replace(usual, found=f"第{number}处"),
                                  who(people, "wang")) for number in range(TAKEN + 1)]  # fmt: skip
        return made[:1] * (TAKEN + 1) if endpoint == "evidence.upload" else made
    return list(range(TAKEN + 1))


@contextmanager
def server_in(zone: str) -> Iterator[None]:
    """The process as a server whose clock is set to a zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


def test_every_route_that_writes_names_its_stage_or_that_it_has_none() -> None:
    writing = {endpoint for endpoint, method in GUARDS if method not in ("GET", "OPTIONS")}
    assert writing == set(STAGES_OF) | WITHOUT_WINDOW
    assert set(STAGES_OF) & WITHOUT_WINDOW == set()


@pytest.fixture
def scoring(in_scoring: int, app: Any, tmp_path: Path) -> int:
    app.config["PERSONAL_KEY_FILE"] = str(tmp_path / "keys.json")
    return in_scoring


@pytest.mark.parametrize(("endpoint", "stage"), [(one, stage) for one in STAGES_OF for stage in STAGES_OF[one]])
def test_inside_is_taken_and_outside_is_refused_with_the_text_kept(
    app: Any, scoring: int, people: dict[str, int], clock: Any, endpoint: str, stage: Stage
) -> None:
    app.config["EVIDENCE_FILES"] = 100
    route = routes(people)[endpoint, stage]
    with app.app_context():
        before_write, flag = prepared(endpoint, stage, scoring, people), flags_of(scoring, "village")[0]
        row = cycle(scoring)
        assert row is not None
        if stage is not Stage.OBJECTION:
            set_windows(scoring, {stage: Window(OPENS, CLOSES)}, row.version, people["wang"])
    taken, answers, before = 0, 0, told(app, route.act)
    ready: dict[str, object] = {}
    for at, inside in instants():
        clock.at = at
        browser = Browser(app, route.name)
        for zone in ZONES:
            with app.app_context():
                if not ready or endpoint == "exchange.confirm":
                    ready = before_write(taken)
            said = {"bit": taken % 2, "version": taken, "number": f"{taken}{zone[-3:]}{at:%d%H%M%S%f}", "flag": flag,
                    **ready}  # fmt: skip
            fields: dict[str, Any] = {name: text.format(**said) for name, text in route.fields.items()}
            if "files" in fields:
                fields["files"] = (io.BytesIO(PDF), fields["files"])
            with server_in(zone):
                if endpoint == "scoring.grid_save":
                    kept = grid_save(browser, people, taken, inside=inside)
                    taken, answers = taken + inside, answers + 1
                    assert kept
                    continue
                page = browser.post(route.address.format(**said), fields, 303 if inside else 409)
            assert inside or route.kept.format(**said) in html.unescape(page), (zone, at)
            taken, answers, ready = taken + inside, answers + 1, {} if inside else ready
    assert (answers, taken) == (14 * len(ZONES), 8 * len(ZONES)) == (14 * len(ZONES), TAKEN)
    assert told(app, route.act) - before == taken


def grid_save(browser: Browser, people: dict[str, int], taken: int, *, inside: bool) -> bool:
    """A cell sent as the grid sends it: outside it is answered as closed, with why, and the page keeps the text."""
    token = token_of(browser.client)
    cell = {"unit": people["first"], "header": PARTS[0], "version": taken, "text": str(taken % 2)}
    answer = browser.client.post("/scoring/cycles/1/village/grid/cells", headers={"X-CSRFToken": token},
                                 json={"account": people["assessor"], "cells": [cell]})  # fmt: skip
    (said,) = answer.get_json()["cells"]
    if inside:
        return said["status"] == "saved" and said["version"] == taken + 1
    return said["status"] == "closed" and "北京时间" in said["why"]


def told(app: Any, act: str) -> int:
    """How often the trail knows an act."""
    with app.app_context():
        found = db.session.scalar(select(func.count()).where(AuditEvent.act == act)) or 0
        db.session.remove()
    return int(found)


def instants() -> list[tuple[datetime, bool]]:
    """The instants around both ends, and whether each is inside."""
    found = [(OPENS, True), (CLOSES, True)]
    for step in STEPS:
        found += [(OPENS - step, False), (OPENS + step, True), (CLOSES - step, True), (CLOSES + step, False)]
    return found


def test_days_of_the_dates_page_are_beijings_wherever_the_server_stands(
    app: Any, scoring: int, people: dict[str, int]
) -> None:
    del people
    for version, zone in enumerate(ZONES, start=2):
        with server_in(zone):
            days = {"scoring-opens": "2024-03-10", "scoring-closes": "2024-11-03", "version": str(version)}
            wang = Browser(app, "wang")
            address = f"/calendar/cycles/{scoring}/dates"
            wang.post(address, days)
            assert 'value="2024-11-03"' in wang.get(address)
            assert "2024-11-03 24:00" in Browser(app, "auditor").get(address)
        with app.app_context():
            row = cycle(scoring)
            assert row is not None
            assert (row.scoring_opens, row.scoring_closes) == (OPENS, CLOSES), zone
