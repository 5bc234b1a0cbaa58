"""`check`: the whole scheme on a terminal, aligned, nothing cut; or every fault."""

import re
from pathlib import Path

import pytest

from starrating.offline.check import run, scheme_lines
from starrating.offline.layout import Column, columns_of, hung, table, wrapped
from starrating.schemes.reader import read_scheme
from starrating.wording.rules import node_rule
from tests.house.source import PACKAGE, ROOT

SCHEMES = [
    *sorted((ROOT / "tests" / "cases").glob("*/scheme.yaml")),
    *sorted((PACKAGE / "schemes" / "demo").glob("*.yaml")),
]
SHEET = """\
多层考核(示例)

代号      small
评定年度  2024
评定对象  村
星级      五星、无星
满分      100分，加分项和扣分项不在内
指标数    3个一级指标，3个末级指标
小数      每一步四舍五入到4位小数，总分到2位
摘要      {digest}

【指标】
代码  指标             满分  赋分办法                   空着      谁填    佐证
────  ───────────────  ────  ─────────────────────────  ────────  ──────  ────────
A     党组织建设         60  下级相加
A.1     组织生活         60  起评60分，每次扣1分，扣完  不计此项  组织部  会议记录
                             为止；按季，全年合并计算

B     白庙村农工商联     40  直接打分，0到40分，0.5分   不许空
      合公司（村委           一档
      会）述职
C     加分                5  每次加1分，最高5分；加分   不许空
                             项，不占满分

【否决、封顶、保底、不评】
代码      名称              什么情况                      怎么办
────────  ────────────────  ────────────────────────────  ────────────
accident  重大安全责任事故  事件（flag.accident）1次以上  直接定为无星

【升降】
一年最多升1级

【定星】
范围  按区分别评定
排名  总分
并列  名额边上并列的一并收进，可以超名额
取整  舍去小数
空额  空出的名额不顺延

星级  名额、分数线和条件
────  ─────────────────────
五星  名额10%，总分不低于90
无星  其余单位

【结果运用】
代码    名称  对谁        什么情况    结果
──────  ────  ──────────  ──────────  ────
plaque  授牌  村（社区）  本年为五星  授牌

【公示】
公示5个工作日，公布得分
"""
SMALL = """\
format: starrating/1
code: small
title: 多层考核(示例)
year: 2024
applies_to: [village]
levels: [{code: none, name: 无星, stars: 0}, {code: five, name: 五星, stars: 5}]
full_score: 100
indicators:
  - code: A
    name: 党组织建设
    children:
      - {code: A.1, name: 组织生活, method: count, start: 60, each: -1, periods: quarter, missing: exclude,
         source: 组织部, evidence: 会议记录}
  - {code: B, name: 白庙村农工商联合公司（村委会）述职, method: direct, max: 40, step: 0.5}
  - {code: C, name: 加分, kind: bonus, method: count, each: 1, max: 5}
overrides:
  - {code: accident, name: 重大安全责任事故, when: {flag.accident: {at_least: 1}}, effect: {set: none}}
movement: {max_rise: 1}
allocation: {pool: [district], levels: {five: {quota: 10%, min: 90}}}
consequences:
  - {code: plaque, name: 授牌, for: unit, when: {level: five}, effect: {honour: plaque}}
"""


def named(path: Path) -> str:
    return path.parent.name if path.name == "scheme.yaml" else path.stem


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_a_scheme_on_a_narrow_terminal(small: Path) -> None:
    read = read_scheme(small)
    digest = " ".join(re.findall(".{8}", read.digest))
    assert "\n".join(scheme_lines(read, 84)) + "\n" == SHEET.format(digest=digest)


def test_the_command(small: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "84")
    assert run(small) == 0
    printed = capsys.readouterr()
    assert printed.out == "\n".join(scheme_lines(read_scheme(small), 84)) + "\n"
    assert printed.err == ""


def test_every_fault_is_told(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small.write_text(SMALL.replace("full_score: 100", "full_score: 90\nfull: 1"), encoding="utf-8")
    assert run(small) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [line.partition(": ")[0] for line in printed.err.splitlines()] == [f"{small}:7", f"{small}:8"]


@pytest.mark.parametrize("room", [80, 120])
@pytest.mark.parametrize("path", SCHEMES, ids=named)
def test_every_scheme_fits_and_nothing_is_cut(path: Path, room: int) -> None:
    read = read_scheme(path)
    lines = list(scheme_lines(read, room))
    assert [line for line in lines if columns_of(line) > room] == []
    assert [line for line in lines if line != line.rstrip()] == []
    shown = sorted("".join(lines))
    for node in read.scheme.nodes():
        for text in (node.name, node_rule(node, read.scheme), node.source, node.evidence):
            assert not set(text.replace(" ", "")) - set(shown)


@pytest.mark.parametrize("path", SCHEMES, ids=named)
def test_with_room_enough_every_rule_stands_on_one_line(path: Path) -> None:
    read = read_scheme(path)
    whole = "\n".join(scheme_lines(read, 2000))
    for node in read.scheme.nodes():
        assert re.search(
            rf"^{re.escape(node.code)} +{re.escape(node.name)} .*{re.escape(node_rule(node))}", whole, re.MULTILINE
        )


def test_a_number_of_columns() -> None:
    assert columns_of("村a1（") == 6
    assert columns_of("e\u0301") == 1


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("每处扣1分，扣完为止", ["每处扣", "1分，扣", "完为止"]),
        ("abcdefghij", ["abcdefgh", "ij"]),
        ("（甲）（乙）", ["（甲）", "（乙）"]),
        ("  甲乙丙丁", ["  甲乙丙", "  丁"]),
        ("", [""]),
    ],
)
def test_lines_break_where_one_may(text: str, lines: list[str]) -> None:
    assert list(wrapped(text, 8)) == lines


def test_what_follows_a_first_line_hangs() -> None:
    assert hung("甲乙丙丁", 8, indent=2) == "  甲乙\n    丙丁"


def test_a_table_leaves_out_what_is_empty() -> None:
    columns = [Column("代码"), Column("指标", 1), Column("满分", right=True), Column("谁填", 1)]
    rows = [("A", "党组织建设", "10", ""), ("B", "治理", "5", "")]
    assert list(table(columns, rows, 22)) == [
        "代码  指标        满分",
        "────  ──────────  ────",
        "A     党组织建设    10",
        "B     治理           5",
    ]
