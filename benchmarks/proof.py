"""What the proofs by killing share: the day of each act, what they find of it, their arguments and what they print."""

from __future__ import annotations

import argparse
import importlib
import os
import random
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.databases import NAMES, asked_for, database, end_cleanly, load
from benchmarks.killing import elsewhere

KILLS, UNITS = 50, 60
DAYS = {"import": date(2024, 3, 1), "trial": date(2025, 1, 9), "confirmation": date(2025, 1, 10),
        "publication": date(2025, 2, 26)}  # fmt: skip
"""Each act and the day on which it is done."""
OTHER_DAYS = {"scores": date(2024, 6, 3), "objection": date(2025, 1, 14), "removal": date(2025, 6, 3),
              "lifting": date(2025, 6, 4), "correction": date(2025, 6, 5)}  # fmt: skip
"""The days of the acts of `killed_imports` and `killed_decisions`."""
Facts = dict[str, Any]
Measure = Callable[..., Iterator["Outcome"]]
"""Kills each of its acts on a migrated database: address, kills, units, draw, and whether naively."""


@dataclass
class Outcome:
    """What became of the killed runs of an act."""

    act: str
    done: int = 0
    not_done: int = 0
    between: int = 0
    other_bytes: int = 0
    """Second runs that did not end in the state of an undisturbed run."""
    one_effect: bool = True
    seconds: float = 0.0
    statements: int = 0
    """Of an undisturbed run, with its commit."""
    in_the_middle: int = 0
    """Kills that fell after the first write and before the end."""

    @property
    def holds(self) -> bool:
        """True where every promise was kept."""
        return not self.between and not self.other_bytes and self.one_effect


@contextmanager
def application(address: str, act: str) -> Iterator[Any]:
    """An application on the day of an act; all its connections are given back."""
    from config import Testing
    from starrating.app import create_app
    from starrating.extensions import db
    from starrating.services.editions.signing import create_key

    day = {**DAYS, **OTHER_DAYS}[act]
    at = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    key = os.environ.setdefault(
        "SIGNING_KEY_FILE", str(Path(tempfile.mkdtemp(prefix="starrating-signing-")) / "key.pem")
    )
    given = {"SECRET_KEY": secrets.token_hex(32), "DATABASE_URL": address, "SIGNING_KEY_FILE": key}
    app = create_app(Testing(given), clock=lambda: at)
    with app.app_context():
        if not Path(key).exists():
            create_key()
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def load_everything() -> None:
    """Load in this process what the others would each load again, the schemes of the district's year with it."""
    for module in ("flask_migrate", "psycopg", "starrating.app", "starrating.demo.history", "tests.services.district"):
        importlib.import_module(module)
    from starrating.services.years.scheme_texts import read_kept
    from tests.services.district import SCHEMES, read_demo

    for name in SCHEMES.values():
        read_kept(read_demo(name, DAYS["import"].year).text)


def migrate(address: str, act: str) -> None:
    """Bring an empty database to the latest form, on the day of an act."""
    import flask_migrate

    with application(address, act):
        flask_migrate.upgrade()


def told(one: Outcome, *, naive: bool) -> str:
    """The line of an act."""
    kills = one.not_done + one.done + one.between
    said = (
        f"{one.act:<12} {one.seconds * 1000:4.0f} ms, {one.statements:2} statements: {kills} kills, "
        f"{one.in_the_middle} while it wrote; not done {one.not_done}, done {one.done}, between {one.between}"
    )
    if naive:
        return f"{said} ({'caught' if one.between else 'NOT CAUGHT'})"
    effect = "have one effect" if one.one_effect else "HAVE MORE THAN ONE EFFECT"
    return f"{said}; second run differs {one.other_bytes}; ten at once {effect}"


def proof(
    arguments: list[str], description: str | None, first: str, kill: Measure, seed: int,
    *, kills: int = KILLS, units: int = UNITS,
) -> int:  # fmt: skip
    """0 when every promise was kept; with `--naive`, when every act was found half done. `first` is the first act."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", nargs="*", choices=[*NAMES, []])
    parser.add_argument("--kills", type=int, default=kills)
    parser.add_argument("--units", type=int, default=units)
    parser.add_argument("--naive", action="store_true")
    asked = parser.parse_args(arguments)
    end_cleanly()
    print(f"{asked.kills} kills a database, {asked.units} units of a kind; {load()}", flush=True)
    load_everything()
    good = True
    for kind in asked_for(asked.database):
        print(NAMES[kind], flush=True)
        with database(kind) as address:
            elsewhere(migrate, address, first)
            for one in kill(address, asked.kills, asked.units, random.Random(seed), naive=asked.naive):
                print(f"  {told(one, naive=asked.naive)}", flush=True)
                good = good and (one.between > 0 if asked.naive else one.holds)
    return 0 if good else 1
