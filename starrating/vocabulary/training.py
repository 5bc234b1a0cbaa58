"""The words of training: for whom a course is, what is recorded there, and every refusal."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from starrating.domain.reserve import Recruited, ReserveEnding, ReserveState, Source, WorkerEnding
from starrating.domain.training import Audience, Presence
from starrating.wording.language import mark as _l

AUDIENCES: Mapping[Audience, str] = {
    Audience.SECRETARY: _l("书记"),
    Audience.DIRECTOR: _l("主任"),
    Audience.LEADERS: _l("书记和主任"),
}
UNIT_KINDS: Mapping[str, str] = {"": _l("村和社区"), "village": _l("村"), "community": _l("社区")}
PRESENCES: Mapping[Presence, tuple[str, str]] = {
    Presence.ATTENDED: (_l("参加"), "ok"),
    Presence.ABSENT: (_l("缺勤"), "err"),
    Presence.MADE_UP: (_l("补课"), "now"),
}
"""What is recorded: its word and the kind of its tag."""

RESERVE_STATES: Mapping[ReserveState, tuple[str, str]] = {
    ReserveState.NOMINATED: (_l("等乡镇街道审核"), "warn"),
    ReserveState.REVIEWED: (_l("等区里确认"), "now"),
    ReserveState.CONFIRMED: (_l("已确认"), "ok"),
    ReserveState.ENDED: (_l("已退出"), "locked"),
}
"""How far an entry is: its word and the kind of its tag."""
RESERVE_ENDINGS: Mapping[ReserveEnding, str] = {
    ReserveEnding.APPOINTED: _l("任职了"),
    ReserveEnding.WITHDRAWN: _l("撤下"),
    ReserveEnding.DECLINED: _l("区里没有同意"),
    ReserveEnding.TOO_OLD: _l("超过年龄"),
}
RECRUITED: Mapping[Recruited, str] = {
    Recruited.EXAM: _l("公开招聘"),
    Recruited.SELECTED: _l("选拔"),
    Recruited.TRANSFERRED: _l("转任"),
    Recruited.OTHER: _l("其他"),
}
SOURCES: Mapping[Source, str] = {
    Source.GRADUATE: _l("高校毕业生"),
    Source.VETERAN: _l("退役军人"),
    Source.COMMUNITY: _l("社区工作者"),
    Source.RETURNED: _l("返乡人员"),
    Source.OTHER: _l("其他"),
}
WORKER_ENDINGS: Mapping[WorkerEnding, str] = {
    WorkerEnding.PROMOTED: _l("任职或录用"),
    WorkerEnding.MOVED: _l("调出"),
    WorkerEnding.RESIGNED: _l("辞职"),
    WorkerEnding.EXPIRED: _l("合同期满"),
    WorkerEnding.DISMISSED: _l("辞退"),
    WorkerEnding.OTHER: _l("其他"),
}

TRAINING_REFUSALS: Mapping[str, tuple[int, str]] = {
    "round.none": (404, _l("没有这个轮训，或者不归你管，什么都没有动。")),
    "round.name": (422, _l("要写是哪一轮，如“2025年村社区书记轮训”，没有存。你填的都在。")),
    "round.hours": (422, _l("要满的学时写成8或7.5这样，最多500，不限就空着，没有存。你填的都在。")),
    "course.none": (404, _l("没有这期培训，或者不归你管，什么都没有动。")),
    "course.title": (422, _l("要写培训的题目，没有存。你填的都在。")),
    "course.hours": (422, _l("学时要大于0，写成8或7.5这样，最多500，没有存。你填的都在。")),
    "course.days": (
        422,
        _l("日子要在{earliest}到{latest}之间，最后一天不能早于第一天，没有存。请核对。你填的都在。"),
    ),
    "course.audience": (422, _l("给谁办的，请从列出的里面选，没有存。你填的都在。")),
    "course.round": (422, _l("没有这个轮训，或者它不管这里，没有存。请重新选。你填的都在。")),
    "course.reason": (422, _l("要写明为什么取消，没有取消。")),
    "course.cancelled": (409, _l("这期培训已经取消了，没有再动。要办请另外录入一期。")),
    "course.changed": (409, _l("你打开页面以后这期培训有人改过，你的这次没有存。下面是现在的样子和你填的。")),
    "presence.none": (404, _l("名单里没有这个人，或者不归你管，什么都没有存。")),
    "presence.early": (409, _l("这期培训{begins}才开始，还不能登记谁参加了。请到那天再登记。")),
    "presence.choice": (422, _l("出勤请从列出的里面选，没有存。你填的都在。")),
    "presence.reason": (422, _l("缺勤的要写原因，没有存。你填的都在。")),
    "presence.made_up": (422, _l("补课的要写哪一天补的，在{begins}到{today}之间，没有存。你填的都在。")),
    "presence.not_made_up": (422, _l("写了补课日期，出勤要选“补课”，没有存。请核对。你填的都在。")),
    "presence.changed": (
        409,
        _l("你打开页面或下载以后，{unit}的这一行有人改过，这一次都没有存。请看过现在的再登记。"),
    ),
    "reserve.none": (404, _l("没有这条后备，或者不归你管，什么都没有动。")),
    "reserve.rule": (422, _l("每个单位至少几人要填0到{most}，年龄要在{youngest}到{oldest}之间或空着，没有存。")),
    "reserve.rule_changed": (409, _l("你打开页面以后这项要求有人改过，你的这次没有存。请看过现在的再定。")),
    "reserve.post": (422, _l("请选培养方向，没有存。你填的都在。")),
    "reserve.nominator": (422, _l("要写是谁推荐的，如村党支部，没有存。你填的都在。")),
    "reserve.day": (422, _l("日子要在{earliest}到{today}之间，没有存。请核对。你填的都在。")),
    "reserve.twice": (409, _l("这个人已经在这个单位的后备名单里，没有再加。请看名单。")),
    "reserve.in_post": (409, _l("这个人现在就担任这个职务，不用再作后备，没有加。")),
    "reserve.too_old": (409, _l("这个人超过了{oldest}岁，区里的要求不许，没有加。请核对出生年份。")),
    "reserve.own": (409, _l("这个人是你推荐或审核的，要由另一个人决定（两人复核）。什么都没有动。")),
    "reserve.decided": (422, _l("已经确认的不能再按没有同意退出，没有存。请选别的。")),
    "reserve.district": (409, _l("这一步要由区里办，什么都没有动。乡镇街道只能撤下区里还没有确认的。")),
    "reserve.ending": (422, _l("要选怎么退出的，没有存。你填的都在。")),
    "reserve.reason": (422, _l("撤下的、没有同意的要写明为什么，没有存。你填的都在。")),
    "reserve.not_old": (422, _l("没有定年龄，或者没有超过，不能按超过年龄退出，没有存。请选别的。")),
    "reserve.changed": (409, _l("你打开页面以后这一条有人办过，你的这次没有存。下面是现在的样子。")),
    "person.both_listed": (409, _l("两个人都在同一个单位的后备名单里，没有合并。请先把其中一条退出。")),
    "person.both_work": (409, _l("两个人同一天都是专职党务工作者，没有合并。请先更正其中一条。")),
    "worker.none": (404, _l("没有这名专职党务工作者，或者不归你管，什么都没有动。")),
    "worker.unit": (422, _l("没有这个村社区，或者不在这个乡镇街道，没有存。请重新选。你填的都在。")),
    "worker.day": (422, _l("日子要在{earliest}到{today}之间，没有存。请核对。你填的都在。")),
    "worker.choice": (422, _l("怎么招的、来源，请从列出的里面选，没有存。你填的都在。")),
    "worker.ending": (422, _l("要选为什么离岗，没有存。你填的都在。")),
    "worker.twice": (409, _l("这个人从{begins}起已经是专职党务工作者，同一天只能有一处，没有存。请先登记那一处离岗。")),
    "worker.changed": (409, _l("你打开页面以后这一条有人改过，你的这次没有存。下面是现在的样子和你填的。")),
    "worker.places": (422, _l("名额要填0到{most}的整数，没有存。")),
    "worker.places_changed": (409, _l("你打开页面以后名额有人改过，你的这次没有存。请看过现在的再定。")),
    "path.none": (404, _l("没有这个地方的培养路径，或者不归你管，什么都没有动。")),
    "path.line": (422, _l("第{line}行要写成“代码 | 名称 | 从哪些代码来”，代码用小写字母和数字，没有存。你填的都在。")),
    "path.twice": (422, _l("第{line}行的代码{stage}前面已经有了，没有存。请换一个。你填的都在。")),
    "path.after": (422, _l("第{line}行写从{stage}来，前面没有这个代码，没有存。请核对。你填的都在。")),
    "path.count": (422, _l("路径要有2到{most}个阶段，没有存。你填的都在。")),
    "path.changed": (409, _l("你打开页面以后路径有人改过，你的这次没有存。请看过现在的再改。")),
    "step.none": (404, _l("没有这一步，或者不归你管，什么都没有动。")),
    "step.no_path": (409, _l("区里和市里都还没有定培养路径，没有登记。请先定路径。")),
    "step.day": (422, _l("日子要在{earliest}到{today}之间，不能早于上一步，没有存。请核对。你填的都在。")),
    "step.body": (422, _l("要写哪个机关定的，没有存。你填的都在。")),
    "step.order": (422, _l("按路径，现在的阶段{before}走不到这一步，没有存。请核对上一步登记了没有。你填的都在。")),
    "step.reason": (422, _l("要写明为什么撤回，没有撤回。")),
    "step.not_last": (409, _l("后面还有登记过的，只能从最后一步撤回，没有动。")),
    "presence.twice": (422, _l("这个人在{first}已经写过。请只留一行。")),
    "presence.not_here": (422, _l("名单里没有这个编号的人。请照下载的名册填，不要改编号。")),
}
"""The status and the sentence of every refusal about training."""


def audience_word(audience: str, unit_kind: str) -> str:
    """For whom a course is: `社区书记`."""
    post, unit = gettext(AUDIENCES[Audience(audience)]), gettext(UNIT_KINDS[unit_kind])
    return str(gettext("%(unit)s的%(post)s", unit=unit, post=post))


def presence_word(presence: str) -> tuple[str, str]:
    """What is recorded, for people, and the kind of its tag."""
    word, kind = PRESENCES[Presence(presence)]
    return str(gettext(word)), kind


def state_of_entry(state: str) -> tuple[str, str]:
    """How far an entry of the reserve list is, for people, and the kind of its tag."""
    word, kind = RESERVE_STATES[ReserveState(state)]
    return str(gettext(word)), kind


def entry_ending_word(ending: str) -> str:
    """Why an entry ended; empty where it has not."""
    return str(gettext(RESERVE_ENDINGS[ReserveEnding(ending)])) if ending else ""


def recruited_word(recruited: str) -> str:
    """How a worker was recruited, for people."""
    return str(gettext(RECRUITED[Recruited(recruited)]))


def source_word(source: str) -> str:
    """Where a worker comes from, for people."""
    return str(gettext(SOURCES[Source(source)]))


def worker_ending_word(ending: str) -> str:
    """Why somebody is a worker no more; empty where they still are."""
    return str(gettext(WORKER_ENDINGS[WorkerEnding(ending)])) if ending else ""
