"""What is written down when a measure is carried out and when it is closed: typed days, votes and results.

Of a talk who was there, what was said and agreed and when somebody looks again; of an admonition its first and last day
and the ballot after it, which is recorded when it was held or with the closing; of a referral the body, by when it
answers and the answer, for the program decides nothing.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
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
HELD_BY, HELD_ON = "ballot_by", "ballot_held"
"""Who held a ballot and who took part; of a closing, on which day the ballot was held that it rests on."""
WATCHED = ("ends_on", "follow_up_on", "reply_by")
"""The days of a carried out measure on which something is to be done again; a measure has one of them at most."""
DAYS = frozenset({*PERIOD, "ballot_on", HELD_ON, "follow_up_on", "followed_on", "reply_by", "answered_on"})
CLOSING = "closing"
"""What is to be done after an admonition whose ballot is recorded."""
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
    ADMONITION: {
        CaseMove.CARRY_OUT: PERIOD,
        CaseMove.BALLOT: (*BALLOT, HELD_BY, ONWARD),
        CaseMove.CLOSE: (*BALLOT, NO_BALLOT, ONWARD),
    },
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
    """A move with a measure: what the rule says, what was recorded before, the day of the act, today, the reason.

    `before` is all that was recorded since it was carried out, of several ballots the last.
    """

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

    An admonition that was carried out before its period was typed is asked for it with its ballot or its closing. Where
    the rule wants a ballot nobody can tick that there is none; where one is recorded the closing asks for nothing more
    than what follows from one that was lost, should that be open.
    """
    names = RECORDED.get(str(effect.what), {}).get(move, ()) if isinstance(effect.what, str) else ()
    if effect.what != ADMONITION or move is CaseMove.CARRY_OUT:
        return names
    if move is CaseMove.CLOSE and "ballot_on" in before:
        return (ONWARD,) if before["ballot_result"] == FAILED and ONWARD not in before else ()
    names = tuple(name for name in names if name != NO_BALLOT or not effect.ballot)
    return names if "ends_on" in before else (*PERIOD, *names)


def taken_together(records: Iterable[tuple[CaseMove, Mapping[str, str]]]) -> dict[str, str]:
    """What was recorded with several moves, in their order, as one: of several ballots the last, whole."""
    found: dict[str, str] = {}
    for move, said in records:
        if move is CaseMove.BALLOT:
            found = {name: text for name, text in found.items() if name not in (*BALLOT, HELD_BY, ONWARD)}
        found |= said
    return found


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
        if making.move is CaseMove.BALLOT:
            return _held(making, kept)
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
    """The day on which something is to be done again after a measure was carried out, and what it is.

    After the last day of an admonition a ballot is due; once that is recorded, the closing.
    """
    for name in WATCHED:
        day = _day(record.get(name, ""))
        if day is not None:
            return (CLOSING if "ballot_on" in record else name), day
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


def _held(making: Making, kept: dict[str, str]) -> dict[str, str]:
    """The record of a ballot: its day within or after the period, every vote, who held it; a second one says why."""
    if "ballot_on" in making.before and not making.reason:
        raise RuleError("case.ballot_again")
    if not _told(kept) or HELD_BY not in kept:
        raise RuleError("case.ballot_held")
    _refuse_early(making, kept)
    if not _votes(kept):
        raise RuleError("case.votes_needed", most=MOST_VOTES)
    if kept["ballot_result"] != FAILED and ONWARD in kept:
        raise RuleError("case.onward")
    return kept | _votes(kept)


def _refuse_early(making: Making, kept: Mapping[str, str]) -> None:
    """Refuse a ballot that was held before the period began."""
    first, held = _day({**making.before, **kept}["begins_on"]), _day(kept["ballot_on"])
    if first is None or held is None or held < first:
        raise RuleError("case.record_day")


def _told(kept: Mapping[str, str]) -> bool:
    """True where a ballot's day, result and document are there."""
    return "ballot_on" in kept and kept.get("ballot_result") in (PASSED, FAILED) and "ballot_document" in kept


def _closed(making: Making, kept: dict[str, str]) -> dict[str, str]:
    """The record of an admonition that is closed: its period is over, and its ballot told or said not to be held.

    A ballot that was recorded when it was held is what the closing rests on: it names its day and tells nothing again.
    """
    period = {**making.before, **kept}
    last = _day(period["ends_on"])
    assert last is not None
    if making.today <= last:
        raise RuleError("case.period_open", day=last.isoformat())
    if "ballot_on" in making.before:
        if making.before["ballot_result"] == FAILED and ONWARD not in period:
            raise RuleError("case.onward")
        return kept | {HELD_ON: making.before["ballot_on"]}
    if NO_BALLOT in kept:
        return _without(making, kept)
    if not _told(kept):
        if making.effect.ballot:
            raise RuleError("case.ballot_needed")
        raise RuleError("case.ballot")
    _refuse_early(making, kept)
    kept |= _votes(kept)
    if (kept["ballot_result"] == FAILED) != (ONWARD in kept):
        raise RuleError("case.onward")
    return kept


def _without(making: Making, kept: dict[str, str]) -> dict[str, str]:
    """The record of an admonition that is closed without a ballot, for a reason."""
    if any(name in kept for name in (*BALLOT, ONWARD)):
        raise RuleError("case.ballot_both")
    if not making.reason:
        raise RuleError("case.reason")
    return kept


def _votes(kept: Mapping[str, str]) -> dict[str, str]:
    """For, against and abstentions: all three or none, each a whole number, and somebody voted."""
    told = [kept[name] for name in VOTES if name in kept]
    if told and (len(told) != len(VOTES) or not all(_count(text) for text in told) or not sum(map(int, told))):
        raise RuleError("case.votes", most=MOST_VOTES)
    return {name: str(int(text)) for name, text in zip(VOTES, told, strict=False)}


def _count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_VOTES))
