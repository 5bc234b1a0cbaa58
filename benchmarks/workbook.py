"""Workbooks of a city's size: 5,500 units × 60 indicators out, in, and stored; files that would blow up a reader.

    python -m benchmarks.workbook [sqlite | postgres] [bombs]

One workbook has it all: an assessor of a department takes out a whole district, and the district here has as many
units as a whole city. The bar of the project's specification: the import of such a workbook in 15 s, from the bytes to
the commit with preview and confirmation; a bomb refused in 2 s and 150 MB. The floor is the least that leaves the same
rows in the same tables: the file read by calamine, each row of the three tables added as a driver's `executemany` does.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, insert, select

from benchmarks.databases import NAMES, asked_for, copy_of, database, load
from benchmarks.determination import SCHEME, YEAR

UNITS, LEAVES, TOWNS = 5_500, 60, 16
DEPARTMENT = "区民政局"
LOOK = """
import json, resource, sys, time
from pathlib import Path
from starrating.domain.faults import RuleError
from starrating.interchange.spreadsheets import read_spreadsheet
data, began, said = Path(sys.argv[1]).read_bytes(), time.perf_counter(), "read"
try:
    read_spreadsheet(data)
except RuleError as refusal:
    said = refusal.code
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([said, time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
"""What a small process does with one file: the memory of a large one would count as its child's."""


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long the block took."""
    began, worked = time.perf_counter(), time.process_time()
    yield
    spent = time.process_time() - worked
    print(f"  {what}: {time.perf_counter() - began:.1f} s, {spent:.1f} s of the processor here", flush=True)


@contextmanager
def application(address: str) -> Iterator[None]:
    """An application on that database; all its connections are given back."""
    from config import Testing
    from starrating.app import create_app
    from starrating.extensions import db

    app = create_app(Testing({"SECRET_KEY": os.urandom(16).hex(), "DATABASE_URL": address}))
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def measure(address: str) -> None:
    """Build the district, take its workbook out, bring it back filled, change every cell; the figures of each."""
    import flask_migrate

    with application(address):
        flask_migrate.upgrade()
        row, by = build()
    with copy_of(address) as aside, application(aside):  # where its scores were, no database is as it was before
        empty, filled = templates(row, by)
    print(f"  the file: {len(filled) / 1e6:.1f} MB")
    data = joined(filled, empty)
    with copy_of(address) as blank:
        with application(address):
            bring_in("every cell new", row, by, data)
            stored = rows_stored()
        floor(blank, data, stored)
        del stored
    with application(address):
        with timed("export of the filled workbook"):
            out = made(row, by)
        fill(row, seed=2)
        other = made(row, by)
        fill(row, seed=1)
        bring_in("every cell changed", row, by, joined(other, out))


def bring_in(what: str, row: Any, by: Any, data: bytes) -> None:
    """Read, preview and store a workbook."""
    from starrating.extensions import db
    from starrating.interchange.spreadsheets import read_spreadsheet
    from starrating.services.scoring import imports
    from starrating.services.scoring.scores import Source
    from starrating.services.scoring.workbook_in import read_workbook

    print(f"  {what}:")
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(data)
        file.flush()
        print(f"    the child's peak, read beforehand: {json.loads(_python('-c', LOOK, file.name))[3]:.0f} MB")
    began, worked, beside = time.perf_counter(), time.process_time(), children()
    with timed("  read in the child process"):
        sheets = read_spreadsheet(data)
    with timed("  compared with the scores"):
        reading = read_workbook(row, sheets, by)
    assert not reading.bad, reading.bad[:3]
    del sheets
    with timed("  kept for the confirmation"):
        key = imports.keep(row, Source.WORKBOOK, "填报表.xlsx", data, reading.proposed, by)
    with timed("  preview"):
        digest = imports.preview(row, imports.waiting(row, key, by).proposed).digest
    with timed("  confirmed and stored"):
        stored = imports.confirm(row, key, digest, {}, by)
    db.session.remove()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  import of {stored:,} cells: {time.perf_counter() - began:.1f} s, "
          f"{time.process_time() - worked:.1f} s of the processor here and {children() - beside:.1f} s in children; "
          f"own peak so far {peak:.0f} MB")  # fmt: skip


def children() -> float:
    """Seconds of the processor that ended children used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rows_stored() -> dict[Table, list[dict[str, Any]]]:
    """What the import left in the tables that grow by the cell."""
    from starrating.extensions import db
    from starrating.models.audit import AuditEvent
    from starrating.models.scores import ScoreCell, ScoreValue

    events = select(AuditEvent.__table__).where(AuditEvent.act == "score_saved").order_by(AuditEvent.sequence)
    asked = {ScoreCell: select(ScoreCell.__table__), ScoreValue: select(ScoreValue.__table__), AuditEvent: events}
    found = {cast("Table", model.__table__): [row._asdict() for row in db.session.execute(query)]
             for model, query in asked.items()}  # fmt: skip
    db.session.remove()
    return found


def floor(address: str, data: bytes, stored: dict[Table, list[dict[str, Any]]]) -> None:
    """The least that leaves the same rows: calamine reads the file, each table gets one `executemany`, one commit."""
    from python_calamine import CalamineWorkbook

    from starrating.extensions import db

    with application(address):
        began, worked = time.perf_counter(), time.process_time()
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        read = sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
        connection = db.session.connection()
        for table, rows in stored.items():
            connection.execute(insert(table), rows)
        db.session.commit()
        print(f"  floor: {read:,} rows read, {sum(map(len, stored.values())):,} stored: "
              f"{time.perf_counter() - began:.1f} s, {time.process_time() - worked:.1f} s of the processor here",
              flush=True)  # fmt: skip


def made(row: Any, by: Any) -> bytes:
    """The workbook as it is now."""
    from starrating.extensions import db
    from starrating.services.scoring.workbook_out import make_workbook

    data = make_workbook(row, by, {"village": "村", "community": "社区"})
    db.session.remove()
    return data


def templates(row: Any, by: Any) -> tuple[bytes, bytes]:
    """The workbook of a year without scores, and the same with every cell filled."""
    with timed("export of the empty workbook"):
        empty = made(row, by)
    fill(row, seed=1)
    return empty, made(row, by)


def joined(shown: bytes, kept: bytes) -> bytes:
    """The visible sheets of one workbook with what another one keeps: what somebody typed into the latter."""
    old, file = zipfile.ZipFile(io.BytesIO(kept)), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(shown)) as new, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name in new.namelist():
            out.writestr(name, (old if name == "xl/worksheets/sheet2.xml" else new).read(name))
    return file.getvalue()


def fill(row: Any, seed: int) -> None:
    """Every score of the year, loaded without a history."""
    from starrating.models.divisions import Unit
    from starrating.models.scores import ScoreCell
    from starrating.services.transaction import transaction

    draw = random.Random(seed)
    with transaction() as session:
        versions = {(one.unit_id, one.header): one.version for one in
                    session.execute(select(ScoreCell.unit_id, ScoreCell.header, ScoreCell.version))}  # fmt: skip
        if versions:
            session.execute(
                ScoreCell.metadata.tables[ScoreCell.__tablename__].update(),
                {"value": f"{draw.randrange(100 if seed == 1 else 99) + 0.25 * seed:.2f}"},
            )
            return
        for unit in session.scalars(select(Unit.id)).all():
            session.execute(insert(ScoreCell), [
                {"cycle_id": row.id, "unit_id": unit, "header": f"A{leaf}", "version": 1, "state": "value",
                 "value": f"{draw.randrange(10_000) / 100:.2f}"} for leaf in range(LEAVES)
            ])  # fmt: skip


def build(units: int = UNITS, indicators: int = LEAVES) -> tuple[Any, Any]:
    """A district of that size in scoring, and the identity of its assessor."""
    from starrating.domain.access import Granted, Place, Role
    from starrating.domain.workflow import CycleStep
    from starrating.models.accounts import Account
    from starrating.models.divisions import Division, Unit
    from starrating.queries.cycles import cycle
    from starrating.queries.identities import Identity
    from starrating.services.clock import now
    from starrating.services.transaction import transaction
    from starrating.services.years.cycles import open_cycle, take_step
    from starrating.services.years.scheme_texts import read_uploaded

    leaves = "\n".join(
        f"  - {{code: A{n}, name: 指标{n}, method: direct, max: 100, source: {DEPARTMENT}}}" for n in range(indicators)
    )
    read = read_uploaded(SCHEME.format(year=YEAR, leaves=leaves).encode())
    with transaction() as session:
        city = Division(code="1" * 12, name="市", level="municipality", kind="市")
        person = Account(name="first", display_name="一", password_hash="-", must_change_password=True,
                         password_changed_at=now(), created_at=now())  # fmt: skip
        session.add_all([city, person])
        session.flush()
        district = Division(code="2" * 12, name="区", level="district", kind="区", parent_id=city.id)
        session.add(district)
        session.flush()
        towns = [Division(code=f"13{number:010}", name=f"{number}镇", level="township", kind="镇",
                          parent_id=district.id) for number in range(TOWNS)]  # fmt: skip
        session.add_all(towns)
        session.flush()
        session.execute(insert(Unit), [
            {"code": f"2{number:011}", "name": f"{number}村", "kind": "village", "rated": True,
             "valid_from": date(2000, 1, 1), "township_id": towns[number % TOWNS].id, "district_id": district.id}
            for number in range(units)
        ])  # fmt: skip
        place, account = Place(city.id, district.id), person.id
    key = open_cycle(place.district or 0, YEAR, {"village": read}, account)
    row = cycle(key)
    assert row is not None
    take_step(key, CycleStep.OPEN_SCORING, row.version, account)
    row = cycle(key)
    by = Identity(account, "first", "一", False, 0, now(), (Granted(Role.DISTRICT_ASSESSOR, place, DEPARTMENT),))
    return row, by


def bombs() -> None:
    """Seconds and megabytes that refusing each hostile file takes, each from a process that is small itself."""
    with tempfile.TemporaryDirectory(prefix="starrating-") as folder:
        names = json.loads(_python("-m", "tests.interchange.hostile_books", folder))
        for name, file in names.items():
            said, seconds, worked, peak = json.loads(_python("-c", LOOK, file))
            size = Path(file).stat().st_size / 1000
            print(f"  {name} ({size:,.0f} kB): {said}, {seconds:.2f} s, {worked:.2f} s of the processor, {peak:.0f} MB")


def _python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def main(arguments: list[str]) -> None:
    """The figures of each database, and of the bombs."""
    print(f"{UNITS} units × {LEAVES} indicators; {load()}")
    print("bombs")
    bombs()
    if "bombs" in arguments:
        return
    for kind in asked_for(arguments):
        print(NAMES[kind], flush=True)
        with database(kind) as address:
            measure(address)


if __name__ == "__main__":
    main(sys.argv[1:])
