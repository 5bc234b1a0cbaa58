"""What is due for whoever is signed in, each with its day and the page where it is done; the nearest day first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext

from starrating.blueprints.deadlines import day_of
from starrating.blueprints.pages import kind_name, person
from starrating.domain.access import Place
from starrating.domain.windows import Calendar, Stage
from starrating.domain.workflow import CycleState
from starrating.queries import publications, ratings
from starrating.queries.cycles import CycleRow, assignments_of, schemes_of
from starrating.queries.extensions import extensions_of
from starrating.services.clock import now
from starrating.services.scoring.progress import Part
from starrating.services.scoring.tasks import Work
from starrating.services.working_days import BEIJING, today
from starrating.services.years.cycles import leaves_entered
from starrating.services.years.scheme_texts import read_kept

SOON = 7
"""From how many days on a day is shown as near."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something to do: what, more about it, the page where it is done, the word on its button, the last day for it."""

    what: str
    note: str
    address: str
    act: str
    day: date | None = None

    @property
    def left(self) -> int | None:
        """How many days are left, 0 on the last, negative when it is late."""
        return None if self.day is None else (self.day - today()).days

    @property
    def said(self) -> str:
        """The days that are left, in words."""
        left = self.left
        if left is None:
            return str(gettext("不限期"))
        if left < 0:
            return str(gettext("逾期%(days)s天", days=-left))
        return str(gettext("还剩%(days)s天", days=left) if left else gettext("今天"))

    @property
    def tag(self) -> str:
        """How the days are tagged."""
        left = self.left
        if left is None or left > SOON:
            return ""
        return "err" if left < 0 else "warn"


def nearest_first(found: Iterable[Due]) -> list[Due]:
    """By day; what has none comes last, in the order in which it was found."""
    return sorted(found, key=lambda one: (one.day is None, one.day or today()))


def of_district(row: CycleRow, parts: Sequence[Part], towns: Sequence[tuple[str, int]]) -> Iterator[Due]:
    """What a district's administrator has to do in a year; `towns` have cells left that only they can fill in."""
    here = url_for("schemes.show", cycle_id=row.id)
    match row.state:
        case CycleState.DRAFT:
            yield from _before(row, here)
        case CycleState.SCORING:
            yield from _while_scoring(row, here, parts, towns)
        case CycleState.VERIFICATION:
            yield _to_determine(row, sum(part.required for part in parts))
        case CycleState.DETERMINED:
            yield Due(gettext("核对结果，开始公示"), gettext("公示的天数按办法算"),
                      url_for("publication.show", cycle_id=row.id), gettext("去公示"))  # fmt: skip
        case CycleState.NOTICE:
            yield _to_publish(row)


def of_extensions(row: CycleRow) -> Iterator[Due]:
    """The extensions that others asked for and that still can be decided on."""
    who = person().account_id
    waiting = [one for one in extensions_of(row.id)
               if one.state == "asked" and one.asked_by != who and one.ends >= now()]  # fmt: skip
    if waiting:
        ends = min(one.ends for one in waiting).astimezone(BEIJING).date()
        yield Due(gettext("有%(count)s个延期等你批", count=len(waiting)), gettext("一个人提出，另一个人批"),
                  url_for("calendar.extensions", cycle_id=row.id), gettext("去批"), ends)  # fmt: skip


def to_open(district_id: int) -> Due:
    """A new year is to be opened."""
    return Due(gettext("建立新的年度"), gettext("村和社区各选一份办法，再定分工和日期"),
               url_for("schemes.create", division_id=district_id), gettext("去建立"))  # fmt: skip


def of_enterer(row: CycleRow, calendar: Calendar, work: Work, parts: Sequence[Part]) -> Iterator[Due]:
    """What somebody has still to enter, kind by kind, up to the day that an extension gives where there is one."""
    if not _open_to(row, calendar, work):
        return
    day = day_of_enterer(row, calendar, work)
    for kind in dict.fromkeys(part.kind for part in parts):
        own = [part for part in parts if part.kind == kind and part.left]
        if own:
            left, required = sum(part.left for part in own), sum(part.required for part in own)
            note = gettext("其中%(count)s格不许空", count=f"{required:,}") if required else gettext("空着的按办法计")
            yield Due(
                gettext("%(kind)s还有%(count)s格没填", kind=kind_name(kind), count=f"{left:,}"), note,
                url_for("scoring.index", cycle=row.id, kind=kind), gettext("去填"), day,
            )  # fmt: skip


def day_of_enterer(row: CycleRow, calendar: Calendar, work: Work) -> date | None:
    """The first of the days on which scoring ends for whoever enters; where it has ended, the end of a part."""
    ends = []
    for place, department in _open_to(row, calendar, work):
        end = calendar.closes(Stage.SCORING, place, department)
        late = end is not None and end < now()
        ends.append(calendar.last_closes(Stage.SCORING, place, department) if late else end)
    found = min((end for end in ends if end is not None), default=None)
    return found.astimezone(BEIJING).date() if found else None


def _open_to(row: CycleRow, calendar: Calendar, work: Work) -> list[tuple[Place, str]]:
    """The places and departments in which somebody can enter something now."""
    homes = [Place(row.municipality_id, row.district_id, one) for one in work.townships or (None,)]
    departments = {task.assigned.department for task in work.tasks}
    return [(place, name) for place in homes for name in sorted(departments)
            if calendar.is_open_somewhere(Stage.SCORING, place, now(), name)]  # fmt: skip


def _before(row: CycleRow, here: str) -> Iterator[Due]:
    given = assignments_of(row.id)
    left = sum((kind, node.code) not in given for kind, one in schemes_of(row.id).items()
               for node in leaves_entered(read_kept(one.text).scheme))  # fmt: skip
    if left:
        yield Due(gettext("%(count)s项指标没有定由谁填", count=left), gettext("全部定好才能开始评分"),
                  url_for("schemes.assignments", cycle_id=row.id), gettext("去定"))  # fmt: skip
    if row.scoring_opens is None or row.scoring_closes is None:
        yield Due(
            gettext("评分的起止日期没有定"),
            gettext("部门和乡镇街道按这个日期填"),
            url_for("calendar.show", cycle_id=row.id),
            gettext("去定"),
        )
    if not left:
        yield Due(gettext("核对办法和分工，开始评分"), gettext("开始以后办法不能再换"), here, gettext("去办"))


def _while_scoring(row: CycleRow, here: str, parts: Sequence[Part], towns: Sequence[tuple[str, int]]) -> Iterator[Due]:
    left, required = sum(part.left for part in parts), sum(part.required for part in parts)
    if left:
        most = gettext("、").join(f"{name}{count:,}" for name, count in towns[:3])
        note = gettext("其中%(count)s格不许空。", count=f"{required:,}") if required else ""
        yield Due(
            gettext("还有%(count)s格没填", count=f"{left:,}"),
            note + (gettext("乡镇街道自己填的，差得多的有%(towns)s", towns=most) if most else ""),
            url_for("scoring.index", cycle=row.id), gettext("看缺项"), day_of(row),
        )  # fmt: skip
    if row.scoring_closes is None:
        yield Due(
            gettext("评分截止的日期没有定"),
            gettext("不定就一直能填"),
            url_for("calendar.show", cycle_id=row.id),
            gettext("去定"),
        )
    elif not left or row.scoring_closes < now():
        yield Due(gettext("转入复核"), gettext("转入以后部门和乡镇街道不能再填"), here, gettext("去办"), day_of(row))


def _to_determine(row: CycleRow, required: int) -> Due:
    address, day = url_for("rating.determination", cycle_id=row.id), day_of(row)
    if required:
        return Due(gettext("还有%(count)s格不许空，没有填，试算不了", count=f"{required:,}"),
                   gettext("先退回评分，补填以后再转入复核"), url_for("scoring.index", cycle=row.id),
                   gettext("看缺项"), day)  # fmt: skip
    trials = ratings.latest_trials(row.id)
    if not trials:
        return Due(gettext("试算全区的星级"), gettext("可以反复试算，确认以前不作数"), address, gettext("去试算"), day)
    if any(one.determined_by == person().account_id for one in trials):
        return Due(gettext("试算是你提交的，等另一个人确认"), gettext("两人复核，自己不能确认自己的"), address,
                   gettext("去看"), day)  # fmt: skip
    what = gettext("核对%(name)s的试算，确认审定", name=trials[0].determiner)
    return Due(what, gettext("确认以后分数不能再改"), address, gettext("去确认"), day)


def _to_publish(row: CycleRow) -> Due:
    address = url_for("publication.show", cycle_id=row.id)
    closes = max((one.closes_on for one in publications.notices_of(row.id).values()), default=None)
    if closes is None or today() > closes:
        return Due(gettext("公示期满，发布名单"), gettext("发布以后不能再改"), address, gettext("去发布"))
    return Due(
        gettext("公示中，期满以后发布"), gettext("最后一天%(day)s", day=closes), address, gettext("去看"), closes
    )
