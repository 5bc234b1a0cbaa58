"""The public checks a list: a file or a unit's code, in words; hostile files; and nothing about a person anywhere."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from pypdfium2 import PdfDocument
from sqlalchemy import insert

from tests.documents.test_typesetting import said as said_on
from tests.pages.client import house_client
from tests.services import district
from tests.services.test_editions import editions_on_disk, rows, wrong_by
from tests.services.test_public_pages import counted, published
from tests.services.test_publication import opened

__all__ = ["editions_on_disk", "published", "wrong_by"]
PLACE = "/public/lists/2024/120113000000/village"
MARKS = {
    "leader": "标记甲姓名", "reason": "标记乙理由", "event": "标记丙事由", "appraisal": "标记丁评语",
    "consequence": "标记戊结果", "person": "标记己账号", "self": "标记庚自评", "phone": "13800138000",
}  # fmt: skip

UNIT = b'"district":{"code":"120113000000"},"year":2024,"kind":"village"'
HOSTILE = (
    (b"", 422), (b"[" * 2_000_000, 200), (b'{"a":' * 100_000, 200), (b"9" * 100_000, 200), (bytes(range(256)), 200),
    ("名称,星级".encode(), 200), (b'{"units":{},"district":[]}', 200), (b"null", 200), (b"\xff\xfe{}", 200),
    (b'{"units":[],"district":{"code":[]},"year":true,"kind":{}}', 200), (b"x" * (4 * 2**20 + 1), 413),
    (b"x" * (9 * 2**20), 413),
    (b'{"units":[1,{"code":[]},{"code":"\\u0000"},{"code":"\\ud800","name":"\\ud800"}],'
     b'"inputs":[],"points":{"V1":3},"edition":1,' + UNIT + b"}", 200),
    (b'{"units":[],"district":{"code":"120113000000"},"year":99999999999999999999,"kind":"village"}', 200),
    (b'{"units":[],"district":{"code":"\\u0000"},"year":2024,"kind":"village"}', 200),
    (b'{"units":[],"district":{"code":"<script>"},"year":2024,"kind":"\\ud800"}', 200),
    (b'{"units":[{"code":"<script>","name":"<script>"}],' + UNIT + b',"<script>":"<script>"}', 200),
)  # fmt: skip


def asked(client: Any, raw: bytes, name: str = "list.json") -> Any:
    """The answer to a file."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/public/verify").get_data(as_text=True))
    assert found
    head = 'Content-Disposition: form-data; name="{}"{}\r\n\r\n'.format
    parts = [head("csrf_token", "").encode() + found[1].encode(), head("file", f'; filename="{name}"').encode() + raw]
    body = b"".join(b"--parts\r\n" + part + b"\r\n" for part in parts) + b"--parts--\r\n"
    return client.post("/public/verify", data=body, content_type="multipart/form-data; boundary=parts")


def heading(answer: Any) -> str:
    found = re.search(r"<h2[^>]*>([^<]+)", answer.get_data(as_text=True))
    assert found
    return found[1]


def test_the_file_that_was_published_holds(app: Any, published: int) -> None:
    client = house_client(app)
    raw = client.get(f"{PLACE}.json").data
    proof = json.loads(client.get(f"{PLACE}.sig.json").data)
    keys = json.loads(client.get("/public/keys.json").data)["keys"]
    assert proof["digest"] == sha256(raw).hexdigest()
    assert [key["public_key"] for key in keys] == [proof["public_key"]]
    before = client.get("/public/keys").get_data(as_text=True)
    assert keys[0]["fingerprint"] in before
    with counted(app) as statements:
        answer = asked(client, raw)
    assert len(statements) <= 20
    said = answer.get_data(as_text=True)
    assert (answer.status_code, heading(answer)) == (200, "对得上")
    assert keys[0]["fingerprint"] in said
    assert "同一个区、同一类的第1份，共1份，前后接得上" in said
    assert answer.headers["Cache-Control"] == "no-cache", "a page with a form's token is kept by nobody"


def test_a_file_that_was_changed_is_told_where(app: Any, published: int) -> None:
    client = house_client(app)
    raw = client.get(f"{PLACE}.json").data
    edition = json.loads(raw)
    unit, gone = edition["units"][2], edition["units"].pop(9)
    published_level = unit["level"]
    unit["level"] = next(level["code"] for level in edition["levels"] if level["code"] != published_level)
    edition["inputs"]["values"]["V2.1"][0] = "77"
    edition["notice"]["closes"] = "2099-01-01"
    answer = asked(client, json.dumps(edition, ensure_ascii=False).encode())
    said = answer.get_data(as_text=True)
    names = {level["code"]: level["name"] for level in edition["levels"]}
    assert heading(answer) == "对不上"
    assert "有4处不同" in said
    for word in (unit["code"], names[published_level], names[unit["level"]], gone["code"], "文件里没有这个单位",
                 "数据V2.1", "77", "公示起止"):  # fmt: skip
        assert word in said
    again = json.dumps(json.loads(raw), ensure_ascii=False, indent=1).encode()
    assert "另存过" in asked(client, again).get_data(as_text=True)
    assert heading(asked(client, raw + b"\n")) == "对不上"
    edition["year"] = 2031
    assert "没有发布过这样一份" in asked(client, json.dumps(edition).encode()).get_data(as_text=True)


def test_a_hostile_file_is_answered_in_words(app: Any, published: int) -> None:
    client = house_client(app)
    for raw, status in HOSTILE:
        answer = asked(client, raw)
        assert answer.status_code == status, raw[:80]
        assert "<script>" not in answer.get_data(as_text=True)
        assert heading(answer) != "对得上"


def test_without_a_file_or_a_token_nothing_is_checked(app: Any, published: int) -> None:
    client = house_client(app)
    assert client.post("/public/verify").status_code == 400
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/public/verify").get_data(as_text=True))
    assert found
    answer = client.post("/public/verify", data={"csrf_token": found[1]})
    assert answer.status_code == 422
    assert "没有收到文件" in answer.get_data(as_text=True)


def test_a_unit_is_found_by_its_code(app: Any, published: int) -> None:
    client = house_client(app)
    with counted(app) as statements:
        said = client.get("/public/verify?code=120113100201&year=2024").get_data(as_text=True)
    assert len(statements) <= 20
    assert "闫街村委会" in said
    assert "2024年度的名单里有它" in said
    for address in ("?code=120113100201&year=2023", "?code=1&year=2024"):
        assert "名单里没有" in client.get(f"/public/verify{address}").get_data(as_text=True)
    for address in ("", "?code=x", "?year=2024", "?code=x&year=99999999999", "?code=%00&year=2024"):
        assert client.get(f"/public/verify{address}").status_code == 200


def test_before_anything_is_published_there_is_nothing_to_check(app: Any, people: dict[str, int]) -> None:
    client = house_client(app)
    assert "还没有发布过名单" in client.get("/public/verify").get_data(as_text=True)
    assert "还没有发布过签名的名单" in client.get("/public/keys").get_data(as_text=True)
    assert client.get(f"{PLACE}.sig.json").status_code == 404


def planted(people: dict[str, int]) -> int:
    """A year in verification with a mark in everything that is about a person or typed by one."""
    from starrating.extensions import db
    from starrating.models.accounts import Account
    from starrating.models.divisions import Unit
    from starrating.models.events import EventRecord
    from starrating.models.people import Person
    from starrating.models.scores import ScoreCell, ScoreValue
    from starrating.services.clock import now
    from starrating.services.transaction import transaction
    from starrating.services.years.cycles import open_cycle
    from starrating.services.years.scheme_texts import read_demo, read_uploaded

    told = f"""format: starrating/1
extends: tianjin-village-2024.yaml
year: 2024
consequences:
  - {{code: talk, name: {MARKS["consequence"]}}}
"""
    schemes = {"village": read_uploaded(told.encode()), "community": read_demo(district.SCHEMES["community"], 2024)}
    cycle = open_cycle(people["district"], 2024, schemes, people["wang"])
    district.step(cycle, "open_scoring", people["wang"])
    district.fill(cycle)
    with transaction() as session:
        session.query(Person).update({"name": f"{MARKS['leader']}{MARKS['phone']}"})
        session.query(Account).filter_by(id=people["wang"]).update({"display_name": MARKS["person"]})
        session.query(ScoreCell).filter_by(cycle_id=cycle, header="appraisal").update({"value": MARKS["appraisal"]})
        cells = session.execute(db.select(ScoreCell.id, ScoreCell.state, ScoreCell.value)).all()
        session.execute(insert(ScoreValue), [
            {"cell_id": cell.id, "version": 1, "state": cell.state, "value": cell.value, "at": now(), "source": "page",
             "account_id": people["wang"], "reason": MARKS["reason"]} for cell in cells
        ])  # fmt: skip
        units = list(
            session.scalars(db.select(Unit.id).where(Unit.district_id == people["district"]).order_by(Unit.id))
        )
        session.execute(insert(EventRecord), [
            {"cycle_id": cycle, "unit_id": unit, "flag": flag, "count": 1, "reason": MARKS["event"], "at": now(),
             "withdrawn_reason": ""} for unit, flag in zip(units, ("punished", "petition", "accident"), strict=False)
        ])  # fmt: skip
        assert session.query(ScoreCell).filter_by(cycle_id=cycle, value=MARKS["appraisal"]).count() > 0
    district.step(cycle, "close_scoring", people["wang"])
    return cycle


def read(answer: Any) -> str:
    """All that can be read in an answer: the text of a document, every part of a workbook, else its bytes."""
    if answer.content_type == "application/pdf":
        return said_on(answer.data) + str(PdfDocument(answer.data).get_metadata_dict())
    if "spreadsheetml" in answer.content_type:
        with ZipFile(io.BytesIO(answer.data)) as book:
            return "".join(book.read(name).decode() for name in book.namelist())
    return str(answer.get_data(as_text=True))


def test_nothing_about_a_person_is_public(app: Any, clock: Any, people: dict[str, int], tmp_path: Path) -> None:
    from starrating.queries.content import content_digest
    from starrating.services.publication.publication import publish
    from starrating.services.rating.determination import confirm_determination, determine

    app.config["CHART_FOLDER"] = str(tmp_path)
    with app.app_context():
        cycle = planted(people)
        confirm_determination(cycle, content_digest(determine(cycle, people["wang"])), people["liu"])
        clock.at = datetime(2025, 1, 10, 1, tzinfo=UTC)
        opened(cycle, people["wang"])
        clock.advance(days=30)
        publish(cycle, None, people["wang"])
        texts = [row.text for row in rows()]
        reasons = [code for text in texts for unit in json.loads(text)["units"] for code in unit["reasons"]]
    assert {"drop:punished", "set:accident"} <= set(reasons), "what happened to a unit is public, not to whom"
    client, seen = house_client(app), []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if not rule.endpoint.startswith(("public.", "api.")) or "GET" not in (rule.methods or ()):
                continue
            known = {
                "year": 2024, "notice_id": 1, "district": "120113000000", "kind": "village", "edition": 1,
                "ending": "pdf", "code": "120113100201", "digest": sha256(texts[0].encode()).hexdigest(),
            }  # fmt: skip
            seen.append(rule.build({key: known[key] for key in rule.arguments})[1])
    assert len(seen) >= 20
    found = [client.get(address) for address in (*seen, "/public/verify?code=120113100201&year=2024")]
    assert {answer.status_code for answer in found} == {200}
    changed = json.loads(texts[0])
    changed["units"][0]["level"] = "five"
    found += [asked(client, texts[0].encode()), asked(client, json.dumps(changed).encode())]
    assert sum("闫街村委会" in read(answer) for answer in found) >= 8, "what may be said is read in all of these"
    told = "".join([*texts, *(read(answer) + str(answer.headers) for answer in found)])
    assert [mark for mark in MARKS.values() if mark in told] == []


def test_the_commands_check_and_export_every_edition(app: Any, published: int, tmp_path: Any) -> None:
    from starrating.extensions import db
    from starrating.models.decisions import Decision
    from starrating.models.publications import Publication

    runner = app.test_cli_runner()
    checked = runner.invoke(args=["verify-editions"])
    assert (checked.exit_code, "2份名单的摘要、签名和接续都对得上" in checked.output) == (0, True)
    written = runner.invoke(args=["export-editions", str(tmp_path / "lists")])
    assert "写出2份名单" in written.output
    raw = house_client(app).get(f"{PLACE}.json").data
    assert (tmp_path / "lists" / "starrating-2024-120113000000-village-1.json").read_bytes() == raw
    assert (tmp_path / "lists" / "starrating-2024-120113000000-village-1.sig.json").read_bytes() == house_client(
        app
    ).get(f"{PLACE}.sig.json").data
    with app.app_context():
        found = db.session.scalars(db.select(Publication).order_by(Publication.id)).first()
        assert found is not None
        forged = {
            "cycle_id": found.cycle_id, "kind": found.kind, "sort": "removal", "state": "decided", "reason": "-",
            "ground": "-", "takes_effect_on": date(2025, 1, 1), "edition": 2, "proposed_by": 1,
            "proposed_at": found.published_at, "settled_by": 2, "settled_at": found.published_at,
        }  # fmt: skip
        copied = {column.name: getattr(found, column.name) for column in Publication.__table__.columns}
        db.session.execute(insert(Decision), [forged])
        db.session.execute(insert(Publication), [{**copied, "id": 99, "edition": 2, "text": found.text + " "}])
        db.session.commit()
    again = runner.invoke(args=["verify-editions"])
    assert again.exit_code == 1
    assert "3份名单中有1份对不上" in again.output
