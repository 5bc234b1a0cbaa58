"""What may stand in a cell: one text as somebody typed it → the state and text that are stored, or why it is refused.

Blank, not applicable and 0 are three states. `／` (or 不适用) says not applicable, which is accepted only where the
scheme leaves the indicator out (`missing: exclude`): anywhere else the rating would quietly make it a 0 or a full mark.
Full-width digits, their point and minus sign are read as their ASCII twins (NFKC of these characters and no other).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from starrating.domain.faults import RuleError
from starrating.domain.figures import plain
from starrating.domain.inputs import decimal
from starrating.domain.methods import Bands, Cases, Checklist, Choice, Count, Direct, Leaf, Missing
from starrating.domain.scheme import Indicator, Scheme

NOT_APPLICABLE = "／"
"""How not applicable is shown and typed."""
SAYS_NOT_APPLICABLE = (NOT_APPLICABLE, "/", "不适用")
"""What is read as it, the first one as it is shown."""
WIDE = re.compile("[０-９．－]")
WRITTEN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
MOST_DIGITS = 12
MOST_DECIMALS = 4
"""Of counts, amounts and rates, which curves and bands turn into points."""
POINTS_DIGITS = 3
POINTS_DECIMALS = 2
"""Of points that are entered as they are, unless the scheme's own bounds or step have more."""
VALUES = re.compile(
    r"取值[：:](?P<low>-?[0-9]{1,12}(?:\.[0-9]{1,4})?)"
    r"(?:至(?P<high>-?[0-9]{1,12}(?:\.[0-9]{1,4})?)|(?P<above>以上))(?![0-9.A-Za-z])"
)
"""What an indicator's `note` says of the values that may be entered: `取值：0至100`, `取值：0以上`. Without it only the
method bounds them: a name in per cent says nothing, for a rate of completion may be 110."""
LONGEST_SHOWN = 40
REASON = "说明"
"""A scheme's `evidence` that begins with this word, or is just `true`, asks for a reason with every value."""


class EntryState(StrEnum):
    """What a cell says; the words are those of the tables."""

    BLANK = "blank"
    VALUE = "value"
    NOT_APPLICABLE = "not_applicable"


class Entry(NamedTuple):
    """What a cell holds: `value` is the text as entered, empty unless the state is VALUE."""

    state: EntryState
    value: str = ""

    @property
    def shown(self) -> str:
        """The entry as it is typed and shown."""
        return NOT_APPLICABLE if self.state is EntryState.NOT_APPLICABLE else self.value


NOTHING = Entry(EntryState.BLANK)


@dataclass(frozen=True, slots=True)
class Column:
    """One header of a leaf: the part and the period that it is about, each empty where the leaf has none."""

    header: str
    node: Indicator
    part: str = ""
    period: str = ""


def columns_of(node: Indicator) -> tuple[Column, ...]:
    """The columns of a leaf in the order of its headers; none for a leaf that takes its value from elsewhere."""
    leaf = _leaf(node)
    parts, periods = leaf.parts or ("",), leaf.periods or ("",)
    pairs = [(part, period) for period in periods for part in parts]
    headers = leaf.columns(node.code)
    return tuple(Column(header, node, *pair) for header, pair in zip(headers, pairs, strict=True)) if headers else ()


def columns_entered(scheme: Scheme) -> dict[str, Column]:
    """Header → column of everything that somebody enters under a scheme."""
    return {column.header: column for node in scheme.leaves() for column in columns_of(node)}


def read_entry(node: Indicator, typed: str) -> Entry:
    """What `typed` stores in a cell of the leaf; `RuleError` `entry.…` with the facts where it may not stand."""
    leaf = _leaf(node)
    if not typed.strip(" \u3000"):
        return NOTHING
    if typed in SAYS_NOT_APPLICABLE and not (isinstance(leaf.method, Choice) and typed in leaf.method.options):
        if leaf.missing is not Missing.EXCLUDE:
            raise RuleError("entry.always_applies")
        return Entry(EntryState.NOT_APPLICABLE)
    if isinstance(leaf.method, Choice):
        return Entry(EntryState.VALUE, _option(leaf.method, typed))
    text = typed if typed.isascii() else WIDE.sub(lambda wide: unicodedata.normalize("NFKC", wide.group()), typed)
    _check(node, leaf, _number(node, leaf, typed, text), text)
    return Entry(EntryState.VALUE, text)


def needs_reason(node: Indicator) -> bool:
    """True where the scheme asks for a reason beside every value."""
    return _asks_reason(node.evidence)


@lru_cache(maxsize=1024)
def _asks_reason(evidence: str) -> bool:
    return any(one.strip().startswith(REASON) for one in evidence.split("；")) or evidence.strip() == "true"


def needs_file(node: Indicator) -> bool:
    """True where the scheme asks for a file beside every value: for anything but a reason."""
    asked = [one.strip() for one in node.evidence.split("；") if one.strip()]
    return any(not one.startswith(REASON) and one not in ("true", "false") for one in asked)


def half_applicable(node: Indicator, entries: Mapping[str, Entry]) -> Iterator[str]:
    """The headers of a period of which some parts are not applicable and others are not: all of them are, or none.

    A single blank part counts as 0, so one part alone would be rated as if nothing had happened.
    """
    if len(_leaf(node).parts) < 2:
        return
    for period in dict.fromkeys(column.period for column in columns_of(node)):
        own = [column.header for column in columns_of(node) if column.period == period]
        away = [entries.get(header, NOTHING).state is EntryState.NOT_APPLICABLE for header in own]
        if any(away) and not all(away):
            yield from own


def _leaf(node: Indicator) -> Leaf:
    assert node.leaf is not None
    return node.leaf


def _option(method: Choice, typed: str) -> str:
    if typed not in method.options:
        raise RuleError("entry.option", text=_short(typed), options=tuple(method.options))
    return typed


def _number(node: Indicator, leaf: Leaf, typed: str, text: str) -> Fraction:
    value = _known(text) if len(text) <= LONGEST_SHOWN else _written(text)
    if value is None or (value == 0 and text.startswith("-")):
        raise RuleError("entry.number", text=_short(typed))
    digits, _, decimals = text.removeprefix("-").partition(".")
    if len(digits) <= POINTS_DIGITS and len(decimals) <= POINTS_DECIMALS:
        return value
    most, most_decimals = _room(node, leaf)
    if len(digits) > most:
        raise RuleError("entry.digits", text=_short(typed), most=most)
    if len(decimals) > most_decimals:
        raise RuleError("entry.decimals", text=_short(typed), most=most_decimals)
    return value


def _room(node: Indicator, leaf: Leaf) -> tuple[int, int]:
    """How many digits a value may have before its point and after it."""
    if not isinstance(leaf.method, Direct):
        return MOST_DIGITS, MOST_DECIMALS
    step, bounds = leaf.method.step, [abs(bound) for bound in (node.low, node.high) if bound is not None]
    digits = max((len(str(int(bound))) for bound in bounds), default=0)
    decimals = 0 if step is None else len(plain(step).partition(".")[2])
    return max(POINTS_DIGITS, digits), max(POINTS_DECIMALS, decimals)


def _written(text: str) -> Fraction | None:
    return decimal(text) if WRITTEN.fullmatch(text) else None


_known = lru_cache(maxsize=2**14)(_written)
"""The same for short texts, which a sheet repeats a hundred thousand times."""


def _check(node: Indicator, leaf: Leaf, value: Fraction, text: str) -> None:
    """Refuse what the leaf's method would refuse when it is rated."""
    match leaf.method:
        case Direct(step=step):
            _refuse_beyond(node.low, node.high, value, text)
            if step is not None and value % step:
                raise RuleError("entry.step", text=text, step=plain(step))
        case Count() | Cases():
            if value < 0 or value.denominator != 1:
                raise RuleError("entry.count", text=text)
        case Checklist():
            if value not in (0, 1):
                raise RuleError("entry.mark", text=text)
        case Bands(rows=rows, downward=downward):
            if not any(_within(value, row.limit, downward) for row in rows):
                raise RuleError("entry.band", text=text)
    low, high = bounds_written(node.note)
    _refuse_beyond(low, high, value, text)


@lru_cache(maxsize=1024)
def bounds_written(note: str) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest value that a note says may be entered, None where it does not."""
    found = VALUES.search(note)
    if found is None:
        return None, None
    return decimal(found["low"]), decimal(found["high"]) if found["high"] else None


def _within(value: Fraction, limit: Fraction | None, downward: bool) -> bool:
    return limit is None or (value <= limit if downward else value >= limit)


def _refuse_beyond(low: Fraction | None, high: Fraction | None, value: Fraction, text: str) -> None:
    if (low is None or _at_least(value, low)) and (high is None or _at_least(high, value)):
        return
    if low is None or high is None:
        code = "entry.too_low" if high is None else "entry.too_high"
        raise RuleError(code, text=text, limit=plain(low if low is not None else high or Fraction(0)))
    raise RuleError("entry.bounds", text=text, low=plain(low), high=plain(high))


def _at_least(one: Fraction, other: Fraction) -> bool:
    """True where `one >= other`, in whole numbers: a sheet asks a hundred thousand times."""
    return one.numerator * other.denominator >= other.numerator * one.denominator


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
