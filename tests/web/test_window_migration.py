"""The three dates of a year become windows and go back: with data, children and all, on both databases."""

from typing import Any

from sqlalchemy import text

from starrating.extensions import db
from tests.conftest import TestClock, application, close, migrate

MOMENTS = {
    "opens": "2024-10-31 16:00:00",
    "closes": "2024-12-25 15:59:59.999999",
    "later": "2025-01-10 15:59:59.999999",
}
ROWS = """
INSERT INTO division (id, code, name, level, kind, parent_id) VALUES
    (1, '120000000000', '市', 'municipality', '直辖市', NULL), (2, '120113000000', '区', 'district', '区', 1),
    (3, '120113001000', '镇', 'township', '镇', 2);
INSERT INTO unit (id, code, name, kind, township_id, district_id, rated, valid_from)
    VALUES (4, '120113001201', '村', 'village', 3, 2, true, '2000-01-01');
INSERT INTO cycle (id, district_id, year, state, version, created_at, scoring_opens, scoring_closes,
    verification_closes) VALUES (5, 2, 2024, 'scoring', 3, :opens, :opens, :closes, :later);
INSERT INTO cycle (id, district_id, year, state, version, created_at, scoring_closes)
    VALUES (6, 2, 2023, 'published', 9, :opens, :closes);
INSERT INTO cycle (id, district_id, year, state, version, created_at) VALUES (7, 2, 2022, 'draft', 1, :opens);
INSERT INTO assignment (cycle_id, kind, indicator, department, by_township)
    VALUES (5, 'village', 'V1', '区民政局', false);
INSERT INTO cycle_scheme (cycle_id, kind, title, digest, text)
    VALUES (5, 'village', '办法', '0000000000000000000000000000000000000000000000000000000000000000', '{}');
INSERT INTO score_cell (id, cycle_id, unit_id, header, version, state, value)
    VALUES (8, 5, 4, 'V1', 1, 'value', '12.5');
INSERT INTO score_value (cell_id, version, state, value, at, source, reason)
    VALUES (8, 1, 'value', '12.5', :opens, 'entry', '');
INSERT INTO event_record (cycle_id, unit_id, flag, count, reason, at, withdrawn_reason)
    VALUES (5, 4, '否决', 1, '理由', :opens, '');
"""
CHILDREN = ("assignment", "cycle_scheme", "score_cell", "score_value", "event_record", "audit_event")


def prepare(address: str) -> None:
    """Three years as they stood before: with all dates, with one, with none; the first with children."""
    app = application(address, TestClock())
    zone = "" if address.startswith("sqlite") else "+00"
    dates = {name: moment + zone for name, moment in MOMENTS.items()}
    with app.app_context():
        for statement in filter(str.strip, ROWS.split(";")):
            db.session.execute(text(statement), {name: dates[name] for name in dates if f":{name}" in statement})
        db.session.commit()
    close(app)


def seen(address: str, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables, in order, as text."""
    app = application(address, TestClock())
    with app.app_context():
        found = {
            table: sorted(tuple(str(one).removesuffix("+00:00") for one in row)
                          for row in db.session.execute(text(f"SELECT * FROM {table}")))
            for table in tables
        }  # fmt: skip
        db.session.remove()
    close(app)
    return found


def test_dates_become_windows_and_go_back_with_every_child(server: Any) -> None:
    address = server.empty()
    migrate(address, "0010")
    prepare(address)
    before = seen(address, "cycle", *CHILDREN)
    migrate(address, "0011")
    after = seen(address, "cycle", "stage_window", *CHILDREN)
    assert {name: after[name] for name in CHILDREN} == {name: before[name] for name in CHILDREN}
    assert [row[:5] for row in after["cycle"]] == [row[:5] for row in before["cycle"]]
    opens, closes, later = MOMENTS.values()
    assert sorted(row[1:] for row in after["stage_window"]) == [
        ("5", "events", "None", later),
        ("5", "scoring", opens, closes),
        ("5", "verification", "None", later),
        ("6", "scoring", "None", closes),
    ]
    migrate(address, "0010", down=True)
    again = seen(address, "cycle", *CHILDREN)
    assert {name: again[name] for name in CHILDREN} == {name: before[name] for name in CHILDREN}
    assert [sorted(row) for row in again["cycle"]] == [sorted(row) for row in before["cycle"]], (
        "columns may be reordered"
    )
    server.drop(address)
