"""All that a rating reads of a cycle's units of one kind, as columns: a few statements over sets, none a row.

What is read has one canonical text, the same on every database and in every order of rows; its SHA-256 is the digest of
the inputs. Numbers count by their value: `12.50` and `12.5` are the same input.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, func, select, true

from starrating.domain.entry import Entry, EntryState
from starrating.domain.exact import Column
from starrating.domain.faults import InputFault
from starrating.domain.inputs import NO_LEVEL, VOIDED, History, Inputs, Labels, labels_of
from starrating.domain.methods import Missing
from starrating.domain.posts import Post, PostKind, leaders, whole_months
from starrating.domain.scheme import Scheme
from starrating.extensions import db
from starrating.interchange.fields import Needs, needs_of
from starrating.models.cycles import Cycle
from starrating.models.divisions import Division, Unit
from starrating.models.events import EventRecord
from starrating.models.people import Post as StoredPost
from starrating.models.ratings import Determination, Rating
from starrating.queries.cell_columns import Said, cell_columns, number_column
from starrating.queries.cycles import STANDING, CycleRow, rated_on


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The inputs of a cycle's units of one kind in the order of their codes, and what is wrong with single values."""

    inputs: Inputs
    unit_ids: tuple[int, ...]
    names: tuple[str, ...]
    digest: str
    faults: tuple[InputFault, ...]
    said: Mapping[str, Said]
    """Header → the numbers and the counts of events in their shortest form."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What would be, or was: cells by unit and header with another entry, and events that did not happen or did."""

    cells: Mapping[tuple[int, str], Entry] = field(default_factory=dict)
    without_events: frozenset[int] = frozenset()
    more_events: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """How many more (below 0: fewer) of a unit's events under a flag, named as it is stored."""


NOTHING_SUPPOSED = Supposed()


@dataclass(frozen=True, slots=True)
class _Units:
    ids: tuple[int, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    fields: Mapping[str, Labels]
    row: Mapping[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Stands:
    """What stands in the tables about a cycle's units of one kind, as far as no scheme has a say in it."""

    cycle: CycleRow
    wanted: ColumnElement[bool]
    units: _Units
    cells: Mapping[str, Labels]
    inapplicable: Mapping[str, list[int]]
    events: Sequence[tuple[int, str, int]]
    leaders: Mapping[str, Labels]


def inputs_of(cycle: CycleRow, kind: str, scheme: Scheme, supposed: Supposed = NOTHING_SUPPOSED,
              known_to: int | datetime | None = None) -> Known:  # fmt: skip
    """What is known of the units that a scheme rates in a cycle, or would be if what is supposed were stored.

    With a determination's key or an instant as `known_to`, the years before are as they had been confirmed by then.
    """
    return known_of(what_stands(cycle, kind, supposed.without_events), scheme, supposed, known_to)


def what_stands(cycle: CycleRow, kind: str, without_events: frozenset[int] = frozenset()) -> Stands:
    """Read the tables, in one statement each; what they say can then be looked at under several suppositions."""
    wanted = and_(Unit.district_id == cycle.district_id, Unit.kind == kind, rated_on(cycle.cut_off))
    units = _units(cycle, wanted)
    cells, inapplicable = cell_columns(cycle.id, wanted, units.row)
    events = _events(cycle, wanted, without_events)
    return Stands(cycle, wanted, units, cells, inapplicable, events, _leaders(cycle, wanted, units))


def known_of(
    stands: Stands, scheme: Scheme, supposed: Supposed = NOTHING_SUPPOSED, known_to: int | datetime | None = None
) -> Known:
    """What stands as the inputs of a scheme; only the years before are read from the tables."""
    units, needs = stands.units, needs_of(scheme)
    cells, inapplicable = dict(stands.cells), dict(stands.inapplicable)
    _suppose(cells, inapplicable, units, supposed)
    numbers, said, wrong = _numbers(needs, cells)
    events = _counts(stands, needs, supposed)
    words = {header: cells[header] for header in needs.choices if header in cells}
    words |= _fields(needs, cells, units)
    words |= stands.leaders
    history = _history(stands, scheme, known_to)
    columns = {header: Column(counts) for header, counts in events.items()}
    inputs = Inputs(units.codes, {**numbers, **columns}, words, history)
    said |= {header: [str(count) for count in counts.tolist()] for header, counts in events.items()}
    digest = sha256(canonical_inputs(units.codes, said, words, history, scheme)).hexdigest()
    return Known(inputs, units.ids, units.names, digest, (*wrong, *_not_allowed(scheme, inapplicable)), said)


def canonical_inputs(
    units: Sequence[str], numbers: Mapping[str, Said], words: Mapping[str, Labels], history: History, scheme: Scheme
) -> bytes:
    """Inputs as one JSON text with sorted keys: units by code, columns by header, years of history by number."""
    codes = [level.code for level in scheme.levels]
    named = {VOIDED: "void", NO_LEVEL: None, **dict(enumerate(codes))}
    said = {
        "units": list(units),
        "numbers": dict(numbers),
        "words": {header: _words(labels, labels.names) for header, labels in words.items()},
        "history": {str(year): [named[int(level)] for level in levels] for year, levels in history.years.items()},
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _units(cycle: CycleRow, wanted: ColumnElement[bool]) -> _Units:
    found = db.session.execute(
        select(Unit.id, Unit.code, Unit.name, Unit.kind, Division.name, Unit.valid_from)
        .join(Division, Division.id == Unit.township_id)
        .where(wanted)
    ).all()
    rows = sorted(found, key=lambda row: (row[1], row[5]))
    fields = {
        "kind": [row[3] for row in rows],
        "district": [cycle.district] * len(rows),
        "township": [row[4] for row in rows],
        "name": [row[2] for row in rows],
        "months": [str(whole_months(row[5], cycle.cut_off)) for row in rows],
    }
    return _Units(
        tuple(row[0] for row in rows),
        tuple(row[1] for row in rows),
        tuple(row[2] for row in rows),
        {name: labels_of(words) for name, words in fields.items()},
        {row[0]: place for place, row in enumerate(rows)},
    )


def _numbers(needs: Needs, cells: Mapping[str, Labels]) -> tuple[dict[str, Column], dict[str, Said], list[InputFault]]:
    """Header → its numbers, header → the same in their shortest form, and the words that are no numbers."""
    numbers: dict[str, Column] = {}
    said: dict[str, Said] = {}
    faults: list[InputFault] = []
    for header in needs.numbers:
        if header not in cells:
            continue
        labels = cells[header]
        numbers[header], said[header] = number_column(labels)
        wrong = np.flatnonzero(labels.known & ~numbers[header].known).tolist()
        faults += [InputFault("word_not_number", row, header, {"text": labels.name(row)}) for row in wrong]
    return numbers, said, faults


def _words(labels: Labels, names: Sequence[str]) -> Said:
    """Each row's word by those names, None where blank."""
    with_blank = [*names, None]
    return [with_blank[code] for code in labels.codes.tolist()]


def _suppose(cells: dict[str, Labels], inapplicable: dict[str, list[int]], units: _Units, supposed: Supposed) -> None:
    """Put what is supposed in the place of what stands; a header in which nothing is left is as if never touched."""
    by_header: dict[str, dict[int, Entry]] = {}
    for (unit, header), entry in supposed.cells.items():
        if unit in units.row:
            by_header.setdefault(header, {})[units.row[unit]] = entry
    for header, entries in by_header.items():
        stood = cells.pop(header, None)
        words = [stood.name(row) if stood else None for row in range(len(units.ids))]
        away = {*inapplicable.pop(header, ())} - entries.keys()
        for at, entry in entries.items():
            words[at] = entry.value or None
            away |= {at} if entry.state is EntryState.NOT_APPLICABLE else set()
        if away:
            inapplicable[header] = sorted(away)
        if away or any(words):
            cells[header] = labels_of(words)


def _events(cycle: CycleRow, wanted: ColumnElement[bool], without: frozenset[int]) -> tuple[tuple[int, str, int], ...]:
    """How often each flag happened to a unit that it happened to."""
    rows = db.session.execute(
        select(EventRecord.unit_id, EventRecord.flag, func.sum(EventRecord.count))
        .join(Unit, Unit.id == EventRecord.unit_id)
        .where(EventRecord.cycle_id == cycle.id, EventRecord.withdrawn_at.is_(None), wanted,
               EventRecord.id.not_in(without))
        .group_by(EventRecord.unit_id, EventRecord.flag)
    )  # fmt: skip
    return tuple((unit, flag, int(count)) for unit, flag, count in rows)


def _counts(stands: Stands, needs: Needs, supposed: Supposed) -> dict[str, NDArray[np.int64]]:
    """How often each flag of the scheme happened; where nothing was recorded it did not."""
    row = stands.units.row
    counts = {flag: np.zeros(len(row), dtype=np.int64) for flag in needs.flags}
    more = ((unit, flag, count) for (unit, flag), count in supposed.more_events.items() if unit in row)
    for unit, flag, count in (*stands.events, *more):
        header = flag if flag.startswith("flag.") else f"flag.{flag}"
        if header in counts:
            counts[header][row[unit]] += count
    return counts


def _fields(needs: Needs, cells: Mapping[str, Labels], units: _Units) -> dict[str, Labels]:
    """The units' fields and the appraisal: as entered under the field's name, else what the tables say."""
    known = {**units.fields, **{name: cells[name] for name in (*needs.fields, "appraisal") if name in cells}}
    return {name: known[name] for name in (*needs.fields, "appraisal") if name in known}


def _leaders(cycle: CycleRow, wanted: ColumnElement[bool], units: _Units) -> dict[str, Labels]:
    """Dual role and months in post on the cut-off day; blank where the unit has no secretary."""
    rows = db.session.execute(
        select(StoredPost.person_id, StoredPost.unit_id, StoredPost.kind, StoredPost.begins_on, StoredPost.ends_on)
        .join(Unit, Unit.id == StoredPost.unit_id)
        .where(wanted, StoredPost.begins_on <= cycle.cut_off)
    )
    found = leaders((Post(row[0], row[1], PostKind(row[2]), row[3], row[4]) for row in rows), cycle.cut_off)
    held = [found.get(unit) for unit in units.ids]
    return {
        "leader.dual_role": labels_of([None if one is None else str(int(one.dual_role)) for one in held]),
        "leader.months": labels_of([None if one is None else str(one.months) for one in held]),
    }


def _history(stands: Stands, scheme: Scheme, known_to: int | datetime | None) -> History:
    """The confirmed levels of earlier years: by code, else (another scheme's levels) by the number of stars."""
    cycle, wanted, units = stands.cycle, stands.wanted, stands.units
    latest = (
        select(func.max(Determination.id))
        .where(Determination.state == "confirmed", _confirmed_by(known_to))
        .group_by(Determination.cycle_id, Determination.kind)
    )
    rows = db.session.execute(
        select(Cycle.year, Rating.unit_id, Rating.status, Rating.level, Rating.stars)
        .join(Determination, Determination.id == Rating.determination_id)
        .join(Cycle, Cycle.id == Determination.cycle_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(Determination.id.in_(latest), Cycle.state.in_(STANDING), Cycle.year < cycle.year, wanted)
    )
    codes = {level.code: index for index, level in enumerate(scheme.levels)}
    stars = {level.stars: index for index, level in enumerate(scheme.levels)}
    years: dict[int, NDArray[np.int8]] = {}
    for year, unit, status, level, lit in rows:
        column = years.setdefault(year, np.full(len(units.ids), NO_LEVEL, dtype=np.int8))
        known = codes.get(level, NO_LEVEL if lit is None else stars.get(lit, NO_LEVEL))
        column[units.row[unit]] = VOIDED if status == "void" else known
    return History(years)


def _confirmed_by(known_to: int | datetime | None) -> ColumnElement[bool]:
    if known_to is None:
        return true()
    return Determination.confirmed_at <= known_to if isinstance(known_to, datetime) else Determination.id < known_to


def _not_allowed(scheme: Scheme, inapplicable: Mapping[str, Sequence[int]]) -> Iterator[InputFault]:
    """Where a value was marked as not applicable although the scheme would silently make it 0."""
    for node in scheme.leaves():
        if node.leaf is None or node.leaf.missing is not Missing.ZERO:
            continue
        for header in node.leaf.columns(node.code):
            yield from (InputFault("not_applicable_zero", row, header, {"name": node.name})
                        for row in inapplicable.get(header, ()))  # fmt: skip
