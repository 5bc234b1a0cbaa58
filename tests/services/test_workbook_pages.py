"""The pages of workbooks through the house-rule client: out, in, what is wrong, preview, conflicts, confirm, drop."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from sqlalchemy import event

from starrating.extensions import db
from starrating.services.scoring.scores import save_scores
from starrating.services.scoring.typed_scores import Typed
from tests.services import district
from tests.services.browser import Browser
from tests.services.test_scores import who
from tests.services.test_workbook import CHECK, OTHER, edited, place_of
from tests.web.city import token_of

DIGEST = re.compile(r'name="digest" value="([0-9a-f]{64})"')


class Sender(Browser):
    """Somebody signed in who takes workbooks out and sends them in."""

    def download(self, address: str = "/exchange/cycles/1/workbook", status: int = 200) -> bytes:
        answer = self.client.get(address)
        assert answer.status_code == status
        return bytes(answer.get_data())

    def send(self, data: bytes, name: str = "填报表.xlsx", status: int = 303) -> tuple[str, str]:
        """Where the upload leads, or the page it answers."""
        token = token_of(self.client)
        fields = {"csrf_token": token, "file": (io.BytesIO(data), name)}
        answer = self.client.post("/exchange/cycles/1/workbook", data=fields, content_type="multipart/form-data")
        assert answer.status_code == status, answer.get_data(as_text=True)[:500]
        return str(answer.headers.get("Location", "")), str(answer.get_data(as_text=True))


@pytest.fixture
def scoring(entered: int) -> int:
    return entered


def emptied(data: bytes, header: str = CHECK) -> bytes:
    code = district.chosen_units()[0].code
    return edited(data, lambda book: setattr(place_of(book, code, header), "value", None))


def test_out_in_preview_and_confirm(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor, first = Sender(app, "assessor"), people["first"]
    page = assessor.get("/exchange/")
    assert "传上来核对" in page
    assert f"/exchange/cycles/1/workbook?township={people['township']}" in html.unescape(page)
    answer = assessor.client.get("/exchange/cycles/1/workbook")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    data = emptied(bytes(answer.get_data()))
    where, _ = assessor.send(data)
    page = assessor.get(where)
    assert "存这1格" in page
    assert "还没有存" in page
    assert "去确认" in assessor.get("/exchange/")
    digest = DIGEST.findall(page)[0]
    assert assessor.form("/scoring/cycles/1/village/indicators/V1.3")[f"v:{first}:{CHECK}"] != ""
    assessor.post(where, {"digest": digest})
    assert "导入存好了，改了1格" in assessor.get("/exchange/")
    assert assessor.form("/scoring/cycles/1/village/indicators/V1.3")[f"v:{first}:{CHECK}"] == ""
    assessor.get(where, 404)
    assessor.post(where, {"digest": digest}, 404)
    where, _ = assessor.send(data)
    assert where.startswith("/exchange/?")
    assert "什么都没有写" in assessor.get(where)
    trail = Browser(app, "wang").client.get("/audit/", check=False).get_data(as_text=True)
    assert "传了2024年度的表“填报表.xlsx”，读出1格改动" in trail
    assert "确认导入2024年度的表“填报表.xlsx”，改了1格" in trail


def test_bad_cells_are_listed_and_bad_files_told(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor, code = Sender(app, "assessor"), district.chosen_units()[0].code
    data = assessor.download()
    bad = edited(data, lambda book: setattr(place_of(book, code, CHECK), "value", "三<b>"))
    _, page = assessor.send(bad, status=422)
    assert re.search(r"村![A-Z]+7", page)
    assert "三&lt;b&gt;" in page
    assert "一格都没有写进去" in page
    for content, word in (
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为"),
        (b"PK", "坏了"),
        (b"a,b", "不是Excel"),
    ):
        _, page = assessor.send(content, status=422)
        assert word in page
    _, page = assessor.send(b"", name="", status=422)
    assert "没有选文件" in page
    assert "没有改动" in assessor.get(assessor.send(data)[0])


def test_conflicts_are_shown_and_not_overwritten(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor, first = Sender(app, "assessor"), people["first"]
    data = assessor.download()
    with app.app_context():
        save_scores(
            scoring,
            [
                Typed(first, CHECK, 1, "1", reason="别人查的"),
            ],
            who(people, "assessor"),
        )
        save_scores(scoring, [Typed(first, CHECK, 2, "0", reason="别人查的")], who(people, "assessor"))
        db.session.remove()
    where, _ = assessor.send(emptied(emptied(data), OTHER))
    page = assessor.get(where)
    assert "下载以后别人存过的格" in page
    assert "别人查的" in page
    assert f'name="c:{first}:{CHECK}"' in page
    digest = DIGEST.findall(page)[0]
    page = assessor.post(where, {"digest": "0" * 64}, 409)
    assert "又有人改了分数" in page
    assessor.post(where, {"digest": digest, f"c:{first}:{CHECK}": "x"}, 400)
    assessor.post(where, {"digest": digest, f"c:{first}:{CHECK}": ""})
    stands = assessor.form("/scoring/cycles/1/village/indicators/V1.3")
    assert (stands[f"v:{first}:{CHECK}"], stands[f"v:{first}:{OTHER}"]) == ("0", "")
    where, _ = assessor.send(emptied(data))
    digest = DIGEST.findall(assessor.get(where))[0]
    assessor.post(where, {"digest": digest, f"c:{first}:{CHECK}": "3"})
    assert assessor.form("/scoring/cycles/1/village/indicators/V1.3")[f"v:{first}:{CHECK}"] == ""


def test_an_import_is_its_owner_s_only_and_can_be_dropped(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor = Sender(app, "assessor")
    where, _ = assessor.send(emptied(assessor.download()))
    town, auditor = Sender(app, "town"), Sender(app, "auditor")
    town.get(where, 404)
    town.post(where, {"digest": "0" * 64}, 404)
    town.post(f"{where}/drop", {}, 404)
    auditor.get(where, 403)
    assert "传上来核对" not in auditor.get("/exchange/")
    auditor.download()
    Sender(app, "unit").get("/exchange/", 403)
    other = db_township(app, people)
    town.download(f"/exchange/cycles/1/workbook?township={other}", 404)
    assessor.post(f"{where}/drop", {})
    assessor.get(where, 404)


def db_township(app: Any, people: dict[str, int]) -> int:
    """A township of the district that is not the officer's."""
    from sqlalchemy import select

    from starrating.models.divisions import Unit

    with app.app_context():
        found = db.session.scalars(select(Unit.township_id).where(Unit.township_id != people["township"])).first()
        db.session.remove()
        assert found is not None
        return found


def test_no_statement_a_row(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor = Sender(app, "assessor")
    where, _ = assessor.send(emptied(assessor.download()))
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def count(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        for address in ("/exchange/", "/exchange/cycles/1/workbook", where):
            statements.clear()
            assert assessor.client.get(address).status_code == 200
            assert len(statements) <= 20, (address, len(statements), statements)
    finally:
        event.remove(engine, "before_cursor_execute", count)
