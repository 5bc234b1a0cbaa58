"""Acts that are killed: done or not done, never between; again, the same bytes; ten at once, one.

    python -m benchmarks.killed [sqlite | postgres] [--kills N] [--naive]

The import of a district's divisions, a trial, its confirmation and the publication are each begun in a process of
their own, which is ended by SIGKILL: every other time after a random one of its statements from the first write to the
commit, else at a random moment. What the database then says is compared with what it said before and with what it says
after an undisturbed run; then the act is done again. With `--naive` each statement is stored on its own, as without
transactions, and of every act half-done states must be found.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import cache
from typing import Any

from benchmarks.databases import copy_of
from benchmarks.killing import Course, Doing, begin, elsewhere
from benchmarks.proof import DAYS, Facts, Outcome, application, load_everything, proof

DISTRICT, YEAR = "北辰区", 2024
AT_ONCE = 10
STRETCH = 1.5
"""Moments are drawn from more than the work takes, so that some come just after it."""
NOTICE = date(2025, 1, 13)


@cache
def divisions() -> tuple[Any, ...]:
    """The district's divisions, read once: to read the city's file is no part of what is killed."""
    from starrating.demo.history import _lines

    return _lines(DISTRICT)


def do(act: str, known: Facts) -> None:
    """The act, in the application in use."""
    from starrating.services.divisions.divisions import import_divisions
    from starrating.services.publication.publication import publish
    from starrating.services.rating.determination import confirm_determination, determine

    match act:
        case "import":
            import_divisions(divisions(), date(2000, 1, 1), None)
        case "trial":
            determine(known["cycle"], known["wang"])
        case "confirmation":
            confirm_determination(known["cycle"], known["digest"], known["liu"])
        case "publication":
            publish(known["cycle"], None, known["wang"])
        case _:
            known["do"](known)


def doing(address: str, act: str, known: Facts) -> Doing:
    """The act on that database, for a process of its own."""

    @contextmanager
    def ready() -> Iterator[Callable[[], None]]:
        with application(address, act):
            yield lambda: do(act, known)

    return ready


def prepare(act: str, address: str, known: Facts, units: int) -> Facts:
    """Bring a database from where the act before begins to where this one begins; what is known of it then."""
    from starrating.queries.content import content_digest
    from starrating.queries.ratings import latest_trials
    from starrating.services.publication.publication import open_notice
    from tests.services import district

    with application(address, act):
        if act == "trial":
            people = district.build(units)
            key = district.opened(people, YEAR)
            district.step(key, "open_scoring", people["wang"])
            district.fill(key, YEAR, units)
            district.step(key, "close_scoring", people["wang"])
            return {**people, "cycle": key}
        if act == "confirmation":
            do("trial", known)
            return {**known, "digest": content_digest(one.id for one in latest_trials(known["cycle"]))}
        if act == "publication":
            with application(address, "confirmation"):
                do("confirmation", known)
                open_notice(known["cycle"], NOTICE, None, known["wang"])
        return known


def state(address: str, act: str, known: Facts) -> dict[str, str]:
    """What a database says: rows of each table, and digests of what may be compared byte by byte."""
    from sqlalchemy import func, select

    from starrating.extensions import db
    from starrating.models.cycles import Cycle
    from starrating.models.decisions import Decision, DecisionUnit
    from starrating.models.divisions import Division, Unit
    from starrating.models.objections import Objection
    from starrating.models.publications import Publication
    from starrating.queries.content import content_digest
    from starrating.queries.ratings import latest_trials, standing
    from starrating.services.audit import verify_chain

    with application(address, act):
        run = db.session.execute
        said = {name: str(run(select(func.count()).select_from(table)).scalar())
                for name, table in sorted(db.metadata.tables.items())}  # fmt: skip
        cycle = known.get("cycle", 0)
        said["cycles"] = _digest(run(select(Cycle.year, Cycle.state, Cycle.version).order_by(Cycle.id)))
        said["divisions"] = _digest(run(select(Division.code, Division.name, Division.level).order_by(Division.code)))
        said["units"] = _digest(run(select(Unit.code, Unit.name, Unit.kind, Unit.rated).order_by(Unit.code)))
        said["trials"] = content_digest(one.id for one in latest_trials(cycle))
        said["determined"] = content_digest(one.id for one in standing(cycle))
        said["lists"] = _digest(run(select(Publication.kind, Publication.text).order_by(Publication.id)))
        said["decisions"] = _digest(run(select(Decision.state, Decision.edition).order_by(Decision.id)))
        said["moved"] = _digest(run(select(DecisionUnit.unit_id, DecisionUnit.level_after).order_by(DecisionUnit.id)))
        said["objections"] = _digest(run(select(Objection.state, Objection.trial_digest).order_by(Objection.id)))
        said["chain"] = "whole" if verify_chain().broken_at is None else "broken"
        return said


def _digest(rows: Any) -> str:
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()


def undisturbed(address: str, act: str, known: Facts) -> Course:
    """Do an act from its beginning to its end."""
    course = begin(doing(address, act, known)).wait()
    if not course.done:
        raise RuntimeError(f"{act}: {course.fault}")
    return course


def killed(base: str, act: str, known: Facts, kills: int, draw: random.Random, *, naive: bool = False) -> Outcome:
    """Kill an act so many times, each on a copy of the database on which it begins; then let ten do it at once."""
    found = Outcome(act)
    before = elsewhere(state, base, act, known)
    with copy_of(base) as address:
        undisturbed(address, act, known)
        after = elsewhere(state, address, act, known)
    with copy_of(base) as address:
        whole = undisturbed(address, act, known)
    if before == after:
        raise RuntimeError(f"{act} changes nothing")
    found.seconds, found.statements = whole.seconds, whole.statements
    for number in range(kills):
        with copy_of(base) as address:
            course = _killed_once(doing(address, act, known), whole, draw, counted=number % 2 == 0, naive=naive)
            found.in_the_middle += course.in_the_middle
            left = elsewhere(state, address, act, known)
            found.done += left == after
            found.not_done += left == before
            found.between += left not in (before, after)
            if not naive:
                undisturbed(address, act, known)
                again = elsewhere(state, address, act, known)
                found.other_bytes += not _same(act, again, after, twice=left == after)
    if not naive:
        found.one_effect = _one_effect(base, act, known, before, after)
    return found


def _killed_once(act: Doing, whole: Course, draw: random.Random, *, counted: bool, naive: bool) -> Course:
    """Begin an act and kill it: after one of its statements from the first write on, or some time later."""
    if counted:
        return begin(act, after=draw.randint(whole.first_write, whole.statements), naive=naive).wait()
    moment = draw.random() * whole.seconds * STRETCH
    begun = begin(act, naive=naive)
    time.sleep(moment)
    return begun.kill()


def _same(act: str, again: dict[str, str], after: dict[str, str], *, twice: bool) -> bool:
    """True where a second run ended as an undisturbed one; a trial may be run again and then stands twice."""
    if act == "trial" and twice:
        return all(again[part] == after[part] for part in ("trials", "determined", "lists", "units", "chain"))
    return again == after


def _one_effect(base: str, act: str, known: Facts, before: dict[str, str], after: dict[str, str]) -> bool:
    """Ten at once leave what one leaves; of a trial, ten whole ones that say the same."""
    with copy_of(base) as address:
        at_once = [begin(doing(address, act, known)) for _ in range(AT_ONCE)]
        done = sum(one.wait().done for one in at_once)
        left = elsewhere(state, address, act, known)
    if act != "trial":
        return done > 0 and left == after
    counted = {name: str(int(before[name]) + done * (int(after[name]) - int(before[name])))
               for name in after if after[name].isdigit() and len(after[name]) < 20}  # fmt: skip
    return done == AT_ONCE and left == {**after, **counted}


def measure(base: str, kills: int, units: int, draw: random.Random, *, naive: bool = False) -> Iterator[Outcome]:
    """Each act in turn, on a migrated, empty database; `kills` is shared out among them."""
    known: Facts = {}
    load_everything()
    divisions()
    with ExitStack() as copies:
        for number, act in enumerate(DAYS):
            if act != "import":
                base = copies.enter_context(copy_of(base))
                known = elsewhere(prepare, act, base, known, units)
            yield killed(base, act, known, (kills + number) // len(DAYS), draw, naive=naive)


if __name__ == "__main__":
    sys.exit(proof(sys.argv[1:], __doc__, "import", measure, 20241122))
