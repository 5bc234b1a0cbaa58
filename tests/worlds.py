"""What many tests begin with: a database filled once a worker and kind of database, and copied for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tests.conftest import TestClock, application, close

Known = dict[str, Any]
Build = Callable[[Known, TestClock], Known]
"""Works in an application in use; is told what is known of the world it goes on from, gives what is known then."""


@dataclass(frozen=True)
class World:
    """A world by its name, what fills it, and the world it goes on from."""

    name: str
    build: Build
    base: World | None = None


@dataclass(frozen=True)
class Stood:
    """A world that stands: its database, which nobody is connected to, what is known of it, what the clock says."""

    address: str
    known: Known
    at: datetime


def stand(server: Any, world: World, at: datetime) -> Stood:
    """The world begun at that instant on that server, built where no test of this worker has asked for it before."""
    key = (world, at)
    if key not in server.worlds:
        base = stand(server, world.base, at) if world.base else Stood(server.migrated_one(), {}, at)
        address, clock = server.copy(base.address), TestClock(base.at)
        app = application(address, clock)
        with app.app_context():
            known = world.build(dict(base.known), clock)
        close(app)
        server.worlds[key] = Stood(address, known, clock.at)
    found: Stood = server.worlds[key]
    return found


def copied(server: Any, worlds: tuple[World, ...], asked: list[str], clock: TestClock) -> Iterator[Stood]:
    """A copy of the last of the worlds, which go on from each other, whose name a test asks for as a fixture.

    The clock goes to where the world left it. A test that asks for none of them begins with an empty database.
    """
    world = next((one for one in reversed(worlds) if one.name in asked), None)
    of = stand(server, world, clock.at) if world else Stood(server.migrated_one(), {}, clock.at)
    found = replace(of, address=server.copy(of.address))
    clock.at = found.at
    yield found
    server.drop(found.address)
