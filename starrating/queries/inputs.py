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

from starrating.domain.entry import Entry, EntryState
from starrating.domain.exact import Column
from starrating.domain.faults import InputFault
from starrating.domain.inputs import NO_LEVEL, VOIDED, History, Inputs, Labels, labels_of
from starrating.domain.methods import Missing
from starrating.domain.scheme import Scheme
from starrating.interchange.fields import Needs, needs_of
from starrating.queries.cell_columns import Said, number_column
from starrating.queries.cycles import CycleRow
from starrating.queries.stands import Facts, Stands, UnitsRead, what_stands


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
    facts: Mapping[str, Labels]
    """What the tables said of leaders, and of the fields that the scheme reads: kept with a run."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What would be, or was: cells by unit and header with another entry, and events that did not happen or did."""

    cells: Mapping[tuple[int, str], Entry] = field(default_factory=dict)
    without_events: frozenset[int] = frozenset()
    more_events: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """How many more (below 0: fewer) of a unit's events under a flag, named as it is stored."""
    counts: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """How often a unit's event happened by its header (`flag.…`), whatever was recorded."""


NOTHING_SUPPOSED = Supposed()


@dataclass(frozen=True, slots=True)
class Run:
    """What it takes to make the inputs of a run again, beside the tables: its digest, when earlier years had been
    confirmed for it, and what it knew of leaders and fields."""

    input_digest: str
    known_to: int | datetime | None
    facts: Facts


def inputs_of(cycle: CycleRow, kind: str, scheme: Scheme, supposed: Supposed = NOTHING_SUPPOSED,
              known_to: int | datetime | None = None) -> Known:  # fmt: skip
    """What is known of the units that a scheme rates in a cycle, or would be if what is supposed were stored.

    With a determination's key or an instant as `known_to`, the years before are as they had been confirmed by then.
    """
    return known_of(what_stands([cycle], kind, supposed.without_events)[cycle.id], scheme, supposed, known_to)


def known_of(
    stands: Stands, scheme: Scheme, supposed: Supposed = NOTHING_SUPPOSED, known_to: int | datetime | None = None
) -> Known:
    """What stands, and what is supposed of it, as the inputs of a scheme; nothing more is read from the tables."""
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
    facts = {**stands.leaders, **{name: units.fields[name] for name in needs.fields if name in units.fields}}
    return Known(inputs, units.ids, units.names, digest, (*wrong, *_not_allowed(scheme, inapplicable)), said, facts)


def known_by_run(stands: Stands, scheme: Scheme, run: Run, supposed: Supposed = NOTHING_SUPPOSED) -> Known:
    """The inputs of a run made again: with what it knew of leaders and fields, or with what the tables say now.

    Whether they are those of the run says their digest; what was kept of runs before there were facts is a guess.
    """
    first = known_of(stands.known_by(run.facts), scheme, supposed, run.known_to)
    if first.digest == run.input_digest or not run.facts:
        return first
    other = known_of(stands, scheme, supposed, run.known_to)
    return other if other.digest == run.input_digest else first


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


def _suppose(
    cells: dict[str, Labels], inapplicable: dict[str, list[int]], units: UnitsRead, supposed: Supposed
) -> None:
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


def _counts(stands: Stands, needs: Needs, supposed: Supposed) -> dict[str, NDArray[np.int64]]:
    """How often each flag of the scheme happened; where nothing was recorded it did not."""
    row = stands.units.row
    counts = {flag: np.zeros(len(row), dtype=np.int64) for flag in needs.flags}
    more = ((unit, flag, count) for (unit, flag), count in supposed.more_events.items() if unit in row)
    for unit, flag, count in (*stands.events, *more):
        header = flag if flag.startswith("flag.") else f"flag.{flag}"
        if header in counts:
            counts[header][row[unit]] += count
    for (unit, header), count in supposed.counts.items():
        if header in counts and unit in row:
            counts[header][row[unit]] = count
    return counts


def _fields(needs: Needs, cells: Mapping[str, Labels], units: UnitsRead) -> dict[str, Labels]:
    """The units' fields and the appraisal: as entered under the field's name, else what the tables say."""
    known = {**units.fields, **{name: cells[name] for name in (*needs.fields, "appraisal") if name in cells}}
    return {name: known[name] for name in (*needs.fields, "appraisal") if name in known}


def _history(stands: Stands, scheme: Scheme, known_to: int | datetime | None) -> History:
    """The confirmed levels of earlier years: by code, else (another scheme's levels) by the number of stars."""
    row = stands.units.row
    codes = {level.code: index for index, level in enumerate(scheme.levels)}
    stars = {level.stars: index for index, level in enumerate(scheme.levels)}
    years: dict[int, NDArray[np.int8]] = {}
    for one in stands.confirmed_by(known_to):
        column = years.setdefault(one.year, np.full(len(row), NO_LEVEL, dtype=np.int8))
        known = codes.get(one.level, NO_LEVEL if one.stars is None else stars.get(one.stars, NO_LEVEL))
        column[row[one.unit_id]] = VOIDED if one.status == "void" else known
    return History(years)


def _not_allowed(scheme: Scheme, inapplicable: Mapping[str, Sequence[int]]) -> Iterator[InputFault]:
    """Where a value was marked as not applicable although the scheme would silently make it 0."""
    for node in scheme.leaves():
        if node.leaf is None or node.leaf.missing is not Missing.ZERO:
            continue
        for header in node.leaf.columns(node.code):
            yield from (InputFault("not_applicable_zero", row, header, {"name": node.name})
                        for row in inapplicable.get(header, ()))  # fmt: skip
