"""A small district whose result is on notice, and what its people do with objections, for services and for pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from starrating.domain.objections import Step
from starrating.extensions import db
from starrating.queries.content import content_digest
from starrating.queries.identities import Identity, grants_of
from starrating.queries.objections import ObjectionRow, objection
from starrating.queries.scores import cells_of
from starrating.services.clock import now
from starrating.services.objections.objection_decisions import Decision
from starrating.services.objections.objections import Lodging, lodge_objection
from starrating.services.publication.publication import open_notice
from starrating.services.rating.determination import confirm_determination, determine
from starrating.services.scoring.typed_scores import Typed
from tests.conftest import SqliteServer, TestClock, application, close
from tests.services import district

FRIDAY = date(2025, 1, 10)
"""The first day of the notice; its five working days end on Thursday, 16 January."""
GROUNDS = "人居环境那一次检查扣错了，11月当天就清理完了，有照片。"
ADDRESS = "https://xing.example.cn"
CONTACT = "北辰区委组织部，示例路1号305室"


MORNING = datetime(2025, 1, 10, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Kept:
    """A database as it was left, and the keys in it."""

    file: Path
    cycle: int
    people: dict[str, int]


def brought_to_notice(clock: TestClock, people: dict[str, int]) -> int:
    """A year of the district that is filled in, determined by wang, confirmed by liu and on notice; its key."""
    key = district.opened(people)
    district.step(key, "open_scoring", people["wang"])
    district.fill(key)
    district.step(key, "close_scoring", people["wang"])
    confirm_determination(key, content_digest(determine(key, people["wang"])), people["liu"])
    clock.at = MORNING
    on_notice(key, people)
    return key


@pytest.fixture(scope="module")
def kept(sqlite_server: SqliteServer) -> Kept:
    """The district made once for all tests of a module; each works on a copy."""
    address, clock = sqlite_server.fresh(), TestClock()
    made = application(address, clock)
    with made.app_context():
        people = district.build()
        key = brought_to_notice(clock, people)
        db.session.remove()
    close(made)
    return Kept(Path(address.removeprefix("sqlite:///")), key, people)


@pytest.fixture
def clock() -> TestClock:
    """The morning of the first day of the notice."""
    return TestClock(MORNING)


@pytest.fixture
def people(kept: Kept) -> dict[str, int]:
    """The district's people."""
    return dict(kept.people)


@pytest.fixture
def app(kept: Kept, clock: TestClock, tmp_path: Path) -> Iterator[Any]:
    """The application on a copy of the database."""
    copy = tmp_path / "copy.sqlite"
    shutil.copyfile(kept.file, copy)
    made = application(
        f"sqlite:///{copy}",
        clock,
        EVIDENCE_FOLDER=str(tmp_path / "evidence"),
        CHART_FOLDER=str(tmp_path / "drawn"),
        PUBLIC_ADDRESS=ADDRESS,
    )
    yield made
    close(made)


@pytest.fixture
def noticed(app: Any, kept: Kept) -> Iterator[int]:
    """The year on notice, in the application's context; its key."""
    with app.app_context():
        yield kept.cycle


def who(people: dict[str, int], name: str) -> Identity:
    """Somebody of the district as the one who asks."""
    grants = tuple(row.granted for row in grants_of(people[name]))
    return Identity(people[name], name, name, False, 0, now(), grants)


def on_notice(cycle_id: int, people: dict[str, int]) -> tuple[int, ...]:
    """Open the notice of a determined year."""
    return open_notice(cycle_id, FRIDAY, None, people["wang"], CONTACT)


def lodged(cycle_id: int, people: dict[str, int], grounds: str = GROUNDS, **more: Any) -> ObjectionRow:
    """The unit's own objection."""
    key = lodge_objection(cycle_id, people["first"], Lodging(grounds, **more), who(people, "unit"))
    return seen(key)


def seen(key: int) -> ObjectionRow:
    """An objection as it stands."""
    found = objection(key)
    assert found is not None
    return found


def typed(row: ObjectionRow, header: str, text: str) -> Typed:
    """Another value for a cell of the unit, with the version that stands."""
    cell = cells_of(row.cycle_id, [row.unit_id], [header]).get((row.unit_id, header))
    return Typed(row.unit_id, header, cell.version if cell else 0, text)


def upheld(row: ObjectionRow, **values: str) -> Decision:
    """A decision that gives cells other values, by header."""
    return Decision(Step.UPHOLD, "查了当天的照片和台账，扣错了。",
                    tuple(typed(row, header, text) for header, text in values.items()))  # fmt: skip


REJECTED = Decision(Step.REJECT, "查了检查记录和照片，扣分属实。")
