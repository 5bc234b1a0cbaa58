"""The main pages of the demonstration: 16 districts, 5,476 units, three years; milliseconds, statements, size.

    python -m benchmarks.pages [sqlite | postgres] [--runs N]

The demonstration is loaded into a database of its own (about a minute). Each page is opened once to warm it, then
`--runs` times in this process, without a network between. The bar: p95 ≤ 300 ms and at most 20 statements.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from statistics import median
from typing import Any

from benchmarks.databases import NAMES, asked_for, database, load

BAR_MS, MOST = 300, 20
PEOPLE = {"city": "city", "district": "q13-1", "assessor": "bumen-1", "township": "zhen-1", "unit": "cun-1"}
"""Role → an account of the demonstration."""


def measure(address: str, runs: int) -> bool:
    """Load the demonstration and print a line for each page; True where every one keeps the bar."""
    import flask_migrate

    from config import Testing
    from starrating.app import create_app
    from starrating.demo.history import load_demonstration
    from starrating.extensions import db

    app = create_app(Testing({"SECRET_KEY": os.urandom(16).hex(), "DATABASE_URL": address}))
    with app.app_context():
        flask_migrate.upgrade()
        began = time.perf_counter()
        accounts = load_demonstration().accounts
        print(f"  demonstration loaded in {time.perf_counter() - began:.0f} s")
        db.session.remove()
        tokens = {account.name: token_of(account.name, account.password) for account in accounts}
        known = keys()
        db.session.remove()
    # As `wsgi.py` does: what is loaded by now is not looked through again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)
    print("  | page | as | median ms | p95 ms | statements | kB |\n  | --- | --- | ---: | ---: | ---: | ---: |")
    held = [line(app, who, tokens.get(PEOPLE.get(who, ""), ""), path, runs) for who, path in pages(known)]
    with app.app_context():
        db.engine.dispose()
    return all(held)


def token_of(name: str, one_time: str) -> str:
    """A session of an account, its one-time password changed as its holder must."""
    from starrating.services.accounts import accounts, sessions

    lasting = "星光 不负赶路人 2024"
    begun = sessions.sign_in(name, one_time, "127.0.0.1")
    assert begun is not None
    who = sessions.identity_behind(begun.token)
    assert who is not None
    accounts.change_password(who, one_time, lasting)
    again = sessions.sign_in(name, lasting, "127.0.0.1")
    assert again is not None
    return again.token


def keys() -> dict[str, Any]:
    """A district with its years, a township and a unit of it."""
    from starrating.demo.history import TRIED_IN
    from starrating.extensions import db
    from starrating.models.accounts import Account, Grant
    from starrating.models.cycles import Assignment, Cycle
    from starrating.models.divisions import Division, Unit

    district = db.session.scalars(db.select(Division).where(Division.name == TRIED_IN)).one()
    years = dict(db.session.execute(db.select(Cycle.year, Cycle.id).where(Cycle.district_id == district.id)).all())
    unit = db.session.scalars(
        db.select(Unit).where(Unit.district_id == district.id, Unit.kind == "village").order_by(Unit.code).limit(1)
    ).one()
    indicator = db.session.execute(
        db.select(Assignment.kind, Assignment.indicator)
        .join(Grant, Grant.department == Assignment.department)
        .join(Account, Account.id == Grant.account_id)
        .where(Assignment.cycle_id == years[max(years)], Account.name == PEOPLE["assessor"])
        .limit(1)
    ).one()  # fmt: skip
    return {"district": district.id, "code": district.code, "city": district.parent_id, "unit": unit.id,
            "open": years[max(years)], "done": years[max(years) - 1], "year": max(years) - 1,
            "indicator": f"{indicator.kind}/indicators/{indicator.indicator}"}  # fmt: skip


def pages(known: dict[str, Any]) -> list[tuple[str, str]]:
    """Who opens what; an empty name is the public."""
    return [
        ("", "/public/"),
        ("", f"/public/lists/{known['year']}"),
        ("", f"/public/lists/{known['year']}?q=村"),
        ("city", "/"),
        ("city", f"/ratings/?year={known['year']}"),
        ("city", f"/dashboards/divisions/{known['city']}"),
        ("city", f"/dashboards/compare?one={known['city']}&other={known['district']}"),
        ("city", "/units/?q=村"),
        ("city", "/audit/"),
        ("district", "/"),
        ("district", f"/ratings/cycles/{known['done']}/village"),
        ("district", f"/ratings/units/{known['unit']}"),
        ("district", f"/ratings/cycles/{known['open']}/determination"),
        ("district", f"/dashboards/divisions/{known['district']}"),
        ("district", f"/dashboards/units/{known['unit']}"),
        ("district", f"/dashboards/divisions/{known['district']}/units?year={known['year']}&moved=up"),
        ("district", f"/consequences/divisions/{known['district']}"),
        ("district", f"/scoring/cycles/{known['open']}/doubts"),
        ("assessor", f"/scoring/?cycle={known['open']}"),
        ("assessor", f"/scoring/cycles/{known['open']}/{known['indicator']}"),
        ("assessor", f"/scoring/cycles/{known['open']}/units/{known['unit']}"),
    ]


def line(app: Any, who: str, token: str, path: str, runs: int) -> bool:
    """Print the figures of one page."""
    from sqlalchemy import event

    from starrating.extensions import db

    statements: list[str] = []
    client = app.test_client()
    if token:
        with client.session_transaction() as session:
            session["token"] = token
    answer = client.get(path)
    with app.app_context():
        engine = db.engine
    count = statements.append
    event.listen(engine, "before_cursor_execute", lambda *given: count(given[2]))
    times = []
    for _ in range(runs):
        statements.clear()
        start = time.perf_counter()
        answer = client.get(path)
        times.append((time.perf_counter() - start) * 1000)
    slowest = sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]
    held = slowest <= BAR_MS and len(statements) <= MOST and answer.status_code in (200, 302)
    note = "" if answer.status_code == 200 else f" ({answer.status_code})"
    print(f"  | {path}{note} | {who or 'public'} | {median(times):.0f} | {slowest:.0f} | {len(statements)} | "
          f"{len(answer.data) / 1024:.0f} |{'' if held else ' over the bar'}", flush=True)  # fmt: skip
    return held


def main() -> None:
    """Measure on the databases that the command names, both where it names none."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("databases", nargs="*", choices=[*NAMES, []])
    parser.add_argument("--runs", type=int, default=20)
    asked = parser.parse_args()
    held = []
    for kind in asked_for(asked.databases):
        print(f"{NAMES[kind]} ({load()})", flush=True)
        with database(kind) as address:
            held.append(measure(address, asked.runs))
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
