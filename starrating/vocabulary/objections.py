"""The words of objections: their states, how they come in, what is done with them, and every refusal."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from starrating.domain.objections import Channel, ObjectionState, Part, Step
from starrating.wording.language import mark as _l

STATES: Mapping[ObjectionState, tuple[str, str]] = {
    ObjectionState.LODGED: (_l("已登记"), "warn"),
    ObjectionState.IN_HAND: (_l("查核中"), "now"),
    ObjectionState.UPHELD: (_l("成立"), "ok"),
    ObjectionState.PARTLY_UPHELD: (_l("部分成立"), "ok"),
    ObjectionState.REJECTED: (_l("不成立"), "locked"),
    ObjectionState.WITHDRAWN: (_l("已撤回"), "locked"),
}
"""A state's word and the kind of its tag."""
CHANNELS: Mapping[Channel, str] = {
    Channel.ONLINE: _l("网上"),
    Channel.INDIVIDUAL: _l("个人网上"),
    Channel.PAPER: _l("书面"),
    Channel.TELEPHONE: _l("电话"),
}
STEPS: Mapping[Step, str] = {
    Step.TAKE_UP: _l("开始查核"),
    Step.UPHOLD: _l("成立"),
    Step.UPHOLD_PARTLY: _l("部分成立"),
    Step.REJECT: _l("不成立"),
    Step.WITHDRAW: _l("撤回"),
}
PARTS: Mapping[Part, str] = {
    Part.LODGED: _l("这件异议是你登记的"),
    Part.ASSESSED: _l("你填过或初评过它的自评"),
    Part.SCORED: _l("你给它打过分"),
    Part.VERIFIED: _l("你复核过它的分数"),
    Part.EVENTS: _l("你记过或撤回过它的事项"),
    Part.SPOT_CHECKED: _l("你办过它的暗访"),
    Part.DETERMINED: _l("这次审定是你提交的"),
    Part.CONFIRMED: _l("这次审定是你确认的"),
}
"""What keeps somebody from deciding, said to him."""

OBJECTION_REFUSALS: Mapping[str, tuple[int, str]] = {
    "objection.none": (404, _l("没有这件异议，或者不归你办，什么都没有动。")),
    "objection.grounds": (
        422,
        _l("理由写了{count}个字，没有提交。请写{shortest}到{longest}个字：什么事、什么时间、哪里不对。你填的都在。"),
    ),
    "objection.indicator": (422, _l("办法里没有选的指标，没有提交。请从列出的里面选。你填的都在。")),
    "objection.raised_by": (422, _l("要写是谁提出的，没有登记。不愿留名的写“匿名”。你填的都在。")),
    "objection.received": (
        422,
        _l("收到的日子要在{opens}到{closes}之间，不能晚于今天，没有登记。请核对来信或来电的日子。你填的都在。"),
    ),
    "objection.unit": (422, _l("没有选是哪个村、哪个社区，没有提交。请从公示名单里选一个。你填的都在。")),
    "objection.name": (422, _l("要写姓名，最多{longest}个字，没有提交。姓名加密存，公示上看不到。你填的都在。")),
    "objection.anonymous": (
        422,
        _l("网上只收署名的异议，没有提交。写上姓名再提交；不愿署名的，请照公示上写的地点和电话反映。你填的都在。"),
    ),
    "objection.contact": (
        422,
        _l("要写联系电话或者地址，{shortest}到{longest}个字，没有提交。联系方式加密存，公示上看不到。你填的都在。"),
    ),
    "objection.private": (
        422,
        _l("理由里有姓名、电话或者证件号，没有提交。理由不加密，请把它们删掉，只写在下面自己的格里。你填的都在。"),
    ),
    "objection.consent": (422, _l("还没有同意怎样使用姓名和联系方式，没有提交。看过以后勾上再提交。你填的都在。")),
    "objection.form": (422, _l("这一页开得不完整，没有提交。请把写的复制下来，回到公示再打开一次。你填的都在。")),
    "objection.sent": (409, _l("这张表已经提交过，没有再收一次。请凭回执查；要另提一件，请回到公示再打开一次。")),
    "objection.outside": (
        409,
        _l("现在不是公示提异议的时间，没有提交。你填的都在，可以复制留存。请照公示上写的地点和电话反映。"),
    ),
    "objection.sealing": (
        409,
        _l("网上现在不收个人的异议，没有提交。你填的都在，可以复制留存。请照公示上写的地点和电话提。"),
    ),
    "objection.ceiling": (
        429,
        _l("今天网上收到的异议已经满了，没有提交。你填的都在。请照公示上写的地点和电话提，或者明天再来。"),
    ),
    "objection.files": (422, _l("一件异议最多附{most}件材料，没有提交。请少选几件，或者合成一份PDF。你填的都在。")),
    "objection.files_today": (
        429,
        _l("今天网上收到的材料已经满了，没有提交。你填的都在。可以不附材料先提交，材料照公示上写的地点交。"),
    ),
    "objection.files_full": (
        503,
        _l("网上存放材料的地方已经满了，没有提交。你填的都在。可以不附材料先提交，材料照公示上写的地点交。"),
    ),
    "objection.part": (409, _l("{parts}，所以不能办这件异议，什么都没有动。请由没有经手的人办，市里也可以办。")),
    "objection.no_move": (409, _l("这件异议已经办结或撤回，你的这次没有存。请看它现在到了哪一步。")),
    "objection.changed": (409, _l("你打开页面以后这件异议有人动过，你的这次没有存。请看过现在的样子再办。")),
    "objection.reasons": (422, _l("要写明理由，什么都没有动。查了什么、依据什么、为什么这样定，提异议的人会看到。")),
    "objection.withdraw_reason": (422, _l("撤回要写明理由，什么都没有动。请写一句。")),
    "objection.no_change": (422, _l("成立的要写明改哪一格、改成多少，或者撤回哪件事项，什么都没有动。请填上再试算。")),
    "objection.not_now": (409, _l("年度现在是“{state}”，结果不能再改，什么都没有动。")),
    "objection.trial_changed": (
        409,
        _l("你看过以后分数、事项或任职又有变动，现在改会是另一个结果，什么都没有动。请重新试算，看过再接受。"),
    ),
    "determination.decided_objection": (
        409,
        _l("这一年有异议是你办的，改了结果，不能再由你确认审定（两人复核）。结果没有动，请由另一个人确认。"),
    ),
    "publication.objections": (409, _l("还有{count}件异议没有办结，没有发布。请先到“异议”里办完。")),
    "working_days.span": (422, _l("日子不对，没有存。请填一天，或者首尾两天，中间最多{most}天。")),
    "working_days.note": (422, _l("要写明依据哪个通知，没有存。例如“国办发明电〔2026〕1号”。")),
}
"""The status and the sentence of every refusal about objections, and about the days in which they are counted."""


def state_word(state: ObjectionState) -> tuple[str, str]:
    """The word and the tag of a state."""
    word, kind = STATES[state]
    return str(gettext(word)), kind


def channel_word(channel: Channel) -> str:
    """How an objection came in."""
    return str(gettext(CHANNELS[channel]))


def step_word(step: Step) -> str:
    """What a decision says."""
    return str(gettext(STEPS[step]))


def part_word(part: Part) -> str:
    """What somebody did that keeps him from deciding."""
    return str(gettext(PARTS[part]))
