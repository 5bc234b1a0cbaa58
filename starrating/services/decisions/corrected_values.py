"""The values of a published list as they count, and what somebody puts right of them, read and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starrating.domain.conditions import About, tests_in
from starrating.domain.entry import NOTHING, Column, Entry, EntryState, half_applicable, read_entry
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Scheme
from starrating.queries.corrections import FLAG, CorrectedValue, corrected, event_counts
from starrating.queries.cycles import CycleRow
from starrating.queries.publications import confirmed_of, listed_units
from starrating.queries.scores import cells_of
from starrating.services.decisions.checks import Said
from starrating.services.rating.events import MOST, flags_of
from starrating.services.scoring.tasks import Task, tasks_by_header
from starrating.services.scoring.typed_scores import EntriesRefused, Key

MOST_VALUES = 200
"""Values that one correction may put right."""


@dataclass(frozen=True, slots=True)
class Right:
    """A value as somebody puts it right: of which unit, under which header, what the page showed, what was typed."""

    unit_id: int
    header: str
    shown: str
    text: str

    @property
    def key(self) -> Key:
        """Which value."""
        return self.unit_id, self.header


@dataclass(frozen=True, slots=True)
class Correction:
    """What is proposed: values of a published list are put right, for a public reason, on a ground, from a day."""

    kind: str
    values: tuple[Right, ...]
    said: Said


def values_standing(row: CycleRow, kind: str, unit_ids: Sequence[int]) -> dict[Key, Entry]:
    """What counts of units in a published list: as entered, as recorded, or as a correction put it right."""
    headers = [header for of, header in tasks_by_header(row) if of == kind]
    found = {key: cell.entry for key, cell in cells_of(row.id, unit_ids, headers).items()}
    for (unit_id, flag), count in event_counts(row.id, unit_ids).items():
        found[unit_id, flag] = _counted(count)
    over = corrected(row.id, kind)
    found |= {key: entry for key, entry in over.cells.items() if key[0] in unit_ids}
    found |= {key: _counted(count) for key, count in over.counts.items() if key[0] in unit_ids}
    return found


def headers_of(row: CycleRow, kind: str) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """What may be put right of a unit of a kind: the columns of its scores, the headers of its events."""
    return columns_of_kind(row, kind), tuple(f"{FLAG}{flag}" for flag in flags_of(row.id, kind))


def columns_of_kind(row: CycleRow, kind: str) -> tuple[Column, ...]:
    """What is entered of a unit of a kind."""
    return tuple(column for (of, header), task in tasks_by_header(row).items() if of == kind
                 for column in task.columns if column.header == header)  # fmt: skip


def flag_names(scheme: Scheme) -> dict[str, str]:
    """Header → the name of the rule that asks how often an event happened; the first that does."""
    found: dict[str, str] = {}
    for rule in reversed(scheme.overrides):
        asked = (test.subject for test in tests_in(rule.when) if test.subject.about is About.FLAG)
        found |= {str(subject): rule.name for subject in asked}
    return found


def value_name(column: Column) -> str:
    """A column in words: its indicator, its part and its period."""
    return " ".join(dict.fromkeys(word for word in (column.node.name, column.period, column.part) if word))


def put_right(row: CycleRow, wanted: Correction) -> list[CorrectedValue]:
    """The values that change, read as they stand; `EntriesRefused` with all that may not stand."""
    listed = {one.unit_id: one for one in listed_units(confirmed_of(row.id)[wanted.kind].determination_id)}
    if not wanted.values or any(one.unit_id not in listed for one in wanted.values):
        raise RuleError("decision.no_units")
    if len(wanted.values) > MOST_VALUES or len({one.key for one in wanted.values}) < len(wanted.values):
        raise RuleError("decision.too_many", most=MOST_VALUES)
    tasks, flags = tasks_by_header(row), headers_of(row, wanted.kind)[1]
    stands = values_standing(row, wanted.kind, sorted({one.unit_id for one in wanted.values}))
    typed = dict(_entries(wanted, tasks, flags, stands))
    found = []
    for one in wanted.values:
        unit, before, after = listed[one.unit_id], stands.get(one.key, _blank(one.header)), typed[one.key]
        if before.shown != one.shown:
            raise RuleError("decision.value_moved", unit=unit.name)
        if before != after:
            found.append(CorrectedValue(unit.unit_id, unit.code, unit.name, unit.township, one.header, before, after))
    if not found:
        raise RuleError("decision.no_values")
    return sorted(found, key=lambda one: (one.code, one.header))


def _entries(wanted: Correction, tasks: Mapping[tuple[str, str], Task], flags: Sequence[str],
             stands: Mapping[Key, Entry]) -> Iterator[tuple[Key, Entry]]:  # fmt: skip
    """What was typed, as entries."""
    found: dict[Key, Entry] = {}
    faults: dict[Key, RuleError] = {}
    for one in wanted.values:
        task = tasks.get((wanted.kind, one.header))
        if task is None and one.header not in flags:
            raise RuleError("decision.no_header")
        try:
            found[one.key] = read_entry(task.node, one.text) if task else _count(one.text)
        except RuleError as refusal:
            faults[one.key] = refusal
    faults |= dict(_half_applicable(wanted, tasks, {**stands, **found}))
    if faults:
        raise EntriesRefused(faults)
    yield from found.items()


def _half_applicable(
    wanted: Correction, tasks: Mapping[tuple[str, str], Task], entries: Mapping[Key, Entry]
) -> Iterator[tuple[Key, RuleError]]:
    """The values after which an indicator would be applicable in one part only."""
    for one in wanted.values:
        task = tasks.get((wanted.kind, one.header))
        own = (
            {column.header: entries.get((one.unit_id, column.header), NOTHING) for column in task.columns}
            if task
            else {}
        )
        if task and one.header in half_applicable(task.node, own):
            yield one.key, RuleError("entry.half_applicable")


def _count(text: str) -> Entry:
    """How often an event happened, as typed."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MOST))):
        raise RuleError("entry.times", most=MOST)
    return _counted(int(typed))


def _counted(count: int) -> Entry:
    return Entry(EntryState.VALUE, str(count))


def _blank(header: str) -> Entry:
    """What stands where nothing was entered: an event that was never recorded happened 0 times."""
    return _counted(0) if header.startswith(FLAG) else NOTHING
