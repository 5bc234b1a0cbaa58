"""Round numbers for an axis: steps of 1, 2 or 5 times a power of ten, exactly."""

from __future__ import annotations

from fractions import Fraction


def step_for(span: Fraction, most: int) -> Fraction:
    """The smallest round step with which at most `most` steps cover `span`; 1 where there is no span."""
    if span <= 0:
        return Fraction(1)
    power = Fraction(1)
    while power * most < span:
        power *= 10
    while power * most >= 10 * span:
        power /= 10
    for factor in (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2)):
        if power * factor * most >= span:
            return power * factor
    return power


def count_ticks(most: int, steps: int) -> list[int]:
    """Whole numbers from 0 on for counts up to `most`."""
    step = max(int(step_for(Fraction(most), steps)), 1)
    return list(range(0, most + 1, step))
