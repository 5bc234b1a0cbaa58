"""What may be wrong with the scores of a year, and what was looked at and put aside with a reason.

Doubts are worked out from the values as they stand whenever they are asked for. What is put aside is kept by a digest
of what the doubt is about, so it comes back as soon as that value changes, and not because others' values did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from starrating.domain.access import Act, may
from starrating.domain.entry import Column, needs_file
from starrating.domain.faults import RuleError
from starrating.domain.inputs import decimal
from starrating.domain.methods import Choice
from starrating.domain.oddities import (
    Average,
    Check,
    Standing,
    alike,
    averages_against,
    averages_apart,
    averages_differ,
    copied,
    off_history,
    outliers,
)
from starrating.domain.scheme import Indicator
from starrating.models.cycles import Cycle
from starrating.models.findings import PutAside
from starrating.queries.cycles import CycleRow
from starrating.queries.evidence import counts_of
from starrating.queries.findings import YearBefore, put_aside, values_of, year_before
from starrating.queries.identities import Identity
from starrating.queries.scores import SheetUnit, units_of
from starrating.services.assessment.doubt import Doubt, label_of, place_of
from starrating.services.assessment.review_shares import Reviews, reviewed_and_verified
from starrating.services.assessment.same_rules import values_of_before
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text
from starrating.services.rating.point_shares import shares_of
from starrating.services.scoring.tasks import Task, Work
from starrating.services.transaction import transaction

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class _Here:
    """The units and the values of one kind in a year that a check works on."""

    kind: str
    tasks: tuple[Task, ...]
    units: Mapping[int, SheetUnit]
    texts: Mapping[str, Mapping[int, str]]
    away: Mapping[str, set[int]]
    before: Mapping[str, Mapping[int, str]]
    files: Mapping[tuple[int, str], int]
    reviews: Reviews

    def columns(self) -> Iterator[tuple[Task, Column]]:
        """Every column with its task."""
        yield from ((task, column) for task in self.tasks for column in task.columns)


def doubts_of(cycle: CycleRow, work: Work) -> tuple[Doubt, ...]:
    """Everything worth a look in what is somebody's to enter or to read; each compared with the whole district.

    Values of other townships are compared with, but never shown: a doubt about a unit or a township is told only to
    those whose work reaches there.
    """
    found: list[Doubt] = []
    before = year_before(cycle)
    for kind in dict.fromkeys(task.kind for task in work.tasks):
        here = _read(cycle, before, kind, tuple(task for task in work.tasks if task.kind == kind))
        for look in (_averages, _against, _copied, _alike, _apart, _changed, _bare, _empty):
            found += look(here)
    found.sort(key=lambda one: one.check is Check.EMPTY)
    reach = work.townships
    return tuple(one for one in found if reach is None or _within(one, set(reach)))


def _within(doubt: Doubt, townships: set[int]) -> bool:
    town = doubt.unit.township_id if doubt.unit else doubt.township[0] if doubt.township else None
    return town in townships


def put_aside_doubt(cycle: CycleRow, work: Work, digest: str, reason: str, by: Identity) -> None:
    """Put a doubt aside with a reason; `doubt.none` where it is not there (any more), `doubt.reason` without one.

    Cells that may not stay empty are filled, not put aside: `doubt.must_be_filled`.
    """
    why = given_text(reason, LONGEST_REASON)
    doubt = next((one for one in doubts_of(cycle, work) if one.digest == digest), None)
    if doubt is None or not may(by.grants, Act.LOOK_INTO_SCORES, place_of(cycle, doubt)):
        raise RuleError("doubt.none")
    if doubt.must_be_filled:
        raise RuleError("doubt.must_be_filled")
    if not why:
        raise RuleError("doubt.reason")
    subject = label_of(doubt)
    with transaction() as session:
        session.execute(select(Cycle.id).where(Cycle.id == cycle.id).with_for_update())
        if session.scalar(select(PutAside.id).where(PutAside.cycle_id == cycle.id, PutAside.digest == digest)):
            return
        row = PutAside(cycle_id=cycle.id, digest=digest, check=doubt.check.value, subject=subject, reason=why,
                       by=by.account_id, at=now())  # fmt: skip
        session.add(row)
        session.flush()
        record(session, "doubt_put_aside", by.account_id, Subject("put_aside", row.id, subject, place_of(cycle, doubt)),
               year=cycle.year, check=doubt.check.value, reason=why)  # fmt: skip


def aside_in(cycle: CycleRow, doubts: Iterable[Doubt]) -> dict[str, tuple[str, str]]:
    """Digest → (who, why) of the doubts that were put aside."""
    kept = put_aside(cycle.id)
    return {one.digest: (kept[one.digest].by, kept[one.digest].reason) for one in doubts if one.digest in kept}


def _read(cycle: CycleRow, before: YearBefore, kind: str, tasks: tuple[Task, ...]) -> _Here:
    units = {unit.id: unit for unit in units_of(cycle, kind=kind)}
    headers = [column.header for task in tasks for column in task.columns]
    values = values_of(cycle, kind, headers)
    return _Here(kind, tasks, units, values.texts, values.away, values_of_before(before, kind, tasks),
                 counts_of(cycle.id), reviewed_and_verified(cycle, kind, tasks, units))  # fmt: skip


def _numbers(node: Indicator, texts: Mapping[int, str]) -> dict[int, Fraction]:
    """A column as numbers: chosen options by their points, what is no number left out."""
    method = node.leaf.method if node.leaf else None
    worth = method.options if isinstance(method, Choice) else None
    read = {text: worth.get(text) if worth is not None else decimal(text) for text in set(texts.values())}
    return {unit: value for unit, text in texts.items() if (value := read[text]) is not None}


def _empty(here: _Here) -> Iterator[Doubt]:
    """By indicator and township, how many cells are not filled in."""
    for task in here.tasks:
        missing: dict[tuple[int, str], int] = defaultdict(int)
        for unit in here.units.values():
            for column in task.columns:
                if unit.id not in here.texts.get(column.header, {}) and unit.id not in here.away.get(column.header, ()):
                    missing[unit.township_id, unit.township] += 1
        yield from (Doubt(Check.EMPTY, here.kind, task, township=town, count=n, codes=(task.node.code,))
                    for town, n in missing.items())  # fmt: skip


def _apart(here: _Here) -> Iterator[Doubt]:
    """Values that stand out in the district."""
    for task, column in here.columns():
        numbers = _numbers(task.node, here.texts.get(column.header, {}))
        yield from _standing(Check.OUTLIER, here, task, column, outliers(numbers))


def _changed(here: _Here) -> Iterator[Doubt]:
    """Values that changed since last year as no others did."""
    for task, column in here.columns():
        numbers = _numbers(task.node, here.texts.get(column.header, {}))
        before = _numbers(task.node, here.before.get(column.header, {}))
        yield from _standing(Check.OFF_HISTORY, here, task, column, off_history(numbers, before), before)


def _standing(
    check: Check, here: _Here, task: Task, column: Column, found: Iterable[tuple[int, Standing]],
    before: Mapping[int, Fraction] | None = None,
) -> Iterator[Doubt]:  # fmt: skip
    for unit, one in found:
        if unit not in here.units:
            continue
        figures = {"value": one.value, "median": one.median, "score": one.score}
        if before is not None:
            figures["before"] = before[unit]
        yield Doubt(check, here.kind, task, column, here.units[unit], text=here.texts[column.header][unit],
                    figures=figures, measure=one.measure)  # fmt: skip


def _alike(here: _Here) -> Iterator[Doubt]:
    """Townships whose units all have one value, where the others' differ."""
    towns = {unit.id: unit.township_id for unit in here.units.values()}
    names = {unit.township_id: unit.township for unit in here.units.values()}
    for task, column in here.columns():
        texts = {unit: text for unit, text in here.texts.get(column.header, {}).items() if unit in towns}
        for town, text, count in alike(texts, towns):
            yield Doubt(Check.ALIKE, here.kind, task, column, township=(town, names[town]), text=text, count=count,
                        codes=(task.node.code,))  # fmt: skip


def _copied(here: _Here) -> Iterator[Doubt]:
    """Two columns of a township that say the same of every unit."""
    tasks = {column.header: (task, column) for task, column in here.columns()}
    for town in dict.fromkeys((unit.township_id, unit.township) for unit in here.units.values()):
        own = {unit.id for unit in here.units.values() if unit.township_id == town[0]}
        columns = {
            header: {unit: text for unit, text in texts.items() if unit in own} for header, texts in here.texts.items()
        }
        for header, other, count in copied(columns):
            task, column = tasks[header]
            yield Doubt(Check.COPIED, here.kind, task, column, township=town, other=other, count=count,
                        codes=(task.node.code, tasks[other][0].node.code))  # fmt: skip


def _bare(here: _Here) -> Iterator[Doubt]:
    """By indicator and township, how many units have values but no file, where the scheme asks for one."""
    for task in here.tasks:
        if not needs_file(task.node):
            continue
        filled = {unit for column in task.columns for unit in here.texts.get(column.header, {})}
        bare: dict[tuple[int, str], list[int]] = defaultdict(list)
        for unit in sorted(filled & here.units.keys()):
            if not here.files.get((unit, task.node.code)):
                bare[here.units[unit].township_id, here.units[unit].township].append(unit)
        yield from (Doubt(Check.NO_EVIDENCE, here.kind, task, township=town, count=len(own), codes=(task.node.code,),
                          units=tuple(own)) for town, own in bare.items())  # fmt: skip


def _averages(here: _Here) -> Iterator[Doubt]:
    """Townships, over what townships enter, and departments, whose average share of the full points is far off."""
    towns: dict[tuple[int, str], list[Fraction]] = defaultdict(list)
    departments: dict[str, list[Fraction]] = defaultdict(list)
    assigned = {task.node.code: task.assigned for task in here.tasks}
    for node, unit, share in shares_of(here.tasks[0].scheme, [task.node for task in here.tasks], here.texts):
        if unit not in here.units:
            continue
        if assigned[node.code].by_township:
            towns[here.units[unit].township_id, here.units[unit].township].append(share)
        else:
            departments[assigned[node.code].department].append(share)
    by_towns = tuple(code for code, one in assigned.items() if one.by_township)
    for town, one in (*averages_apart(towns), *averages_differ(towns)):
        yield _of_average(here, one, by_towns, township=town)
    for department, one in averages_apart(departments):
        own = tuple(code for code, by in assigned.items() if not by.by_township and by.department == department)
        yield _of_average(here, one, own, group=department)


def _of_average(
    here: _Here, one: Average, codes: tuple[str, ...], *, township: tuple[int, str] | None = None, group: str = ""
) -> Doubt:
    check = Check.LENIENT if one.average > one.median else Check.STRICT
    return Doubt(check, here.kind, township=township, group=group, count=one.values, measure=one.measure, codes=codes,
                 figures={"average": one.average, "median": one.median, "score": one.score})  # fmt: skip


def _against(here: _Here) -> Iterator[Doubt]:
    """Townships whose reviews are on average markedly off the scores that the district confirmed."""
    for town, one in averages_against(here.reviews.pairs):
        check = Check.REVIEW_LENIENT if one.average > one.verified else Check.REVIEW_STRICT
        cells = here.reviews.cells[town]
        yield Doubt(check, here.kind, township=town, count=one.values,
                    codes=tuple(dict.fromkeys(code for code, _ in cells)),
                    units=tuple(sorted({unit for _, unit in cells})),
                    figures={"average": one.average, "verified": one.verified})  # fmt: skip


def by_check(doubts: Sequence[Doubt]) -> dict[Check, int]:
    """How many doubts each check found."""
    return {check: sum(one.check is check for one in doubts) for check in Check}
