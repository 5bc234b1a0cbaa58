"""Tables of other systems through the house-rule client: columns chosen and remembered, samples, replaced or kept."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select, update

from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.divisions import Unit
from starrating.models.imports import ImportMapping
from starrating.models.scores import ScoreCell
from starrating.queries.scores import history_of
from starrating.services.audit import verify_chain
from tests.services import district
from tests.services.browser import Browser
from tests.web.city import token_of

DIGEST = re.compile(r'name="digest" value="([0-9a-f]{64})"')
SHEET = "/scoring/cycles/1/village/indicators/V6.1"
HEADS = "村名,满意率,有效问卷,备注"
CHOSEN = {"unit": "0", "village:1": "V6.1", "sample": "2", "sampled": "1", "least": "30"}
UNITS = [unit for unit in district.chosen_units() if unit.kind == "village"]


class Sender(Browser):
    """Somebody signed in who sends tables of other systems."""

    def send(self, data: bytes, name: str = "调查.csv", status: int = 303) -> str:
        """Where the columns are chosen, or the page that says why not."""
        token = token_of(self.client)
        fields = {"csrf_token": token, "file": (io.BytesIO(data), name)}
        answer = self.client.post("/exchange/cycles/1/tables", data=fields, content_type="multipart/form-data")
        assert answer.status_code == status, answer.get_data(as_text=True)[:500]
        return str(answer.headers["Location"]) if status == 303 else str(answer.get_data(as_text=True))

    def choose(self, address: str, fields: dict[str, str] | None = None) -> str:
        """Where a choice of columns leads."""
        token = token_of(self.client)
        answer = self.client.post(address, data={"csrf_token": token, **(fields or CHOSEN)})
        assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
        return str(answer.headers["Location"])

    def confirm(self, address: str, **fields: str) -> None:
        digest = DIGEST.findall(self.get(address))[0]
        self.post(address, {"digest": digest, **fields})

    def shown(self, key: int) -> str:
        return self.form(SHEET)[f"v:{key}:V6.1"]


def table(*rows: tuple[object, ...], heads: str = HEADS) -> bytes:
    return "\n".join([heads, *(",".join(str(cell) for cell in row) for row in rows)]).encode("gb18030")


@pytest.fixture
def scoring(app: Any, in_scoring: int) -> int:
    """A year in which nobody has entered anything of the survey."""
    with app.app_context():
        district.fill(in_scoring, without=lambda _code, header: header == "V6.1")
        return in_scoring


def counted(app: Any, what: Any) -> int:
    with app.app_context():
        found = db.session.scalar(select(func.count()).select_from(what)) or 0
        db.session.remove()
    return int(found)


def key_of(app: Any, code: str) -> int:
    with app.app_context():
        found = db.session.scalars(select(Unit.id).where(Unit.code == code)).one()
        db.session.remove()
    return int(found)


def test_a_survey_with_its_samples_from_file_to_history(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor = Sender(app, "assessor")
    first, second = (key_of(app, one.code) for one in UNITS[:2])
    data = table((UNITS[0].code, "91.5", 120, "好"), (UNITS[1].name, 88, 12, ""), (UNITS[2].code, "", "", ""))
    address = assessor.send(data)
    page = html.unescape(assessor.get(address))
    assert "有效问卷" in page
    assert UNITS[1].name in page
    assert "照上次对好了" not in page
    where = assessor.choose(address)
    page = assessor.get(where)
    assert "存这2格" in page
    assert "1个单位的样本不到30人" in page
    assert re.search(rf"{UNITS[1].name}.*?12人", page, re.DOTALL)
    assert "有1格空着" in page
    assessor.confirm(where)
    assert (assessor.shown(first), assessor.shown(second)) == ("91.5", "88")
    with app.app_context():
        (entry,) = history_of(scoring, first, "V6.1")
        assert (entry.reason, entry.source) == ("入户问卷满意率（%），样本120人", "import")
        told = db.session.scalars(select(AuditEvent.act).order_by(AuditEvent.sequence.desc()).limit(6)).all()
        assert sorted(told) == ["columns_chosen", "import_read", "import_stored", "score_saved", "score_saved",
                                "table_read"]  # fmt: skip
        assert verify_chain().broken_at is None
        db.session.remove()
    trail = Browser(app, "wang").client.get("/audit/", check=False).get_data(as_text=True)
    assert "的外来表“调查.csv”，3行，等定列" in trail
    assert "外来表“调查.csv”的1列填到哪里" in trail


def test_the_same_file_twice_changes_nothing_and_columns_are_remembered(
    app: Any, scoring: int, people: dict[str, int]
) -> None:
    assessor, data = Sender(app, "assessor"), table((UNITS[0].code, 91, 120, ""))
    assessor.confirm(assessor.choose(assessor.send(data), CHOSEN | {"note": "第三方调查"}))
    before = counted(app, ScoreCell)
    address = assessor.send(data)
    page = assessor.get(address)
    assert "照上次对好了" in page
    assert 'value="第三方调查"' in page
    assert re.search(r'name="village:1".*?<option value="V6.1" selected>', page, re.DOTALL)
    where = assessor.choose(address, CHOSEN | {"note": "第三方调查"})
    assert where.startswith("/exchange/?")
    assert "什么都没有写" in assessor.get(where)
    assessor.get(address, 404)
    assert (counted(app, ScoreCell), counted(app, ImportMapping)) == (before, 1)
    assessor.send(table((UNITS[0].code, 90, 120, "")))
    assert "照上次对好了" not in assessor.get(assessor.send(table((UNITS[0].code, 9), heads="村,满意率")))
    assert "照上次对好了" not in Sender(app, "town").get(Sender(app, "town").send(data)), "another one's to remember"


def test_units_that_are_unknown_or_ambiguous_are_listed_and_never_guessed(
    app: Any, scoring: int, people: dict[str, int]
) -> None:
    with app.app_context():
        for unit in UNITS[1:3]:
            db.session.execute(update(Unit).where(Unit.code == unit.code).values(name="同名村"))
        db.session.commit()
        db.session.remove()
    assessor, before = Sender(app, "assessor"), counted(app, ScoreCell)
    rows = [
        (UNITS[0].name[:-1], 90, 50, ""), ("同名村", 90, 50, ""), ("999999999999", 90, 50, ""),
        (UNITS[0].code, 90, 50, ""),
        (UNITS[0].name, 90, 50, ""), ("", 90, 50, ""), (UNITS[3].code, "九十", 50, ""), (UNITS[4].code, 90, "很多", ""),
        (UNITS[5].code, 101, 50, ""), (UNITS[6].code, "91%", 0, ""),
    ]  # fmt: skip
    address = assessor.send(table(*rows))
    page = html.unescape(assessor.post(address, CHOSEN, 422))
    for place in ("A2", "A3", "A4", "A6", "A7", "B8", "C9", "B11", "C11"):
        assert f"CSV!{place}<" in page, place
    assert "CSV!A5<" not in page
    for word in ("一字不差", "不止一个", UNITS[1].code, UNITS[2].code, "999999999999", "第一次在CSV!A5", "很多"):
        assert word in page, word
    assert "回去改列" in page
    assert counted(app, ScoreCell) == before
    assessor.get(address)
    assert "照上次对好了" in assessor.get(address), "a choice is kept for the corrected file"


def test_cells_with_values_are_kept_or_replaced_as_chosen(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor, keys = Sender(app, "assessor"), [key_of(app, one.code) for one in UNITS[:3]]
    assessor.confirm(assessor.choose(assessor.send(table(*((one.code, 80, 50, "") for one in UNITS[:2])))))
    data = table(*((one.code, 95, 60, "") for one in UNITS[:3]))
    where = assessor.choose(assessor.send(data))
    page = assessor.get(where)
    assert "共2格" in page
    assert "样本50人" in page, "what stands is shown with its reason"
    assert "李敏" in page
    assessor.confirm(where)
    assert [assessor.shown(key) for key in keys] == ["80", "80", "95"]
    where = assessor.choose(assessor.send(data))
    assessor.confirm(where, **{f"c:{keys[0]}:V6.1": "1"})
    assert [assessor.shown(key) for key in keys] == ["95", "80", "95"]
    where = assessor.choose(assessor.send(data))
    page = assessor.get(where)
    assessor.post(SHEET, assessor.form(SHEET) | {f"v:{keys[1]}:V6.1": "70"})
    assert "请再看一遍" in assessor.post(where, {"digest": DIGEST.findall(page)[0], "all": "replace"}, 409)
    assert assessor.shown(keys[1]) == "70"
    assessor.confirm(where, all="replace")
    assert [assessor.shown(key) for key in keys] == ["95", "95", "95"]


def test_choices_that_make_no_sense_are_told_and_kept(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor = Sender(app, "assessor")
    address = assessor.send(table((UNITS[0].code, 90, 50, "")))
    usual = {"unit": "0", "village:1": "V6.1"}
    for changed, word in (
        ({"unit": ""}, "哪一列写着是哪个单位"),
        ({"village:1": ""}, "至少给一列"),
        ({"village:2": "V6.1"}, "两列填到同一个指标"),
        ({"village:0": "V1.3.后备缺失"}, "不同的列"),
        ({"unit": "7"}, "重新选"),
        ({"village:1": "V1.2.党课@Q1"}, "不归你填"),
        ({"sampled": "1"}, "一起选"),
        ({"sample": "2", "least": "x"}, "最少样本数"),
    ):
        page = assessor.post(address, usual | {"note": "第三方调查"} | changed, 422)
        assert word in page
        assert 'value="第三方调查"' in page
    assessor.post(address, usual | {"unit": "-1"}, 400)
    assert counted(app, ImportMapping) == 0
    where = assessor.choose(address, usual | {"sample": "2"})
    assert "样本50人" in assessor.get(where), "the only column of values is the one that the samples are of"


def test_a_workbook_of_another_system_and_files_that_are_none(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor = Sender(app, "assessor")
    book = openpyxl.Workbook()
    book.active.append(["统计代码", "V6.1", "人数"])
    book.active.append([int(UNITS[0].code), 91.5, 120])
    book.active.append([UNITS[1].code, "=1+1", 120])
    file = io.BytesIO()
    book.save(file)
    address = assessor.send(file.getvalue(), "统计.xlsx")
    page = assessor.get(address)
    assert re.search(r'name="village:1".*?<option value="V6.1" selected>', page, re.DOTALL), "the head says it itself"
    assert "公式无值" in assessor.post(address, {"unit": "0", "village:1": "V6.1"}, 422)
    ours = assessor.client.get("/exchange/cycles/1/workbook").get_data()
    for data, word in ((bytes(ours), "从这里下载的填报表"), (b"\xff\xff", "文字编码"), (b"one\n", "列名那一行")):
        assert word in assessor.send(data, "x.csv", 422)


def test_a_table_is_its_owner_s_only(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor, town = Sender(app, "assessor"), Sender(app, "town")
    address = assessor.send(table((UNITS[0].code, 90, 50, "")))
    town.get(address, 404)
    town.post(address, CHOSEN, 404)
    Sender(app, "auditor").get(address, 403)
    Sender(app, "auditor").send(b"a,b\n1,2\n", status=403)
    Sender(app, "unit").send(b"a,b\n1,2\n", status=403)
    Browser(app, "auditor").post("/exchange/cycles/9/tables", {}, 403)
    assessor.post("/exchange/cycles/9/tables", {}, 404)
    page = assessor.client.get(address.removesuffix("/columns"))
    assert (page.status_code, page.headers["Location"]) == (303, address)
    assessor.post(address.removesuffix("/columns"), {"digest": "0" * 64}, 404)
    other = next(one for one in UNITS if one.township_code != UNITS[0].township_code)
    where = town.send(table((UNITS[0].code, 1), (other.code, 1), heads="代码,党课"))
    answer = town.post(where, {"unit": "0", "village:1": "V1.2.党课@Q1"}, 422)
    assert "CSV!A3<" in answer, "units of other townships are none"
    assert "CSV!A2<" not in answer
    assessor.post(f"{address.removesuffix('/columns')}/drop", {})
    assessor.get(address, 404)


def test_a_blank_cell_that_once_held_something_is_simply_filled(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor, first = Sender(app, "assessor"), people["first"]
    for text in ("80", ""):
        assessor.post(SHEET, assessor.form(SHEET) | {f"v:{first}:V6.1": text})
    where = assessor.choose(assessor.send(table((UNITS[0].code, 91, 40, ""))))
    assert "存这1格" in assessor.get(where)
    assessor.confirm(where)
    assert assessor.shown(first) == "91"
