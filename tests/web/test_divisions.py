"""The import of a city's divisions, all or nothing, and the pages that show them."""

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from starrating.cli import import_units
from starrating.domain.access import EVERYWHERE, Place
from starrating.errors import ENTRY_FAULTS, REFUSALS, ROW_FAULTS, sentence_of_row
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.divisions import Division, Unit
from starrating.queries import divisions as question
from starrating.services.divisions.divisions import Imported, import_divisions
from starrating.services.divisions.rows import ImportRefused, RowFault, kind_of, read_divisions
from starrating.services.years import windows
from starrating.wording import SENTENCES
from tests.conftest import KEY
from tests.house.source import PACKAGE, ROOT, fault_codes_in
from tests.web.city import ROWS, key_of, sign_in

TIANJIN = PACKAGE / "demo" / "data" / "tianjin_divisions_2023.csv"


def count(table: Any) -> int:
    found = db.session.scalar(select(func.count()).select_from(table)) or 0
    db.session.remove()
    return found


def bring(folder: Path, text: str) -> Imported:
    file = folder / "other.csv"
    file.write_text(text, encoding="utf-8")
    return import_divisions(read_divisions(file), date(2000, 1, 1), None)


def test_tianjin_is_imported_by_the_command_and_only_once(app: Any) -> None:
    runner = app.test_cli_runner()
    first, again = runner.invoke(import_units, [str(TIANJIN)]), runner.invoke(import_units, [str(TIANJIN)])
    assert "新增区划316个" in first.output
    assert "新增村和社区5617个" in first.output
    assert "没有变化" in again.output
    with app.app_context():
        assert (count(Division), count(Unit), count(AuditEvent)) == (316, 5617, 1)
        rated = db.session.execute(select(Unit.kind, func.count()).where(Unit.rated).group_by(Unit.kind))
        assert dict(iter(rated)) == {"village": 3542, "community": 1934}
        names = [row.name for row in question.divisions_in([EVERYWHERE], "district")]
        assert len(names) == 16


def test_a_corrected_name_is_taken_over_and_a_corrected_kind_is_kept(city: Any, tmp_path: Path) -> None:
    with city.app_context():
        from starrating.services.transaction import transaction

        with transaction() as session:
            session.scalars(select(Unit).where(Unit.name == "东甲村")).one().kind = "community"
        done = bring(tmp_path, ROWS.replace("东甲村", "东甲新村").replace("西二街道", "西二新街道"))
        assert done == Imported(divisions_renamed=1, units_renamed=1)
        assert db.session.scalars(select(Unit.kind).where(Unit.name == "东甲新村")).one() == "community"


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("990101001201", "99010100120", 9, "row.code"),
        ("990101001201", "９90101001201", 9, "row.code"),
        ("东甲村", " ", 9, "row.name"),
        ("东甲村", "东\u202e甲", 9, "row.name"),
        ("990101001000,unit,村\n990101001202", "990101001009,unit,村\n990101001202", 9, "row.parent"),
        ("990101001000,unit,村\n990101001202", "990101000000,unit,村\n990101001202", 9, "row.parent"),
        ("unit,类似村", "unit,庄", 14, "row.kind"),
        ("unit,类似村", "hamlet,村", 14, "row.level"),
        ("990101001202", "990101001201", 10, "row.twice"),
        ("西区,990000000000", "西区,", 4, "row.parent"),
        ("类似村\n", "类似村,多\n", 14, "row.cells"),
        ("code,name", "name,code", 1, "file.header"),
        ("东区,990000000000,district", "东区,,city", 3, "row.second_root"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    app: Any, tmp_path: Path, old: str, new: str, line: int, code: str
) -> None:
    with app.app_context():
        with pytest.raises(ImportRefused) as refused:
            bring(tmp_path, ROWS.replace(old, new, 1))
        assert (line, code) in [(fault.line, fault.code) for fault in refused.value.faults]
        assert all(sentence_of_row(fault) for fault in refused.value.faults)
        assert (count(Division), count(Unit)) == (0, 0)


def test_a_unit_that_moved_is_refused_whole(city: Any, tmp_path: Path) -> None:
    with city.app_context():
        before = count(Unit)
        moved = (
            ROWS.replace("东乙村,990101001000", "东乙村,990101002000")
            + "990102002003,西戊社区,990102002000,unit,社区\n"
        )
        with pytest.raises(ImportRefused):
            bring(tmp_path, moved)
        assert count(Unit) == before


def test_another_encoding_is_named(app: Any, tmp_path: Path) -> None:
    file = tmp_path / "gbk.csv"
    file.write_bytes(ROWS.encode("gb18030"))
    result = app.test_cli_runner().invoke(import_units, [str(file)])
    assert result.exit_code == 1
    assert "gbk.csv:1: 文件不是UTF-8编码" in result.output


@pytest.mark.slow
def test_an_import_that_is_killed_leaves_all_or_nothing(database: str, tmp_path: Path) -> None:
    from tests.conftest import TestClock, application, close

    settings = {"SECRET_KEY": KEY, "DATABASE_URL": database, "STARRATING_ENV": "production", "FLASK_APP": "wsgi"}
    app = application(database, TestClock())
    for moment in (900, 1100, 1300):
        command = [sys.executable, "-m", "flask", "import-units", str(TIANJIN)]
        child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=-3, stderr=-3)
        time.sleep(moment / 1000)
        child.send_signal(signal.SIGKILL)
        child.wait()
        with app.app_context():
            assert (count(Division), count(Unit)) in {(0, 0), (316, 5617)}
    close(app)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("001", "community"), ("199", "community"), ("200", "village"), ("399", "village"), ("400", "community"),
     ("499", "community"), ("500", "village"), ("599", "village"), ("000", ""), ("600", "")],
)  # fmt: skip
def test_the_code_says_the_kind(code: str, kind: str) -> None:
    assert kind_of(f"120101001{code}") == kind


@pytest.mark.usefixtures("people")
def test_browsing_and_searching(city: Any) -> None:
    client = city.test_client()
    sign_in(client, "city")
    with city.app_context():
        east, town = key_of("东区"), key_of("东一镇")
    assert "东一镇" in client.get(f"/units/divisions/{east}").text
    assert "东乙村" in client.get(f"/units/divisions/{town}").text
    assert "东乙村" not in client.get(f"/units/divisions/{town}?q=甲").text
    assert "东甲村" in client.get("/units/?q=甲").text
    assert "东甲村" in client.get("/units/?q=990101001201").text
    assert "东甲村" not in client.get("/units/?q=甲&kind=community").text
    assert "西甲村" not in client.get(f"/units/?q=甲&district={east}").text
    assert "没有符合条件" in client.get("/units/?q=%25").text
    assert "东甲村" in client.get("/units/?q=%EF%BC%99".replace("%EF%BC%99", "9901")).text


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("address", ["/units/", "/units/?q=村", "/accounts/", "/audit/"])
def test_no_page_asks_for_every_row(city: Any, address: str) -> None:
    client = city.test_client()
    sign_in(client, "city")
    asked: list[str] = []
    with city.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert client.get(address).status_code == 200
    assert 0 < len([one for one in asked if not one.startswith("BEGIN")]) <= 12


def test_a_scope_is_a_condition(city: Any) -> None:
    with city.app_context():
        city_key, east, town, unit = (key_of(name) for name in ("试验市", "东区", "东一镇", "东甲村"))
        found = [
            question.units([place], question.UnitFilter()).total
            for place in (EVERYWHERE, Place(city_key), Place(city_key, east), Place(city_key, east, town))
        ]
        assert found == [8, 8, 4, 2]
        assert question.units([Place(city_key, east, town, unit)], question.UnitFilter()).total == 1
        assert question.units([], question.UnitFilter()).total == 0


def test_every_refusal_of_a_service_has_its_sentence() -> None:
    pages = (PACKAGE / "blueprints" / name for name in ("checks", "exchange", "people", "publication"))
    folders = (PACKAGE / "services", PACKAGE / "demo", *pages)
    sources = [path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py")]
    sources.append((PACKAGE / "domain" / "case_records.py").read_text(encoding="utf-8"))
    written = set().union(*map(fault_codes_in, sources), windows.REFUSED)
    assert written - SENTENCES.keys() - ENTRY_FAULTS.keys() == REFUSALS.keys()
    text = (PACKAGE / "services" / "divisions" / "rows.py").read_text(encoding="utf-8")
    assert {code for code in ROW_FAULTS if f'"{code}"' not in text} == {"row.moved"}
    assert sentence_of_row(RowFault(1, "row.moved", {"code": "9"}))
