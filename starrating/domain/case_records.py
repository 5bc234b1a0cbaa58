"""What is written down when a measure is carried out and when it is closed: typed days, votes and results.

Of a talk who was there, what was said and agreed and when somebody looks again; of an admonition its first and last day
and the ballot after it; of a referral the body, by when it answers and the answer, for the program decides nothing.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from starrating.domain.cases import CaseMove
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Effect

ADMONITION = "admonition"
PERIOD = ("begins_on", "ends_on")
VOTES = ("votes_for", "votes_against", "votes_abstain")
BALLOT = ("ballot_on", *VOTES, "ballot_result", "ballot_document")
WATCHED = ("ends_on", "follow_up_on", "reply_by")
"""The days of a carried out measure on which something is to be done again; a measure has one of them at most."""
DAYS = frozenset({*PERIOD, "ballot_on", "follow_up_on", "followed_on", "reply_by", "answered_on"})
NO_BALLOT, ONWARD, PASSED, FAILED = "no_ballot", "onward", "passed", "failed"
LONGEST_PERIOD = 36
"""Months that an admonition lasts at most."""
MOST_VOTES = 99_999

_TALK = {
    CaseMove.CARRY_OUT: ("present", "said", "promised", "follow_up_on"),
    CaseMove.CLOSE: ("followed_on", "found"),
}
_REFERRAL = {CaseMove.CARRY_OUT: ("body", "reply_by"), CaseMove.CLOSE: ("answered_on", "answer")}
RECORDED: Mapping[str, Mapping[CaseMove, tuple[str, ...]]] = {
    "formal_talk": _TALK,
    "talk": _TALK,
    ADMONITION: {CaseMove.CARRY_OUT: PERIOD, CaseMove.CLOSE: (*BALLOT, NO_BALLOT, ONWARD)},
    "suspension": _REFERRAL,
    "removal": _REFERRAL,
    "replace": _REFERRAL,
}
"""Measure → move → what is written down with it."""
NAMES = tuple(dict.fromkeys(name for moves in RECORDED.values() for names in moves.values() for name in names))


class Kind(StrEnum):
    """How something that is written down is typed."""

    TEXT = "text"
    DAY = "day"
    COUNT = "count"
    RESULT = "result"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Making:
    """A move with a measure: what the rule says, what was recorded before, the day of the act, today, the reason."""

    effect: Effect
    move: CaseMove
    before: Mapping[str, str]
    day: date | None
    today: date
    reason: str


def kind_of(name: str) -> Kind:
    """How a name is typed."""
    if name in DAYS:
        return Kind.DAY
    if name in VOTES:
        return Kind.COUNT
    return {"ballot_result": Kind.RESULT, NO_BALLOT: Kind.TICK}.get(name, Kind.TEXT)


def asked(effect: Effect, move: CaseMove, before: Mapping[str, str]) -> tuple[str, ...]:
    """What a move with a measure asks for.

    An admonition that was carried out before its period was typed is asked for it when it is closed; where the rule
    wants a ballot nobody can tick that there is none.
    """
    names = RECORDED.get(str(effect.what), {}).get(move, ()) if isinstance(effect.what, str) else ()
    if effect.what == ADMONITION and move is CaseMove.CLOSE:
        names = tuple(name for name in names if name != NO_BALLOT or not effect.ballot)
        return names if "ends_on" in before else (*PERIOD, *names)
    return names


def settled(making: Making, said: Mapping[str, str]) -> dict[str, str]:
    """What is kept of what was said, every day as a day; refused where it does not hold together."""
    names = asked(making.effect, making.move, making.before)
    kept = {name: said[name] for name in names if said.get(name)}
    for name in DAYS & kept.keys():
        if _day(kept[name]) is None:
            raise RuleError("case.record_day")
    _check_days(making, kept)
    if making.effect.what == ADMONITION:
        if set(PERIOD) <= set(names):
            kept |= _period(making, kept)
        if making.move is CaseMove.CLOSE:
            return _closed(making, kept)
    return kept


def last_of_period(first: date, months: int) -> date:
    """The last day of so many months that begin on a day."""
    ahead = first.month - 1 + months
    year, month = first.year + ahead // 12, ahead % 12 + 1
    days = monthrange(year, month)[1]
    return date(year, month, first.day) - timedelta(days=1) if first.day <= days else date(year, month, days)


def watched(record: Mapping[str, str]) -> tuple[str, date] | None:
    """The day on which something is to be done again after a measure was carried out, and what it is."""
    for name in WATCHED:
        day = _day(record.get(name, ""))
        if day is not None:
            return name, day
    return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _check_days(making: Making, kept: Mapping[str, str]) -> None:
    """Somebody looks again or answers by a day after the act; what is told as done lies in the past."""
    for name in ("follow_up_on", "reply_by"):
        day = _day(kept.get(name, ""))
        if day is not None and making.day is not None and day < making.day:
            raise RuleError("case.record_day")
    for name in ("followed_on", "answered_on", "ballot_on"):
        day = _day(kept.get(name, ""))
        if day is not None and day > making.today:
            raise RuleError("case.record_day")


def _period(making: Making, kept: Mapping[str, str]) -> dict[str, str]:
    """The first and the last day; the rule's months where no last day was typed."""
    first, last = (_day(kept.get(name, "")) for name in PERIOD)
    if first is not None and last is None and making.effect.period_months is not None:
        last = last_of_period(first, making.effect.period_months)
    if first is None or last is None or not first < last <= last_of_period(first, LONGEST_PERIOD):
        raise RuleError("case.period", most=LONGEST_PERIOD)
    if making.day is not None and first < making.day:
        raise RuleError("case.period_first", day=making.day.isoformat())
    return {"begins_on": first.isoformat(), "ends_on": last.isoformat()}


def _closed(making: Making, kept: dict[str, str]) -> dict[str, str]:
    """The record of an admonition that is closed: its period is over, and its ballot told or said not to be held."""
    period = {**making.before, **kept}
    first, last = (_day(period[name]) for name in PERIOD)
    assert first is not None
    assert last is not None
    if making.today <= last:
        raise RuleError("case.period_open", day=last.isoformat())
    if NO_BALLOT in kept:
        if any(name in kept for name in (*BALLOT, ONWARD)):
            raise RuleError("case.ballot_both")
        if not making.reason:
            raise RuleError("case.reason")
        return kept
    held = _day(kept.get("ballot_on", ""))
    if held is None or kept.get("ballot_result") not in (PASSED, FAILED) or "ballot_document" not in kept:
        if making.effect.ballot:
            raise RuleError("case.ballot_needed")
        raise RuleError("case.ballot")
    if held < first:
        raise RuleError("case.record_day")
    kept |= _votes(kept)
    if (kept["ballot_result"] == FAILED) != (ONWARD in kept):
        raise RuleError("case.onward")
    return kept


def _votes(kept: Mapping[str, str]) -> dict[str, str]:
    """For, against and abstentions: all three or none, each a whole number."""
    told = [kept[name] for name in VOTES if name in kept]
    if told and (len(told) != len(VOTES) or not all(_count(text) for text in told)):
        raise RuleError("case.votes", most=MOST_VOTES)
    return {name: str(int(text)) for name, text in zip(VOTES, told, strict=False)}


def _count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_VOTES))
