"""A real district in small for tests: some of 北辰区's villages and communities with the demonstration's scores."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from starrating.demo.raw_values import Columns
from starrating.demo.scores import invent_scores, write_columns
from starrating.demo.units import Unit, rows_of, units_of
from starrating.domain.access import Role
from starrating.schemes.reader import ReadScheme
from starrating.services.years import scheme_texts
from tests.worlds import World

DISTRICT = "北辰区"
SCHEMES = {"village": "tianjin-village-2024.yaml", "community": "tianjin-community-2024.yaml"}
PEOPLE: dict[str, tuple[Role | None, str]] = {
    "wang": (Role.DISTRICT_ADMINISTRATOR, "区"),
    "liu": (Role.DISTRICT_ADMINISTRATOR, "区"),
    "zhao": (Role.DISTRICT_ADMINISTRATOR, "区"),
    "assessor": (Role.DISTRICT_ASSESSOR, "区"),
    "town": (Role.TOWNSHIP_OFFICER, "镇"),
    "unit": (Role.UNIT, "村"),
    "auditor": (Role.AUDITOR, "区"),
    "city": (Role.CITY_ADMINISTRATOR, ""),
}

NAMES = {
    "wang": "王海燕", "liu": "刘建国", "zhao": "赵敏", "assessor": "李敏", "town": "张建军", "unit": "陈秀兰",
    "auditor": "郭强", "city": "孙丽",
}  # fmt: skip


@cache
def read_demo(name: str, year: int) -> ReadScheme:
    """A demonstration scheme as the scheme of a year; read once."""
    return scheme_texts.read_demo(name, year)


@cache
def invented(name: str, units: tuple[Unit, ...], year: int) -> Columns:
    """The scores of the demonstration for those units; drawn once."""
    return invent_scores(read_demo(name, year).scheme, units, year)


def chosen_units(each: int = 15) -> list[Unit]:
    """The first villages and communities of the district."""
    return [unit for kind in SCHEMES for unit in [u for u in units_of(kind) if u.district == DISTRICT][:each]]


def build(each: int = 15) -> dict[str, int]:
    """Import the district and make people; name → key of accounts, `district`, `township`, `first`."""
    from starrating.extensions import db
    from starrating.models.divisions import Division
    from starrating.models.divisions import Unit as StoredUnit
    from starrating.services.divisions.divisions import import_divisions
    from starrating.services.divisions.rows import read_divisions
    from starrating.services.transaction import transaction
    from tests.web.city import add_account

    units = chosen_units(each)
    wanted = {unit.code for unit in units} | {unit.township_code for unit in units}
    rows = [
        row for row in rows_of("tianjin_divisions_2023.csv")
        if row["code"] in wanted or row["level"] == "province" or row["name"] == DISTRICT
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        write_columns(Path(folder) / "rows.csv", {name: [row[name] for row in rows] for name in rows[0]})
        import_divisions(read_divisions(Path(folder) / "rows.csv"), date(2000, 1, 1), None)
    first = units[0]
    found = {
        "district": db.session.query(Division.id).filter_by(name=DISTRICT).scalar(),
        "township": db.session.query(Division.id).filter_by(code=first.township_code).scalar(),
        "first": db.session.query(StoredUnit.id).filter_by(code=first.code).scalar(),
    }
    db.session.remove()
    with transaction() as session:
        for name, (role, place) in PEOPLE.items():
            found[name] = add_account(
                session, name, NAMES[name], found["district"] if place else None, role,
                division_id={"区": found["district"], "镇": found["township"]}.get(place),
                unit_id=found["first"] if place == "村" else None,
                department="区委组织部" if role is Role.DISTRICT_ASSESSOR else "",
            )  # fmt: skip
    db.session.remove()
    return found


def opened(people: dict[str, int], year: int = 2024) -> int:
    """A cycle of the district with the demonstration's schemes."""
    from starrating.services.years.cycles import open_cycle

    schemes = {kind: read_demo(name, year) for kind, name in SCHEMES.items()}
    return open_cycle(people["district"], year, schemes, people["wang"])


def fill(
    cycle_id: int, year: int = 2024, each: int = 15, without: Callable[[str, str], bool] = lambda _code, _header: False
) -> None:
    """Every score of every unit but those `without` names by code and header, and posts of its leader."""
    from sqlalchemy import insert, select

    from starrating.models.divisions import Unit as StoredUnit
    from starrating.models.events import EventRecord
    from starrating.models.people import Person, Post
    from starrating.models.scores import ScoreCell
    from starrating.services.transaction import transaction

    with transaction() as session:
        keys = {row.code: row.id for row in session.execute(select(StoredUnit.code, StoredUnit.id))}
        known = set(session.scalars(select(Post.unit_id)))
        for kind, name in SCHEMES.items():
            units = tuple(unit for unit in chosen_units(each) if unit.kind == kind)
            columns = invented(name, units, year)
            cells, events = rows_of_year(cycle_id, columns, keys, without)
            session.execute(insert(ScoreCell), cells)
            if events:
                session.execute(insert(EventRecord), events)
            leaders = {keys[code]: Person(name="示例") for code in columns["unit"] if keys[code] not in known}
            session.add_all(leaders.values())
            session.flush()
            session.add_all(
                Post(person_id=person.id, unit_id=unit, kind=post, begins_on=date(2021, 4, 1))
                for unit, person in leaders.items() for post in ("secretary", "director")
            )  # fmt: skip


def rows_of_year(
    cycle_id: int, columns: Columns, keys: dict[str, int], without: Callable[[str, str], bool]
) -> tuple[list[Any], list[Any]]:
    """The invented columns as rows of cells and of events."""
    from starrating.services.clock import now

    known = ("unit", "name", "kind", "district", "township", "months", "leader.dual_role", "leader.months")
    cells, events = [], []
    for header, values in columns.items():
        for code, value in zip(columns["unit"], values, strict=True):
            row: dict[str, Any] = {"cycle_id": cycle_id, "unit_id": keys[code]}
            if header in known or not value or without(code, header):
                continue
            if not header.startswith("flag."):
                cells.append(row | {"header": header, "version": 1, "state": "value", "value": value})
            elif value != "0":
                events.append(row | {"flag": header[5:], "count": int(value), "reason": "示例", "at": now(),
                                     "withdrawn_reason": ""})  # fmt: skip
    return cells, events


def step(cycle_id: int, name: str, by: int, reason: str = "") -> None:
    """Take a step with the cycle's version as it is."""
    from starrating.domain.workflow import CycleStep
    from starrating.queries.cycles import cycle
    from starrating.services.years.cycles import take_step

    row = cycle(cycle_id)
    assert row is not None
    take_step(cycle_id, CycleStep(name), row.version, by, reason)


def _people(_known: dict[str, Any], _clock: Any) -> dict[str, Any]:
    return {"people": build()}


def _in_scoring(known: dict[str, Any], _clock: Any) -> dict[str, Any]:
    key = opened(known["people"])
    step(key, "open_scoring", known["people"]["wang"])
    return {**known, "cycle": key}


def _entered(known: dict[str, Any], _clock: Any) -> dict[str, Any]:
    fill(known["cycle"])
    return known


def _verified(known: dict[str, Any], _clock: Any) -> dict[str, Any]:
    step(known["cycle"], "close_scoring", known["people"]["wang"])
    return known


def _determined(known: dict[str, Any], clock: Any) -> dict[str, Any]:
    from starrating.queries.content import content_digest
    from starrating.services.rating.determination import confirm_determination, determine

    trials = determine(known["cycle"], known["people"]["wang"])
    confirm_determination(known["cycle"], content_digest(trials), known["people"]["liu"])
    clock.at = datetime(2025, 1, 10, 1, 0, tzinfo=UTC)
    return known


PEOPLE_ONLY = World("people", _people)
IN_SCORING = World("in_scoring", _in_scoring, PEOPLE_ONLY)
ENTERED = World("entered", _entered, IN_SCORING)
VERIFIED = World("verified", _verified, ENTERED)
DETERMINED = World("determined", _determined, VERIFIED)
WORLDS = (PEOPLE_ONLY, IN_SCORING, ENTERED, VERIFIED, DETERMINED)
"""The year of the district step by step; each is also the name of the fixture that asks for it."""
