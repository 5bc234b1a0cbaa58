"""The sentences of what is done about training and growth."""

from __future__ import annotations

from collections.abc import Mapping

from starrating.wording.language import mark as _l

TRAINING_ACTS: Mapping[str, str] = {
    "round_opened": _l("开轮训"),
    "round_withdrawn": _l("撤回轮训"),
    "course_entered": _l("录入培训"),
    "course_amended": _l("更正培训"),
    "course_cancelled": _l("取消培训"),
    "presence_recorded": _l("登记培训出勤"),
    "people_list_exported": _l("导出人员名单"),
}
TRAINING_SENTENCES: Mapping[str, str] = {
    "round_opened": _l("{who}开了轮训“{subject}”，{begins_on}到{ends_on}。"),
    "round_withdrawn": _l("{who}撤回了轮训“{subject}”。"),
    "course_entered": _l("{who}录入了培训“{subject}”，{begins_on}到{ends_on}。"),
    "course_amended": _l("{who}更正了培训“{subject}”。"),
    "course_cancelled": _l("{who}取消了培训“{subject}”，已经登记的{recorded}人不再算{reason}。"),
    "presence_recorded": _l("{who}登记了人员{person}在培训“{subject}”的出勤。"),
    "people_list_exported": _l("{who}导出了{subject}，{rows}行。"),
}
