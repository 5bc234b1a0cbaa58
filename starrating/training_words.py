"""The words of training: for whom a course is, what is recorded there, and every refusal."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

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
