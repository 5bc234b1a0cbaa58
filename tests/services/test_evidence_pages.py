"""The pages of evidence through the house client: sending, refusals file by file, handing out, the ZIP, scope."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import event

from starrating.extensions import db
from starrating.headers import HEADERS, SANDBOXED
from tests.services import files
from tests.services.browser import Browser
from tests.web.city import sign_in, token_of

CHINESE = "2024年党课记录（一季度）.pdf"


class Sender(Browser):
    """Somebody signed in who sends files."""

    def send(self, address: str, *sent: tuple[str, bytes], accept: str = "text/html", **fields: str) -> Any:
        body: dict[str, Any] = {"csrf_token": token_of(self.client), **fields}
        body["files"] = [(io.BytesIO(content), name) for name, content in sent]
        return self.client.post(
            address, data=body, content_type="multipart/form-data", headers={"Accept": accept}, buffered=True
        )


@pytest.fixture
def scoring(app: Any, in_scoring: int, tmp_path: Path) -> int:
    app.config["EVIDENCE_FOLDER"] = str(tmp_path / "evidence")
    return in_scoring


@pytest.fixture
def place(scoring: int, people: dict[str, int]) -> str:
    return f"/evidence/cycles/{scoring}/units/{people['first']}"


def test_several_files_each_with_its_answer(app: Any, place: str, people: dict[str, int]) -> None:
    assessor = Sender(app, "assessor")
    start = assessor.get(f"{place}?indicator=V1.3")
    assert "还没有佐证" in start
    assert 'enctype="multipart/form-data"' in start
    good = assessor.send(place, (CHINESE, files.PDF), ("现场.jpg", files.picture()), indicator="V1.3", purpose="score")
    assert good.status_code == 303
    shown = assessor.get(f"{place}?indicator=V1.3")
    assert "传了2件佐证" in shown
    assert CHINESE in shown
    assert "/thumbnail" in shown
    mixed = assessor.send(
        f"{place}?indicator=V1.3", ("台账.xlsx", files.office("xlsx")), ("假的.pdf", files.HTML), ("空.pdf", b""),
        ("x.pdf.exe", files.PDF), indicator="V1.3", purpose="score",
    )  # fmt: skip
    page = mixed.get_data(as_text=True)
    assert mixed.status_code == 422
    for said in ("台账.xlsx", "看内容不是能收的文件", "文件是空的", "名字写的是exe，内容却是pdf", "收好了", "没收"):
        assert said in page
    assert "选一个或几个文件" in assessor.send(place, indicator="V1.3", purpose="score").get_data(as_text=True)
    line = assessor.get(f"/scoring/cycles/1/units/{people['first']}")
    assert "佐证3件" in line
    assert "传佐证" in line


def test_a_program_gets_json_for_each_file(app: Any, place: str) -> None:
    unit = Sender(app, "unit")
    own = {"accept": "application/json", "purpose": "self_assessment"}
    answer = unit.send(place, ("证明.pdf", files.PDF), ("图.svg", files.SVG), indicator="", **own)
    told = json.loads(answer.get_data(as_text=True))["files"]
    assert answer.status_code == 422
    assert [(one["name"], bool(one["id"]), bool(one["error"])) for one in told] == [
        ("证明.pdf", True, False), ("图.svg", False, True),
    ]  # fmt: skip
    assert unit.send(place, ("a.pdf", files.PDF), indicator="V1.3", **own).status_code == 200


@pytest.mark.parametrize(
    ("given", "content"),
    [("../../etc/passwd.pdf", files.PDF), ("图\u202efdp.jpg", files.picture()), ("照片.png", files.picture())],
)
def test_what_is_handed_out(app: Any, place: str, given: str, content: bytes) -> None:
    assessor = Sender(app, "assessor")
    answer = assessor.send(place, (given, content), accept="application/json", indicator="V1.3", purpose="score")
    [told] = json.loads(answer.get_data(as_text=True))["files"]
    got = assessor.client.get(f"{place}/files/{told['id']}")
    pdf = content == files.PDF
    assert got.mimetype == ("application/pdf" if pdf else "image/jpeg")
    assert got.headers["Content-Security-Policy"] == SANDBOXED
    others = {name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"}
    assert {name: got.headers.get(name) for name in others} == others
    assert got.headers["Cache-Control"] == "no-store"
    said = got.headers["Content-Disposition"]
    assert said.startswith("attachment; " if pdf else "inline; ")
    shown = {"../../etc/passwd.pdf": "passwd.pdf", "照片.png": "照片.jpg"}.get(given, "图fdp.jpg")
    assert said.endswith(f"filename*=UTF-8''{quote(shown, safe='')}")
    assert b"SecretCamera" not in got.data
    small = assessor.client.get(f"{place}/files/{told['id']}/thumbnail")
    assert small.status_code == (404 if pdf else 200)
    assert pdf or small.headers["Content-Security-Policy"] == SANDBOXED


def test_two_of_one_name_both_come_back_with_it(app: Any, place: str) -> None:
    assessor = Sender(app, "assessor")
    two = files.PDF.replace(b"1 0 obj", b"2 0 obj")
    assessor.send(place, (CHINESE, files.PDF), (CHINESE, two), indicator="V1.3", purpose="score")
    page = assessor.get(place)
    addresses = re.findall(rf'href="({place}/files/\d+)"[^>]*>{re.escape(CHINESE)}', page)
    got = [assessor.client.get(address) for address in addresses]
    assert [answer.data for answer in got] == [files.PDF, two]
    assert {answer.headers["Content-Disposition"] for answer in got} == {
        f"attachment; filename=\"2024__________.pdf\"; filename*=UTF-8''{quote(CHINESE, safe='')}"
    }


def test_the_zip_of_a_unit(app: Any, place: str, scoring: int) -> None:
    assessor, unit = Sender(app, "assessor"), Sender(app, "unit")
    assert assessor.client.get(f"{place}/all.zip").status_code == 404
    jpeg = files.picture()
    assessor.send(
        place, (CHINESE, files.PDF), (CHINESE, files.PDF), ("=1+1.jpg", jpeg), indicator="V1.3", purpose="score"
    )
    unit.send(place, ("总结.docx", files.office()), indicator="", purpose="self_assessment")
    got = assessor.client.get(f"{place}/all.zip")
    assert got.mimetype == "application/zip"
    assert quote("佐证.zip", safe="") in got.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(got.data)) as archive:
        assert archive.testzip() is None
        members = archive.infolist()
        assert all(member.flag_bits & 0x800 for member in members), "marked as UTF-8: Windows and WPS read it right"
        names = [member.filename for member in members]
        assert sum(name.endswith(f"/{CHINESE}") for name in names) == 1
        assert sum(name.endswith("/2024年党课记录（一季度）(2).pdf") for name in names) == 1
        assert any(name.startswith("V1.3 ") for name in names)
        assert "总的/总结.docx" in names
        rows = list(csv.reader(io.StringIO(archive.read("清单.csv").decode("utf-8-sig"))))
        for row in rows[1:]:
            assert hashlib.sha256(archive.read(row[0].removeprefix("'"))).hexdigest() == row[4]
        assert "'=1+1.jpg" in {row[2] for row in rows}
        assert len(rows) == 5
    own = unit.client.get(f"{place}/all.zip")
    with zipfile.ZipFile(io.BytesIO(own.data)) as archive:
        assert archive.namelist() == ["总的/总结.docx", "清单.csv"], "what assessors keep is not the unit's to see"


def test_the_zip_says_what_is_damaged(app: Any, place: str) -> None:
    assessor = Sender(app, "assessor")
    assessor.send(place, (CHINESE, files.PDF), ("好的.pdf", files.PDF), indicator="V1.3", purpose="score")
    first = min(path for path in Path(app.config["EVIDENCE_FOLDER"]).rglob("*") if path.is_file())
    first.write_bytes(b"changed")
    with zipfile.ZipFile(io.BytesIO(assessor.client.get(f"{place}/all.zip").data)) as archive:
        assert len(archive.namelist()) == 2
        listed = archive.read("清单.csv").decode("utf-8-sig")
    assert listed.count("没有放进来") == 1


def test_removing_from_the_page(app: Any, place: str) -> None:
    assessor = Sender(app, "assessor")
    assessor.send(place, (CHINESE, files.PDF), indicator="V1.3", purpose="score")
    [action] = re.findall(rf'action="({place}/files/\d+/remove)"', assessor.get(place))
    assessor.post(action, {"reason": " "})
    assert "要写明为什么撤下" in assessor.get(place)
    assessor.post(action, {"reason": "传错了<b>村</b>", "next": f"{place}?indicator=V1.3"})
    page = assessor.get(f"{place}?indicator=V1.3")
    assert "撤下了" in page
    assert "传错了&lt;b&gt;村&lt;/b&gt;" in page
    assert assessor.client.get(action.removesuffix("/remove")).status_code == 404
    assert Sender(app, "auditor").client.get(action.removesuffix("/remove")).status_code == 200


def test_another_township_finds_nothing(app: Any, scoring: int, place: str, people: dict[str, int]) -> None:
    assessor = Sender(app, "assessor")
    assessor.send(place, ("标记文件.pdf", files.PDF), indicator="V1.3", purpose="score")
    with app.app_context():
        from sqlalchemy import select

        from starrating.models.divisions import Unit

        found = db.session.execute(
            select(Unit.id).where(Unit.district_id == people["district"], Unit.township_id != people["township"])
        ).first()
        assert found is not None
        elsewhere = f"/evidence/cycles/{scoring}/units/{found[0]}"
    town, unit = Sender(app, "town"), Sender(app, "unit")
    for who in (town, unit):
        for path in ("", "?indicator=V1.3", "/all.zip", "/files/1", "/files/1/thumbnail"):
            assert who.client.get(elsewhere + path).status_code == 404
        sent = who.send(elsewhere, ("a.pdf", files.PDF), indicator="V1.2", purpose="score")
        assert sent.status_code == 404
    assert assessor.client.get(f"{elsewhere}/files/1").status_code == 404, "the file of another unit under this one"
    assert "标记文件" not in assessor.get(elsewhere)
    assert unit.client.get(f"{place}/files/1").status_code == 404
    assert "标记文件" not in unit.get(place)
    for name in ("auditor", "city", "wang"):
        assert "标记文件" in Sender(app, name).get(place)
        assert Sender(app, name).send(place, ("a.pdf", files.PDF), indicator="V1.3").status_code in (403, 404)
    for path in ("/evidence/../config.py", "/static/../instance/evidence", "/uploads/1", f"{place}/files/../1"):
        assert assessor.client.get(path).status_code == 404


def test_a_body_beyond_the_bound_is_refused_and_one_below_is_read(app: Any, place: str) -> None:
    assessor = Sender(app, "assessor")
    app.config |= {"MAX_CONTENT_LENGTH": 2_000, "EVIDENCE_REQUEST_BYTES": 60_000}
    large = b"%PDF-1.4\n" + b"%" * 30_000 + files.PDF
    assert assessor.send(place, ("大.pdf", large), indicator="V1.3", purpose="score").status_code == 303
    assert assessor.send(place, ("大.pdf", large * 3), indicator="V1.3", purpose="score").status_code == 413
    nobody = app.test_client()
    assert nobody.post(place, data={"files": (io.BytesIO(large), "a.pdf")}).status_code in (400, 413)


def test_the_trail_tells_it_in_words(app: Any, place: str) -> None:
    assessor = Sender(app, "assessor")
    assessor.send(place, (CHINESE, files.PDF), indicator="V1.3", purpose="score")
    plain = app.test_client()
    sign_in(plain, "wang")
    page = plain.get("/audit/").get_data(as_text=True)
    assert "传了2024年度佐证" in page
    assert CHINESE in page
    assert hashlib.sha256(files.PDF).hexdigest() in page


def test_no_page_runs_a_statement_a_file(app: Any, place: str, people: dict[str, int]) -> None:
    assessor = Sender(app, "assessor")
    for _ in range(3):
        assessor.send(place, *[(CHINESE, files.PDF)] * 5, indicator="V1.3", purpose="score")
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for address in (place, f"{place}?indicator=V1.3", f"/scoring/cycles/1/units/{people['first']}"):
        asked.clear()
        assessor.get(address)
        assert 0 < len([one for one in asked if not one.startswith("BEGIN")]) <= 20, (address, len(asked))


def test_the_commands(app: Any, place: str) -> None:
    assessor = Sender(app, "assessor")
    assessor.send(place, (CHINESE, files.PDF), indicator="V1.3", purpose="score")
    run = app.test_cli_runner()
    assert "佐证都在" in run.invoke(args=["verify-evidence"]).output
    assert "没有主的文件0个" in run.invoke(args=["sweep-evidence"]).output
    for path in Path(app.config["EVIDENCE_FOLDER"]).rglob("*"):
        if path.is_file():
            path.write_bytes(b"changed")
    broken = run.invoke(args=["verify-evidence"])
    assert broken.exit_code == 1
    assert "1件佐证缺失或被改动" in broken.output
