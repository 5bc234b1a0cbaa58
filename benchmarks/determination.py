"""Determination of a city from the database: 16 districts, 5,476 units × 60 leaf indicators, read, rated, stored.

    python -m benchmarks.determination [DATABASE_URL]

Without an address a SQLite file in a temporary folder. The bar of the project's specification is 5 s.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from sqlalchemy import insert

UNITS, DISTRICTS, LEAVES, YEAR = 5_476, 16, 60, 2024
SCHEME = """format: starrating/1
code: bench
title: 基准
year: {year}
levels:
  - {{code: none, name: 无星, stars: 0}}
  - {{code: three, name: 三星, stars: 3}}
  - {{code: four, name: 四星, stars: 4}}
  - {{code: five, name: 五星, stars: 5}}
indicators:
{leaves}
allocation:
  pool: [district]
  levels:
    five: {{quota: 10%}}
    four: {{quota: 40%}}
    three: {{quota: 40%}}
"""


def main(address: str) -> None:
    """Build the city, determine it, print the figures."""
    import flask_migrate

    from config import Testing
    from starrating.app import create_app

    app = create_app(Testing({"SECRET_KEY": os.urandom(16).hex(), "DATABASE_URL": address}))
    with app.app_context():
        flask_migrate.upgrade()
        cycles, people = build()
        for run in ("first", "second", "third"):
            print(f"{run} trial of {UNITS} units × {LEAVES} indicators: {timed(cycles, people[0]):.2f} s")
        print(f"confirmation of {len(cycles)} districts: {confirmed(cycles, people[1]):.2f} s")


def timed(cycles: list[int], by: int) -> float:
    """Seconds that a trial of all districts takes."""
    from starrating.services.determination import determine

    began, worked = time.perf_counter(), time.process_time()
    for cycle in cycles:
        determine(cycle, by)
    print(f"  of it {time.process_time() - worked:.2f} s of the processor")
    return time.perf_counter() - began


def confirmed(cycles: list[int], by: int) -> float:
    """Seconds that the confirmation of all districts takes."""
    from starrating.queries.content import content_digest
    from starrating.queries.ratings import latest_trials
    from starrating.services.determination import confirm_determination

    digests = [content_digest(one.id for one in latest_trials(cycle)) for cycle in cycles]
    began = time.perf_counter()
    for cycle, digest in zip(cycles, digests, strict=True):
        confirm_determination(cycle, digest, by)
    return time.perf_counter() - began


def build() -> tuple[list[int], list[int]]:
    """A city of that size with every score; the keys of its cycles and of two people."""
    from starrating.domain.workflow import CycleStep
    from starrating.models.accounts import Account
    from starrating.models.divisions import Division, Unit
    from starrating.models.scores import ScoreCell
    from starrating.queries.cycles import cycle as one
    from starrating.services.clock import now
    from starrating.services.cycles import open_cycle, take_step
    from starrating.services.scheme_texts import read_uploaded
    from starrating.services.transaction import transaction

    leaves = "\n".join(
        f"  - {{code: A{n}, name: 指标{n}, method: direct, max: 100, source: 区民政局}}" for n in range(LEAVES)
    )
    read = read_uploaded(SCHEME.format(year=YEAR, leaves=leaves).encode())
    draw = random.Random(20240101)
    with transaction() as session:
        city = Division(code="1" * 12, name="市", level="municipality", kind="市")
        session.add(city)
        people = [
            Account(name=name, display_name=name, password_hash="-", must_change_password=True,
                    password_changed_at=now(), created_at=now()) for name in ("first", "second")
        ]  # fmt: skip
        session.add_all(people)
        session.flush()
        keys = [person.id for person in people]
        districts, units = [], []
        for number in range(DISTRICTS):
            district = Division(code=f"12{number:010}", name=f"{number}区", level="district", kind="区",
                                parent_id=city.id)  # fmt: skip
            session.add(district)
            session.flush()
            town = Division(code=f"13{number:010}", name=f"{number}镇", level="township", kind="镇",
                            parent_id=district.id)  # fmt: skip
            session.add(town)
            session.flush()
            districts.append((district.id, town.id))
        for number in range(UNITS):
            district_id, town_id = districts[number % DISTRICTS]
            row = {"code": f"2{number:011}", "name": f"{number}村", "kind": "village", "rated": True}
            units.append(row | {"valid_from": date(2000, 1, 1), "township_id": town_id, "district_id": district_id})
        session.execute(insert(Unit), units)
    cycles = {district: open_cycle(district, YEAR, {"village": read}, keys[0]) for district, _ in districts}
    for step in (CycleStep.OPEN_SCORING, CycleStep.CLOSE_SCORING):
        for cycle in cycles.values():
            found = one(cycle)
            assert found is not None
            take_step(cycle, step, found.version, keys[0])
    with transaction() as session:
        for unit in session.query(Unit.id, Unit.district_id).all():
            session.execute(insert(ScoreCell), [
                {"cycle_id": cycles[unit[1]], "unit_id": unit[0], "header": f"A{leaf}", "version": 1, "state": "value",
                 "value": f"{draw.randrange(10_000) / 100:.2f}"} for leaf in range(LEAVES)
            ])  # fmt: skip
    return list(cycles.values()), keys


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'bench.sqlite'}")
