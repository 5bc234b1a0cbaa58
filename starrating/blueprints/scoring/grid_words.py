"""The sentences that the grid's script says, in the language of the session; it puts facts in place of the braces."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext


def _l(text: str) -> str:
    """Marks a sentence of a table for translation, which happens when it is said."""
    return text


WORDS: Mapping[str, str] = {
    "grid": _l("评分表"),
    "comma": _l("，"),
    "semicolon": _l("；"),
    "stop": _l("。"),
    "units": _l("{count}个单位，{towns}个乡镇街道"),
    "points": _l("{points}分"),
    "total": _l("得分相加"),
    "total.full": _l("满{points}分"),
    "full": _l("，满{points}分"),
    "blank": _l("空着的：{blank}"),
    "state.none": _l("没填"),
    "state.saving": _l("在存"),
    "state.saved": _l("刚存"),
    "state.refused": _l("未收"),
    "state.conflict": _l("冲突"),
    "state.locked": _l("锁定"),
    "state.waiting": _l("待传"),
    "state.doubt": _l("存疑"),
    "state.inapplicable": _l("不适用"),
    "filled": _l("已填{filled} / {of}格"),
    "saving.count": _l("在存{count}格"),
    "waiting.count": _l("待传{count}格"),
    "all.saved": _l("都存了"),
    "refused.count": _l("未收{count}"),
    "conflict.count": _l("冲突{count}"),
    "elsewhere": _l("别的乡镇街道还有{count}格没存"),
    "shown": _l("现在看的是{count}个单位"),
    "points.given": _l("得{points}分"),
    "points.of": _l("（满{high}分）"),
    "points.left": _l("这一项还有{count}格没填，填全才算得出分。"),
    "points.wrong": _l("这一项还有没收的格，改好才算得出分。"),
    "points.relative": _l("这一项要和别的单位比，都填了才算得出分。"),
    "why.closed": _l("现在不在评分时间内，没有存。你填的还在这里，要补填请联系区里延期。"),
    "why.none": _l("这一格不归你填了，没有存。你填的还在这里，请向区里核对。"),
    "why.refused": _l("这一格没有收。你填的还在这里，请改。"),
    "locked.by": _l("锁定：由{by}填。"),
    "locked.time": _l("锁定：现在不在评分时间内，只能看。"),
    "locked.told": _l("这里锁定，没有改。"),
    "township": _l("乡镇街道"),
    "somebody": _l("别人"),
    "undo": _l("撤销"),
    "undone": _l("撤销了{count}格"),
    "undone.none": _l("没有可以撤销的。"),
    "redone": _l("又改回{count}格"),
    "redone.none": _l("没有可以重做的。"),
    "away.refused": _l("这一项不能填不适用：办法没有说可以不计。没有发生就填0。"),
    "problem.none": _l("没有要处理的，也没有没填的。"),
    "copied": _l("复制了{rows}行 × {columns}列。"),
    "paste.title": _l("要粘贴{rows}行 × {columns}列，{count}格"),
    "paste.good": _l("{count}格可以存"),
    "paste.alike": _l("{count}格和原来一样，不动"),
    "paste.bad": _l("{unit} {column}：{why}"),
    "paste.more": _l("还有{count}格也不合规则"),
    "paste.over.rows": _l("下面放不下{count}行，这几行不粘贴"),
    "paste.over.columns": _l("右边放不下{count}列，这几列不粘贴"),
    "paste.locked": _l("{count}格锁定，不动"),
    "paste.ragged": _l("{count}行比别的行短，短的地方不动"),
    "paste.long": _l("{count}格字太多，不粘贴"),
    "paste.save": _l("存{good}格"),
    "paste.save.some": _l("存{good}格，留{bad}格给我改"),
    "paste.same": _l("粘贴的和原来一样，没有改动。"),
    "paste.nothing": _l("没有粘贴，原来的都在。"),
    "paste.done": _l("粘贴了{count}格。"),
    "paste.done.some": _l("粘贴了{count}格，{bad}格留给你改。"),
    "conflict.base": _l("原来"),
    "conflict.theirs": _l("{by}已存"),
    "conflict.mine": _l("你填的"),
    "conflict.unsaved": _l("还没有存"),
    "conflict.take": _l("用{by}的{text}"),
    "conflict.keep": _l("改成我的{text}"),
    "conflict.says": _l("冲突：{by}{at}存了{theirs}，你填的是{mine}。定下之前两个数都留着。"),
    "conflict.chose.theirs": _l("用了别人存的，你填的没有存。"),
    "conflict.chose.mine": _l("改成你填的，正在存。"),
    "history.none": _l("还没有人填过。"),
    "history.line": _l("{at} {by} 填{text}"),
    "doubt.says": _l("存疑，请核对：{why}"),
    "said.self": _l("自评"),
    "said.township": _l("初评"),
    "said.department": _l("部门"),
    "said.own": _l("乡镇街道"),
    "said.not": _l("没有交"),
    "files.all": _l("全部材料（{count}份）"),
    "files.add": _l("附材料"),
    "evidence.none": _l("办法没有要求附材料。"),
    "offline": _l("网断了。你接着填，{count}格先存在这台电脑上，连上自动传。"),
    "busy": _l("服务器现在忙，{count}格先存在这台电脑上，过一会自动再传。"),
    "signin": _l("登录过期了。你填的{count}格都在这台电脑上，登录以后自动接着存。"),
    "signin.link": _l("在新页登录"),
    "other": _l("这台电脑上现在登录的是{name}。你填的都留着，等你用自己的账号登录再传，别人看不到。"),
    "refused.told": _l("服务器没有收，{count}格先存在这台电脑上。请刷新页面再看。"),
    "connected": _l("连上了，接着存。"),
    "keeping.full": _l("这台电脑的浏览器存不下没传的内容。存完以前请不要关这一页。"),
}
"""By name; the script looks them up."""


def grid_words() -> dict[str, str]:
    """The sentences in the language in use."""
    return {name: str(gettext(text)) for name, text in WORDS.items()}
