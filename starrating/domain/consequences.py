"""What follows for the leader, the team and the unit: which rules of the scheme apply to whom."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

import numpy as np

from starrating.domain.conditions import About, Answers, Subject, holds, tests_in
from starrating.domain.curves import line_points
from starrating.domain.exact import Column, Mask
from starrating.domain.figures import plain
from starrating.domain.inputs import Labels
from starrating.domain.methods import Line
from starrating.domain.ranking import as_numbers
from starrating.domain.reasons import Slot, listed, where
from starrating.domain.scheme import Bearer, Consequence, PayLine, Scheme

_DIGITS = 4
"""Decimal places of a pay coefficient on a line."""


class Known(Answers, Protocol):
    """Who knows of units what a scheme's consequences ask."""

    @property
    def scheme(self) -> Scheme:
        """The scheme."""

    def word(self, header: str) -> Labels:
        """The words under a header."""


def consequences(facts: Known, voided: Mask) -> Labels:
    """The codes of the consequences of each unit; of a `voided` one only those that ask for events and fields only."""
    masks: dict[str, Mask] = {}
    slots: dict[str, Slot] = {}
    entries = facts.scheme.consequences
    for entry in entries:
        mask = _applies(facts, entry)
        if not asks_only_for_events_and_fields(entry):
            mask &= ~voided
        slots[entry.code] = where(mask, entry.code)
        if isinstance(entry.effect.what, PayLine):
            slots[entry.code], mask = _pay_slot(facts, entry.code, entry.effect.what, mask)
        masks[entry.code] = mask
    for position, entry in enumerate(entries):
        for later in entries[position + 1 :]:
            if entry.group is not None and later.group == entry.group:
                slot = slots[entry.code]
                slots[entry.code] = Slot(np.where(masks[later.code], -1, slot.indices), slot.names)
    return listed(list(slots.values()), len(facts))


def asks_only_for_events_and_fields(entry: Consequence) -> bool:
    """True where a consequence may follow for a unit that is not rated: it names `flag` or `unit` subjects only."""
    abouts = {test.subject.about for test in tests_in(entry.when)}
    return bool(abouts) and abouts <= {About.FLAG, About.UNIT}


def _applies(facts: Known, entry: Consequence) -> Mask:
    mask = holds(entry.when, facts)
    if entry.bearer is Bearer.DUAL_ROLE:
        mask &= dual_role(facts)
    return mask


def dual_role(facts: Known) -> Mask:
    """Which units' leader holds both posts: `leader.dual_role` is 1."""
    column, _ = facts.word(str(Subject(About.LEADER, "dual_role"))).numbers()
    return column.equals(Fraction(1))


def pay_coefficient(facts: Known, line: PayLine) -> Column:
    """The coefficient on a line, half up to 4 digits; blank where the subject has no value."""
    value = as_numbers(facts.subject(line.of))
    return line_points(Line(line.at), value).affine(line.times).rounded(_DIGITS)


def _pay_slot(facts: Known, code: str, line: PayLine, mask: Mask) -> tuple[Slot, Mask]:
    column = pay_coefficient(facts, line)
    mask = mask & column.known
    distinct, place = np.unique(column.numbers, return_inverse=True)
    names = tuple(f"{code}={plain(int(number) * column.unit)}" for number in distinct)
    return Slot(np.where(mask, place, -1), names), mask
