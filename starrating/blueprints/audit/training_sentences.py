"""The sentences of what is done about training and growth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from starrating.vocabulary.training import presence_word
from starrating.wording.language import mark as _l

TRAINING_ACTS: Mapping[str, str] = {
    "round_opened": _l("开轮训"),
    "round_withdrawn": _l("撤回轮训"),
    "course_entered": _l("录入培训"),
    "course_amended": _l("更正培训"),
    "course_cancelled": _l("取消培训"),
    "presence_recorded": _l("登记培训出勤"),
    "people_list_exported": _l("导出人员名单"),
    "reserve_rule_set": _l("定后备力量的要求"),
    "reserve_nominated": _l("推荐后备"),
    "reserve_reviewed": _l("乡镇街道审核后备"),
    "reserve_confirmed": _l("区里确认后备"),
    "reserve_ended": _l("退出后备"),
    "worker_entered": _l("录入专职党务工作者"),
    "worker_amended": _l("更正专职党务工作者"),
    "worker_ended": _l("专职党务工作者离岗"),
    "worker_places_set": _l("定专职党务工作者名额"),
    "growth_path_set": _l("定培养路径"),
    "growth_step_taken": _l("登记培养路径的一步"),
    "growth_step_taken_back": _l("撤回培养路径的一步"),
}
TRAINING_SENTENCES: Mapping[str, str] = {
    "round_opened": _l("{who}开了轮训“{subject}”，{begins_on}到{ends_on}。"),
    "round_withdrawn": _l("{who}撤回了轮训“{subject}”。"),
    "course_entered": _l("{who}录入了培训“{subject}”，{begins_on}到{ends_on}。"),
    "course_amended": _l("{who}更正了培训“{subject}”。"),
    "course_cancelled": _l("{who}取消了培训“{subject}”，已经登记的{recorded}人不再算{reason}。"),
    "presence_recorded": _l("{who}登记了人员{person}在培训“{subject}”的出勤。"),
    "people_list_exported": _l("{who}导出了{subject}，{rows}行。"),
    "reserve_rule_set": _l("{who}定了后备力量的要求：每个单位至少{least}人。"),
    "reserve_nominated": _l("{who}把人员{person}推荐为{subject}的后备。"),
    "reserve_reviewed": _l("{who}代表乡镇街道同意人员{person}作{subject}的后备。"),
    "reserve_confirmed": _l("{who}确认人员{person}作{subject}的后备。"),
    "reserve_ended": _l("{who}把人员{person}从{subject}的后备名单里退出{reason}。"),
    "worker_entered": _l("{who}录入了专职党务工作者：人员{person}，{begins_on}起。"),
    "worker_amended": _l("{who}更正了专职党务工作者：人员{person}。"),
    "worker_ended": _l("{who}登记了人员{person}不再是专职党务工作者，最后一天{ends_on}。"),
    "worker_places_set": _l("{who}定了专职党务工作者的名额：{places}名。"),
    "growth_path_set": _l("{who}定了培养路径，第{version}版。"),
    "growth_step_taken": _l("{who}登记了{subject}在{taken_on}走到“{stage}”。"),
    "growth_step_taken_back": _l("{who}撤回了{subject}走到“{stage}”的登记{reason}。"),
}
DROPPED: Mapping[str, str] = {
    "id_number": _l("两条的证件号不一样，留下的是并入的那一条的。"),
    "telephone": _l("两条的手机号不一样，留下的是并入的那一条的。"),
}


def merge_told(facts: Mapping[str, Any]) -> str:
    """What no longer counts since two records of a person were made one, a sentence each; empty where nothing is lost.

    Events from before it was noted say nothing of it.
    """
    said = [
        gettext("培训“%(title)s”两条都有登记：%(counts)s的算，%(left)s的留在人员%(gone)s名下，不算。",
                title=one["title"], counts=presence_word(one["counts"])[0], left=presence_word(one["left"])[0],
                gone=facts["gone"])
        for one in facts.get("twice", ())
    ]  # fmt: skip
    return "".join((*said, *(gettext(DROPPED[kind]) for kind in facts.get("dropped", ()))))
