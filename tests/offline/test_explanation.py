"""One unit's result in words: the text itself, and every sum in it redone by hand."""

import ast
import operator
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from starrating.domain.explain import Explanation, explain
from starrating.offline.explain import run
from starrating.offline.explanation import explanation_text
from starrating.offline.layout import columns_of
from starrating.offline.working import RatedFiles, rate_files
from tests.house.source import ROOT

CASES = ROOT / "tests" / "cases"
SUMMED = ("composition", "vetoes-and-movement", "leaf-methods")
COMPOSITION_V2 = """\
v2，2024年度
(基础-减分)×70% + 评议×30%,季度均值,不适用项,二选一

结果：四星，首次评定
总分：94.19分
名次：宝坻区第4名，共评7个

【得分】
每一步四舍五入到4位小数，再看最高最低，总分四舍五入到2位。

J 基础与减分：满分100分，得95.41分
  下级相加；乘0.7计入上级
  96.6667 × 0.4 + 48.25 + 9.9933 - 1.5，得95.41分
  J1 党建(百分制折40分)：满分100分，得96.6667分
    下级相加；乘0.4计入上级
    J12 党费不计，其余按满分比例放大
    58 × 100 / 60，得96.6667分
    J11 三会一课：满分60分，得58分
      直接打分，0到60分
      填58，得58分
    J12 党费：不计此项
      直接打分，0到40分
      空着，不计此项
  J2 季度考核均值：满分50分，得48.25分
    直接打分，0到50分；按季，取平均
    第1季度填49，得49分；第2季度填48，得48分；第3季度填49，得49分；第4季度填47，得47分
    全年得48.25分
  J3 收入或增幅取高：满分10分，得9.9933分
    取下级中最高的
    取大的（6，9.9933），得9.9933分
    J31 人均收入：满分10分，得6分
      30000以上10分，20000以上6分，其余0分
      填20000：20000 ≥ 20000 → 6分
    J32 增幅：满分10分，得9.9933分
      从0（0分）到15（10分）按直线折算
      填14.99：0 + (10 - 0) × (14.99 - 0) / (15 - 0)，得9.9933分
  J9 通报批评：最多扣6分，扣1.5分
    每次扣1.5分，最多扣6分；扣分项，上级减去它
    填1：1.5 × 1，得1.5分

P 评议：满分100分，得91.3333分
  下级取平均，权重P1为40、P2为20、P3为40；乘0.3计入上级
  P3 党员群众评议不计，其余按权重平均
  (40 × 92 + 20 × 90) / (40 + 20)，得91.3333分
  P1 领导评议：满分100分，得92分
    直接打分，0到100分
    填92，得92分
  P2 部门评议：满分100分，得90分
    直接打分，0到100分
    填90，得90分
  P3 党员群众评议：不计此项
    直接打分，0到100分
    空着，不计此项

总分：95.41 × 0.7 + 91.3333 × 0.3，得94.19分

【名次和名额】
名次：宝坻区第4名，共评7个
排名依据：总分为94.19；评议得分为91.3333
本单位最高可到五星，没有保底
五星：名额30%，总分不低于90，党建(百分制折40分)得分率不低于0.9
  本范围名额2个，按名次进2个
  末位进线v7（总分96.64，第2名），首位落线v4（总分94.33，第3名），相差2.31分
  本单位：没有进，比线多出4.19分，比末位进线低2.45分
四星：名额50%，总分不低于80
  本范围名额3个，按名次进3个
  末位进线v6（总分88.88，第5名）
  本单位：就在这一级，比线多出14.19分，比末位进线高5.31分
三星：总分不低于60
  按名次进2个
  末位进线v5（总分61.84，第7名）
  本单位：在更高的一级，比线多出34.19分

【为什么是四星】
1．五星名额已满
"""
MOVES_V03 = """\
v03，2024年度
一票否决、封顶、保底、逐级晋星与破格

结果：三星，▼降星 -1
上年：四星
总分：100.60分
名次：武清区第3名，共评15个

【得分】
每一步四舍五入到4位小数，再看最高最低，总分四舍五入到2位。
S 得分：满分100分，得96分
  直接打分，0到100分
  填96，得96分
U 满意率：最多加5分，加4.6分
  从0（0分）到100（5分）按直线折算；加分项，不占满分
  填92：0 + (5 - 0) × (92 - 0) / (100 - 0)，得4.6分

总分：96 + 4.6，得100.60分

【名次和名额】
名次：武清区第3名，共评15个
排名依据：总分为100.60；得分为96；事件（flag.petition）为0，低者在前
本单位最高可到三星，没有保底
五星：名额20%，总分不低于90
  本范围名额3个，按名次进3个
  末位进线v08（总分97.50，第6名），首位落线v11（总分95.50，第9名），相差2分
  本单位：最高到不了这一级，比线多出10.6分，比末位进线高3.1分
四星：名额40%，总分不低于80
  本范围名额6个，保底占1个，按名次进4个
  末位进线v15（总分88.50，第11名）
  本单位：最高到不了这一级，比线多出20.6分，比末位进线高12.1分
三星：不限
  保底占3个，按名次进2个
  末位进线v09（总分96.50，第8名）
  本单位：就在这一级，比末位进线高4.1分

【为什么是三星】
1．软弱涣散：封顶三星。情形：事件（flag.weak）正好1次
"""


def files_of(case: str) -> tuple[Path, Path, Path | None]:
    folder = CASES / case
    history = folder / "history.csv"
    return folder / "scheme.yaml", folder / "scores.csv", history if history.exists() else None


@cache
def rated(case: str) -> RatedFiles:
    return rate_files(*files_of(case), keep_all=True)


def explanation_of(case: str, unit: str) -> Explanation:
    rating = rated(case).rating
    return next(explain(rating, [rating.inputs.units.index(unit)]))


def told(case: str, unit: str, room: int = 10_000) -> str:
    return explanation_text(explanation_of(case, unit), rated(case).scheme, room=room)


def units_of(*cases: str) -> list[tuple[str, str]]:
    return [(case, unit) for case in cases for unit in rated(case).rating.inputs.units]


def value_of(steps: str) -> Fraction:
    """What a sum as it is printed comes to, exactly."""
    words = str.maketrans({"（": "(", "）": ")", "，": ",", "×": "*"})
    return _worked_out(ast.parse(steps.replace("取大的", "max").translate(words), mode="eval").body)


def _worked_out(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_worked_out(inner)
        case ast.Call(func=ast.Name(id="max"), args=arguments):
            return max(_worked_out(argument) for argument in arguments)
        case ast.BinOp(left=left, op=operation, right=right):
            return OPERATIONS[type(operation)](_worked_out(left), _worked_out(right))
    raise ValueError(ast.dump(node))


OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def half_up(value: Fraction, digits: int) -> Fraction:
    whole = int(abs(value) * 10**digits + Fraction(1, 2))
    return Fraction(-whole if value < 0 else whole, 10**digits)


HEADING = re.compile(r"^ *(\S+) .+：(?:满分|最多加|最多扣)(.+)分，[得加扣](-?[\d.]+)分$")
SUM = re.compile(r"(?:^ *|：)(-?[(\d取][^：；]*)，得(-?[\d.]+)分$")
LOOKED_UP = re.compile(r" → (-?[\d.]+)分$")


def redone(text: str, digits: int) -> Iterator[tuple[str, Fraction, Fraction, Fraction]]:
    """Of every sum of the score sheet: its line, what it comes to, what it says it gives, and its node's maximum."""
    full = Fraction(0)
    for line in text.splitlines():
        if found := HEADING.match(line):
            full = Fraction(found[2])
        elif (found := SUM.search(line)) and not line.startswith("总分"):
            yield line, half_up(value_of(found[1]), digits), Fraction(found[2]), full


def test_the_composition_case() -> None:
    assert told("composition", "v2", 100) == COMPOSITION_V2


def test_the_vetoes_case() -> None:
    assert told("vetoes-and-movement", "v03", 100) == MOVES_V03


@pytest.mark.parametrize(("case", "unit"), units_of(*SUMMED))
def test_every_sum_gives_the_points_that_are_shown(case: str, unit: str) -> None:
    sums = list(redone(told(case, unit), rated(case).scheme.precision))
    assert sums or explanation_of(case, unit).total is None
    for line, value, points, full in sums:
        assert points == min(max(value, Fraction(0)), full), line


@pytest.mark.parametrize(("case", "unit"), units_of(*SUMMED))
def test_every_node_has_the_points_of_its_sum(case: str, unit: str) -> None:
    """The points in the heading are those of the last line under it: a sum, a row of a table, the year's."""
    points, checked = "", 0
    for line in told(case, unit).partition("【名次和名额】")[0].splitlines():
        if found := HEADING.match(line):
            points = found[3]
        elif found := SUM.search(line) or LOOKED_UP.search(line):
            by_period = "第" in line.partition("：")[0]
            checked += not by_period and not line.startswith("总分")
            assert by_period or line.startswith("总分") or found.groups()[-1] == points, line
    assert checked or explanation_of(case, unit).total is None


@pytest.mark.parametrize(("case", "unit"), units_of(*SUMMED, "places-and-lines"))
def test_what_was_filled_in_as_points_is_the_points(case: str, unit: str) -> None:
    pairs = re.findall(r"填(-?[\d.]+)，得(-?[\d.]+)分", told(case, unit))
    assert pairs or explanation_of(case, unit).total is None
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


@pytest.mark.parametrize("unit", [unit for _case, unit in units_of("composition")])
def test_a_year_is_the_mean_of_its_quarters(unit: str) -> None:
    found = re.search(r"(第1季度填.+)\n +全年得(.+)分", told("composition", unit))
    assert found
    quarters = [Fraction(points) for points in re.findall(r"得([\d.]+)分", found[1])]
    assert len(quarters) == 4
    assert Fraction(found[2]) == half_up(sum(quarters, Fraction(0)) / 4, 4)


@pytest.mark.parametrize(("case", "unit"), units_of(*SUMMED, "places-and-lines"))
def test_every_total_is_the_sum_that_is_shown(case: str, unit: str) -> None:
    total = explanation_of(case, unit).total
    found = re.search(r"^总分：(.+)，得(.+)分$", told(case, unit), re.MULTILINE)
    assert (None if found is None else found[2]) == total
    if found:
        assert half_up(value_of(found[1]), rated(case).scheme.decimals) == Fraction(found[2])


LEVEL = re.compile(r"^(\S星)：(?:.*总分不低于([\d.]+))?")
EDGE = re.compile(r"末位进线(\S+?)（总分([\d.]+)，.+首位落线(\S+?)（总分([\d.]+)，.+相差([\d.]+)分")
OWN = re.compile(r"(比线多出|离线还差)([\d.]+)分")
AGAINST = re.compile(r"比末位进线(高|低)([\d.]+)分")


@pytest.mark.parametrize(("case", "unit"), units_of("composition", "vetoes-and-movement", "places-and-lines"))
def test_every_difference_is_that_of_two_shown_figures(case: str, unit: str) -> None:
    total = Fraction(explanation_of(case, unit).total or 0)
    line = last_in = Fraction(0)
    for text in told(case, unit).partition("【名次和名额】")[2].splitlines():
        if found := LEVEL.match(text):
            line = Fraction(found[2] or 0)
        if found := re.search(r"末位进线\S+?（总分([\d.]+)，", text):
            last_in = Fraction(found[1])
        if found := EDGE.search(text):
            assert Fraction(found[2]) - Fraction(found[4]) == Fraction(found[5])
        if found := OWN.search(text):
            assert abs(total - line) == Fraction(found[2])
            assert (total > line) == (found[1] == "比线多出")
        if found := AGAINST.search(text):
            assert abs(total - last_in) == Fraction(found[2])
            assert (total > last_in) == (found[1] == "高")


@pytest.mark.parametrize(
    ("unit", "result"),
    [
        ("v01", "五星，–保星"),
        ("v05", "未评，不是无星"),
        ("v06", "四星，▲晋星 +1"),
        ("v07", "四星，▼降星 -1"),
        ("v08", "五星，▲晋星 +3"),
        ("v13", "四星，上年没有星级可比"),
        ("v16", "无星，▼取消星级 -3"),
    ],
)
def test_the_result_and_how_it_moved(unit: str, result: str) -> None:
    assert f"\n结果：{result}\n" in told("vetoes-and-movement", unit)


@pytest.mark.parametrize(
    ("unit", "reasons"),
    [
        ("v02", ["1．重大安全责任事故：直接定为无星。情形：事件（flag.accident）1次以上"]),
        ("v05", ["1．成立不满一年：不评，记未评。情形：单位信息（months）低于12"]),
        ("v13", ["1．上年没有星级，最高四星"]),
        ("v01", ["按名次和分数线得到，没有封顶、否决或名额的限制。"]),
        (
            "v16",
            [
                "1．总分没到五星线90",
                "2．总分没到四星线80",
                "3．警告处分：定星后再降1级。情形：事件（flag.warned）1次以上",
            ],
        ),
    ],
)
def test_every_reason_in_order(unit: str, reasons: list[str]) -> None:
    text = told("vetoes-and-movement", unit)
    assert re.split("【为什么.+】\n", text)[1].splitlines() == reasons


def test_a_void_unit_has_no_scores_and_no_places() -> None:
    text = told("vetoes-and-movement", "v05")
    assert "得分" not in text
    assert "【名次和名额】" not in text
    assert "【为什么未评】" in text


def test_blank_excluded_and_not_counted_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text(APART, encoding="utf-8")
    (tmp_path / "scores.csv").write_text("unit,A,B,C,D\nv1,,,,8\n", encoding="utf-8")
    files = rate_files(tmp_path / "scheme.yaml", tmp_path / "scores.csv", None, keep_all=True)
    text = explanation_text(next(explain(files.rating, [0])), files.scheme)
    assert "A 甲：满分10分，得0分\n  直接打分，0到10分\n  空着，记0分\n" in text
    assert "B 乙：满分10分，得10分\n  直接打分，0到10分\n  空着，按满分记10分\n" in text
    assert "C 丙：不计此项\n  直接打分，0到10分\n  空着，不计此项\n" in text
    assert "D 丁：满分10分，得8分\n  直接打分，0到10分；只显示，不计分\n  填8，得8分\n" in text
    assert "C 丙不计，其余按满分比例放大\n总分：(0 + 10 + 8 × 0) × 30 / 20，得15.00分\n" in text


APART = """\
format: starrating/1
code: apart
title: 示例
year: 2024
levels: [{code: none, name: 无星, stars: 0}, {code: five, name: 五星, stars: 5}]
indicators:
  - {code: A, name: 甲, method: direct, max: 10, missing: zero}
  - {code: B, name: 乙, method: direct, max: 10, missing: full}
  - {code: C, name: 丙, method: direct, max: 10, missing: exclude}
  - {code: D, name: 丁, method: direct, max: 10, scale: 0}
allocation: {levels: {five: {min: 10}}}
"""


def test_named_stars() -> None:
    text = told("named-stars", rated("named-stars").rating.inputs.units[0])
    lines = re.findall(
        r"^  (\S+星)：点亮线80，得([\d.]+)，(点亮，比线多出|没亮，离线还差|点亮，正好到线)([\d.]*)分?$",
        text,
        re.MULTILINE,
    )
    assert [name for name, *_ in lines] == ["支部过硬星", "产业兴旺星", "生态宜居星", "平安法治星", "文明幸福星"]
    for _name, points, _where, gap in lines:
        assert abs(Fraction(points) - 80) == Fraction(gap or 0)


@pytest.mark.parametrize("case", ["consequences"])
def test_consequences_in_words(case: str) -> None:
    texts = [told(case, unit) for _case, unit in units_of(case)]
    assert any("绩效系数1.2（pay120）：对一肩挑负责人，绩效系数1.2" in text for text in texts)
    assert any("约谈（talk）：对党组织书记，约谈，30日内办理" in text for text in texts)
    assert any(text.endswith("【结果运用】\n没有。\n") for text in texts)


@pytest.mark.parametrize("room", [80, 100])
@pytest.mark.parametrize(("case", "unit"), units_of(*SUMMED))
def test_no_line_is_too_long_and_nothing_is_lost(case: str, unit: str, room: int) -> None:
    text, whole = told(case, unit, room), told(case, unit)
    assert max(columns_of(line) for line in text.splitlines()) <= room
    assert re.sub(r"\s", "", text) == re.sub(r"\s", "", whole)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    scheme, scores, history = files_of("vetoes-and-movement")
    assert run(scheme, scores, "v03", history) == 0
    assert capsys.readouterr().out == MOVES_V03


def test_a_unit_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    scheme, scores, history = files_of("vetoes-and-movement")
    assert run(scheme, scores, "v3", history) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("得分表里没有“v3”。相近的有：v")
    assert run(scheme, scores, "东村", history) == 2
    assert capsys.readouterr().err == "得分表里没有“东村”。请照unit列写全称。\n"


def test_files_that_are_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scheme, _scores, history = files_of("vetoes-and-movement")
    assert run(scheme, tmp_path / "none.csv", "v03", history) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(str(tmp_path / "none.csv"))
