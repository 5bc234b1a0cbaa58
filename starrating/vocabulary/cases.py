"""The words of cases of consequences: states, moves, what each is for, what is recorded, and every refusal."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from starrating.domain.case_records import FAILED, PASSED
from starrating.domain.cases import About, CaseMove, CaseState


def _l(text: str) -> str:
    """Marks a word of a table for translation, which happens when it is said."""
    return text


STATES: Mapping[CaseState, tuple[str, str]] = {
    CaseState.PROPOSED: (_l("待批"), "now"),
    CaseState.APPROVED: (_l("办理中"), "now"),
    CaseState.DEFERRED: (_l("缓办"), "warn"),
    CaseState.WAIVED: (_l("免办"), "locked"),
    CaseState.CARRIED_OUT: (_l("已办，待办结"), "ok"),
    CaseState.CLOSED: (_l("已办结"), "ok"),
    CaseState.RESCINDED: (_l("复核后撤销"), "locked"),
}
"""State → its word and how it is tagged."""
MOVES: Mapping[CaseMove, str] = {
    CaseMove.APPROVE: _l("批准，转办理"),
    CaseMove.DEFER: _l("缓办"),
    CaseMove.WAIVE: _l("免办"),
    CaseMove.RETURN: _l("退回待批"),
    CaseMove.CARRY_OUT: _l("登记已办"),
    CaseMove.BALLOT: _l("登记再次测评"),
    CaseMove.CLOSE: _l("办结"),
    CaseMove.UPHOLD: _l("复核后维持"),
    CaseMove.RESCIND: _l("复核后撤销"),
}
ABOUT: Mapping[About, str] = {
    About.SECRETARY: _l("书记"),
    About.DIRECTOR: _l("主任"),
    About.PERSON: _l("个人"),
    About.TEAM: _l("班子"),
    About.UNIT: _l("村（社区）"),
}
BODIES: Mapping[About, str] = {
    About.SECRETARY: _l("只针对党组织书记一职，由有管理权限的党委决定。"),
    About.DIRECTOR: _l("只针对村（居）委会主任一职，按村（居）民委员会组织法由村（居）民决定。"),
    About.PERSON: _l("针对个人，不分职务。"),
    About.TEAM: _l("针对班子，不对个人。"),
    About.UNIT: _l("针对村（社区），不对个人。"),
}
RECORDS: Mapping[str, str] = {
    "present": _l("谈话人和参加人"),
    "said": _l("谈话的主要内容"),
    "promised": _l("本人表态和整改承诺"),
    "follow_up_on": _l("回访的日子"),
    "followed_on": _l("哪一天回访的"),
    "found": _l("回访看到的情况"),
    "period": _l("诫勉期限"),
    "ballot": _l("期满再次测评的情况"),
    "begins_on": _l("诫勉期的第一天"),
    "ends_on": _l("诫勉期的最后一天"),
    "ballot_on": _l("哪一天再次测评的"),
    "votes_for": _l("赞成票"),
    "votes_against": _l("反对票"),
    "votes_abstain": _l("弃权票"),
    "ballot_result": _l("测评结果"),
    "ballot_document": _l("测评的文件或记录"),
    "ballot_by": _l("谁组织、哪些人参加"),
    "ballot_held": _l("依据的再次测评是哪一天的"),
    "no_ballot": _l("没有再次测评"),
    "onward": _l("测评不合格，移送哪个机关、提出什么意见"),
    "body": _l("移送的机关"),
    "reply_by": _l("请它在哪一天以前答复"),
    "answered_on": _l("哪一天答复的"),
    "answer": _l("它的决定和文号"),
}
"""The names of what is written down; `period` and `ballot` are of records from before their days were typed."""
RESULTS: Mapping[str, str] = {PASSED: _l("合格"), FAILED: _l("不合格")}
WATCHES: Mapping[str, tuple[str, str]] = {
    "ends_on": (_l("诫勉期到{day}满"), _l("诫勉期已满，再次测评还没有记")),
    "closing": (_l("诫勉期到{day}满"), _l("诫勉期已满，测评过了，该办结")),
    "follow_up_on": (_l("{day}回访"), _l("该回访了")),
    "reply_by": (_l("等{day}以前答复"), _l("过了答复的日子")),
}
"""A day after a measure → what is said of it, and what where it has passed."""
CASE_REFUSALS: Mapping[str, tuple[int, str]] = {
    "case.none": (404, _l("没有这件事项。")),
    "case.changed": (409, _l("你打开页面以后别人办过这件事项，你的这次没有存。请看过现在的状态再办，你写的还在。")),
    "case.many_none": (422, _l("没有选事项，或者一次多过{most}件，什么都没有批。请回到列表选好再看。")),
    "case.many_changed": (
        409,
        _l("你看过以后有事项变了，一件都没有批。下面是现在的情况，请看过再批。"),
    ),
    "case.no_step": (409, _l("这件事项现在的状态没有这一步，什么都没有动。请看过现在的状态再办。")),
    "case.review": (409, _l("这件事项依据的星级已经更正，要先复核（维持或撤销），别的都没有办。你写的还在。")),
    "case.reason": (422, _l("理由要写明，没有存。请写上再办，别的你填的都在。")),
    "case.document": (422, _l("办理的文件或记录要写明，没有存。请写上文号或记录名，别的你填的都在。")),
    "case.until": (422, _l("缓办到哪一天要写，而且要在{today}以后，没有存。请写成2025-06-01这样，别的你填的都在。")),
    "case.done_on": (422, _l("办理的日子要在{first}到{last}之间，没有存。请写成2025-06-01这样，别的你填的都在。")),
    "case.record_day": (
        422,
        _l(
            "有一个日期不对：要写成2025-06-01这样，以后要办的不能早于办理的日子，已经办的不能晚于今天，没有存。你写的还在。"
        ),
    ),
    "case.period": (422, _l("诫勉期的头尾两天要写，最长{most}个月，没有存。请写成2025-06-01这样，你写的还在。")),
    "case.period_first": (422, _l("诫勉期的第一天不能早于办理的日子{day}，没有存。请改好再办，你写的还在。")),
    "case.period_open": (409, _l("诫勉期到{day}才满，还不能办结，没有存。请期满以后测评、办结，你写的还在。")),
    "case.ballot": (
        422,
        _l("再次测评的日子、结果、文件要写全，没有存。没有测评的，请勾选“没有再次测评”并写明理由。你写的还在。"),
    ),
    "case.ballot_needed": (
        422,
        _l("办法要求期满再次测评：日子、结果、文件要写全，没有存。请测评以后再办结，你写的还在。"),
    ),
    "case.ballot_both": (
        422,
        _l("勾选了“没有再次测评”，又写了测评的情况，没有存。请留下对的一样，你写的还在。"),
    ),
    "case.ballot_held": (
        422,
        _l("再次测评的日子、结果、文件、谁组织和参加都要写，没有存。请写全再办，你写的还在。"),
    ),
    "case.ballot_again": (409, _l("再次测评已经记过，再记一次要写明为什么，以后一次为准。没有存，你写的还在。")),
    "case.votes": (
        422,
        _l("票数要三个都写成0到{most}的整数、加起来至少1票，或者都空着，没有存。请改好再办，你写的还在。"),
    ),
    "case.votes_needed": (
        422,
        _l("赞成、反对、弃权三个票数都要写，写成0到{most}的整数，没有的写0，没有存。你写的还在。"),
    ),
    "case.onward": (
        422,
        _l("测评不合格的要写明移送哪个机关、提出什么意见，合格的不写，没有存。请改好再办，你写的还在。"),
    ),
    "pay.changed": (
        409,
        _l("你打开页面以后别人存过这一年度的标准，你的这次没有存。请看过现在的标准再存，你写的还在。"),
    ),
    "pay.money": (422, _l("基本和绩效要写成0到9999999.99的数，最多两位小数，没有存。请改好再存，你写的还在。")),
    "pay.share": (422, _l("份额要写成0到{most}的整数（千分之几），没有存。请改好再存，你写的还在。")),
    "pay.sheet_none": (404, _l("没有这份表。")),
    "pay.sheet_moved": (
        409,
        _l("你打开页面以后依据的数有变动，要发的数不一样了，没有存。请看过现在的数再送审。"),
    ),
    "pay.sheet_changed": (409, _l("你打开页面以后别人办过这份表，你的这次没有存。请看过现在的状态再办。")),
    "pay.sheet_own": (409, _l("这份是你送审的，要由另一个人确认，没有存。请区里的另一位管理员确认。")),
    "pay.sheet_nothing": (409, _l("没有要发、要补或要扣的，没有存。批准以后或者有更正的时候再送审。")),
    "pay.sheet_reason": (422, _l("已经确认过一份，再补发、扣回要写理由，没有存。请写上理由再送审。")),
    "fund.pool": (422, _l("资金总数要大于0，写成0到9999999999.99的数，最多两位小数，没有存。请改好再办，你写的还在。")),
    "fund.open": (
        409,
        _l("还有{count}个班子的份额没有人定，没有存。请先在结果运用里批准、缓办或免办，再送审。"),
    ),
    "fund.review_first": (
        409,
        _l("有班子暂留着的钱比现在应分的多，再分就超出资金，没有存。请先复核、定下来，再送审。"),
    ),
    "case.not_published": (409, _l("这一年度还没有发布，没有列出事项。发布以后再列。")),
    "case.inputs_changed": (
        409,
        _l("审定以后依据的数据有变动，事实链对不上审定时的，没有列出事项。名单没有动。请先查清哪里改过。"),
    ),
    "case.format": (409, _l("这件事项的事实链是别的版本写的，读不了，什么都没有动。请管理员升级程序再看。")),
}


def state_word(state: CaseState) -> tuple[str, str]:
    """A state's word and how it is tagged."""
    word, tag = STATES[state]
    return str(gettext(word)), tag


def move_word(move: CaseMove) -> str:
    """What a move is called."""
    return str(gettext(MOVES[move]))


def about_word(about: About) -> str:
    """What a case is decided for."""
    return str(gettext(ABOUT[about]))


def body_word(about: About) -> str:
    """Who decides it, as a sentence."""
    return str(gettext(BODIES[about]))


def result_word(result: str) -> str:
    """How a ballot ended."""
    return str(gettext(RESULTS[result]))


def record_word(name: str) -> str:
    """What is written down about how a case was carried out."""
    return str(gettext(RECORDS[name]))
