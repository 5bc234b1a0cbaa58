"""Refusals around notices, publication and the decisions after it: the status and the sentence of each."""

from __future__ import annotations

from collections.abc import Mapping


def _l(text: str) -> str:
    """Marks a sentence of a table for translation, which happens when it is said."""
    return text


PUBLICATION_REFUSALS: Mapping[str, tuple[int, str]] = {
    "notice.nothing": (409, _l("还没有确认的审定结果，没有公示。请先试算，再由另一个人确认。")),
    "notice.past": (422, _l("{day}已经过去，没有公示。请改成今天或以后。")),
    "notice.no_working_day": (422, _l("{day}不是工作日，公示要从工作日开始。请改成{first}或以后。")),
    "paper.busy": (429, _l("好几份文件正在做，这一份还没有轮到，没有下载。请过一会儿再点一次。")),
    "job.busy": (429, _l("有好几份文件正在做，这一份没有开始。请过一会儿再点一次。")),
    "brief.none": (404, _l("{place}没有{year}年度，没有做简报。请换一个年度，季度写1到4。")),
    "yearbook.place": (404, _l("年报是全市和各区的，没有做。请选市或者区。")),
    "yearbook.unpublished": (409, _l("{place}{year}年度还没有发布名单，没有做年报。请在发布以后再做。")),
    "publication.too_early": (409, _l("公示期到{day}为止（含当天），还没有发布。请在期满以后发布。")),
    "publication.inputs_changed": (
        409,
        _l("审定以后依据的数据有变动（比如任职或往年星级的更正），没有发布。请先退回复核，重新试算、确认和公示。"),
    ),
    "publication.personal": (
        422,
        _l("发文机关和发文字号要公开，里面有手机号或身份证号，没有发布。请只写机关的名称和文号。你填的还在。"),
    ),
    "decision.none": (404, _l("没有这个决定。")),
    "decision.not_published": (409, _l("这一年度还没有发布，要改请退回复核，不用发布以后的决定。什么都没有动。")),
    "decision.open": (409, _l("这份名单还有一个没有办完的决定，没有再提。请先办完或撤回那一个。")),
    "decision.reason": (422, _l("理由和文号（依据）都要写，没有提交。你填的还在。")),
    "decision.personal": (
        422,
        _l("理由和依据要公开，里面有人名、手机号或身份证号，没有提交。请去掉，只写事和文号。你填的还在。"),
    ),
    "decision.no_day": (422, _l("生效的日子不是日期，没有提交。请写成2025-06-01这样。你填的还在。")),
    "decision.lifted_before": (
        422,
        _l("要撤销的摘星从{first}起生效，撤销不能比它早，没有提交。请改日期。你填的还在。"),
    ),
    "decision.day": (422, _l("生效的日子要在{first}（名单发布）到{last}（今天）之间，没有提交。请改。你填的还在。")),
    "decision.level": (422, _l("办法里没有这一级，或者它就是最高一级，没有提交。请重新选。")),
    "decision.no_units": (422, _l("还没有选单位，或者选的不在这份名单里，没有提交。请在名单里勾选。")),
    "decision.not_above": (422, _l("{unit}现在不高于要改成的星级，没有提交。请去掉它，或者另选一级。")),
    "decision.no_header": (422, _l("办法里没有这一项，没有提交。请刷新页面，照上面列的填。")),
    "decision.no_values": (422, _l("没有一个数和现在的不同，没有提交。请在“该是”里填正确的数。你填的还在。")),
    "decision.too_many": (422, _l("一次最多更正{most}个数，每个数只写一次，没有提交。请分几次提。你填的还在。")),
    "decision.value_moved": (
        409,
        _l("你打开页面以后，{unit}有一个数已经由别的决定更正过，没有提交。请记下你填的，刷新页面再看。"),
    ),
    "decision.inputs_changed": (
        409,
        _l(
            "审定以后，算分用的别的数据（比如往年12月31日的任职）又补改过，照现在的数重算就不只是这一处更正，没有提交。"
            "请先把那一处改回审定时的样子，或者请市里查看留痕。名单没有动。"
        ),
    ),
    "decision.not_removal": (409, _l("只有办完的摘星决定才能撤销，没有提交。")),
    "decision.lifted": (409, _l("这个摘星决定已经撤销，或者已经有人提出撤销，没有再提。请看那一个决定。")),
    "decision.still_removed": (
        409,
        _l("这些单位还有别的摘星决定管着，撤销这一个星级也不变，没有提交。请先撤销后来的那一个。"),
    ),
    "decision.own": (409, _l("这个决定是你提出的，要由另一个人决定（两人复核）。名单没有动。")),
    "decision.changed": (409, _l("你打开页面以后名单有变动，没有决定。请刷新页面，看过新的内容再决定。")),
    "decision.settled": (409, _l("这个决定已经由别人办过，你的这次没有动什么。请刷新页面看结果。")),
    "signing.none": (409, _l("服务器上还没有签名密钥，没有发布。请管理员运行flask create-signing-key，再来发布。")),
    "signing.open": (409, _l("签名密钥的文件别人也能读，没有发布。请管理员把它改成只有程序自己能读，再来发布。")),
    "signing.unreadable": (409, _l("签名密钥的文件读不出来，没有发布。请管理员检查SIGNING_KEY_FILE，再来发布。")),
    "signing.revoked": (409, _l("签名密钥已经声明作废，没有发布。请管理员换一把新的密钥，再来发布。")),
    "signing.reason": (422, _l("要写作废的理由（会公开），没有记下。")),
    "signing.unknown": (404, _l("没有用这把公钥发布过名单，没有记下。请照公开的公钥页核对。")),
    "signing.revoked_before": (409, _l("这把公钥已经声明过作废，没有再记；声明了的不能改。")),
    "signing.still_to_come": (422, _l("作废的日子还没有到，没有记下。请写今天或者以前的日子。")),
    "signing.exists": (409, _l("{file}已经有了，没有改动。要换密钥，请把SIGNING_KEY_FILE改成新的文件名再运行。")),
}
