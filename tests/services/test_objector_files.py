"""What individuals attach to their objections, on both databases: checked, few, for the deciders alone, forgotten."""

from __future__ import annotations

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from starrating.domain.faults import RuleError
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.evidence import EvidenceFile
from starrating.models.objections import Objection, Objector
from starrating.services.clock import now
from starrating.services.evidence.evidence import Checked, checked, open_evidence, remove_evidence
from starrating.services.objections import objector_files
from starrating.services.objections.objection_decisions import decide
from starrating.services.objections.objectors import Forgotten, Telling, forget_objectors, object_to, objectors_due
from starrating.services.people import vault
from starrating.services.storage import StoreUnreachable
from starrating.services.storage.disk import DiskStore
from starrating.services.upkeep.evidence_upkeep import sweep
from tests.conftest import TestClock, migrate
from tests.services import files
from tests.services.objected import REJECTED, on_notice, seen, who
from tests.services.test_evidence_pages import Sender
from tests.services.test_objection_pages import inside, sent
from tests.services.test_objectors import GROUNDS, NAME, TELEPHONE, Citizen

SENT = (("标记欧阳丙的照片.jpg", files.picture()), ("标记丁家的户口本.pdf", files.PDF))
"""A photograph that says where it was taken, and a document whose name says whose it is."""


@pytest.fixture
def citizen(app: Any, determined: int, people: dict[str, int], tmp_path: Path) -> Citizen:
    """Somebody at the form of a notice, where names can be sealed and files kept."""
    app.config |= {"PERSONAL_KEY_FILE": str(tmp_path / "keys.json"), "EVIDENCE_FOLDER": str(tmp_path / "evidence")}
    inside(app, vault.add_key)
    inside(app, on_notice, determined, people)
    return Citizen(app, determined, people)


def with_files(*papers: tuple[str, bytes]) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(content), name) for name, content in papers]


def kept(folder: Path) -> list[Path]:
    return [one for one in (folder / "evidence").rglob("*") if one.is_file()]


def stored(app: Any) -> list[EvidenceFile]:
    return list(inside(app, lambda: list(db.session.scalars(select(EvidenceFile).order_by(EvidenceFile.id)))))


def test_they_are_seen_by_the_deciders_and_forgotten_with_the_name(
    app: Any, citizen: Citizen, people: dict[str, int], clock: TestClock, tmp_path: Path
) -> None:
    citizen.send(citizen.filled(files=with_files(*SENT)))
    number, code = citizen.receipt()
    photo, paper = stored(app)
    assert [(one.name, one.by, one.purpose) for one in (photo, paper)] == [
        ("材料1.jpg", None, "objection"), ("材料2.pdf", None, "objection")
    ]  # fmt: skip
    assert len(kept(tmp_path)) == 3, "both, and the small picture"
    place = f"/evidence/cycles/{photo.cycle_id}/units/{people['first']}/files/{photo.id}"
    zhao, unit = Sender(app, "zhao"), Sender(app, "unit")
    page = zhao.get(f"/objections/{photo.objection_id}")
    for said in ("材料1.jpg", "材料2.pdf", "提异议的个人"):
        assert said in page
    opened = zhao.client.get(place)
    assert opened.status_code == 200
    assert not Image.open(io.BytesIO(opened.get_data())).getexif(), "drawn anew: nothing says where it was taken"
    assert unit.client.get(place).status_code == 404
    assert citizen.client.get(place).status_code in (302, 303, 404)
    assert "材料1" not in unit.get(f"/evidence/cycles/{photo.cycle_id}/units/{people['first']}")
    for address in (citizen.address, f"/public/notices/{citizen.notice}", "/public/objections"):
        assert "材料1" not in citizen.get(address)
    for content in (citizen.get("/public/objections"), page):
        assert NAME not in content
        assert "标记丁家" not in content
    with app.app_context():
        found = seen(photo.objection_id or 0)
        with pytest.raises(IntegrityError):
            db.session.execute(text("UPDATE evidence_file SET name = 'x'"))
        db.session.rollback()
        decide(found.id, found.version, REJECTED, "", who(people, "zhao"))
        assert (objectors_due(), forget_objectors()) == (Forgotten(0, 0), Forgotten(0, 0))
        clock.at += timedelta(days=400)
        assert objectors_due() == Forgotten(1, 2)
        assert len(kept(tmp_path)) == 3, "a dry run leaves everything"
    said = app.test_cli_runner().invoke(args=["purge-people", "--dry-run"]).output
    assert "到期：办结已久的异议里个人的姓名和联系方式1件，附的材料2件。" in said
    with app.app_context():
        assert (forget_objectors(), forget_objectors()) == (Forgotten(1, 2), Forgotten(0, 0))
        assert db.session.scalars(select(Objector.sealed)).all() == [""]
        assert db.session.scalars(select(Objection.number)).all() == [number]
        db.session.remove()
    assert stored(app) == []
    assert kept(tmp_path) == []
    assert code


def test_whoever_may_decide_takes_one_down_for_a_reason_and_its_content_is_gone(
    app: Any, citizen: Citizen, people: dict[str, int], tmp_path: Path
) -> None:
    citizen.send(citizen.filled(files=with_files(*SENT)))
    photo, paper = stored(app)
    page, button = f"/objections/{photo.objection_id}", f"/files/{photo.id}/remove"
    place = f"/evidence/cycles/{photo.cycle_id}/units/{people['first']}{button}"
    zhao, unit, part = Sender(app, "zhao"), Sender(app, "unit"), Sender(app, "wang")
    assert button in zhao.get(page)
    shown = part.get(page)
    assert "材料1.jpg" in shown
    assert button not in shown, "whoever had a hand in the result sees it and takes nothing away"
    for other in (part, unit):
        other.post(place, {"reason": "不该在"}, 404)
    zhao.post(place, {"reason": " "})
    assert [one.removed_at for one in stored(app)] == [None, None]
    assert len(kept(tmp_path)) == 3
    zhao.post(place, {"reason": "照到了邻居家的孩子", "next": page})
    gone, stays = stored(app)
    assert (gone.removed_by, gone.removed_reason) == (people["zhao"], "照到了邻居家的孩子")
    assert (gone.sha256, gone.size) == (photo.sha256, photo.size), "what it was stays told"
    assert stays.removed_at is None
    assert [one.name for one in kept(tmp_path)] == [paper.stored], "neither the picture nor the small one is left"
    asked = select(AuditEvent).where(AuditEvent.act.in_(("evidence_removed", "evidence_destroyed")))
    (said,) = inside(app, lambda: list(db.session.scalars(asked)))
    assert (said.act, said.account_id, said.subject_id) == ("evidence_destroyed", people["zhao"], photo.id)
    after = zhao.get(page)
    for words in ("撤下了，内容已经删除，登记和理由留着。", "已撤下，内容已删除", "照到了邻居家的孩子"):
        assert words in after
    assert button not in after
    opened = place.removesuffix("/remove")
    for reader in (zhao, Sender(app, "auditor")):
        assert reader.client.get(opened).status_code == 404, "gone for whoever reads the trail, too"
        assert reader.client.get(f"{opened}/thumbnail").status_code == 404
    assert "佐证都在" in app.test_cli_runner().invoke(args=["verify-evidence"]).output
    with app.app_context():
        found = seen(photo.objection_id or 0)
        decide(found.id, found.version, REJECTED, "", who(people, "zhao"))
        with pytest.raises(RuleError, match=r"evidence\.settled"):
            remove_evidence(photo.cycle_id, people["first"], paper.id, "办结以后", who(people, "zhao"))
        db.session.remove()


def test_what_the_store_did_not_let_go_of_is_swept(
    app: Any, citizen: Citizen, people: dict[str, int], tmp_path: Path, clock: TestClock
) -> None:
    """The store is away for a moment: the removal stands, nobody opens the file any more, the sweep deletes it."""
    citizen.send(citizen.filled(files=with_files(*SENT)))
    photo, paper = stored(app)
    reason, zhao = "照到了邻居家的孩子", inside(app, who, people, "zhao")
    with app.app_context():
        with pytest.MonkeyPatch.context() as away:
            away.setattr(DiskStore, "remove", unreachable)
            assert remove_evidence(photo.cycle_id, people["first"], photo.id, reason, zhao)
        assert len(kept(tmp_path)) == 3
        with pytest.raises(RuleError, match=r"evidence\.none"):
            open_evidence(photo.cycle_id, people["first"], photo.id, who(people, "auditor"))
        clock.advance(hours=72)
        assert {one.name for one in sweep(datetime(2100, 1, 1, tzinfo=UTC))} == {photo.stored, photo.thumbnail}
        assert [one.name for one in kept(tmp_path)] == [paper.stored]
        db.session.remove()


def unreachable(*_: Any) -> None:
    raise StoreUnreachable


def test_whether_there_is_room_is_asked_before_anything_is_looked_into(
    app: Any, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    real = checked

    def looking(name: str, file: Any, most: int) -> Checked:
        looked.append(name)
        return real(name, file, most)

    monkeypatch.setattr(objector_files, "checked", looking)
    photo = SENT[0]
    filled = citizen.filled(files=with_files(photo))
    citizen.send(filled)
    assert looked == ["标记欧阳丙的照片.jpg"]
    citizen.send({**filled, "files": with_files(photo)})
    tried: list[tuple[dict[str, int], dict[str, Any], int]] = [
        ({"OBJECTOR_DAY_MB": 0}, {}, 429),
        ({"OBJECTOR_DAY_MB": 500, "OBJECTOR_STORE_MB": 0}, {}, 503),
        ({"OBJECTOR_STORE_MB": 10_000, "OBJECTIONS_A_DAY": 1}, {}, 429),
        ({"OBJECTIONS_A_DAY": 200, "OBJECTOR_FILE_MB": 0}, {}, 422),
        ({"OBJECTOR_FILE_MB": 4}, {"files": with_files(*[photo] * 4)}, 422),
        ({}, {"grounds": "短"}, 422),
        ({}, {"indicators": ["V9.9"]}, 422),
    ]
    for settings, fields, status in tried:
        app.config |= settings
        citizen.send(citizen.filled(**{"files": with_files(photo), **fields}), status)
    assert looked == ["标记欧阳丙的照片.jpg"], "what is refused anyway costs nothing, nor does a form sent twice"
    assert len(stored(app)) == 1


def test_all_lists_and_days_together_have_one_bound(
    app: Any, citizen: Citizen, people: dict[str, int], clock: TestClock, tmp_path: Path
) -> None:
    app.config["OBJECTOR_STORE_MB"] = 1
    large = ("材料.pdf", files.PDF + b" " * 450_000 + b"%%EOF")
    for _ in range(2):
        citizen.send(citizen.filled(files=with_files(large)))
        clock.advance(hours=24)
    page = citizen.send(citizen.filled(files=with_files(large)), 503)
    assert "网上存放材料的地方已经满了，没有提交。你填的都在。可以不附材料先提交" in page
    assert GROUNDS in page
    assert len(stored(app)) == len(kept(tmp_path)) == 2
    citizen.send(citizen.filled())
    first = stored(app)[0]
    with app.app_context():
        remove_evidence(first.cycle_id, people["first"], first.id, "照到了邻居家的孩子", who(people, "zhao"))
        db.session.remove()
    citizen.send(citizen.filled(files=with_files(large)))
    assert [one.removed_at is None for one in stored(app)] == [False, True, True]


@pytest.mark.parametrize("server", ["postgres"], indirect=True)
def test_the_last_room_is_given_once(app: Any, citizen: Citizen, server: Any) -> None:
    """Whoever takes in files waits for others who do, of whatever list: PostgreSQL's lock; SQLite has one writer."""
    filled, done = citizen.filled(), threading.Event()

    def send() -> None:
        told = Telling(filled["unit"], GROUNDS, (), NAME, TELEPHONE, True, filled["form"],
                       ((SENT[1][0], io.BytesIO(SENT[1][1])),))  # fmt: skip
        with app.app_context():
            object_to(citizen.notice, told)
            db.session.remove()
        done.set()

    with app.app_context(), db.engine.connect() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": objector_files.STORE_LOCK})
        sender = threading.Thread(target=send)
        sender.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = :key")
        with db.engine.connect() as watching:
            for _ in range(1_000):
                if watching.execute(waiting, {"key": objector_files.STORE_LOCK}).scalar_one():
                    break
                time.sleep(0.01)
            else:
                pytest.fail("nobody waits for the store")
        assert not done.is_set()
        other.rollback()
        sender.join(30)
    assert done.is_set()
    assert len(stored(app)) == 1


@pytest.mark.parametrize(
    ("papers", "status", "said"),
    [
        (SENT * 2, 422, "最多附3件材料"),
        ((("照片.jpg", files.HTML),), 422, "看内容不是能收的文件"),
        ((("台账.docx", files.office("docx")), ("空.pdf", b"")), 422, "文件是空的"),
        ((("大.pdf", files.PDF),), 422, "0MB"),
    ],
)
def test_what_may_not_be_kept_is_refused_with_all_that_was_typed(
    app: Any, citizen: Citizen, tmp_path: Path, papers: tuple[tuple[str, bytes], ...], status: int, said: str
) -> None:
    app.config["OBJECTOR_FILE_MB"] = 0 if said == "0MB" else 4
    fields = citizen.filled(files=with_files(*papers))
    page = citizen.send(fields, status)
    assert said in page
    assert "请再选一次" in page
    assert GROUNDS in page
    assert stored(app) == []
    assert kept(tmp_path) == []
    assert inside(app, lambda: db.session.scalar(select(Objection.id))) is None


def test_a_list_takes_so_much_in_a_day_and_the_unit_keeps_its_room(
    app: Any, citizen: Citizen, people: dict[str, int], determined: int, tmp_path: Path, clock: TestClock
) -> None:
    from starrating.domain.evidence import Purpose
    from starrating.queries.evidence import held

    app.config["OBJECTOR_DAY_MB"] = 1
    large = ("材料.pdf", files.PDF + b" " * 300_000 + b"%%EOF")
    for _ in range(3):
        citizen.send(citizen.filled(files=with_files(large)))
    page = citizen.send(citizen.filled(files=with_files(large)), 429)
    assert "今天网上收到的材料已经满了" in page
    assert len(stored(app)) == len(kept(tmp_path)) == 3, "what was refused is let go of"
    citizen.send(citizen.filled())
    taken = inside(app, lambda: held(db.session(), determined, people["first"], "", Purpose.SCORE))
    assert (taken.files, taken.standing, taken.ever) == (0, 0, 0)
    clock.advance(hours=72)
    assert inside(app, lambda: sweep(now())) == ()


def test_a_form_sent_ten_times_at_once_is_one_objection_with_its_files_once(
    app: Any, citizen: Citizen, tmp_path: Path
) -> None:
    filled = citizen.filled()

    def send(_: int) -> str:
        told = Telling(filled["unit"], GROUNDS, (), NAME, TELEPHONE, True, filled["form"],
                       tuple((name, io.BytesIO(content)) for name, content in SENT))  # fmt: skip
        with app.app_context():
            try:
                return object_to(citizen.notice, told).number
            finally:
                db.session.remove()

    with ThreadPoolExecutor(5) as many:
        numbers = set(many.map(send, range(10)))
    assert len(numbers) == 1
    assert len(stored(app)) == 2
    assert len(kept(tmp_path)) == 3


def test_the_tables_before_know_no_file_that_nobody_sent(
    app: Any, citizen: Citizen, determined: int, database: str, people: dict[str, int]
) -> None:
    """Back and forth again: what the unit attached to its own objection stays, what an individual did is gone."""
    citizen.send(citizen.filled(files=with_files(SENT[1])))
    own = f"/objections/cycles/{determined}/units/{people['first']}/own"
    sent(Sender(app, "unit"), own, ("自己的.pdf", files.PDF), grounds=GROUNDS)
    assert len(stored(app)) == 2
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    migrate(database, "0033", down=True)
    with app.app_context():
        assert db.session.execute(text("SELECT name FROM evidence_file")).scalars().all() == ["自己的.pdf"]
        db.session.remove()
        db.engine.dispose()
    migrate(database)
    assert [one.name for one in stored(app)] == ["自己的.pdf"]
    with app.app_context(), pytest.raises(IntegrityError):
        db.session.execute(text("DELETE FROM evidence_file"))
