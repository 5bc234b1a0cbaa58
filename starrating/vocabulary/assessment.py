"""What is said where a self-assessment, its review or a verdict on scores is refused; `starrating.errors` joins it."""

from __future__ import annotations

from collections.abc import Mapping

from starrating.wording.language import mark as _l

ASSESSMENT_REFUSALS: Mapping[str, tuple[int, str]] = {
    "determination.findings": (
        409,
        _l(
            "还有{count}件会扣分或者一票否决的暗访没有办完，没有确认，试算的结果都还在。"
            "“试算和审定”上列着是哪几件，算数或者撤回以后再来。"
        ),
    ),
    "assessment.none": (404, _l("没有这一项自评，或者不归你办，什么都没有存。")),
    "assessment.changed": (409, _l("你打开页面以后“{indicator}”有人动过，这一次都没有存。请看过现在的再办。")),
    "assessment.no_move": (409, _l("“{indicator}”现在的状态办不了这一步，什么都没有动。请看它现在到了哪一步。")),
    "assessment.missing": (422, _l("还有{count}项没填全（{codes}），没有交。填的都在，补上再交。")),
    "verification.none": (404, _l("没有这一格，或者不归你复核，什么都没有动。")),
    "verification.changed": (409, _l("{unit}的“{header}”在你打开页面以后改过，这一次都没有办。请看过现在的数再办。")),
    "verification.no_move": (409, _l("{unit}的“{header}”现在的状态办不了这一步，什么都没有动。请看它现在到了哪一步。")),
    "verification.blank": (422, _l("{unit}的“{header}”还没有填，什么都没有动。可以退回，让填的人补上。")),
    "verification.reason": (422, _l("退回和撤回确认都要写明理由，什么都没有动。请写上理由再办。")),
    "assessment.own": (
        409,
        _l("“{indicator}”是你自己替单位填的或交的，不能再由你初评，这一次都没有存，你写的还在。能初评的有：{others}。"),
    ),
    "assessment.own_alone": (
        409,
        _l(
            "“{indicator}”是你自己替单位填的或交的，不能再由你初评，这一次都没有存，你写的还在。"
            "现在没有别人能初评这个单位，请区里的管理员再设一位。"
        ),
    ),
    "verification.own": (
        409,
        _l("{unit}的“{header}”现在的数是你填的，不能由你确认（两人复核），什么都没有动。能确认的有：{others}。"),
    ),
    "verification.own_alone": (
        409,
        _l(
            "{unit}的“{header}”现在的数是你填的，不能由你确认（两人复核），什么都没有动。"
            "区里现在没有别人能确认，请市里的管理员再设一位。"
        ),
    ),
}
