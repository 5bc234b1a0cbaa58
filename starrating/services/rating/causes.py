"""What is otherwise about units since an earlier instant: values, events, facts, each with its entries and points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from starrating.domain.inputs import NO_LEVEL, Labels
from starrating.domain.scheme import Indicator, Scheme
from starrating.domain.tracing import PointsMoved
from starrating.queries.between import Since
from starrating.queries.histories import ChangeRow
from starrating.queries.inputs import Known
from starrating.queries.scores import EventRow

FLAG = "flag."
HISTORY = "history."
"""Before the year of an earlier level that is otherwise."""


class About(StrEnum):
    """What a cause is."""

    VALUE = "value"
    EVENT = "event"
    FACT = "fact"
    """Something that the tables say of the unit: a post, a field, the appraisal."""
    POINTS = "points"
    """A leaf gives other points although nothing of the unit's own changed: it is measured against others."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is otherwise about a unit, with the points that it gives where it gives any.

    `alone` tells whether the unit's level is what it was with only this put back, None where that was not tried;
    `others` are the rows of other units of which that holds.
    """

    about: About
    code: str
    node: Indicator | None
    headers: frozenset[str]
    points: tuple[PointsMoved, ...]
    entries: tuple[ChangeRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    words: tuple[str, str] = ("", "")
    alone: bool | None = None
    others: tuple[int, ...] = ()

    @property
    def can_be_put_back(self) -> bool:
        """True for something of the unit's own that the inputs hold."""
        return self.about is not About.POINTS and not self.code.startswith(HISTORY)


def causes_as_entered(happened: Since) -> dict[int, list[Cause]]:
    """Unit → what was entered, header by header: where the values of then are not known."""
    found: dict[int, list[Cause]] = {}
    entries = _grouped(happened.entries)
    for (unit, header), made in entries.items():
        found.setdefault(unit, []).append(Cause(About.VALUE, header, None, frozenset({header}), (), tuple(made)))
    for (unit, flag), events in _events(happened.events).items():
        found.setdefault(unit, []).append(Cause(About.EVENT, flag, None, frozenset({flag}), (), events=tuple(events)))
    return found


def _grouped(entries: Iterable[ChangeRow]) -> dict[tuple[int, str], list[ChangeRow]]:
    found: dict[tuple[int, str], list[ChangeRow]] = {}
    for one in entries:
        found.setdefault((one.unit_id, one.header), []).append(one)
    return found


def _events(events: Iterable[EventRow]) -> dict[tuple[int, str], list[EventRow]]:
    found: dict[tuple[int, str], list[EventRow]] = {}
    for one in events:
        found.setdefault((one.unit_id, FLAG + one.flag.removeprefix(FLAG)), []).append(one)
    return found


def own_causes(
    before: Known, after: Known, moved: Mapping[int, Sequence[PointsMoved]], happened: Since, scheme: Scheme
) -> dict[int, list[Cause]]:
    """Row → what is otherwise about the unit itself, and leaves that give other points without that."""
    entries, events, owners = _grouped(happened.entries), _events(happened.events), _owners(scheme)
    changed, found = _changed(before, after), dict[int, list[Cause]]()
    for row in sorted({*changed, *moved}):
        unit = after.unit_ids[row]
        found[row] = [
            replace(
                one,
                entries=tuple(made for header in sorted(one.headers) for made in entries.get((unit, header), ())),
                events=tuple(made for header in sorted(one.headers) for made in events.get((unit, header), ())),
            )
            for one in _causes(changed.get(row, {}), moved.get(row, ()), owners)
        ]
    return found


def _changed(before: Known, after: Known) -> dict[int, dict[str, tuple[str, str]]]:
    """Row → header → what it said before and says now, for what is otherwise."""
    found: dict[int, dict[str, tuple[str, str]]] = {}
    size = len(after.unit_ids)
    blank: list[str | None] = [None] * size
    for header in sorted({*before.said, *after.said}):
        _differing(found, header, before.said.get(header, blank), after.said.get(header, blank))
    for header in sorted({*before.inputs.words, *after.inputs.words}):
        _differing(found, header, *(_words(one.inputs.words.get(header), size) for one in (before, after)))
    for year in sorted({*before.inputs.history.years, *after.inputs.history.years}):
        _differing(found, f"{HISTORY}{year}", *(_levels(one, year) for one in (before, after)))
    return found


def _words(labels: Labels | None, size: int) -> list[str | None]:
    return [None if labels is None else labels.name(row) for row in range(size)]


def _levels(known: Known, year: int) -> list[str | None]:
    levels = known.inputs.history.years.get(year)
    size = len(known.unit_ids)
    return [str(NO_LEVEL)] * size if levels is None else [str(level) for level in levels.tolist()]


def _differing(
    found: dict[int, dict[str, tuple[str, str]]], header: str, first: Sequence[str | None], second: Sequence[str | None]
) -> None:
    for row, (one, other) in enumerate(zip(first, second, strict=True)):
        if one != other and not (header.startswith(FLAG) and {one, other} == {None, "0"}):
            found.setdefault(row, {})[header] = (one or "", other or "")


def _owners(scheme: Scheme) -> dict[str, Indicator]:
    """Header → the leaf that is entered under it, or that takes its value from it."""
    found: dict[str, Indicator] = {}
    for node in scheme.leaves():
        if node.leaf is not None:
            found |= dict.fromkeys(node.leaf.columns(node.code) or (str(node.leaf.of),), node)
    return found


def _causes(
    headers: Mapping[str, tuple[str, str]], points: Sequence[PointsMoved], owners: Mapping[str, Indicator]
) -> Iterator[Cause]:
    """What is otherwise about one unit, with the points of the leaf that it goes into."""
    left = {one.node.code: one for one in points}
    by_leaf: dict[str, list[str]] = {}
    for header in headers:
        owner = owners.get(header)
        if owner is None or header not in owner_columns(owner):
            about = About.EVENT if header.startswith(FLAG) else About.FACT
            gives = (left.pop(owner.code, None),) if owner else ()
            yield Cause(about, header, owner, frozenset({header}), tuple(filter(None, gives)), words=headers[header])
        else:
            by_leaf.setdefault(owner.code, []).append(header)
    for code, own in by_leaf.items():
        gives = (left.pop(code, None),)
        words = headers[own[0]] if len(own) == 1 else ("", "")
        yield Cause(About.VALUE, code, owners[own[0]], frozenset(own), tuple(filter(None, gives)), words=words)
    for one in left.values():
        yield Cause(About.POINTS, one.node.code, one.node, frozenset(), (one,))


def owner_columns(node: Indicator) -> tuple[str, ...]:
    """The headers that are entered for a leaf."""
    return node.leaf.columns(node.code) if node.leaf is not None else ()
