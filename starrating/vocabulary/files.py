"""What is said where evidence or a spot check is refused; `starrating.errors` joins it to all other refusals."""

from __future__ import annotations

from collections.abc import Mapping


def _l(text: str) -> str:
    """Marks a sentence of a table for translation, which happens when it is said."""
    return text


FILE_REFUSALS: Mapping[str, tuple[int, str]] = {
    "spot_check.none": (404, _l("没有这件暗访，或者不归你办，什么都没有动。")),
    "spot_check.found": (422, _l("地点、谁发现的、发现了什么都要写，没有记。请补上空着的。")),
    "spot_check.seen_at": (422, _l("时间不对或者还没有到，没有记。请填发现那一刻的年月日和时分。")),
    "spot_check.due": (422, _l("要单位先说明，就要定到哪一天为止，没有记。请填今天或以后的日子。")),
    "spot_check.due_late": (
        422,
        _l(
            "说明到{due}为止，暗访到{closes}就不能再办，到期以后来不及算数，没有记，你填的都在。"
            "请改成更早的一天，或者先把日期往后改。"
        ),
    ),
    "spot_check.header": (422, _l("办法里没有这一格，没有记。请从列出的里面选。")),
    "spot_check.value": (422, _l("扣分要写明这一格该是多少，没有记。请填数。")),
    "spot_check.answer": (422, _l("说明是空的，没有交。请写清楚当时的情况。")),
    "spot_check.reason": (422, _l("要写明理由，没有动。请写一句。")),
    "spot_check.unanswered": (409, _l("单位还没有说明，期限也没有到，现在不能算数，什么都没有动。请等说明或者期满。")),
    "spot_check.changed": (409, _l("你打开页面以后这件暗访已经往前走了，你的这次没有存。请看过现在的样子再办。")),
    "evidence.none": (404, _l("没有这件佐证，或者不归你管，什么都没有动。")),
    "evidence.settled": (409, _l("这件暗访或异议已经办结，佐证没有动，原来的都在。")),
    "evidence.empty": (422, _l("文件是空的，没有收。请在电脑上打开看看，再传一次。")),
    "evidence.kind": (422, _l("看内容不是能收的文件，没有收。能收PDF、JPG、PNG、DOCX、XLSX，其他的请先另存。")),
    "evidence.ending": (422, _l("名字写的是{ending}，内容却是{medium}，没有收。请核对是不是拿错了文件。")),
    "evidence.broken": (422, _l("文件不完整或者坏了，没有收。请打开看看，重新保存再传。")),
    "evidence.encrypted": (422, _l("文件加了密码，没有收。请去掉密码再传。")),
    "evidence.macros": (422, _l("文件带宏，没有收。请另存为不带宏的DOCX或XLSX再传。")),
    "evidence.bomb": (422, _l("文件展开以后太大，没有收。请拆成几个再传。")),
    "evidence.pixels": (422, _l("图片太大，没有收。最多{most}万像素，请缩小再传。")),
    "evidence.large": (422, _l("文件太大，没有收。每个最多{most} MB，请压缩或者拆开再传。")),
    "evidence.files": (422, _l("这一项已经有{most}件，没有收。请把几页合成一个PDF，或者先撤下不用的。")),
    "evidence.unit_full": (422, _l("这个单位一年的佐证最多{most} MB，放不下，没有收。请压缩图片，或者先撤下不用的。")),
    "evidence.no_room": (503, _l("存放的地方满了，没有收，原来的都在。请告诉管理员，稍后再传。")),
    "evidence.no_store": (503, _l("存放的地方现在连不上，什么都没有动。请稍后再试。")),
    "evidence.reason": (422, _l("要写明为什么撤下，没有撤。请写一句理由。")),
    "evidence.removed": (409, _l("这件佐证已经由别人撤下，你的这次没有记。请刷新页面看理由。")),
    "evidence.damaged": (409, _l("“{name}”存着的内容缺失或被改动，没有给出。已经记入留痕，请告诉管理员。")),
}
"""The status and the sentence of every refusal about files and findings."""
