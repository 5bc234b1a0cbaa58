"""Why a unit's result is another one than before, in sentences: its own entries and events, or what others did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from starrating.blueprints.pages import beijing
from starrating.blueprints.scoring.sheets import column_name
from starrating.blueprints.scoring.sources import source_name
from starrating.domain.conditions import Subject
from starrating.domain.decisions import DecisionSort
from starrating.domain.entry import Column, Entry, columns_entered
from starrating.domain.inputs import NO_LEVEL, VOIDED
from starrating.domain.scheme import Scheme
from starrating.queries.decisions import UnitDecision
from starrating.queries.histories import ChangeRow
from starrating.queries.scores import EventRow
from starrating.services.rating.causes import HISTORY, About, Cause
from starrating.services.rating.comparing import ByRules, Compared, UnitCompared
from starrating.services.rating.tracing import Pushed
from starrating.wording.conditions import subject_text
from starrating.wording.language import mark as _l

DECISIONS: Mapping[DecisionSort, str] = {
    DecisionSort.REMOVAL: _l("发布以后摘星"), DecisionSort.LIFTING: _l("撤销摘星"),
    DecisionSort.CORRECTION: _l("发布以后更正数据"),
}  # fmt: skip
NAMED = 3
"""Other units that a sentence names; the rest are counted."""


@dataclass(frozen=True, slots=True)
class WhyTold:
    """One cause: what it is about, what it gives, who did it, and whether it alone made the level another one."""

    title: str
    points: str
    lines: tuple[str, ...]
    proof: str

    @property
    def text(self) -> str:
        """All of it in one line, for a file."""
        said = (f"{self.title}{gettext('：')}{self.points}" if self.points else self.title, *self.lines, self.proof)
        return str(gettext("，").join(part for part in said if part))


class Teller:
    """Says the causes of the units of one comparison."""

    def __init__(self, found: Compared) -> None:
        self.scheme: Scheme = found.scheme
        self.names: Mapping[int, str] = {one.unit.id: one.unit.name for one in found.units}
        self.ids = found.ids
        self.columns: Mapping[str, Column] = columns_entered(found.scheme)
        schemes = (found.first.own or found.scheme, found.scheme)
        self.levels = {level.code: level.name for scheme in schemes for level in scheme.levels}

    def told(self, one: UnitCompared) -> list[WhyTold]:
        """Every cause of a unit, its own first."""
        level = one.before.level_name if one.before and one.before.level_name else gettext("未评")
        causes = [self._decided(decision) for decision in one.decided]
        causes += [] if one.rules is None else [self._by_rules(one.rules)]
        causes += [self._own(cause, level, one.moved) for cause in one.why.causes]
        if len(one.why.causes) > 1 and one.why.together and not any(cause.alone for cause in one.why.causes):
            causes.append(WhyTold(gettext("单改回哪一处都不够，一起改回才还是%(level)s", level=level), "", (), ""))
        if one.why.pushed is not None:
            causes.append(self._pushed(one, one.why.pushed, level))
        return causes

    def _decided(self, decision: UnitDecision) -> WhyTold:
        """A decision after publication that moved the unit: what the public was told of it."""
        facts = {"first": self._level(decision.before), "second": self._level(decision.after),
                 "edition": decision.edition, "on": decision.on.isoformat()}  # fmt: skip
        told = gettext("第%(edition)s版由%(first)s改为%(second)s，自%(on)s起", **facts)
        ground = gettext("%(reason)s（依据：%(ground)s）", reason=decision.reason, ground=decision.ground)
        return WhyTold(gettext(DECISIONS[DecisionSort(decision.sort)]), "", (str(told), str(ground)), "")

    def _by_rules(self, rules: ByRules) -> WhyTold:
        """Other rules gave the unit another level on the same values."""
        told = gettext("同样的分数，按前一次的办法是%(first)s，按后一次的办法是%(second)s",
                       first=self._level(rules.before), second=self._level(rules.after))  # fmt: skip
        return WhyTold(gettext("办法换了"), "", (str(told),), "")

    def _level(self, code: str) -> str:
        return self.levels.get(code, code) or str(gettext("未评"))

    def _own(self, cause: Cause, level: str, moved: bool) -> WhyTold:
        lines = [self._entry(entry) for entry in cause.entries] + [_event(event) for event in cause.events]
        if not lines and cause.about is not About.POINTS:
            first, second = (self._word(cause, word) for word in cause.words)
            lines = [gettext("从%(first)s变成%(second)s", first=first, second=second)]
        if cause.about is About.POINTS:
            lines = [gettext("自己的没有改，这一项和别的单位比着算，或者随别的项算")]
        return WhyTold(self._title(cause), _points(cause), tuple(lines), _proof(cause, level, moved))

    def _title(self, cause: Cause) -> str:
        if cause.about in (About.VALUE, About.POINTS) and cause.node is not None:
            return f"{cause.node.code} {cause.node.name}"
        if cause.code.startswith(HISTORY):
            return str(gettext("%(year)s年度的星级", year=cause.code.removeprefix(HISTORY)))
        try:
            return subject_text(Subject.parse(cause.code), self.scheme)
        except (KeyError, ValueError):
            return self._column(cause.code)

    def _column(self, header: str) -> str:
        column = self.columns.get(header)
        return header if column is None else column_name(column)

    def _word(self, cause: Cause, word: str) -> str:
        if cause.code.startswith(HISTORY) and word:
            named = {VOIDED: gettext("未评"), NO_LEVEL: gettext("没有")}
            index = int(word)
            return named[index] if index in named else self.scheme.levels[index].name
        return word or gettext("空白")

    def _entry(self, entry: ChangeRow) -> str:
        facts = {
            "at": beijing(entry.at, "%m-%d %H:%M"),
            "who": entry.by or gettext("系统"),
            "source": source_name(entry.source),
            "cell": self._column(entry.header),
            "first": gettext("装入的数") if entry.before is None else _shown(entry.before),
            "second": _shown(entry.entry),
        }
        if entry.reason:
            told = gettext(
                "%(at)s，%(who)s把“%(cell)s”从%(first)s改成%(second)s（%(source)s，理由：%(reason)s）",
                reason=entry.reason, **facts,
            )  # fmt: skip
            return str(told)
        return str(gettext("%(at)s，%(who)s把“%(cell)s”从%(first)s改成%(second)s（%(source)s，没有写理由）", **facts))

    def _pushed(self, one: UnitCompared, pushed: Pushed, level: str) -> WhyTold:
        own = any(cause.can_be_put_back for cause in one.why.causes)
        title = (
            gettext("自己的改回去，星级也回不到原来的，同组别的单位也带动了")
            if own
            else gettext("自己的没有改，是同组别的单位带动的")
        )
        return WhyTold(title, "", tuple(self._others(one, pushed)), self._by(pushed, level))

    def _others(self, one: UnitCompared, pushed: Pushed) -> Iterator[str]:
        names = {
            "before": one.before.level_name if one.before else "",
            "after": one.after.level_name if one.after else "",
        }
        lower = bool(one.before and one.after) and self._lower(one)
        if pushed.took:
            who = self._named(pushed.took)
            yield (gettext("%(who)s评上了%(level)s或更高", who=who, level=names["before"]) if lower
                   else gettext("%(who)s不再是%(level)s或更高", who=who, level=names["after"]))  # fmt: skip
        if pushed.passed:
            who = self._named(pushed.passed)
            yield gettext("%(who)s的名次到了它前面", who=who) if lower else gettext("%(who)s的名次到了它后面", who=who)
        if pushed.pool[0] != pushed.pool[1]:
            yield gettext("同组参评的从%(first)s个变成%(second)s个，名额跟着变", first=pushed.pool[0],
                          second=pushed.pool[1])  # fmt: skip

    def _lower(self, one: UnitCompared) -> bool:
        codes = [level.code for level in self.scheme.levels]
        places = [codes.index(side.level) if side and side.level in codes else -1 for side in (one.before, one.after)]
        return places[1] < places[0]

    def _by(self, pushed: Pushed, level: str) -> str:
        if not pushed.by:
            return ""
        row, cause = pushed.by[0]
        told = gettext(
            "试过：只把%(unit)s的“%(cause)s”改回去，它就还是%(level)s",
            unit=self.names.get(self.ids[row], ""), cause=self._title(cause), level=level,
        )  # fmt: skip
        return str(told)

    def _named(self, rows: Sequence[int]) -> str:
        names = [self.names[self.ids[row]] for row in rows if self.ids[row] in self.names]
        some = gettext("、").join(names[:NAMED])
        return some if len(names) <= NAMED else str(gettext("%(some)s等%(count)s个", some=some, count=len(names)))


def _shown(entry: Entry) -> str:
    return entry.shown or gettext("空白")


def _event(event: EventRow) -> str:
    facts = {"count": event.count, "reason": event.reason}
    if event.withdrawn_at is not None:
        told = gettext(
            "%(at)s，%(who)s撤回了记的%(count)s次（%(reason)s），理由：%(why)s",
            at=beijing(event.withdrawn_at, "%m-%d %H:%M"), who=event.withdrawn_by or gettext("系统"),
            why=event.withdrawn_reason, **facts,
        )  # fmt: skip
        return str(told)
    at, who = beijing(event.at, "%m-%d %H:%M"), event.by or gettext("系统")
    return str(gettext("%(at)s，%(who)s记了%(count)s次：%(reason)s", at=at, who=who, **facts))


def _points(cause: Cause) -> str:
    """What the leaf gave and gives."""
    if not cause.points:
        return ""
    (one,) = cause.points
    nothing = gettext("不计")
    return str(gettext("%(first)s分→%(second)s分", first=one.before or nothing, second=one.after or nothing))


def _proof(cause: Cause, level: str, moved: bool) -> str:
    """What came of putting it back alone."""
    facts = {"level": level, "count": len(cause.others)}
    if not moved or cause.alone is None:
        told = gettext("试过：只把这一处改回去，有%(count)s个别的单位回到原来的星级", **facts) if cause.others else ""
    elif cause.alone and cause.others:
        told = gettext("试过：只把这一处改回去，就还是%(level)s，另有%(count)s个单位也回到原来的星级", **facts)
    elif cause.alone:
        told = gettext("试过：只把这一处改回去，就还是%(level)s", **facts)
    elif cause.others:
        told = gettext("试过：只把这一处改回去，回不到%(level)s，另有%(count)s个单位回到原来的星级", **facts)
    else:
        told = gettext("试过：只把这一处改回去，回不到%(level)s", **facts)
    return str(told)
