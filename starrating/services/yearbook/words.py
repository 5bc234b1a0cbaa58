"""How a yearbook names kinds, places and numbers; its words are Chinese whoever asks for it, for it is one document."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from starrating.charts.chart import percent
from starrating.domain.exact import rounded
from starrating.domain.figures import fixed
from starrating.services.yearbook.facts import Facts

NOUNS = {"village": "村", "community": "社区", "": "村和社区"}
NAMED = 3
"""How many places a sentence names; of more the first ones and how many."""


def named(names: Sequence[str], counter: str = "个", most: int = NAMED) -> str:
    """The places of a sentence."""
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等{len(names):,}{counter}"


def points(value: Fraction, digits: int = 2) -> str:
    """A number of points as sentences and tables have it."""
    return fixed(rounded(value, digits), digits)


def signed(value: Fraction, digits: int = 2) -> str:
    """A difference with its sign; nothing before 0."""
    shown = points(value, digits)
    return f"+{shown}" if shown.strip("-0.") and value > 0 else shown


def share(value: Fraction | None) -> str:
    """A share with one decimal place."""
    return percent(value)


def below(facts: Facts) -> str:
    """What the places are called that a yearbook sets side by side."""
    return "区" if facts.city else "乡镇街道"
