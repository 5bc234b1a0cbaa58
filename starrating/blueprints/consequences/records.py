"""What is written down about measures, as forms ask for it and pages tell it, and the days that follow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from starrating.blueprints.home.due import Due
from starrating.blueprints.languages import day_name
from starrating.domain.case_records import BALLOT, FAILED, HELD_BY, NAMES, Kind, asked, kind_of, taken_together, watched
from starrating.domain.cases import CaseMove, CaseState
from starrating.domain.scheme import Effect
from starrating.queries.cases import CaseEventRow, CaseRow
from starrating.queries.restated import EDITION
from starrating.services.working_days import today
from starrating.vocabulary.cases import RESULTS, WATCHES, record_word, result_word
from starrating.wording.outcomes import measure_name

KINDS: Mapping[Kind, str] = {Kind.TEXT: "textarea", Kind.DAY: "date", Kind.COUNT: "number", Kind.RESULT: "select",
                             Kind.TICK: "checkbox"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watch:
    """A day after a measure on which something is to be done: what, the day in words, how far it is."""

    what: str
    day: date
    said: str
    tag: str


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field of a form: what it is called, how it is typed, what there is to choose, what stands below it."""

    name: str
    label: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""


def watch_of(record: str, state: CaseState) -> Watch | None:
    """What is to be done after a measure that is carried out and not closed yet; None where nothing is."""
    found = watched(json.loads(record)) if state is CaseState.CARRIED_OUT else None
    if found is None:
        return None
    name, day = found
    told, over = (str(gettext(text)) for text in WATCHES[name])
    due = Due("", "", "", "", day)
    past = today() > day
    return Watch(told.format(day=day_name(day)), day, over if past else due.said, due.tag)


def fields_of(effect: Effect, before: Mapping[str, str]) -> dict[str, list[RecordField]]:
    """Move → the fields that are asked with it."""
    return {move.value: [_field(name, effect) for name in asked(effect, move, before)]
            for move in (CaseMove.CARRY_OUT, CaseMove.BALLOT, CaseMove.CLOSE)}  # fmt: skip


def _field(name: str, effect: Effect) -> RecordField:
    kind = kind_of(name)
    options = tuple((key, result_word(key)) for key in RESULTS) if kind is Kind.RESULT else ()
    return RecordField(name, record_word(name), KINDS[kind], (("", "—"), *options) if options else (),
                       _hint(name, effect))  # fmt: skip


def _hint(name: str, effect: Effect) -> str:
    if name == "ends_on" and effect.period_months is not None:
        return str(gettext("空着就按办法的%(months)s个月算", months=effect.period_months))
    if name == "ballot_on" and effect.ballot:
        return str(gettext("办法要求期满再次测评，没有记下不能办结"))
    if name == "ballot_by":
        return str(gettext("写机关和参加的范围，如“镇党委组织，党员和村民代表参加”，不写个人的姓名"))
    if name == "no_ballot":
        return str(gettext("勾选了要在下面写理由"))
    if name == "onward" and effect.failed:
        return lost_text(effect)
    return ""


def lost_text(effect: Effect) -> str:
    """What the rule says follows a ballot that is lost; blank where it says nothing."""
    if not effect.failed:
        return ""
    return str(gettext("办法规定：测评不合格的，%(measure)s", measure=measure_name(effect.failed)))


def told_of(record: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was written down, as names and values that a person reads, in the order in which it is asked for.

    The edition that a rescission keeps is not written down by anybody, and nobody is told.
    """
    order = {name: place for place, name in enumerate(NAMES)}
    names = sorted(record.keys() - {EDITION}, key=lambda name: (order.get(name, len(order)), name))
    return [(record_word(name), _value(name, record[name])) for name in names]


def _value(name: str, text: str) -> str:
    match kind_of(name):
        case Kind.DAY:
            return day_name(date.fromisoformat(text))
        case Kind.RESULT:
            return result_word(text)
        case Kind.TICK:
            return str(gettext("是"))
    return text


def of_page(effect: Effect, row: CaseRow, events: tuple[CaseEventRow, ...]) -> dict[str, Any]:
    """What the page of a case shows of its records: the fields of forms, the day to come, its ballot and what follows.

    A ballot is shown with its names and values; `lost` says where one that was lost was referred, None where none was.
    """
    moves = (CaseMove.CARRY_OUT, CaseMove.BALLOT, CaseMove.CLOSE)
    done = taken_together((one.move, json.loads(one.record)) for one in events if one.move in moves)
    lost = done.get("onward", "") if done.get("ballot_result") == FAILED else None
    return {"asked": fields_of(effect, done), "watch": watch_of(json.dumps(done), row.state), "lost": lost,
            "lost_rule": lost_text(effect),
            "ballot": told_of({name: done[name] for name in (*BALLOT, HELD_BY) if name in done})}  # fmt: skip
