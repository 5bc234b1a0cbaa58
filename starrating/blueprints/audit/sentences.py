"""The sentence of every kind of event; an act without one is shown by its code, so that nothing is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from starrating.blueprints.audit.training_sentences import TRAINING_ACTS, TRAINING_SENTENCES, merge_told
from starrating.blueprints.pages import ROLES
from starrating.domain.access import Role
from starrating.domain.cases import CaseMove
from starrating.domain.objections import Step
from starrating.domain.posts import PostKind
from starrating.domain.workflow import CycleState
from starrating.queries.audit import EventRow
from starrating.vocabulary.calendar import state_name
from starrating.vocabulary.cases import move_word
from starrating.vocabulary.objections import step_word
from starrating.vocabulary.people import post_word


def _l(text: str) -> str:
    """Marks a sentence of a table for translation, which happens when it is said."""
    return text


ACTS: Mapping[str, str] = {
    "signed_in": _l("登录"),
    "signed_out": _l("退出登录"),
    "password_changed": _l("修改密码"),
    "password_reset": _l("重置密码"),
    "account_created": _l("新建账号"),
    "account_disabled": _l("停用账号"),
    "account_enabled": _l("恢复账号"),
    "role_granted": _l("授予角色"),
    "role_revoked": _l("收回角色"),
    "units_imported": _l("导入区划和单位"),
    "cycle_opened": _l("建立年度"),
    "scheme_replaced": _l("更换办法"),
    "cycle_dates_set": _l("定日期"),
    "indicators_assigned": _l("分派指标"),
    "cycle_step": _l("年度进入下一步或退回"),
    "trial_run": _l("试算"),
    "score_saved": _l("填分"),
    "self_assessed": _l("填自评"),
    "assessment_submitted": _l("交自评"),
    "assessment_reviewed": _l("初评"),
    "import_read": _l("读入填报表"),
    "table_read": _l("读入外来的表"),
    "columns_chosen": _l("定外来表的列"),
    "import_stored": _l("导入分数"),
    "import_dropped": _l("放弃导入"),
    "score_confirmed": _l("确认分数"),
    "score_returned": _l("退回分数"),
    "score_reopened": _l("撤回确认"),
    "event_recorded": _l("记事项"),
    "decision_proposed": _l("提出摘星"),
    "decision_taken": _l("决定摘星，重新发布"),
    "decision_withdrawn": _l("撤回摘星"),
    "lifting_proposed": _l("提出撤销摘星"),
    "lifting_taken": _l("决定撤销摘星，重新发布"),
    "lifting_withdrawn": _l("撤回撤销摘星"),
    "correction_proposed": _l("提出更正数据"),
    "correction_taken": _l("决定更正数据，重新发布"),
    "correction_withdrawn": _l("撤回更正数据"),
    "key_revoked": _l("声明签名公钥作废"),
    "boundaries_imported": _l("导入区界文件"),
    "boundaries_removed": _l("去掉区界文件"),
    "extension_asked": _l("提出延期"),
    "extension_approved": _l("批准延期"),
    "extension_refused": _l("不批延期"),
    "extension_withdrawn": _l("撤回延期"),
    "event_withdrawn": _l("撤回事项"),
    "doubt_put_aside": _l("放下疑点"),
    "spot_check_recorded": _l("记暗访"),
    "spot_check_answered": _l("说明暗访"),
    "spot_check_counted": _l("暗访算数"),
    "spot_check_withdrawn": _l("撤回暗访"),
    "objection_lodged": _l("提异议"),
    "objection_received": _l("个人网上提异议"),
    "objector_seen": _l("看提异议的人"),
    "objectors_forgotten": _l("清除提异议的人"),
    "objection_recorded": _l("登记异议"),
    "objection_taken_up": _l("开始查核异议"),
    "objection_decided": _l("办结异议"),
    "objection_withdrawn": _l("撤回异议"),
    "working_days_entered": _l("定工作日"),
    "working_day_taken_back": _l("撤回工作日"),
    "evidence_added": _l("传佐证"),
    "evidence_removed": _l("撤下佐证"),
    "evidence_destroyed": _l("撤下并删除个人附的材料"),
    "evidence_damaged": _l("佐证被改动"),
    "post_entered": _l("录入任职"),
    "post_handed_over": _l("交接任职"),
    "post_ended": _l("结束任职"),
    "post_amended": _l("更正任职"),
    "person_amended": _l("更正人员资料"),
    "people_merged": _l("合并人员"),
    "check_items_added": _l("加联审项目"),
    "check_item_retired": _l("停联审项目"),
    "check_opened": _l("发起联审"),
    "checks_opened": _l("发起在任复查"),
    "check_answered": _l("答复联审"),
    "election_entered": _l("记换届"),
    "election_taken_back": _l("撤回换届"),
    "candidate_put_forward": _l("提人选"),
    "candidate_proposed": _l("乡镇街道提人选"),
    "candidate_agreed": _l("同意乡镇街道提的人选"),
    "candidate_declined": _l("没有同意乡镇街道提的人选"),
    "candidate_withdrawn": _l("撤下人选"),
    "candidates_checked": _l("给人选发起联审"),
    "candidate_elected": _l("登记当选、任职"),
    "personal_stored": _l("存证件号、电话"),
    "personal_seen": _l("看明文"),
    "personal_resealed": _l("换密钥重新加密"),
    "person_linked": _l("关联本人的账号"),
    "person_purged": _l("清除到期的个人信息"),
    "person_correction_asked": _l("要求更正"),
    "person_correction_decided": _l("决定更正"),
    "roster_read": _l("读入任职名册"),
    "roster_stored": _l("导入任职名册"),
    "roster_dropped": _l("放弃任职名册"),
    "cases_opened": _l("列出结果运用事项"),
    "case_moved": _l("办理结果运用事项"),
    "pay_rates_stored": _l("存待遇标准"),
    **TRAINING_ACTS,
    "pay_sheet_drafted": _l("送审待遇表"),
    "pay_sheet_confirmed": _l("确认待遇表"),
    "fund_sheet_drafted": _l("送审奖励资金分配表"),
    "fund_sheet_confirmed": _l("确认奖励资金分配表"),
    "demo_scores_loaded": _l("装入示例得分"),
}
MOVES: Mapping[str, str] = {"accept": _l("采用自评"), "change": _l("改了自评"), "return": _l("退回")}
SENTENCES: Mapping[str, str] = {
    "signed_in": _l("{who}登录，来自{address}。"),
    "signed_out": _l("{who}退出登录。"),
    "password_changed": _l("{who}修改了自己的密码，其他{sessions}处登录已退出。"),
    "password_reset": _l("{who}给账号“{subject}”换了一次性密码，{sessions}处登录已退出。"),
    "account_created": _l("{who}新建了账号“{subject}”。"),
    "account_disabled": _l("{who}停用了账号“{subject}”，{sessions}处登录已退出。"),
    "account_enabled": _l("{who}恢复了账号“{subject}”。"),
    "role_granted": _l("{who}授予账号“{subject}”{role}角色（{place}{department}）。"),
    "role_revoked": _l("{who}收回了账号“{subject}”的{role}角色（{place}{department}）。"),
    "cycle_opened": _l("{who}建立了{subject}年度。"),
    "scheme_replaced": _l("{who}更换了{subject}年度的办法。"),
    "cycle_dates_set": _l("{who}定了{subject}年度的日期。"),
    "indicators_assigned": _l("{who}改了{subject}年度{count}项指标由谁填。"),
    "cycle_step": _l("{who}把{subject}年度从“{source}”转到“{target}”{reason}。"),
    "trial_run": _l("{who}试算了{subject}年度，共{units}个村和社区，结果没有确认。"),
    "score_saved": _l("{who}把{year}年度{subject}由“{before}”改为“{after}”{reason}。"),
    "self_assessed": _l("{who}把{year}年度自评{subject}由“{before}”改为“{after}”{reason}。"),
    "assessment_submitted": _l("{who}交了{year}年度自评：{subject}。"),
    "assessment_reviewed": _l("{who}初评{year}年度{subject}：{move}{reason}。"),
    "import_read": _l("{who}传了{year}年度的表“{subject}”，读出{cells}格改动，等确认。"),
    "table_read": _l("{who}传了{year}年度的外来表“{subject}”，{rows}行，等定列。"),
    "columns_chosen": _l("{who}定了{year}年度外来表“{subject}”的{columns}列填到哪里。"),
    "import_stored": _l("{who}确认导入{year}年度的表“{subject}”，改了{cells}格，冲突没有动的{left}格。"),
    "import_dropped": _l("{who}放弃了{year}年度的表“{subject}”，{cells}格都没有写。"),
    "extension_asked": _l("{who}给{subject}年度提出延期（{place}{department}，到{ends}）{reason}。"),
    "extension_approved": _l("{who}批准了{subject}年度的延期（{place}{department}，到{ends}）。"),
    "extension_refused": _l("{who}没有批{subject}年度的延期（{place}{department}，到{ends}）{reason}。"),
    "extension_withdrawn": _l("{who}撤回了{subject}年度的延期（{place}{department}，到{ends}）{reason}。"),
    "score_confirmed": _l("{who}确认了{year}年度{subject}：“{value}”。"),
    "score_returned": _l("{who}退回了{year}年度{subject}：“{value}”{reason}。"),
    "score_reopened": _l("{who}撤回了{year}年度{subject}的确认：“{value}”{reason}。"),
    "decision_proposed": _l("{who}提出{subject}年度发布以后的摘星决定，共{count}个单位{reason}。"),
    "decision_taken": _l("{who}决定{subject}年度发布以后摘星，共{count}个单位，发布了第{edition}版{reason}。"),
    "decision_withdrawn": _l("{who}撤回了{subject}年度发布以后的摘星决定。"),
    "lifting_proposed": _l("{who}提出撤销{subject}年度第{lifts}版的摘星，共{count}个单位{reason}。"),
    "lifting_taken": _l("{who}决定撤销{subject}年度的摘星，共{count}个单位，发布了第{edition}版{reason}。"),
    "lifting_withdrawn": _l("{who}撤回了撤销{subject}年度摘星的提议。"),
    "correction_proposed": _l("{who}提出更正{subject}年度发布以后的{count}个数，{moved}个单位的星级会动{reason}。"),
    "correction_taken": _l("{who}决定更正{subject}年度的数据，{count}个单位的星级变动，发布了第{edition}版{reason}。"),
    "correction_withdrawn": _l("{who}撤回了更正{subject}年度数据的提议。"),
    "key_revoked": _l("{who}声明签名公钥{subject}自{since}起作废{reason}。"),
    "boundaries_imported": _l("{who}导入了区界文件，审图号{subject}，{districts}个区，摘要{digest}。"),
    "boundaries_removed": _l("{who}去掉了区界文件，审图号{subject}，摘要{digest}。"),
    "event_recorded": _l("{who}记了{year}年度事项：{subject}，{count}次{reason}。"),
    "event_withdrawn": _l("{who}撤回了{year}年度事项：{subject}，{count}次{reason}。"),
    "doubt_put_aside": _l("{who}看过{year}年度的疑点：{subject}，放下了{reason}。"),
    "spot_check_recorded": _l("{who}记了{year}年度暗访：{subject}，{found}"),
    "spot_check_answered": _l("{who}说明了{year}年度暗访：{subject}。"),
    "spot_check_counted": _l("{who}把{year}年度暗访算了数：{subject}{reason}。"),
    "spot_check_withdrawn": _l("{who}撤回了{year}年度暗访：{subject}{reason}。"),
    "objection_lodged": _l("{who}对{year}年度的结果提了异议：{subject}，应在{due_on}前办结。"),
    "objection_received": _l("网上收到个人对{year}年度结果的异议：{subject}，应在{due_on}前办结。"),
    "objector_seen": _l("{who}看了提异议的人的姓名和联系方式：{subject}{reason}。"),
    "objectors_forgotten": _l("{who}清除了{count}件办结已久的异议里个人的姓名和联系方式。"),
    "objection_recorded": _l("{who}登记了对{year}年度结果的异议：{subject}，{received_on}收到，应在{due_on}前办结。"),
    "objection_taken_up": _l("{who}开始查核{year}年度的异议：{subject}。"),
    "objection_decided": _l("{who}办结了{year}年度的异议：{subject}，{outcome}，{moved}个单位的星级变动。"),
    "objection_withdrawn": _l("{who}撤回了{year}年度的异议：{subject}{reason}。"),
    "working_days_entered": _l("{who}把{days}定为{works}{reason}。"),
    "working_day_taken_back": _l("{who}撤回了{days}的安排（{works}）{reason}。"),
    "evidence_added": _l("{who}传了{year}年度佐证：{subject}，{size}字节，摘要{sha256}。"),
    "evidence_removed": _l("{who}撤下了{year}年度佐证：{subject}{reason}，摘要{sha256}。"),
    "evidence_destroyed": _l("{who}撤下了{year}年度个人附的材料，内容已经删除：{subject}{reason}，摘要{sha256}。"),
    "evidence_damaged": _l("{who}打开{year}年度佐证时发现存着的内容不对：{subject}，应为摘要{sha256}。"),
    "demo_scores_loaded": _l("{who}装入了{subject}年度的示例得分{cells}格、事件{events}件。"),
    "cases_opened": _l("{who}列出了{subject}年度应办的结果运用事项{count}件。"),
    "pay_sheet_drafted": _l("{who}送审待遇表（{subject}），合计{total}元{reason}。"),
    "pay_sheet_confirmed": _l("{who}确认待遇表（{subject}），合计{total}元，摘要{digest}。"),
    "fund_sheet_drafted": _l("{who}送审奖励资金分配表（{subject}），合计{total}元{reason}。"),
    "fund_sheet_confirmed": _l("{who}确认奖励资金分配表（{subject}），合计{total}元，摘要{digest}。"),
    "pay_rates_stored": _l("{who}存了{subject}年度的待遇标准：基本{base}元，绩效{performance}元。"),
    "case_moved": _l("{who}办理结果运用事项（{subject}）：{step}{reason}。"),
    "post_entered": _l("{who}录入了{subject}的一个任职：{kind}，{begins_on}起。"),
    "post_handed_over": _l("{who}办了{subject}的交接：{kind}，接任的{begins_on}起。"),
    "post_ended": _l("{who}结束了{subject}的一个任职，最后一天{ends_on}。"),
    "post_amended": _l("{who}更正了{subject}的一个任职{reason}。"),
    "person_amended": _l("{who}更正了{subject}的资料。"),
    "people_merged": _l("{who}把人员{gone}并入{subject}，{posts}个任职随着过去{reason}。"),
    "check_items_added": _l("{who}加了联审项目。"),
    "check_item_retired": _l("{who}停了一个联审项目。"),
    "check_opened": _l("{who}对{subject}的人选发起了联审：{kind}。"),
    "checks_opened": _l("{who}对在任的发起了{count}人次联审。"),
    "check_answered": _l("{who}答复了{subject}的联审项目{item}。"),
    "election_entered": _l("{who}记了换届“{subject}”，{held_on}投票。"),
    "election_taken_back": _l("{who}撤回了换届“{subject}”。"),
    "candidate_put_forward": _l("{who}给{subject}提了人选：{kind}。"),
    "candidate_proposed": _l("{who}代表乡镇街道给{subject}提了人选：{kind}，等区里决定。"),
    "candidate_agreed": _l("{who}同意了乡镇街道给{subject}提的人选：{kind}{reason}。"),
    "candidate_declined": _l("{who}没有同意乡镇街道给{subject}提的人选：{kind}{reason}。"),
    "candidate_withdrawn": _l("{who}撤下了{subject}的人选：{kind}{reason}。"),
    "candidates_checked": _l("{who}给换届“{subject}”的人选发起了{count}人次联审。"),
    "candidate_elected": _l("{who}登记了{subject}的当选：{kind}，{begins_on}起。"),
    "personal_stored": _l("{who}改了{subject}的证件号、电话。"),
    "personal_seen": _l("{who}看了{subject}的明文{reason}。"),
    "personal_resealed": _l("{who}用密钥{subject}重新加密了{values}个号码。"),
    "person_linked": _l("{who}改了{subject}关联的账号。"),
    "person_purged": _l("{who}清除了{subject}到期的个人信息。"),
    "person_correction_asked": _l("{who}要求更正{subject}的资料。"),
    "person_correction_decided": _l("{who}决定了{subject}要求的更正。"),
    "roster_read": _l("{who}传了任职名册，等确认。"),
    "roster_stored": _l("{who}导入了任职名册：新任{new}个，补改{changed}个，结束{ended}个。"),
    "roster_dropped": _l("{who}放弃了任职名册，什么都没有写。"),
    **TRAINING_SENTENCES,
    "units_imported": _l(
        "{who}导入了{subject}的区划和单位：新增区划{divisions_added}个、更名{divisions_renamed}个，"
        "新增村和社区{units_added}个、更名{units_renamed}个。"
    ),
}


def act_name(act: str) -> str:
    """What an act is called."""
    return str(gettext(ACTS[act])) if act in ACTS else act


def sentence_of(event: EventRow) -> str:
    """What an event says, for people."""
    facts: dict[str, Any] = dict(event.facts)
    if facts.get("role") in list(Role):
        facts["role"] = gettext(ROLES[Role(facts["role"])])
    for name in ("source", "target"):
        if facts.get(name) in list(CycleState):
            facts[name] = state_name(facts[name])
    if facts.get("move") in MOVES:
        facts["move"] = gettext(MOVES[facts["move"]])
    if facts.get("outcome") in list(Step):
        facts["outcome"] = step_word(Step(facts["outcome"]))
    if facts.get("kind") in list(PostKind):
        facts["kind"] = post_word(facts["kind"])
    if event.act == "case_moved" and facts.get("step") in list(CaseMove):
        facts["step"] = move_word(CaseMove(facts["step"]))
    if "days" in facts:
        facts["days"] = gettext("、").join(facts["days"])
        facts["works"] = gettext("工作日") if facts.get("works") else gettext("休息日")
    facts["reason"] = gettext("，理由：") + str(facts["reason"]) if facts.get("reason") else ""
    facts["department"] = gettext("，") + facts["department"] if facts.get("department") else ""
    where = event.unit or event.township or event.district or gettext("全市")
    text = SENTENCES.get(event.act)
    who = f"{event.account_shown}{gettext('（')}{event.account}{gettext('）')}" if event.account else gettext("系统")
    named = {"who": who, "subject": event.subject_label, "place": where}
    if text is None:
        return f"{named['who']}: {event.act} {event.subject_label}"
    said = str(gettext(text)).format(**{**facts, **named})
    return said + merge_told(event.facts) if event.act == "people_merged" else said
