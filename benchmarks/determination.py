"""Determination of a city from the database: 16 districts, 5,476 units × 60 leaf indicators, read, rated, stored.

    python -m benchmarks.determination [sqlite | postgres]

Without a name first a SQLite file, then a PostgreSQL of its own. The bar of the project's specification is 5 s.
"""

from __future__ import annotations

import os
import random
import sys
import time
from datetime import date

from sqlalchemy import insert

from benchmarks.databases import NAMES, asked_for, database, load

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


def measure(address: str) -> None:
    """Build the city, determine it, print the figures."""
    import flask_migrate

    from config import Testing
    from starrating.app import create_app
    from starrating.extensions import db

    app = create_app(Testing({"SECRET_KEY": os.urandom(16).hex(), "DATABASE_URL": address}))
    with app.app_context():
        flask_migrate.upgrade()
        cycles, people = build()
        for run in ("first", "second", "third"):
            whole, worked, longest = timed(cycles, people[0])
            print(f"  {run} trial: {whole:.2f} s, {worked:.2f} s of the processor here; "
                  f"the longest district {longest * 1000:.0f} ms")  # fmt: skip
        print(f"  confirmation of {len(cycles)} districts: {confirmed(cycles, people[1]):.2f} s")
        db.session.remove()
        db.engine.dispose()


def timed(cycles: list[int], by: int) -> tuple[float, float, float]:
    """Seconds that a trial of all districts takes, of the processor, and of the slowest district."""
    from tqdm import tqdm

    from starrating.services.rating.determination import determine

    began, worked, longest = time.perf_counter(), time.process_time(), 0.0
    for cycle in tqdm(cycles, unit="district", disable=not sys.stderr.isatty(), leave=False):
        start = time.perf_counter()
        determine(cycle, by)
        longest = max(longest, time.perf_counter() - start)
    return time.perf_counter() - began, time.process_time() - worked, longest


def confirmed(cycles: list[int], by: int) -> float:
    """Seconds that the confirmation of all districts takes."""
    from starrating.queries.content import content_digest
    from starrating.queries.ratings import latest_trials
    from starrating.services.rating.determination import confirm_determination

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
    from starrating.services.transaction import transaction
    from starrating.services.years.cycles import open_cycle, take_step
    from starrating.services.years.scheme_texts import read_uploaded

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


def main(arguments: list[str]) -> None:
    """The figures of each database."""
    print(f"{UNITS} units × {LEAVES} indicators in {DISTRICTS} districts; {load()}")
    for kind in asked_for(arguments):
        print(NAMES[kind], flush=True)
        with database(kind) as address:
            measure(address)


if __name__ == "__main__":
    main(sys.argv[1:])
