"""Objections of individuals without an account: the form, the receipt, what is sealed, what nobody finds in public."""

from __future__ import annotations

import html
import re
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from starrating.domain.masking import masked_contact
from starrating.domain.objections import Channel
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.divisions import Unit
from starrating.models.objections import Objection, Objector
from starrating.queries.publications import notices_of
from starrating.services.objections.objection_decisions import decide
from starrating.services.objections.objectors import forget_objectors
from starrating.services.people import vault
from starrating.services.upkeep.key_rotation import rotate, waiting
from tests.conftest import TestClock, migrate
from tests.pages.client import house_client
from tests.services.objected import CONTACT, REJECTED, Kept, app, clock, kept, lodged, people, seen, who
from tests.services.test_evidence_pages import Sender
from tests.services.test_objection_pages import RECEIPT, inside
from tests.web.city import token_in

__all__ = ["app", "clock", "kept", "people"]
NAME, TELEPHONE = "标记欧阳丙", "13900004321"
GROUNDS = "去年11月的检查把邻村的垃圾算到这里了，有照片可以看。"
FORM = re.compile(r'name="form" value="([^"]+)"')


class Citizen:
    """Somebody without an account, at a form of the notice of villages."""

    def __init__(self, app: Any, year: int, people: dict[str, int]) -> None:
        self.client = house_client(app)
        self.notice = inside(app, notices_of, year)["village"].id
        self.address = f"/public/notices/{self.notice}/objections"
        self.unit = inside(app, lambda: db.session.scalar(select(Unit.code).where(Unit.id == people["first"])))

    def get(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200
        return str(answer.get_data(as_text=True))

    def filled(self, **changed: Any) -> dict[str, Any]:
        """A form that was opened and filled in."""
        page = self.get(self.address)
        opened = FORM.search(page)
        assert opened
        return {"csrf_token": token_in(page), "form": opened[1], "unit": self.unit, "grounds": GROUNDS, "name": NAME,
                "contact": TELEPHONE, "consent": "1", "indicators": ["V3.1"], **changed}  # fmt: skip

    def send(self, fields: dict[str, Any], status: int = 303) -> str:
        answer = self.client.post(self.address, data=fields, buffered=True)
        page = answer.get_data(as_text=True)
        assert answer.status_code == status, page[:600]
        assert answer.headers["Cache-Control"] == "no-store" or status == 303
        return html.unescape(page)

    def receipt(self) -> tuple[str, str]:
        found = RECEIPT.search(self.get("/public/objections/receipt"))
        assert found
        return found[1], found[2]


@pytest.fixture
def keyed(app: Any, tmp_path: Path) -> Any:
    """The application with a key that seals."""
    app.config["PERSONAL_KEY_FILE"] = str(tmp_path / "keys.json")
    inside(app, vault.add_key)
    return app


@pytest.fixture
def citizen(keyed: Any, kept: Kept, people: dict[str, int]) -> Citizen:
    return Citizen(keyed, kept.cycle, people)


def rows(app: Any) -> list[Objection]:
    return list(inside(app, lambda: list(db.session.scalars(select(Objection).order_by(Objection.id)))))


def test_from_the_notice_to_the_receipt_and_its_state(citizen: Citizen, keyed: Any, people: dict[str, int]) -> None:
    assert f'href="{citizen.address}"' in citizen.get(f"/public/notices/{citizen.notice}")
    page = citizen.get(citizen.address)
    assert CONTACT in page
    assert 'value="V3.1"' in page
    citizen.send(citizen.filled())
    number, code = citizen.receipt()
    assert "没有要显示的回执" in citizen.get("/public/objections/receipt"), "shown once"
    token = token_in(citizen.get("/public/objections"))
    asked = {"csrf_token": token, "number": number, "code": code}
    state = citizen.client.post("/public/objections", data=asked).get_data(as_text=True)
    assert "已登记" in state
    assert "2025年1月17日" in state
    (row,) = rows(keyed)
    assert (row.channel, row.lodged_by, row.raised_by, row.unit_id) == ("individual", None, "", people["first"])
    assert row.indicators == '["V3.1"]'
    office = Sender(keyed, "zhao").get(f"/objections/{row.id}")
    assert "标***丙，139****4321" in office
    assert "个人网上" in office


def test_what_is_typed_is_sealed_and_nowhere_else(citizen: Citizen, keyed: Any, tmp_path: Path) -> None:
    citizen.send(citizen.filled())
    number, code = citizen.receipt()
    inside(keyed, db.session.commit)
    file = sqlite3.connect(tmp_path / "copy.sqlite")
    dump = "\n".join(file.iterdump())
    file.close()
    assert GROUNDS in dump, "the dump is of the database that took it in"
    asked = {"csrf_token": token_in(citizen.get("/public/objections")), "number": number, "code": code}
    pages = [dump, citizen.client.post("/public/objections", data=asked).get_data(as_text=True)]
    pages += [citizen.get(one) for one in ("/public/", "/public/notices", f"/public/notices/{citizen.notice}",
                                           citizen.address, "/public/objections", "/api/v1/years")]  # fmt: skip
    pages += [Sender(keyed, name).get("/objections/") for name in ("unit", "wang", "zhao", "auditor")]
    for place in range(len(pages)):
        for marker in (NAME, TELEPHONE):
            assert marker not in pages[place], place
            assert marker.encode().hex() not in pages[place], place


def test_the_unit_does_not_see_it_and_the_decider_opens_it_for_a_reason(
    citizen: Citizen, keyed: Any, people: dict[str, int]
) -> None:
    citizen.send(citizen.filled())
    (row,) = rows(keyed)
    place = f"/objections/{row.id}"
    zhao, wang = Sender(keyed, "zhao"), Sender(keyed, "wang")
    assert Sender(keyed, "unit").client.get(place).status_code == 404
    assert row.number not in Sender(keyed, "unit").get("/objections/")
    assert NAME not in zhao.post(f"{place}/objector", {"why": "看"}, 422)
    assert NAME not in zhao.post(f"{place}/objector", {"why": "打13900004321核实"}, 422)
    assert NAME not in wang.post(f"{place}/objector", {"why": "打电话核实"}, 409), "wang determined the result"
    assert told(keyed, "objector_seen") == 0
    clear = zhao.post(f"{place}/objector", {"why": "打电话核实情况"}, 200)
    assert NAME in clear
    assert TELEPHONE in clear
    assert told(keyed, "objector_seen") == 1
    assert NAME not in Sender(keyed, "auditor").client.get("/audit/", check=False).get_data(as_text=True)


def told(app: Any, act: str) -> int:
    return len(inside(app, lambda: list(db.session.scalars(select(AuditEvent.sequence).where(AuditEvent.act == act)))))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"unit": "000000000000"}, "没有选是哪个村"),
        ({"unit": ""}, "没有选是哪个村"),
        ({"grounds": "太短"}, "理由写了2个字"),
        ({"grounds": "长" * 1001}, "理由写了1001个字"),
        ({"grounds": f"我是{NAME}，这一项扣错了，请查一查。"}, "理由不加密"),
        ({"grounds": "打 139-0000-4321 找我，这一项扣错了。"}, "理由不加密"),
        ({"grounds": "看不见的\u202e符号在这里，这一项扣错了。"}, "看不见的符号"),
        ({"indicators": ["X9.9"]}, "办法里没有选的指标"),
        ({"name": ""}, "要写姓名"),
        ({"name": "名" * 51}, "要写姓名"),
        ({"name": "匿名村民"}, "网上只收署名的异议"),
        ({"name": "\u200b"}, "要写姓名"),
        ({"contact": "在"}, "要写联系电话或者地址"),
        ({"contact": "长" * 101}, "要写联系电话或者地址"),
        ({"consent": ""}, "还没有同意"),
        ({"form": "short"}, "开得不完整"),
    ],
)
def test_a_refusal_keeps_what_was_typed(citizen: Citizen, keyed: Any, changed: dict[str, Any], said: str) -> None:
    fields = citizen.filled(**changed)
    page = citizen.send(fields, 422)
    assert said in page
    for name in ("grounds", "name", "contact"):
        assert fields[name] in page, name
    assert rows(keyed) == []
    citizen.send(citizen.filled())
    assert len(rows(keyed)) == 1, "put right it is taken in"


def test_what_no_text_has_is_left_out(citizen: Citizen, keyed: Any) -> None:
    citizen.send(citizen.filled(grounds=f"{GROUNDS}\x00<script>alert(1)</script>", name=f"{NAME}\x00"))
    (row,) = rows(keyed)
    assert row.grounds == f"{GROUNDS}<script>alert(1)</script>"
    assert "<script>alert" not in Sender(keyed, "zhao").get(f"/objections/{row.id}")


def test_a_form_sent_twice_is_one_objection(citizen: Citizen, keyed: Any, clock: TestClock) -> None:
    fields = citizen.filled()
    citizen.send(fields)
    first = citizen.receipt()
    citizen.send(fields)
    assert citizen.receipt() == first
    clock.advance(minutes=11)
    assert "已经提交过" in citizen.send(fields, 409), "later on it gives nobody the receipt"
    assert len(rows(keyed)) == told(keyed, "objection_received") == 1
    assert citizen.client.post(citizen.address, data=fields | {"csrf_token": "x"}).status_code == 400


def test_over_the_ceiling_and_over_the_limit_it_goes_to_the_office(citizen: Citizen, keyed: Any) -> None:
    keyed.config["OBJECTIONS_A_DAY"] = 2
    for _ in range(2):
        citizen.send(citizen.filled())
    assert GROUNDS in (page := citizen.send(citizen.filled(), 429))
    assert "今天网上收到的异议已经满了" in page
    keyed.config.update(OBJECTIONS_A_DAY=100, OBJECTING_LIMIT="1 per hour")
    answers = [citizen.client.post(citizen.address, data=citizen.filled()) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 429]
    assert "这个网络地址提交得太多" in answers[1].get_data(as_text=True)
    assert GROUNDS in answers[1].get_data(as_text=True)
    assert len(rows(keyed)) == 3


def test_outside_the_notice_and_without_a_key_it_says_how_else(
    citizen: Citizen, keyed: Any, clock: TestClock, tmp_path: Path
) -> None:
    fields = citizen.filled()
    clock.advance(days=30)
    assert "不是公示提异议的时间" in (page := citizen.send(fields, 409))
    assert GROUNDS in page
    assert CONTACT in page
    shown = citizen.get(citizen.address)
    assert "网上不收" in shown
    assert 'name="grounds"' not in shown
    assert citizen.address not in citizen.get(f"/public/notices/{citizen.notice}")
    assert citizen.client.get("/public/notices/99/objections").status_code == 404
    clock.advance(days=-30)
    keyed.config["PERSONAL_KEY_FILE"] = str(tmp_path / "none.json")
    shown = citizen.get(citizen.address)
    assert "网上现在不收个人的异议" in shown
    assert CONTACT in shown
    assert GROUNDS in (page := citizen.send(fields, 409))
    assert "网上现在不收个人的异议，没有提交" in page
    assert rows(keyed) == []


def test_sealed_again_with_a_new_key_and_forgotten_after_a_year(
    citizen: Citizen, keyed: Any, people: dict[str, int], clock: TestClock
) -> None:
    citizen.send(citizen.filled())
    with keyed.app_context():
        vault.add_key()
        assert (waiting(), rotate(), waiting()) == (1, 1, 0)
        vault.keep_only_current()
    (row,) = rows(keyed)
    assert NAME in Sender(keyed, "zhao").post(f"/objections/{row.id}/objector", {"why": "打电话核实情况"}, 200)
    with keyed.app_context():
        found = seen(row.id)
        assert found.channel is Channel.INDIVIDUAL
        decide(found.id, found.version, REJECTED, "", who(people, "zhao"))
        assert forget_objectors().names == 0
        clock.at += timedelta(days=400)
        assert (forget_objectors().names, forget_objectors().names) == (1, 0)
        left = db.session.scalars(select(Objector)).one()
        assert (left.sealed, left.mask_name, left.mask_contact, left.key_id) == ("", "", "", "")
        db.session.remove()


def test_masks_of_contacts() -> None:
    assert masked_contact("139 0000 4321") == "139****4321"
    assert masked_contact("北辰区示例路1号305室") == "北辰****"


def test_the_tables_before_know_none_and_keep_the_others(
    citizen: Citizen, keyed: Any, kept: Kept, people: dict[str, int]
) -> None:
    other = inside(keyed, lodged, kept.cycle, people)
    citizen.send(citizen.filled())
    address = keyed.config["SQLALCHEMY_DATABASE_URI"]
    migrate(address, "0026", down=True)
    assert inside(keyed, lambda: list(db.session.scalars(text("SELECT number FROM objection")))) == [other.number]
    migrate(address)
    assert inside(keyed, seen, other.id) == other
    citizen.send(citizen.filled())
    assert len(rows(keyed)) == 2
