"""The demonstration in the database: a city's divisions, accounts, and three years taken through their own steps.

Two years are published and the third is being scored. Every step is the act that an office would do, by two people
where it takes two, on the day it would be done; only the scores come in bulk. All scores are invented (示例).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import current_app
from sqlalchemy import exists, select, update

from starrating.demo.assessing import tell_assessments
from starrating.demo.deciding import settle_measures, tell_cases
from starrating.demo.filling import cell_rows, founded_lately, store_cells, store_events
from starrating.demo.leaders import store_posts, tell_people
from starrating.demo.offices import Offices, Shown, create_offices, give_passwords
from starrating.demo.raw_values import Columns
from starrating.demo.scheme_files import KINDS, SchemeFile, scheme_files, years
from starrating.demo.scores import scores_of
from starrating.demo.units import DATA
from starrating.domain.faults import RuleError
from starrating.domain.windows import BEIJING, Stage, Window, first_instant, last_instant
from starrating.domain.workflow import CycleStep
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.divisions import Division, Unit
from starrating.queries.content import content_digest
from starrating.queries.cycles import cycle
from starrating.schemes.reader import ReadScheme, read_scheme
from starrating.services.audit import record
from starrating.services.clock import EXTENSION, Clock, now
from starrating.services.divisions.divisions import import_divisions
from starrating.services.divisions.rows import DivisionLine, read_divisions
from starrating.services.editions.signing import create_key, key_file
from starrating.services.people import vault
from starrating.services.publication.publication import open_notice, publish
from starrating.services.rating.determination import confirm_determination, determine
from starrating.services.transaction import transaction
from starrating.services.working_days import next_working_day
from starrating.services.years.cycles import open_cycle, subject_of, take_step
from starrating.services.years.windows import set_windows

TRIED_IN = "北辰区"
DEPARTMENTS = ("区民政局", "区委组织部")
STEPS_WEIGHED = 2
"""A year's progress counts its units twice: scores loaded, stars determined and published."""
STILL_OPEN = timedelta(days=60)
SOON = timedelta(days=20)
"""When what is still open of the last published year is due, from the day of loading."""
RECENTLY = timedelta(days=20)
"""So long before the day of loading people were last asked about, so that no check has run out."""
Progress = Callable[[int, str], object]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, and the accounts to try."""

    units: int
    cells: int
    accounts: tuple[Shown, ...]


class _Calendar:
    """A clock that stands on a day of the years that are told."""

    def __init__(self) -> None:
        self.at = datetime(2000, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def turn(self, day: date, hour: int = 9) -> None:
        """Stand at an hour of a day in Beijing."""
        self.at = datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Table:
    """The scores of one demonstration scheme and which rows are whose."""

    file: SchemeFile
    read: ReadScheme
    columns: Columns
    rows: dict[str, list[int]]


def load_demonstration(only: str = "", *, progress: Progress = lambda _done, _what: None) -> Loaded:
    """Load the demonstration into an empty database, of one district if `only` names it.

    Refused where there is anything already.
    """
    if db.session.scalar(select(exists().where(Division.id > 0))) or db.session.scalar(
        select(exists().where(Account.id > 0))
    ):
        raise RuleError("demo.not_empty")
    if not key_file().exists():
        create_key()
    if not vault.key_file().exists():
        vault.add_key()
    with _told() as calendar:
        calendar.turn(date(years()[0] - 1, 12, 1))
        keys = _import(only)
        offices = create_offices(TRIED_IN, DEPARTMENTS)
        with transaction() as session:
            store_posts(session, keys, years())
        told = _Story(calendar, keys, offices, progress)
        cells = sum(told.tell(year, whole=year != years()[-1]) for year in years())
        tell_assessments(told.open)
        told.open_still()
        held = {key: offices.administrators[key] for key in told.districts.values()}
        calendar.turn(max((_real_now() - RECENTLY).astimezone(BEIJING).date(), date(years()[-1], 12, 2)))
        tell_people(held, told.home)
    return Loaded(len(keys), cells, give_passwords(offices))


def size_of(only: str = "") -> int:
    """How far the progress counts."""
    return STEPS_WEIGHED * sum(
        1 for row in _lines(only) if row.level == "unit" and row.rated
    ) * len(years())  # fmt: skip


class _Story:
    """The years of all districts, one after another."""

    def __init__(self, calendar: _Calendar, keys: dict[str, int], offices: Offices, progress: Progress) -> None:
        self.calendar, self.keys, self.offices, self.progress = calendar, keys, offices, progress
        rows = db.session.execute(
            select(Division.id, Division.name).where(Division.level == "district").order_by(Division.code)
        )
        self.districts = {row[1]: row[0] for row in rows}
        self.home = self.districts.get(TRIED_IN, next(iter(self.districts.values())))
        self.open: list[int] = []

    def tell(self, year: int, *, whole: bool) -> int:
        """One year of every district, up to publication where it is `whole`; how many cells."""
        tables = [_table(file, self.keys) for kind in KINDS for file in scheme_files(year, kind)]
        cells = 0
        for district, key in self.districts.items():
            own = [table for table in tables if table.rows.get(district)]
            if not own:
                continue
            first, second = self.offices.administrators[key]
            self.calendar.turn(date(year, 3, 1))
            cycle_id = open_cycle(key, year, {table.file.kind: table.read for table in own}, first)
            self.calendar.turn(date(year, 4, 1))
            self._step(cycle_id, CycleStep.OPEN_SCORING, first)
            self.calendar.turn(date(year, 12, 20) if whole else date(year, 12, 2))
            cells += self._fill(cycle_id, district, own, whole=whole)
            units = sum(len(table.rows[district]) for table in own)
            self.progress(units, f"{year}年 {district} 得分")
            if whole:
                self._publish(cycle_id, year, first, second)
            else:
                self.open.append(cycle_id)
            self.progress(units, f"{year}年 {district} 评定")
        return cells

    def open_still(self) -> None:
        """Give the years that are being scored a last day that is still to come."""
        for cycle_id in self.open:
            row = cycle(cycle_id)
            assert row is not None
            closes = last_instant((_real_now() + STILL_OPEN).astimezone(BEIJING).date())
            opens, later = first_instant(date(row.year, 4, 1)), closes + STILL_OPEN
            windows = {Stage.SCORING: Window(opens, closes), Stage.EVENTS: Window(opens, later),
                       Stage.VERIFICATION: Window(None, later)}  # fmt: skip
            set_windows(cycle_id, windows, row.version, self.offices.administrators[row.district_id][0])

    def _fill(self, cycle_id: int, district: str, tables: Sequence[_Table], *, whole: bool) -> int:
        with transaction() as session:
            row = cycle(cycle_id)
            assert row is not None
            at = now()
            found = (one for table in tables for one in cell_rows(
                table.columns, self.keys, cycle_id, table.rows[district], year=row.year, whole=whole))  # fmt: skip
            cells = store_cells(session, cycle_id, found, at)
            events = sum(store_events(session, table.columns, self.keys, cycle_id, table.rows[district], at)
                         for table in tables)  # fmt: skip
            record(session, "demo_scores_loaded", None, subject_of(row), cells=cells, events=events)
        return cells

    def _publish(self, cycle_id: int, year: int, first: int, second: int) -> None:
        self.calendar.turn(date(year + 1, 1, 8))
        self._step(cycle_id, CycleStep.CLOSE_SCORING, first)
        self.calendar.turn(date(year + 1, 1, 9))
        trials = determine(cycle_id, first)
        self.calendar.turn(date(year + 1, 1, 10))
        confirm_determination(cycle_id, content_digest(trials), second)
        opens = next_working_day(date(year + 1, 1, 12))
        self.calendar.turn(opens)
        open_notice(cycle_id, opens, None, first)
        self.calendar.turn(date(year + 1, 2, 26))
        publish(cycle_id, None, first)
        row = cycle(cycle_id)
        assert row is not None
        if row.district_id == self.home:
            self._decide(row.district_id, year, first, second)

    def _decide(self, district: int, year: int, first: int, second: int) -> None:
        """What followed in the district to be tried: all of it done for the earlier years, some open for the last."""
        if year < years()[-2]:
            settle_measures(district, year, first, self.calendar.turn)
        else:
            soon = max((_real_now() + SOON).astimezone(BEIJING).date(), date(year + 1, 9, 30))
            tell_cases(district, year, first, second, self.calendar.turn, soon)

    def _step(self, cycle_id: int, step: CycleStep, by: int) -> None:
        row = cycle(cycle_id)
        assert row is not None
        take_step(cycle_id, step, row.version, by)


def _real_now() -> datetime:
    """The moment of loading, whatever day is being told."""
    clock: Clock = current_app.extensions[f"{EXTENSION}_told"]
    return clock()


def _table(file: SchemeFile, keys: dict[str, int]) -> _Table:
    columns = scores_of(file)
    rows: dict[str, list[int]] = {}
    for row, (code, district) in enumerate(zip(columns["unit"], columns["district"], strict=True)):
        if code in keys:
            rows.setdefault(district, []).append(row)
    return _Table(file, read_scheme(file.path), columns, rows)


def _import(only: str) -> dict[str, int]:
    """Import the divisions; code → key of the rated units, each valid from the day it was set up."""
    import_divisions(_lines(only), date(2000, 1, 1), None)
    with transaction() as session:
        rows = session.execute(select(Unit.code, Unit.id).where(Unit.rated.is_(True)).order_by(Unit.code))
        keys = {row[0]: row[1] for row in rows}
        for code, day in founded_lately(list(keys), years()[-1]).items():
            session.execute(update(Unit).where(Unit.id == keys[code]).values(valid_from=day))
    return keys


def _lines(only: str) -> tuple[DivisionLine, ...]:
    rows = read_divisions(DATA / "tianjin_divisions_2023.csv")
    if not only:
        return rows
    district = next(row.code for row in rows if row.name == only and row.level == "district")
    kept = {row.code for row in rows if row.level == "municipality" or district in (row.code, row.parent)}
    return tuple(row for row in rows if row.code in kept or row.parent in kept - {rows[0].code})


@contextmanager
def _told() -> Iterator[_Calendar]:
    """The application's clock put aside while the years are told."""
    real, calendar = current_app.extensions[EXTENSION], _Calendar()
    current_app.extensions[EXTENSION] = calendar
    current_app.extensions[f"{EXTENSION}_told"] = real
    try:
        yield calendar
    finally:
        current_app.extensions[EXTENSION] = real
        del current_app.extensions[f"{EXTENSION}_told"]
