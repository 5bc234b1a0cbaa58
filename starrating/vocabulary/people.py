"""The words of people and posts: posts, how they were come to and left, schooling, and every refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from starrating.domain.candidates import CandidateState, Standing
from starrating.domain.posts import PostKind
from starrating.domain.terms import BODY_OF, Body, Education, Ending, How
from starrating.vocabulary.training import TRAINING_REFUSALS
from starrating.wording.language import mark as _l

POSTS: Mapping[PostKind, str] = {PostKind.SECRETARY: _l("书记"), PostKind.DIRECTOR: _l("主任")}
BODIES: Mapping[Body, str] = {Body.PARTY: _l("党组织"), Body.COMMITTEE: _l("村（居）民委员会")}
HOWS: Mapping[How, str] = {
    How.ELECTED: _l("换届选举"),
    How.BY_ELECTION: _l("补选"),
    How.APPOINTED: _l("上级任命"),
    How.SENT: _l("下派"),
    How.ACTING: _l("主持工作"),
}
ENDINGS: Mapping[Ending, str] = {
    Ending.TERM: _l("任期届满"),
    Ending.MOVED: _l("调任"),
    Ending.RESIGNED: _l("辞职"),
    Ending.REMOVED: _l("免职或罢免"),
    Ending.RETIRED: _l("退休"),
    Ending.OTHER: _l("其他"),
}
EDUCATIONS: Mapping[Education, str] = {
    Education.MIDDLE: _l("初中及以下"),
    Education.HIGH: _l("高中、中专"),
    Education.COLLEGE: _l("大专"),
    Education.BACHELOR: _l("本科"),
    Education.MASTER: _l("研究生"),
}
STATES: Mapping[str, str] = {
    "": _l("全部"),
    "dual": _l("一肩挑"),
    "apart": _l("两人分任"),
    "vacant": _l("有空缺"),
    "no_secretary": _l("书记空缺"),
    "no_director": _l("主任空缺"),
}

CANDIDATE_STATES: Mapping[CandidateState, tuple[str, str]] = {
    CandidateState.PROPOSED: (_l("等区里决定"), "warn"),
    CandidateState.PUT_FORWARD: (_l("人选"), "now"),
    CandidateState.ELECTED: (_l("当选"), "ok"),
    CandidateState.NOT_ELECTED: (_l("未当选"), ""),
    CandidateState.WITHDRAWN: (_l("撤下"), ""),
    CandidateState.DECLINED: (_l("区里没有同意"), ""),
}
"""Where a candidate is: the word and the kind of its tag."""
STANDINGS: Mapping[Standing, tuple[str, str]] = {
    Standing.UNASKED: (_l("还没有联审"), "warn"),
    Standing.WAITING: (_l("在查"), "now"),
    Standing.BARRED: (_l("不能任职"), "err"),
    Standing.EXPIRED: (_l("到投票日过期，要重查"), "warn"),
    Standing.ADVISED: (_l("不宜任职"), "warn"),
    Standing.FREE: (_l("没有查到问题"), "ok"),
}
"""The same of what the check of a candidate says on the day of the vote."""

PEOPLE_REFUSALS: Mapping[str, tuple[int, str]] = {
    "post.none": (404, _l("没有这个单位或任职，或者不归你管，什么都没有动。")),
    "post.begins": (422, _l("任职的第一天要在{earliest}到{today}之间，没有存。请核对任职文件上的日子。你填的都在。")),
    "post.ends": (422, _l("最后一天要在{begins}到{today}之间，没有存。请核对日子。你填的都在。")),
    "post.day": (422, _l("日子要写成年月日，没有存。请从日历里选。你填的都在。")),
    "post.overlap": (
        409,
        _l("这个职务从{begins}到{ends}已经有人担任，同一天只能有一人，没有存。请办交接，或核对日子。你填的都在。"),
    ),
    "post.overlap_open": (
        409,
        _l("这个职务从{begins}起已经有人担任，同一天只能有一人，没有存。请办交接，或核对日子。你填的都在。"),
    ),
    "post.how": (422, _l("怎么任职的，请从列出的里面选，没有存。你填的都在。")),
    "post.filed_on": (422, _l("备案的日子不能早于任职的前一年，也不能晚于今年，没有存。请核对。你填的都在。")),
    "post.filed_with": (422, _l("填了备案的日子，也要写在哪里备的案，没有存。你填的都在。")),
    "post.ending": (422, _l("要选为什么结束，没有存。你填的都在。")),
    "post.ended": (409, _l("这一任已经结束了，没有再动。请看单位现在由谁担任。")),
    "post.same": (422, _l("接任的和前任是同一个人，没有交接。要改日子请用“更正”。")),
    "post.reason": (422, _l("要写明为什么更正、依据什么，没有存。你填的都在。")),
    "post.changed": (409, _l("你打开页面以后这一任有人改过，你的这次没有存。下面是现在的样子和你填的。")),
    "person.none": (404, _l("没有这个人，或者不归你管，什么都没有动。")),
    "person.name": (422, _l("姓名要写全，不写数字，最长{longest}个字，没有存。你填的都在。")),
    "person.birth_year": (422, _l("出生年份要在{first}到{last}之间，不清楚就空着，没有存。你填的都在。")),
    "person.education": (422, _l("学历请从列出的里面选，没有存。你填的都在。")),
    "person.changed": (409, _l("你打开页面以后这个人的资料有人改过，你的这次没有存。下面是现在的样子和你填的。")),
    "person.merged": (422, _l("要选另一个人，写明凭什么说是同一个人，没有合并。你填的都在。")),
    "person.merge_own": (409, _l("其中一个人的账号是你自己的，没有合并。请由另一位管理员办理。")),
    "person.merge_accounts": (409, _l("两个人各有一个账号，没有合并。请先核对，把不是本人的账号取下来。")),
    "person.both_asked": (409, _l("两个人都有要求的更正没有决定，没有合并。请先决定其中一条。")),
    "person.both_stand": (409, _l("两个人在同一次换届里竞争同一个职务，没有合并。请先撤下其中一个人选。")),
    "person.two_at_once": (409, _l("这两个人同一天担任同一个单位的同一个职务，不会是一个人，没有合并。请先更正任职。")),
    "person.which": (
        409,
        _l("已经有叫这个名字的人，还没有存。请选是其中哪一位，或者确认是另一位同名的人。你填的都在。"),
    ),
    **TRAINING_REFUSALS,
}
"""The status and the sentence of every refusal about people and posts."""

PERSONAL_REFUSALS: Mapping[str, tuple[int, str]] = {
    "check.none": (404, _l("没有这一条联审，或者不归你答，什么都没有动。")),
    "check.no_items": (409, _l("区里还没有定查哪些项目，没有发起。请先定项目。")),
    "check.item": (422, _l("编号、项目、部门都要写，往前查0到50年，管1到60个月，没有加。")),
    "check.result": (422, _l("要选查到没有，没有存。你填的都在。")),
    "check.day": (422, _l("要写哪一天查的，不能晚于今天，没有存。你填的都在。")),
    "check.note": (422, _l("查到了的要写依据，如文号，没有存。你填的都在。")),
    "check.answered": (409, _l("其中有一项别人已经答复了，这一次都没有存。请刷新页面，答还等着的。")),
    "election.none": (404, _l("没有这次换届，或者不归你管，什么都没有动。")),
    "election.name": (422, _l("要写是哪一次换届，没有记。")),
    "election.day": (422, _l("投票日要在{earliest}以后，最远到后年年初，没有记。请核对。")),
    "election.propose_until": (422, _l("乡镇街道提人选最迟到投票日{held}，没有记。请核对日子。你填的都在。")),
    "election.through": (409, _l("这次换届已经有人当选、任职了，没有撤回。任职录错了的，请在单位的页面更正。")),
    "vault.none": (503, _l("还没有建加密个人信息的密钥，没有存。请管理员先在服务器上建密钥。")),
    "vault.unreadable": (503, _l("加密个人信息的密钥读不了，什么都没有动。请管理员核对密钥文件。")),
    "vault.open": (503, _l("密钥文件别人也能读，不能用，什么都没有动。请管理员改成只有本程序能读。")),
    "vault.key": (503, _l("这一条是用密钥{key}加密的，密钥文件里没有它，打不开。请管理员找回那把密钥。")),
    "vault.damaged": (503, _l("存着的内容被改动过，打不开，没有给出。请管理员查留痕和备份。")),
    "person.id_number": (422, _l("证件号要18位，日期和最后一位校验码要对，没有存。请对照证件再填。")),
    "person.telephone": (422, _l("手机号要11位，没有存。请再填。")),
    "person.id_taken": (409, _l("这个证件号已经登记在另一个人名下，没有存。是同一个人就先合并。")),
    "person.why": (422, _l("要写明为什么看，至少{shortest}个字，没有显示。")),
    "person.digits": (422, _l("这里像是写了证件号或电话，没有存。请删掉号码，别的照写。")),
    "person.sign_in_again": (409, _l("登录超过{minutes}分钟了，没有显示。请退出，再登录一次，马上来看。")),
    "person.account": (422, _l("没有这个账号，没有存。请核对账号名。")),
    "person.account_taken": (409, _l("这个账号已经是另一个人的，没有存。请先在那个人那里取下来。")),
    "person.own_account": (409, _l("不能把自己的账号关联到自己管的人，请由另一位管理员办理。")),
    "asked.said": (422, _l("要写明哪里不对、该是什么，没有提交。")),
    "asked.open": (409, _l("你上一次的要求还没有决定，这一次没有提交。请等区里的答复。")),
    "asked.answer": (422, _l("要写改了什么，或者为什么不改，没有存。")),
    "asked.own": (409, _l("自己提的不能自己决定，请由另一位管理员办理。")),
    "asked.decided": (409, _l("这一条别人已经决定了，你的这次没有存。请刷新页面看结果。")),
}
"""The same about what is personal: the keys, the numbers, seeing somebody clear, corrections."""

CANDIDATE_REFUSALS: Mapping[str, tuple[int, str]] = {
    "candidate.none": (404, _l("没有这个人选，或者不归你管，什么都没有动。")),
    "candidate.nobody": (422, _l("还没有勾选当选的人，没有登记。请先勾选。")),
    "candidate.post": (422, _l("要选提名担任哪个职务，没有存。你填的都在。")),
    "candidate.unit": (422, _l("要选是哪个村或社区，没有往下走。")),
    "candidate.twice": (409, _l("这个人在这次换届里已经提名担任这个职务，没有再存。请看名单。")),
    "candidate.settled": (409, _l("这个职务在这次换届里已经有人当选，没有存。以后的变动请办交接或者补选。")),
    "candidate.reason": (422, _l("要写明为什么撤下，没有撤。请写一句。")),
    "candidate.changed": (409, _l("其中有人选已经撤下或者登记过结果，这一次都没有动。请看现在的名单再办。")),
    "candidate.closed": (409, _l("乡镇街道提人选到{day}为止，没有存。确实要补的，请区里来提。")),
    "candidate.none_chosen": (422, _l("还没有勾选人选，没有存。请先勾选再决定。")),
    "candidate.declined_why": (422, _l("不同意的要写明为什么，没有存。你勾的都在。")),
    "candidate.decided": (409, _l("{unit}有人选已经决定或者撤下了，这一次都没有动。请看现在的名单再办。")),
    "candidate.own": (409, _l("{unit}有人选是你提的，要由另一个人决定（两人复核）。这一次都没有动。")),
    "candidate.undecided": (409, _l("{unit}有人选还没有决定同意不同意，都没有登记。请先决定。你勾的都在。")),
    "candidate.two": (422, _l("{unit}的同一个职务勾了两个人，都没有登记。请只勾当选的一个。")),
    "candidate.begins": (422, _l("任职的第一天要在投票日{held}到今天{today}之间，都没有登记。你勾的都在。")),
    "candidate.barred": (409, _l("{unit}有人选查到了硬项，不能任职，都没有登记。请看联审的结果，另提人选。")),
    "candidate.unchecked": (
        409,
        _l("{unit}有人选的联审还没有答复齐，或者到投票日已经过期，都没有登记。请先联审。你勾的都在。"),
    ),
    "candidate.held": (
        409,
        _l("{unit}的这个职务在任职的第一天或者以后还有别人担任，都没有登记。请先核对单位的任职。你勾的都在。"),
    ),
}
"""The same about the candidates of an election."""

ROSTER_REFUSALS: Mapping[str, tuple[int, str]] = {
    "roster.none": (404, _l("没有等着确认的名册，或者已经过了两小时，什么都没有写。请再传一次。")),
    "roster.changed": (409, _l("你看过以后任职有人改过，名册没有存。请再看一遍现在会改什么。")),
}
"""The same about a roster that waits; what is wrong with a file or a cell is said by `wording.roster_faults`."""


def post_word(kind: str) -> str:
    """A post's name for people."""
    return str(gettext(POSTS[PostKind(kind)]))


def body_word(kind: str) -> str:
    """The body a post belongs to, for people."""
    return str(gettext(BODIES[BODY_OF[PostKind(kind)]]))


def how_word(how: str) -> str:
    """How somebody came to a post; empty where nobody noted it."""
    return str(gettext(HOWS[How(how)])) if how else ""


def ending_word(ending: str) -> str:
    """Why a post ended; empty where nobody noted it."""
    return str(gettext(ENDINGS[Ending(ending)])) if ending else ""


def education_word(education: str) -> str:
    """The schooling; empty where nobody noted it."""
    return str(gettext(EDUCATIONS[Education(education)])) if education else ""


def candidate_word(state: str) -> tuple[str, str]:
    """Where a candidate is in an election, and the kind of its tag."""
    word, kind = CANDIDATE_STATES[CandidateState(state)]
    return str(gettext(word)), kind


def standing_word(standing: Standing) -> tuple[str, str]:
    """What the check of a candidate says, and the kind of its tag."""
    word, kind = STANDINGS[standing]
    return str(gettext(word)), kind


def choices(words: Mapping[Any, str], empty: str = "") -> list[tuple[str, str]]:
    """A table of words to choose from, after an empty choice where one is named."""
    listed = [(str(code), str(gettext(word))) for code, word in words.items()]
    return [("", empty), *listed] if empty else listed
