"""The register of personal fields: what is kept of people, what for, how closely, how long, who sees it.

A test reads the models and finds every column about a person in here or in `PLAIN`, with nothing left over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starrating.wording.language import mark as _l

SEALED, INTERNAL, OFFICE = _l("加密存，默认遮盖"), _l("内部，姓名遮盖"), _l("内部")
IN_POST, A_YEAR, TEN_YEARS = _l("在任和离任后1年"), _l("离任后1年"), _l("离任后10年")
FOR_GOOD, SERVICE = _l("一直留着，不含姓名"), _l("账号在用期间和留痕期间")
WITH_NAMES = _l("一直留着，里面可能写有在场人的姓名")
OFFICES, OWN = _l("本地管理员、督查员、本乡镇街道经办人"), _l("本地管理员；本人")


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A personal field: where it is stored, what it is, what for, its level, how long it is kept, who sees it."""

    table: str
    column: str
    what: str
    purpose: str
    level: str
    kept: str
    seen_by: str


def _field(where: str, what: str, purpose: str, level: str, kept: str, seen_by: str) -> PersonalField:
    table, _, column = where.partition(".")
    return PersonalField(table, column, what, purpose, level, kept, seen_by)


_LEADING, _STATISTICS = _l("认定谁在哪个单位任职"), _l("换届前后年龄、学历的统计")
_CHANGING, _CASE = _l("本人要求更正"), _l("办理经过可以查")
_CHECKED, _CHECKERS = _l("查任职资格"), _l("本区、本市的管理员、督查员；答复的部门")
_STANDING, NOT_ELECTED = _l("换届的人选和结果"), _l("离任后10年，没有任过职的投票后1年")
_FOLLOWS, _CASE_SEERS = _l("按星级落实到人的事"), _l("能办、能看事项的管理员、督查员、经办人")
_HANDLERS = _l("办理的人、督查员")
_ANSWERING, _SETTLED_YEAR, _DECIDERS = _l("核实和答复异议"), _l("办结后1年"), _l("办这件异议的人，写明理由")
_TRAINED, _RESERVE = _l("培训出勤和学时"), _l("培养后备力量")
_GROWING = _l("培养路径走到哪一步")
_WORKING, NOT_LISTED = _l("管理专职党务工作者"), _l("离任后10年，没有任过职的退出后1年")
FIELDS: tuple[PersonalField, ...] = (
    _field("person.name", _l("姓名"), _LEADING, INTERNAL, TEN_YEARS, OFFICES),
    _field("person.birth_year", _l("出生年份"), _STATISTICS, OFFICE, TEN_YEARS, OWN),
    _field("person.education", _l("学历"), _STATISTICS, OFFICE, TEN_YEARS, OWN),
    _field("person.account_id", _l("本人的账号"), _l("本人看自己的资料"), OFFICE, TEN_YEARS, OWN),
    _field("post.begins_on", _l("任职起"), _LEADING, OFFICE, FOR_GOOD, OFFICES),
    _field("post.ends_on", _l("任职止"), _LEADING, OFFICE, FOR_GOOD, OFFICES),
    _field("post.kind", _l("职务"), _LEADING, OFFICE, FOR_GOOD, OFFICES),
    _field("post.how", _l("怎么任职的"), _LEADING, OFFICE, FOR_GOOD, OFFICES),
    _field("post.filed_with", _l("备案单位"), _LEADING, OFFICE, FOR_GOOD, OFFICES),
    _field("post.filed_on", _l("备案日期"), _LEADING, OFFICE, FOR_GOOD, OFFICES),
    _field("post.ending", _l("结束原因"), _LEADING, OFFICE, FOR_GOOD, OFFICES),
    _field("person_secret.sealed", _l("证件号、电话"), _l("核对是不是同一个人、联系本人"), SEALED, A_YEAR, OWN),
    _field("person_secret.digest", _l("号码的带密钥摘要"), _l("查有没有重复登记"), SEALED, A_YEAR, _l("没有人")),
    _field("person_secret.mask", _l("遮盖后的证件号、电话"), _l("认出登记的是哪一个"), INTERNAL, A_YEAR, OWN),
    _field("person_correction.said", _l("本人说哪里不对"), _CHANGING, OFFICE, IN_POST, OWN),
    _field("person_correction.answer", _l("更正的答复"), _CHANGING, OFFICE, IN_POST, OWN),
    _field("eligibility_check.purpose", _l("为什么联审"), _CHECKED, OFFICE, TEN_YEARS, _CHECKERS),
    _field("eligibility_check.kind", _l("查什么职务"), _CHECKED, OFFICE, TEN_YEARS, _CHECKERS),
    _field("check_answer.result", _l("联审的答复"), _CHECKED, OFFICE, TEN_YEARS, _CHECKERS),
    _field("check_answer.note", _l("联审的依据"), _CHECKED, OFFICE, TEN_YEARS, _CHECKERS),
    _field("candidate.kind", _l("提名担任什么职务"), _STANDING, OFFICE, NOT_ELECTED, OFFICES),
    _field("candidate.state", _l("是不是当选"), _STANDING, OFFICE, NOT_ELECTED, OFFICES),
    _field("candidate.reason", _l("人选为什么撤下、没有同意"), _STANDING, OFFICE, NOT_ELECTED, OFFICES),
    _field("training_attendance.presence", _l("培训出勤"), _TRAINED, OFFICE, FOR_GOOD, OFFICES),
    _field("training_attendance.reason", _l("缺勤原因"), _TRAINED, OFFICE, TEN_YEARS, OFFICES),
    _field("training_attendance.made_up_on", _l("补课日期"), _TRAINED, OFFICE, FOR_GOOD, OFFICES),
    _field("reserve_entry.kind", _l("后备的方向"), _RESERVE, OFFICE, FOR_GOOD, OFFICES),
    _field("reserve_entry.state", _l("后备到了哪一步"), _RESERVE, OFFICE, FOR_GOOD, OFFICES),
    _field("reserve_entry.nominator", _l("谁推荐的"), _RESERVE, OFFICE, NOT_LISTED, OFFICES),
    _field("reserve_entry.nominated_on", _l("推荐的日子"), _RESERVE, OFFICE, FOR_GOOD, OFFICES),
    _field("reserve_entry.ended_on", _l("退出后备的日子"), _RESERVE, OFFICE, FOR_GOOD, OFFICES),
    _field("reserve_entry.ending", _l("怎么退出后备的"), _RESERVE, OFFICE, FOR_GOOD, OFFICES),
    _field("reserve_entry.reason", _l("退出后备的理由"), _RESERVE, OFFICE, NOT_LISTED, OFFICES),
    _field("growth_step.stage", _l("走到哪个阶段"), _GROWING, OFFICE, FOR_GOOD, OFFICES),
    _field("growth_step.stage_name", _l("阶段的名称"), _GROWING, OFFICE, FOR_GOOD, OFFICES),
    _field("growth_step.taken_on", _l("哪一天走到"), _GROWING, OFFICE, FOR_GOOD, OFFICES),
    _field("growth_step.body", _l("哪个机关定的"), _GROWING, OFFICE, FOR_GOOD, OFFICES),
    _field("growth_step.document", _l("文号"), _GROWING, OFFICE, FOR_GOOD, OFFICES),
    _field("growth_step.reason", _l("为什么撤回这一步"), _GROWING, OFFICE, TEN_YEARS, OFFICES),
    _field("party_worker.begins_on", _l("专职党务工作者从哪天起"), _WORKING, OFFICE, FOR_GOOD, OFFICES),
    _field("party_worker.ends_on", _l("专职党务工作者到哪天止"), _WORKING, OFFICE, FOR_GOOD, OFFICES),
    _field("party_worker.recruited", _l("怎么招的"), _WORKING, OFFICE, FOR_GOOD, OFFICES),
    _field("party_worker.source", _l("来源"), _WORKING, OFFICE, FOR_GOOD, OFFICES),
    _field("party_worker.level", _l("合同、岗位等级"), _WORKING, OFFICE, FOR_GOOD, OFFICES),
    _field("party_worker.ending", _l("为什么不再是"), _WORKING, OFFICE, FOR_GOOD, OFFICES),
    _field("consequence_case.about", _l("事项针对的职务"), _FOLLOWS, OFFICE, FOR_GOOD, _CASE_SEERS),
    _field("consequence_case.outcome", _l("应办什么"), _FOLLOWS, OFFICE, FOR_GOOD, _CASE_SEERS),
    _field("consequence_case.state", _l("事项办到哪一步"), _FOLLOWS, OFFICE, FOR_GOOD, _CASE_SEERS),
    _field("consequence_case.facts", _l("事项依据的事实"), _FOLLOWS, OFFICE, FOR_GOOD, _CASE_SEERS),
    _field("case_event.reason", _l("办事项的理由"), _FOLLOWS, OFFICE, FOR_GOOD, _CASE_SEERS),
    _field("case_event.record", _l("办事项的记录、在场的人"), _FOLLOWS, OFFICE, WITH_NAMES, _CASE_SEERS),
    _field(
        "determination_facts.content",
        _l("审定时书记任职月数、是否一肩挑，不含姓名"),
        _l("照当时的情况重算"),
        OFFICE,
        FOR_GOOD,
        OFFICES,
    ),
    _field("restated_facts.facts", _l("更正以后的事实，不含姓名"), _FOLLOWS, OFFICE, FOR_GOOD, _CASE_SEERS),
    _field("pay_sheet.text", _l("待遇表的逐行金额，只记人员编号"), _FOLLOWS, OFFICE, FOR_GOOD, _CASE_SEERS),
    _field("pay_sheet.reason", _l("补发、扣回的理由"), _FOLLOWS, OFFICE, FOR_GOOD, _CASE_SEERS),
    _field("roster_import.content", _l("等确认的任职名册"), _LEADING, INTERNAL, _l("最多2小时"), _l("传的人")),
    _field("account.name", _l("账号名"), _l("登录"), OFFICE, SERVICE, _l("管理员、督查员、本人")),
    _field("account.display_name", _l("姓名或岗位"), _CASE, OFFICE, SERVICE, _l("同一范围的办理人员")),
    _field("session_record.address", _l("登录的网络地址"), _l("发现冒用"), OFFICE, SERVICE, _l("本人、管理员")),
    _field("sign_in_failure.address", _l("登录失败的网络地址"), _l("挡住试密码的"), OFFICE, _l("1天"), _l("没有人")),
    _field("objection.raised_by", _l("来信来电的人"), _l("答复异议"), OFFICE, SERVICE, _l("办理的人、督查员")),
    _field("objector.sealed", _l("提异议的个人的姓名、联系方式"), _ANSWERING, SEALED, _SETTLED_YEAR, _DECIDERS),
    _field("objector.mask_name", _l("遮盖后的姓名"), _ANSWERING, INTERNAL, _SETTLED_YEAR, _HANDLERS),
    _field("objector.mask_contact", _l("遮盖后的联系方式"), _ANSWERING, INTERNAL, _SETTLED_YEAR, _HANDLERS),
    _field("evidence_file.stored", _l("提异议的个人附的材料"), _ANSWERING, OFFICE, _SETTLED_YEAR, _HANDLERS),
    _field("spot_check.found_by", _l("发现的人或单位"), _CASE, OFFICE, SERVICE, _l("办理的人、督查员")),
)
"""Every personal field there is."""

PLAIN: Mapping[str, frozenset[str]] = {
    "person": frozenset({"id", "version", "merged_into_id", "purged_at"}),
    "post": frozenset({"id", "person_id", "unit_id", "version"}),
    "consequence_case": frozenset(
        {
            "id",
            "cycle_id",
            "unit_id",
            "determination_id",
            "rule",
            "written",
            "person_id",
            "version",
            "due_on",
            "deferred_until",
            "review_id",
            "opened_at",
            "digest",
        }
    ),
    "restated_facts": frozenset({"id", "decision_id", "unit_id", "digest"}),
    "pay_sheet": frozenset(
        {
            "id",
            "township_id",
            "year",
            "number",
            "state",
            "version",
            "digest",
            "total",
            "drafted_by",
            "drafted_at",
            "confirmed_by",
            "confirmed_at",
        }
    ),
    "eligibility_check": frozenset({"id", "person_id", "unit_id", "opened_by", "opened_at"}),
    "candidate": frozenset(
        {
            "id",
            "election_id",
            "unit_id",
            "person_id",
            "post_id",
            "put_forward_by",
            "put_forward_at",
            "decided_by",
            "decided_at",
        }
    ),
    "check_answer": frozenset({"id", "check_id", "item_id", "checked_on", "answered_by", "answered_at"}),
    "reserve_entry": frozenset(
        {
            "id",
            "person_id",
            "unit_id",
            "nominated_by",
            "nominated_at",
            "reviewed_by",
            "reviewed_at",
            "confirmed_by",
            "confirmed_at",
            "version",
        }
    ),
    "growth_step": frozenset(
        {"id", "person_id", "township_id", "path_id", "recorded_by", "recorded_at", "taken_back_at"}
    ),
    "party_worker": frozenset({"id", "person_id", "township_id", "unit_id", "version", "entered_by", "entered_at"}),
    "training_attendance": frozenset(
        {"id", "course_id", "person_id", "unit_id", "version", "recorded_by", "recorded_at"}
    ),
    "person_secret": frozenset({"id", "person_id", "field", "key_id", "stored_at"}),
    "person_correction": frozenset({"id", "person_id", "state", "asked_by", "asked_at", "decided_by", "decided_at"}),
}
"""Columns of the tables about people that say nothing of anybody: keys, versions, states, instants of acts."""
