"""The words of a workbook of scores that do not come from the scheme."""

from __future__ import annotations

from starrating.domain.entry import NOT_APPLICABLE, Column, needs_reason
from starrating.domain.methods import Checklist, Choice, Missing
from starrating.domain.scheme import Indicator, Scheme
from starrating.wording.language import translate
from starrating.wording.phrases import period_name
from starrating.wording.rules import leaf_rule, missing_text

LONGEST_NOTE = 1_000


def words() -> dict[str, str]:
    """What stands in the head of every sheet and in the messages of its cells."""
    return {
        "code": translate("统计代码"),
        "name": translate("名称"),
        "township": translate("乡镇街道"),
        "wrong_title": translate("这样填不收"),
        "wrong_option": translate("请从列出的里面选一个，或空着。"),
        "wrong_number": translate("请按批注里的规则填数，或空着。没有发生填0。"),
    }


def title(district: str, year: int, kind: str) -> str:
    """The first line of a sheet."""
    return translate("{district}{year}年度{kind}填报表").format(district=district, year=year, kind=kind)


def hint(made: str, closes: str) -> str:
    """The second line of a sheet."""
    deadline = translate("截止{time}。").format(time=closes) if closes else ""
    told = translate("白格可以填，灰格锁定。空着是没填，0是0，不适用填／。可以排序，不要改灰色小字那一行。{made}下载。")
    return told.format(made=made) + deadline


def part_name(column: Column) -> str:
    """The third line of a column's head: its period and part, or that the value goes there."""
    names = [period_name(column.period) if column.period else "", column.part]
    return " ".join(name for name in names if name) or translate("填报")


def reason_name(node: Indicator) -> str:
    """The head of the column for reasons of an indicator."""
    return translate("理由（必填）") if needs_reason(node) else translate("理由")


def note_name() -> str:
    """The head of the last column."""
    return translate("改动说明")


def note_part() -> str:
    """What the last column is for."""
    return translate("为什么改，可不填")


def column_note(node: Indicator, scheme: Scheme) -> str:
    """The rule of an indicator as a note on its cell."""
    lines = [leaf_rule(node, scheme), translate("空着的：{what}").format(what=missing_text(node))]
    if node.leaf is not None and isinstance(node.leaf.method, Checklist):
        lines.append(translate("有填1，没有填0"))
    if node.leaf is not None and node.leaf.missing is Missing.EXCLUDE:
        lines.append(translate("不适用填／"))
    lines += [node.note, translate("佐证：{what}").format(what=node.evidence) if node.evidence else ""]
    text = "\n".join(line for line in lines if line)
    return text if len(text) <= LONGEST_NOTE else f"{text[:LONGEST_NOTE]}…"


def options(node: Indicator) -> tuple[str, ...]:
    """What a cell of an indicator offers to choose from; nothing where a number is typed."""
    if node.leaf is None or not isinstance(node.leaf.method, Choice | Checklist):
        return ()
    offered = ("1", "0") if isinstance(node.leaf.method, Checklist) else tuple(node.leaf.method.options)
    return (*offered, NOT_APPLICABLE) if node.leaf.missing is Missing.EXCLUDE else offered
