"""The districts of a city whose year has no cases: where each stands, how much follows there, and what to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask_babel import gettext

from starrating.domain.access import Place
from starrating.domain.workflow import CycleState
from starrating.queries.consequences import cycles_with_cases, following
from starrating.queries.cycles import STANDING, cycles
from starrating.queries.divisions import children_of


@dataclass(frozen=True, slots=True)
class WithoutCases:
    """A district without cases in a year: whether its own list has something to show, its state, what is to be done."""

    id: int
    name: str
    listed: bool
    state: str
    tag: str
    todo: str


def without_cases(division_id: int, place: Place, year: int) -> list[WithoutCases]:
    """Every district of a city that the list of the year's cases leaves out, in the order of codes."""
    there = cycles_with_cases([place], year)
    years = {row.district_id: row for row in cycles([place]) if row.year == year}
    left = [one for one in children_of(division_id, "district") if getattr(years.get(one.id), "id", None) not in there]
    standing = [years[one.id].place for one in left if one.id in years and years[one.id].state in STANDING]
    follows = Counter(row.cycle_id for row in following(standing, year)) if standing else Counter[int]()
    found = []
    for one in left:
        row = years.get(one.id)
        state, tag, todo = _told(row.state if row else None, follows[row.id] if row else 0)
        found.append(WithoutCases(one.id, one.name, bool(row and row.state in STANDING), state, tag, todo))
    return found


def _told(state: CycleState | None, units: int) -> tuple[str, str, str]:
    """The state in words, how it is tagged, and what is to be done; `units` is from how many something follows."""
    count = f"{units:,}"
    match state:
        case None:
            return gettext("没有开始"), "", gettext("这一年度还没有建，没有要列的。")
        case CycleState.PUBLISHED if units:
            todo = gettext("%(units)s个村社区有要办的。请区管理员打开本区的结果运用，点“列出事项”。", units=count)
            return gettext("已发布，还没有列出"), "warn", todo
        case CycleState.PUBLISHED:
            return gettext("已发布"), "ok", gettext("没有要办的。")
        case CycleState.DETERMINED | CycleState.NOTICE:
            todo = gettext("%(units)s个村社区有要办的。发布以后自动列出，现在不用做什么。", units=count)
            return gettext("已审定，还没有发布"), "now", todo
    return gettext("还没有审定"), "", gettext("审定并发布以后自动列出，现在不用做什么。")
