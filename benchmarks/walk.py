"""A long random walk over the steps of a year: after every act it stands where an independent model says.

    python -m benchmarks.walk [sqlite | postgres] [--acts N]

Every act is any step, with the version that stands or an old one, with a reason or none. The model is written here by
hand and knows nothing of the program's table. What it refuses must be refused with its code and leave no trace; what it
allows must move the year, count its version up by one and leave one event on the trail.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass

from benchmarks.databases import NAMES, asked_for, database, end_cleanly, load

ACTS = 20_000
MODEL = {
    "draft": {"open_scoring": "scoring"},
    "scoring": {"close_scoring": "verification", "return_to_draft": "draft"},
    "verification": {"confirm_determination": "determined", "return_to_scoring": "scoring"},
    "determined": {"open_notice": "notice", "return_to_verification": "verification"},
    "notice": {"publish": "published", "return_to_verification": "verification"},
    "published": {},
}
"""State → step → the state it leads to. Steps back give a reason; out of a published year there is none."""


@dataclass(slots=True)
class Walked:
    """What a walk came to: acts that moved a year, acts that were refused, and years that were published."""

    moved: int = 0
    refused: int = 0
    published: int = 0


class Astray(AssertionError):
    """A year stands where the model says it cannot."""


def expected(state: str, step: str, *, stale: bool, reason: str) -> str:
    """The code of the refusal by the model, empty where the step is taken."""
    if step not in MODEL[state]:
        return "cycle.no_step"
    if step.startswith("return_") and not reason:
        return "cycle.reason"
    return "cycle.changed" if stale else ""


def walk(cycles: list[int], acts: int, draw: random.Random, by: int) -> Walked:
    """Walk over years in draft, each from where the last one was published; `Astray` where one is not as it must be."""
    from starrating.domain.workflow import CycleStep

    found, state, version, left = Walked(), "draft", 1, list(cycles)
    key = left.pop()
    version, events = _stands(key)[1], _events()
    for _ in range(acts):
        step = draw.choice([one.value for one in CycleStep])
        stale, reason = draw.random() < 0.1, draw.choice(["", " ", "填错了", "填错了"]).strip()
        code = expected(state, step, stale=stale, reason=reason)
        said = _act(key, step, version - 1 if stale else version, by, reason)
        if not code:
            state, version, events = MODEL[state][step], version + 1, events + 1
        found.moved += not code
        found.refused += bool(code)
        if (said, _stands(key), _events()) != (code, (state, version), events):
            raise Astray(f"{step}: {said or 'taken'}, {_stands(key)}, {_events()} events; "
                         f"the model: {code or 'taken'}, {(state, version)}, {events} events")  # fmt: skip
        if state == "published" and left and draw.random() < 0.2:
            found.published += 1
            key, state = left.pop(), "draft"
            version = _stands(key)[1]
    return found


def _act(key: int, step: str, version: int, by: int, reason: str) -> str:
    """Do it as the services do; the code of the refusal, empty where it was taken."""
    from starrating.domain.faults import RuleError
    from starrating.domain.workflow import CycleStep
    from starrating.services.transaction import transaction
    from starrating.services.years.cycles import advance

    try:
        with transaction() as session:
            advance(session, key, CycleStep(step), version, by, reason)
    except RuleError as refusal:
        return refusal.code
    return ""


def _stands(key: int) -> tuple[str, int]:
    from starrating.extensions import db
    from starrating.queries.cycles import cycle

    db.session.rollback()
    row = cycle(key)
    assert row is not None
    return row.state.value, row.version


def _events() -> int:
    from sqlalchemy import func, select

    from starrating.extensions import db
    from starrating.models.audit import AuditEvent

    return db.session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def main(arguments: list[str]) -> int:
    """0 when no year ever stood where it cannot."""
    import flask_migrate

    from benchmarks.proof import application
    from starrating.services.audit import verify_chain
    from tests.services import district

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", nargs="*", choices=[*NAMES, []])
    parser.add_argument("--acts", type=int, default=ACTS)
    asked = parser.parse_args(arguments)
    end_cleanly()
    print(f"{asked.acts:,} acts a database; {load()}", flush=True)
    for kind in asked_for(asked.database):
        with database(kind) as address, application(address, "import"):
            flask_migrate.upgrade()
            people = district.build(2)
            years = [district.opened(people, year) for year in range(2001, 2041)]
            found = walk(years, asked.acts, random.Random(20261122), people["wang"])
            chain = verify_chain()
        print(f"{NAMES[kind]}: {found.moved:,} moved a year, {found.refused:,} refused, {found.published} published; "
              f"chain of {chain.events:,} {'whole' if chain.broken_at is None else 'BROKEN'}", flush=True)  # fmt: skip
        if chain.broken_at is not None:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
