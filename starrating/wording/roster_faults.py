"""The sentences for rosters: what is wrong with a file, or with a cell of one."""

from __future__ import annotations

from collections.abc import Mapping

from starrating.wording.language import mark as _

ROSTER_FAULTS: Mapping[str, str] = {
    "roster.no_heads": _("前10行里找不到这几列：{heads}，没有读。请在下载的名册上填。"),
    "roster.head_twice": _("“{head}”这一列有两个，没有读。请只留一个。"),
    "roster.empty": _("名册里一行都没有填，什么都没有读。请填好再传。"),
    "roster.long": _("名册超过{most}行，没有读。请按乡镇街道分开传。"),
    "roster.formula": _("这一格的公式没有值。请直接填。"),
    "roster.too_long": _("这一格太长，最多{most}个字。请写短一点。"),
    "roster.day": _("“{text}”不是{earliest}到{today}之间的日子。请写成2024-01-05这样。"),
    "roster.choice": _("没有“{text}”这一种。请从这些里选：{offered}。"),
    "roster.name": _("姓名要写全名，不写数字和星号。"),
    "roster.birth_year": _("“{text}”不是{first}到{last}之间的年份。不清楚就空着。"),
    "roster.number": _("“{text}”不是人员编号。请写编号，不是同一个人就写“新”。"),
    "roster.whole": _("“{text}”不是编号或版本，要照下载的名册，不要改。请重新下载再填。"),
    "roster.number_unknown": _("编号{number}不是区里叫这个名字的人。请到人员的页面核对编号。"),
    "roster.code": _("“{text}”不是12位统计代码。请照下载的名册填。"),
    "roster.unit": _("没有代码是{unit}的村社区，或者不在这里。请核对代码。"),
    "roster.filed": _("填了备案日期，也要写备案单位。"),
    "roster.days": _("最后一天早于第一天。请核对。"),
    "roster.ending": _("写了结束原因，也要写最后一天。"),
    "roster.twice": _("这个职务的这一天在{first}已经写过。请只留一行。"),
    "roster.begins_differ": _("系统里这个人这一任从{stored}起，这里写的是{written}。请改成一样，或者先到页面上更正。"),
    "roster.other_name": _("系统里从{begins}起担任这个职务的是另一个人。请核对姓名，写错了请先到页面上更正。"),
    "roster.ended": _("这一任系统里已经到{ends}为止，这里写的不一样。请核对，或者到页面上更正。"),
    "roster.overlap": _("从{begins}到{ends}已经有人担任，同一天只能有一人。请核对日子，写上前任的最后一天。"),
    "roster.which": _("区里已经有叫这个名字的人：编号{who}。是其中一位就在“人员编号”里写编号，不是就写“新”。"),
}
"""The sentence of everything that can be wrong in an uploaded roster."""
