"""Evidence on both databases: whose it is, the file before its row, limits that hold in a race, orphans, damage."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from starrating.domain.evidence import Purpose
from starrating.domain.faults import RuleError
from starrating.domain.windows import Stage, Window
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.evidence import EvidenceFile
from starrating.queries.evidence import file_of, files_of
from starrating.queries.identities import Identity, grants_of
from starrating.services.clock import now
from starrating.services.evidence.evidence import add_evidence, open_evidence, remove_evidence
from starrating.services.evidence.rights import Slot
from starrating.services.storage import EXTENSION, store
from starrating.services.storage.disk import DiskStore
from starrating.services.upkeep.evidence_upkeep import damaged, orphans, sweep
from starrating.services.years.windows import set_windows
from tests.conftest import KEY
from tests.house.source import ROOT
from tests.services import files

LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def scoring(app: Any, in_scoring: int, tmp_path: Path) -> int:
    app.config["EVIDENCE_FOLDER"] = str(tmp_path / "evidence")
    return in_scoring


def who(people: dict[str, int], name: str) -> Identity:
    grants = tuple(row.granted for row in grants_of(people[name]))
    return Identity(people[name], name, name, False, 0, now(), grants)


def add(people: dict[str, int], name: str = "assessor", indicator: str = "V1.3", **more: Any) -> int:
    purpose = more.pop("purpose", Purpose.SCORE)
    slot = Slot(1, more.pop("unit", people["first"]), indicator, purpose)
    content = more.pop("content", files.PDF)
    return add_evidence(slot, more.pop("given", "证据材料.pdf"), io.BytesIO(content), who(people, name))


def on_disk(app: Any) -> list[Path]:
    return [path for path in Path(app.config["EVIDENCE_FOLDER"]).rglob("*") if path.is_file()]


def acts() -> list[str]:
    return [
        act for act in db.session.scalars(select(AuditEvent.act).order_by(AuditEvent.sequence)) if "evidence" in act
    ]


def test_a_file_is_kept_under_a_name_nobody_guesses(app: Any, scoring: int, people: dict[str, int]) -> None:
    with app.app_context():
        one, two = add(people), add(people)
        first, second = file_of(1, people["first"], one), file_of(1, people["first"], two)
        assert first is not None
        assert second is not None
        assert first.name == second.name == "证据材料.pdf"
        assert first.stored != second.stored
        assert first.sha256 == sha256(files.PDF).hexdigest()
        assert sorted(path.name for path in on_disk(app)) == sorted([first.stored, second.stored])
        assert all(path.stat().st_mode & 0o077 == 0 for path in on_disk(app))
        row, content = open_evidence(1, people["first"], one, who(people, "town"))
        assert (row.name, content) == ("证据材料.pdf", files.PDF)
        assert acts() == ["evidence_added", "evidence_added"]


def test_a_picture_has_a_small_one_and_no_place(app: Any, scoring: int, people: dict[str, int]) -> None:
    with app.app_context():
        key = add(people, content=files.picture(), given="现场.jpg")
        _, content = open_evidence(1, people["first"], key, who(people, "assessor"))
        row, small = open_evidence(1, people["first"], key, who(people, "assessor"), small=True)
        assert b"SecretCamera" not in content + small
        assert row.sha256 == sha256(content).hexdigest()
        assert len(on_disk(app)) == 2


RIGHTS = (
    ("assessor", "V1.3", Purpose.SCORE, True),
    ("assessor", "", Purpose.SCORE, True),
    ("assessor", "V1.2", Purpose.SCORE, False),
    ("assessor", "V1.3", Purpose.SELF_ASSESSMENT, False),
    ("assessor", "V9.9", Purpose.SCORE, False),
    ("assessor", "V1.3", Purpose.SPOT_CHECK, False),
    ("town", "V1.2", Purpose.SCORE, True),
    ("town", "V1.3", Purpose.SCORE, False),
    ("unit", "V1.3", Purpose.SELF_ASSESSMENT, True),
    ("unit", "", Purpose.SELF_ASSESSMENT, True),
    ("unit", "V1.3", Purpose.SCORE, False),
    ("unit", "V9.9", Purpose.SELF_ASSESSMENT, False),
    ("auditor", "V1.3", Purpose.SCORE, False),
    ("wang", "V1.3", Purpose.SCORE, False),
    ("city", "", Purpose.SELF_ASSESSMENT, False),
)


def test_whose_it_is_to_add(app: Any, scoring: int, people: dict[str, int]) -> None:
    kept = 0
    with app.app_context():
        for name, indicator, purpose, allowed in RIGHTS:
            if allowed:
                assert add(people, name, indicator, purpose=purpose) > 0
                kept += 1
                continue
            with pytest.raises(RuleError, match=r"evidence\.none"):
                add(people, name, indicator, purpose=purpose)
        assert len(on_disk(app)) == len(acts()) == kept


def test_inside_the_window_and_not_a_microsecond_later(
    app: Any, scoring: int, people: dict[str, int], clock: Any
) -> None:
    with app.app_context():
        closes = clock.at + timedelta(days=3)
        window = Window(clock.at, closes)
        dated = {Stage.SELF_ASSESSMENT: window, Stage.SCORING: window}
        set_windows(1, dated, _version(), people["wang"])
        clock.at = closes
        key = add(people)
        own = add(people, "unit", purpose=Purpose.SELF_ASSESSMENT)
        clock.at = closes + timedelta(microseconds=1)
        for name, purpose in (("assessor", Purpose.SCORE), ("unit", Purpose.SELF_ASSESSMENT)):
            with pytest.raises(RuleError, match=r"window\.over"):
                add(people, name, purpose=purpose)
        with pytest.raises(RuleError, match=r"window\.over"):
            remove_evidence(1, people["first"], key, "错了", who(people, "assessor"))
        with pytest.raises(RuleError, match=r"window\.over"):
            remove_evidence(1, people["first"], own, "错了", who(people, "unit"))
        assert open_evidence(1, people["first"], key, who(people, "assessor"))[1] == files.PDF


def _version() -> int:
    from starrating.queries.cycles import cycle

    row = cycle(1)
    assert row is not None
    return row.version


def test_removing_says_why_and_keeps_everything(app: Any, scoring: int, people: dict[str, int]) -> None:
    with app.app_context():
        key, unit, assessor = add(people), people["first"], who(people, "assessor")
        with pytest.raises(RuleError, match=r"evidence\.reason"):
            remove_evidence(1, unit, key, "  ", assessor)
        for name in ("town", "unit", "auditor"):
            with pytest.raises(RuleError, match=r"evidence\.none"):
                remove_evidence(1, unit, key, "不该在", who(people, name))
        remove_evidence(1, unit, key, "传错了村", assessor)
        remove_evidence(1, unit, key, "又点一次", assessor)
        assert acts() == ["evidence_added", "evidence_removed"]
        row = file_of(1, unit, key)
        assert row is not None
        assert (row.removed_reason, len(on_disk(app))) == ("传错了村", 1)
        with pytest.raises(RuleError, match=r"evidence\.none"):
            open_evidence(1, unit, key, assessor)
        assert open_evidence(1, unit, key, who(people, "auditor"))[1] == files.PDF
        assert [one.id for one in files_of(1, unit, tuple(Purpose))] == [key]
        assert sweep(LATER) == ()


def test_the_unit_sees_its_own_and_not_what_assessors_keep(app: Any, scoring: int, people: dict[str, int]) -> None:
    with app.app_context():
        theirs, own = add(people), add(people, "unit", purpose=Purpose.SELF_ASSESSMENT)
        with pytest.raises(RuleError, match=r"evidence\.none"):
            open_evidence(1, people["first"], theirs, who(people, "unit"))
        assert open_evidence(1, people["first"], own, who(people, "unit"))[1] == files.PDF
        assert open_evidence(1, people["first"], own, who(people, "assessor"))[1] == files.PDF
        with pytest.raises(RuleError, match=r"evidence\.none"):
            open_evidence(1, people["first"] + 1, own, who(people, "assessor"))


def test_limits_of_size_count_and_sum(app: Any, scoring: int, people: dict[str, int]) -> None:
    app.config |= {"EVIDENCE_FILE_BYTES": 1000, "EVIDENCE_FILES": 3, "EVIDENCE_UNIT_BYTES": 2000}
    padded = b"%PDF-1.4\n" + b"%" * 480 + b"\n" + files.PDF
    with app.app_context():
        with pytest.raises(RuleError, match=r"evidence\.large"):
            add(people, content=padded + padded[9:])
        kept = [add(people, content=padded) for _ in range(3)]
        with pytest.raises(RuleError, match=r"evidence\.files"):
            add(people, content=files.PDF)
        with pytest.raises(RuleError, match=r"evidence\.unit_full"):
            add(people, indicator="", content=padded)
        for key in kept:
            remove_evidence(1, people["first"], key, "换一版", who(people, "assessor"))
        for _ in range(3):
            add(people, content=padded)
        for key in [one.id for one in files_of(1, people["first"], (Purpose.SCORE,)) if one.removed_at is None]:
            remove_evidence(1, people["first"], key, "再换", who(people, "assessor"))
        with pytest.raises(RuleError, match=r"evidence\.unit_full"):
            add(people, content=padded + b" " * 300)
        assert len(on_disk(app)) == 6, "what was refused left nothing"


def test_thirty_at_once_stop_exactly_at_the_limit(app: Any, scoring: int, people: dict[str, int]) -> None:
    app.config |= {"EVIDENCE_FILES": 7}

    def one(_: int) -> str:
        with app.app_context():
            try:
                add(people)
            except RuleError as refusal:
                return refusal.code
            finally:
                db.session.remove()
        return ""

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(30)))
    assert (answers.count(""), answers.count("evidence.files")) == (7, 23)
    with app.app_context():
        assert len(files_of(1, people["first"], (Purpose.SCORE,))) == len(on_disk(app)) == 7
        assert acts().count("evidence_added") == 7


def test_a_full_disk_leaves_no_row_and_no_file(
    app: Any, scoring: int, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with app.app_context():
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(RuleError, match=r"evidence\.no_room"):
            add(people, content=files.picture(), given="现场.jpg")
        monkeypatch.undo()
        assert on_disk(app) == []
        assert files_of(1, people["first"], tuple(Purpose)) == ()
        assert add(people) > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
def test_a_really_full_file_system(app: Any, scoring: int, people: dict[str, int], tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], check=False).returncode:
        pytest.skip("no mounting here")
    app.config["EVIDENCE_FOLDER"] = str(small)
    large = b"%PDF-1.4\n" + os.urandom(40_000) + files.PDF
    try:
        with app.app_context():
            add(people, content=large)
            with pytest.raises(RuleError, match=r"evidence\.no_room"):
                add(people, content=large)
            assert [path.stat().st_size for path in on_disk(app)] == [len(large)]
            assert len(files_of(1, people["first"], tuple(Purpose))) == 1
            assert add(people) > 0, "smaller ones still fit"
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_refusal_after_the_file_takes_the_file_back(
    app: Any, scoring: int, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from starrating.services.evidence import evidence

    def late(*_: Any, **__: Any) -> None:
        raise RuleError("window.over")

    with app.app_context():
        monkeypatch.setattr(evidence, "_locked", late)
        with pytest.raises(RuleError, match=r"window\.over"):
            add(people)
        assert on_disk(app) == []


KILLED = """
import io, os, signal, sys
from config import Testing
from starrating.app import create_app
from starrating.services.evidence import evidence
from tests.services.test_evidence import add
app = create_app(Testing(dict(os.environ)))
app.config["EVIDENCE_FOLDER"] = sys.argv[1]
real = evidence.put
def put(contents):
    real(contents)
    os.kill(os.getpid(), signal.SIGKILL)
evidence.put = put
with app.app_context():
    add({"first": int(sys.argv[2]), "assessor": int(sys.argv[3])})
"""


def test_killed_between_file_and_row_leaves_only_an_orphan(
    app: Any, scoring: int, people: dict[str, int], database: str, tmp_path: Path
) -> None:
    arguments = [app.config["EVIDENCE_FOLDER"], str(people["first"]), str(people["assessor"])]
    environment = os.environ | {"SECRET_KEY": KEY, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    # The cycle's window is open whatever the day: no dates were set.
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], cwd=ROOT, env=environment, check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    with app.app_context():
        assert len(on_disk(app)) == 1
        assert files_of(1, people["first"], tuple(Purpose)) == ()
        key = add(people)
        assert sweep(datetime(2000, 1, 1, tzinfo=UTC)) == (), "what is young may be on its way"
        assert len(sweep(LATER)) == 1
        assert orphans(LATER) == ()
        assert open_evidence(1, people["first"], key, who(people, "assessor"))[1] == files.PDF


def test_an_unfinished_file_is_swept(app: Any, scoring: int, people: dict[str, int]) -> None:
    with app.app_context():
        add(people)
        folder = Path(app.config["EVIDENCE_FOLDER"]) / "ab"
        folder.mkdir(exist_ok=True)
        (folder / f"{'ab' * 16}.part").write_bytes(b"half")
        assert [one.size for one in sweep(LATER)] == [4]
        assert len(on_disk(app)) == 1


def test_one_changed_bit_is_refused_and_told_once(app: Any, scoring: int, people: dict[str, int]) -> None:
    with app.app_context():
        key = add(people)
        assert list(damaged()) == []
        [path] = on_disk(app)
        content = bytearray(path.read_bytes())
        content[10] ^= 1
        path.write_bytes(content)
        for _ in range(2):
            with pytest.raises(RuleError, match=r"evidence\.damaged"):
                open_evidence(1, people["first"], key, who(people, "assessor"))
        path.unlink()
        with pytest.raises(RuleError, match=r"evidence\.damaged"):
            open_evidence(1, people["first"], key, who(people, "assessor"))
        assert acts() == ["evidence_added", "evidence_damaged"]
        assert [row.id for row in damaged()] == [key]


def test_the_database_itself_keeps_the_rows(app: Any, scoring: int, people: dict[str, int]) -> None:
    with app.app_context():
        key = add(people)
        db.session.remove()
        for statement in (
            "DELETE FROM evidence_file", "UPDATE evidence_file SET sha256 = 'x'", "UPDATE evidence_file SET name = 'x'",
            f"UPDATE evidence_file SET stored = 'x' WHERE id = {key}",
        ):  # fmt: skip
            with pytest.raises(DBAPIError):
                db.session.execute(text(statement))
            db.session.rollback()
        remove_evidence(1, people["first"], key, "换一版", who(people, "assessor"))
        with pytest.raises(DBAPIError):
            db.session.execute(text("UPDATE evidence_file SET removed_reason = '别的'"))
        db.session.rollback()
        assert db.session.scalar(select(EvidenceFile.removed_reason)) == "换一版"


def test_names_of_the_store_lead_nowhere_else(tmp_path: Path) -> None:
    from starrating.services.storage import NotKept

    kept = DiskStore(str(tmp_path / "in"))
    (tmp_path / "secret").write_bytes(b"x")
    for name in ("../secret", "..", "", "/etc/passwd", "AB" * 16, "ab" * 16 + "/.."):
        with pytest.raises(NotKept):
            kept.read(name)
        with pytest.raises(NotKept):
            kept.put(name, b"x")
    kept.put("ab" * 16, b"x")
    with pytest.raises(Exception, match="exists"):
        DiskStore.put(_Racing(str(tmp_path / "in")), "cd" * 16, b"y")
    link = tmp_path / "in" / "ef"
    link.mkdir()
    (link / ("ef" * 16)).symlink_to(tmp_path / "secret")
    with pytest.raises(Exception, match="symbolic"):
        kept.read("ef" * 16)


class _Racing(DiskStore):
    """A store in which somebody else begins the same name a moment earlier."""

    def _place(self, name: str) -> Path:
        place = super()._place(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_suffix(".part").write_bytes(b"theirs")
        return place


@pytest.fixture(scope="module")
def bucket() -> Any:
    """A server that speaks S3, with an empty bucket; environment for the application."""
    moto = pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    import urllib.request

    address = f"http://{host}:{port}"
    with urllib.request.urlopen(urllib.request.Request(f"{address}/evidence-test", method="PUT")) as answer:
        assert answer.status == 200
    yield {"EVIDENCE_BUCKET": "evidence-test", "S3_ENDPOINT": address, "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "b"}
    server.stop()


def test_the_same_in_a_store_that_speaks_s3(app: Any, scoring: int, people: dict[str, int], bucket: Any) -> None:
    app.config |= bucket
    app.extensions.pop(EXTENSION, None)
    with app.app_context():
        key = add(people, content=files.picture(), given="现场.jpg")
        row, content = open_evidence(1, people["first"], key, who(people, "assessor"))
        assert sha256(content).hexdigest() == row.sha256
        assert on_disk(app) == []
        assert {one.name for one in store().files()} >= {row.stored, row.thumbnail}
        store().put("ab" * 16, b"orphan")
        assert {one.name for one in sweep(LATER)} >= {"ab" * 16}
        assert list(damaged()) == []
        store().remove(row.stored)
        store().remove(row.stored)
        with pytest.raises(RuleError, match=r"evidence\.damaged"):
            open_evidence(1, people["first"], key, who(people, "assessor"))
        for name in [one.name for one in store().files()]:
            store().remove(name)


def test_a_store_that_does_not_answer_keeps_nothing(app: Any, scoring: int, people: dict[str, int]) -> None:
    app.config |= {"EVIDENCE_BUCKET": "none", "S3_ENDPOINT": "http://127.0.0.1:9", "S3_ACCESS_KEY": "a",
                   "S3_SECRET_KEY": "b"}  # fmt: skip
    app.extensions.pop(EXTENSION, None)
    with app.app_context():
        with pytest.raises(RuleError, match=r"evidence\.no_store"):
            add(people)
        assert files_of(1, people["first"], tuple(Purpose)) == ()
