"""The pages of spot checks through the house client: recording with photographs, the unit's answer, counting, scope."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from starrating.extensions import db
from starrating.models.divisions import Unit
from tests.services import files
from tests.services.test_evidence_pages import Sender
from tests.services.test_spot_checks import HEADER
from tests.web.city import token_in, token_of

FINDING = {
    "place": "村委会东侧", "seen_at": "2024-02-28T09:30", "found_by": "区暗访二组", "found": "垃圾堆了3天<b>没有清</b>",
    "effect": "noted", "answer_needed": "yes", "answer_due": "2024-03-05", "count": "1",
}  # fmt: skip


@pytest.fixture
def scoring(app: Any, in_scoring: int, tmp_path: Path) -> int:
    app.config["EVIDENCE_FOLDER"] = str(tmp_path / "evidence")
    return in_scoring


@pytest.fixture
def new(scoring: int, people: dict[str, int]) -> str:
    return f"/spot-checks/cycles/{scoring}/units/{people['first']}/new"


def record(wang: Sender, new: str, *photos: tuple[str, bytes], status: int = 303, **more: str) -> str:
    body: dict[str, Any] = {"csrf_token": token_of(wang.client), **FINDING, **more}
    body["files"] = [(io.BytesIO(content), name) for name, content in photos]
    answer = wang.client.post(new, data=body, content_type="multipart/form-data", buffered=True)
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    return str(answer.get_data(as_text=True)) if status != 303 else str(answer.headers["Location"])


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def test_from_the_field_to_the_answer_to_counting(app: Any, new: str, people: dict[str, int]) -> None:
    wang, unit = Sender(app, "wang"), Sender(app, "unit")
    assert "还没有" in wang.get("/spot-checks/") or "没有符合条件的暗访" in wang.get("/spot-checks/")
    assert f"{people['first']}/new" in wang.get("/spot-checks/new")
    assert "发现的时间" in wang.get(new)
    shown = record(wang, new, ("现场.jpg", files.picture()), ("假.pdf", files.HTML))
    page = wang.get(shown)
    for said in (
        "记了1件暗访",
        "假.pdf：看内容不是能收的文件",
        "现场.jpg",
        "没有清&lt;/b&gt;",
        "等说明",
        "现在不能算数",
        "2024-02-28 09:30",
    ):
        assert said in page, said
    assert "等说明" in unit.get("/spot-checks/")
    theirs = unit.get(shown)
    assert "现场.jpg" in theirs
    assert "撤回的理由" not in theirs
    place = f"/evidence/cycles/1/units/{people['first']}"
    fields = {"purpose": "spot_check", "indicator": "", "spot_check": shown.rpartition("/")[2], "next": shown}
    assert unit.send(place, ("当天清运.jpg", files.picture()), **fields).headers["Location"] == shown
    assert unit.send(place, ("坏的.jpg", files.HTML), **fields).headers["Location"] == shown
    assert "坏的.jpg：看内容不是能收的文件" in unit.get(shown)
    assert "说明是空的" in unit.post(f"{shown}/answer", {"version": version(theirs), "text": " "}, 422)
    unit.post(f"{shown}/answer", {"version": version(theirs), "text": "当天下午清了"})
    page = wang.get(shown)
    assert "当天下午清了" in page
    assert "当天清运.jpg" in page
    stale = str(int(version(page)) - 1)
    assert "已经往前走了" in wang.post(f"{shown}/count", {"version": stale, "reason": "属实"}, 409)
    wang.post(f"{shown}/count", {"version": version(page), "reason": "属实，只记下"})
    done = wang.get(shown)
    assert "已算数" in done
    assert "属实，只记下" in done
    assert "/count" not in done
    wang.post(f"{shown}/withdraw", {"version": "9", "reason": "晚了"}, 409)


def test_what_was_typed_comes_back_with_what_is_wrong(app: Any, new: str) -> None:
    wang = Sender(app, "wang")
    for more, said in (
        ({"place": ""}, "地点、谁发现的、发现了什么都要写"),
        ({"seen_at": "昨天"}, "时间不对"),
        ({"seen_at": "2099-01-01T00:00"}, "时间不对"),
        ({"answer_due": "2024-02-01"}, "定到哪一天为止"),
        ({"effect": "deduction", "header": HEADER, "value": "三"}, "不是数"),
        ({"effect": "deduction"}, "没有这一格"),
        ({"effect": "veto", "flag": "没有的", "count": "1"}, "没有这种事项"),
        ({"effect": "veto", "count": "x"}, "没有这种事项"),
        ({"effect": "vetoed"}, "选的不在列出的里面"),
        ({"effect": ""}, "选的不在列出的里面"),
        ({"answer_needed": "maybe"}, "选的不在列出的里面"),
    ):
        page = record(wang, new, status=422, **more)
        assert said in page
        assert "垃圾堆了3天&lt;b&gt;" in page
    assert "没有符合条件" in wang.get("/spot-checks/")
    wang.post(new, FINDING | {"answer_needed": "no", "answer_due": ""})


def test_a_deduction_by_its_assessor_and_a_conflict(app: Any, new: str, people: dict[str, int]) -> None:
    wang, assessor, first = Sender(app, "wang"), Sender(app, "assessor"), people["first"]
    shown = record(wang, new, effect="deduction", header=HEADER, value="1", answer_needed="no", answer_due="")
    assert "/count" not in wang.get(shown), "the district does not enter this cell"
    page = assessor.get(shown)
    sheet = f"/scoring/cycles/1/units/{first}"
    assessor.post(sheet, {f"v:{first}:{HEADER}": "0", f"b:{first}:{HEADER}": "0"})
    typed = {"version": version(page), "cell_version": "0", "value": "1", "reason": "暗访属实"}
    refused = assessor.post(f"{shown}/count", typed, 409)
    assert "刚把这一格改成了" in refused
    assert "暗访属实" in refused
    assessor.post(f"{shown}/count", typed | {"cell_version": "1"})
    assert "已算数" in assessor.get(shown)
    assert "暗访属实" in assessor.get(f"{sheet}/history?header={HEADER}")


def test_filters_and_scope(app: Any, new: str, scoring: int, people: dict[str, int]) -> None:
    wang = Sender(app, "wang")
    with app.app_context():
        elsewhere = db.session.scalar(
            select(Unit.id).where(Unit.district_id == people["district"], Unit.township_id != people["township"])
        )
        db.session.remove()
    own = record(wang, new, found="本镇的事")
    there = f"/spot-checks/cycles/{scoring}/units/{elsewhere}/new"
    other = record(wang, there, found="标记别镇的事", answer_needed="no", answer_due="")
    both = wang.get("/spot-checks/")
    assert "本镇的事" in both
    assert "标记别镇的事" in both
    for query, seen in (
        ("q=标记", False),
        ("state=answer_due", True),
        ("effect=veto", False),
        ("year=2024&q=本镇", True),
        ("year=2023", False),
        (f"township={people['township']}", True),
        ("state=x&effect=y&page=99", True),
    ):
        assert ("本镇的事" in wang.get(f"/spot-checks/?{query}")) is seen, query
    for name in ("town", "unit"):
        who = Sender(app, name)
        page = who.get("/spot-checks/")
        assert "本镇的事" in page
        assert "标记" not in page
        assert who.get(own)
        for path in ("", "/answer", "/count", "/withdraw"):
            answer = who.client.get(other) if not path else who.client.post(
                other + path, data={"csrf_token": token_in(who.get("/accounts/password")), "version": "1"}
            )  # fmt: skip
            assert answer.status_code == 404, (name, path)
        assert who.client.get("/spot-checks/new").status_code == 403
        assert who.client.get(new).status_code == 403
    for name in ("auditor", "city", "assessor"):
        assert "标记别镇的事" in Sender(app, name).get("/spot-checks/")
    assert wang.client.get("/spot-checks/999999").status_code == 404


def test_no_page_runs_a_statement_a_row(app: Any, new: str) -> None:
    wang = Sender(app, "wang")
    for number in range(12):
        shown = record(wang, new, ("现场.jpg", files.picture()), found=f"第{number}件")
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for address in ("/spot-checks/", shown, new, "/spot-checks/new"):
        asked.clear()
        wang.get(address)
        assert 0 < len([one for one in asked if not one.startswith("BEGIN")]) <= 20, (address, len(asked))
