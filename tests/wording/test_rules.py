"""Rules in words: what a scheme writes, and the sentence a district official reads."""

from collections.abc import Callable
from pathlib import Path

import pytest

from starrating.domain.scheme import Scheme
from starrating.schemes.reader import read_scheme
from starrating.wording.allocation import (
    bottom_text,
    by_pool_text,
    carry_text,
    level_rules,
    lit_text,
    pool_text,
    rank_text,
    rounding_text,
    ties_text,
)
from starrating.wording.conditions import condition_text
from starrating.wording.outcomes import consequence_text, moved_text, movement_text, notice_text, override_text
from starrating.wording.reasons import reason_text
from starrating.wording.rules import leaf_rule, missing_text, node_rule

Write = Callable[..., Scheme]

HEAD = """
format: starrating/1
code: words
title: 示例
year: 2024
levels:
  - {code: none, name: 无星, stars: 0}
  - {code: three, name: 三星, stars: 3}
  - {code: four, name: 四星, stars: 4}
  - {code: five, name: 五星, stars: 5}
"""
TREE = """
  - {code: V1, name: 党组织建设, method: direct, max: 60}
  - code: V2
    name: 乡村治理
    children:
      - {code: V2.1, name: 满意率, method: line, at: [[0, 0], [100, 40]]}
"""
QUOTAS = "{pool: [district], levels: {five: {quota: 10%, min: 90}, four: {quota: 40%}, three: {}}}"
ACCIDENT = "{code: accident, name: 重大安全责任事故, when: {flag.accident: {at_least: 1}}, effect: {set: none}}"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(
        *, tree: str = TREE, allocation: str = QUOTAS, overrides: str = f"[{ACCIDENT}]", more: str = ""
    ) -> Scheme:
        path = tmp_path / "scheme.yaml"
        rules = f"indicators:\n{tree}\nallocation: {allocation}\noverrides: {overrides}\n{more}\n"
        path.write_text(HEAD + rules, encoding="utf-8")
        return read_scheme(path).scheme

    return written


LEAVES = [
    ("method: direct, max: 10, step: 0.5", "直接打分，0到10分，0.5分一档"),
    ("method: direct, min: -5, max: 5", "直接打分，-5到5分"),
    ("method: count, start: 8, each: -1", "起评8分，每次扣1分，扣完为止"),
    ("method: count, start: 8, each: -1, min: -2", "起评8分，每次扣1分，最低-2分"),
    ("method: count, each: 1.5, max: 6", "每次计1.5分，最高6分"),
    ("method: count, each: 1", "每次计1分，不封顶"),
    ("method: count, kind: bonus, each: 1, max: 3", "每次加1分，最高3分"),
    ("method: count, kind: penalty, each: 1.5, max: 6", "每次扣1.5分，最多扣6分"),
    (
        "method: count, start: 5, each: -1, required: 1, periods: quarter",
        "起评5分，每季应有1次，每少1次扣1分，扣完为止；按季，全年合并计算",
    ),
    (
        "method: cases, start: 8, each: {越级访: -1, 集体访: -2, 未报告: -1}",
        "起评8分，越级访、未报告每次扣1分，集体访每次扣2分，扣完为止",
    ),
    (
        "method: cases, start: 6, each: {支委会: -0.5, 走过场: -1}, required: {支委会: 3}, periods: month",
        "起评6分，每月应有支委会3次，每少1次扣0.5分，走过场每次扣1分，扣完为止；按月，全年合并计算",
    ),
    ("method: checklist, items: {有规划: 1, 产业明晰: 1, 带动农户: 2}", "有规划、产业明晰各计1分，带动农户计2分"),
    ("method: checklist, start: 5, items: {不健全: -5, 不团结: -3}", "起评5分，不健全扣5分，不团结扣3分，扣完为止"),
    ("method: choice, options: {优: 10, 良: 8, 中: 6, 差: 0}", "优10分，良8分，中6分，差0分"),
    ('method: choice, options: {"1": 10, A: 8}', "1得10分，A得8分"),
    (
        "method: choice, of: previous, options: {five: 2, four: 1, three: 0, none: 0}",
        "按上年：五星2分，四星1分，三星0分，无星0分",
    ),
    ("method: choice, of: appraisal, options: {好: 3, 差: 0}", "按述职评议等次：好3分，差0分"),
    (
        "method: bands, bands: [{from: 50, points: 8}, {from: 30, points: 6}, {points: 0}]",
        "50以上8分，30以上6分，其余0分",
    ),
    ("method: bands, bands: [{to: 0, points: 5}, {to: 3, points: 3}, {points: 0}]", "0及以下5分，3及以下3分，其余0分"),
    ("method: line, at: [[60, 0], [95, 10]]", "从60（0分）到95（10分）按直线折算"),
    ("method: line, at: [[1, 0], [10, 4], [100, 10]], log: true", "1（0分）、10（4分）、100（10分），中间按对数折算"),
    (
        "method: line, at: [[0, 0], [100, 3]], periods: quarter, over: mean",
        "从0（0分）到100（3分）按直线折算；按季，取平均",
    ),
    ("method: direct, max: 5, periods: [上半年, 下半年], over: last", "直接打分，0到5分；分上半年、下半年，取最后一期"),
    ("method: value, max: 5, min: -5", "填多少计多少，最低-5分，最高5分"),
    ("method: relative, to: best, max: 6", "与同一评定范围最好的比，最好的得6分，其余按比例"),
    ("method: relative, to: best, max: 6, within: [district]", "与同区最好的比，最好的得6分，其余按比例"),
    (
        "method: relative, to: minmax, max: 6, better: lower",
        "在同一评定范围最好（6分）与最差（0分）之间按直线折算（低者为好）",
    ),
    ("method: relative, to: place, max: 10, each: 2", "在同一评定范围排名，第1名得10分，每落后1名少2分"),
    (
        "method: relative, to: rank, bands: [{top: 0.25, points: 5}, {points: 1}], within: [township]",
        "在同乡镇街道排名，前25%得5分，其余1分",
    ),
]


@pytest.mark.parametrize(("written", "said"), LEAVES)
def test_a_leaf(write: Write, written: str, said: str) -> None:
    scheme = write(tree=f"  - {{code: A, name: 指标, {written}}}")
    assert leaf_rule(scheme.node("A"), scheme) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("违法建设(新增处数)", "起评4分，每处扣1分，扣完为止"),
        ("超时件数", "起评4分，每件扣1分，扣完为止"),
        ("台账", "起评4分，每次扣1分，扣完为止"),
    ],
)
def test_the_name_has_the_measure_word(write: Write, name: str, said: str) -> None:
    scheme = write(tree=f"  - {{code: A, name: {name}, method: count, start: 4, each: -1}}")
    assert leaf_rule(scheme.node("A")) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("reject", "不许空"),
        ("zero", "记0分"),
        ("zero, min: 2", "记2分"),
        ("full", "记满分"),
        ("exclude", "不计此项"),
    ],
)
def test_a_blank(write: Write, written: str, said: str) -> None:
    scheme = write(tree=f"  - {{code: A, name: 指标, method: direct, max: 5, missing: {written}}}")
    assert missing_text(scheme.node("A")) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("scale: 0.1", "下级相加；乘0.1计入上级"),
        ("scale: 0", "下级相加；只显示，不计分"),
        ("kind: bonus, max: 5", "下级相加；加分项，不占满分"),
        ("kind: penalty, scale: 2, max: 5", "下级相加；扣分项，上级减去它，乘2计入上级"),
        ("aggregate: max", "取下级中最高的"),
        ("aggregate: mean, present: 2", "下级取平均，权重B为3、C为1，至少2项有结果才计"),
        ("aggregate: geometric", "下级取几何平均，权重B为3、C为1"),
    ],
)
def test_a_group(write: Write, written: str, said: str) -> None:
    children = "[{code: B, name: 乙, weight: 3, method: value, max: 9}, {code: C, name: 丙, method: value, max: 9}]"
    scheme = write(tree=f"  - {{code: A, name: 甲, {written}, children: {children}}}")
    assert node_rule(scheme.node("A"), scheme) == said


BEFORE = [
    ("{flag.accident: {at_least: 1}}", "重大安全责任事故（flag.accident）1次以上"),
    ("{flag.petition: 2}", "事件（flag.petition）正好2次"),
    ("{flag.petition: {below: 3}}", "事件（flag.petition）不到3次"),
    ("{total: {at_least: 90}}", "总分不低于90"),
    ("{share.V1: {at_least: 0.9}}", "党组织建设得分率不低于0.9"),
    ("{points.V1: {above: 50}, value.V2.1: {below: 60}}", "党组织建设得分高于50，且满意率填报值低于60"),
    ("{lowest.V2: {at_least: 1}}", "乡村治理各项中最低得分不低于1"),
    ("{unit.months: {below: 12}}", "单位信息（months）低于12"),
    ("{unit.district: [河西区, 和平区]}", "区为河西区或和平区"),
    ("{unit.kind: village}", "类别为村"),
    ("{leader.dual_role: 1}", "书记主任一肩挑"),
    ("{appraisal: [一般, 差]}", "述职评议等次为一般或差"),
    ("{previous: {at_least: three}}", "上年三星以上"),
    ("{previous: {not: five}}", "上年不是五星"),
    ("{rank: {at_most: 3}}", "名次在前3名以内"),
    ("{rank_share: {at_most: 0.1}}", "名次在前10%以内"),
    (
        "{any: [{flag.accident: {at_least: 1}}, {previous: {at_least: three}}]}",
        "重大安全责任事故（flag.accident）1次以上，或上年三星以上",
    ),
    (
        "{any: [{total: {below: 60}}, {flag.a: 1}], not: {flag.accident: {at_least: 1}}}",
        "（总分低于60，或事件（flag.a）正好1次），且没有重大安全责任事故（flag.accident）",
    ),
    ("{not: {total: {below: 60}, previous: none}}", "不属于（总分低于60，且上年为无星）"),
    ("{}", "一律"),
]


@pytest.mark.parametrize(("written", "said"), BEFORE)
def test_a_condition(write: Write, written: str, said: str) -> None:
    scheme = write(overrides=f"[{ACCIDENT}, {{code: x, name: 甲, when: {written}, effect: {{cap: four}}}}]")
    assert condition_text(scheme.overrides[1].when, scheme) == said


AFTER = [
    ("{level: five}", "本年为五星"),
    ("{level: [five, four]}", "本年为五星或四星"),
    ("{level: {at_least: four}}", "本年四星以上"),
    ("{level: {below: five}}", "本年低于五星"),
    ("{change: {at_least: 1}}", "比上年升1级以上"),
    ("{change: {at_most: -2}}", "比上年降2级以上"),
    ("{change: {at_least: 0}}", "不低于上年"),
    ("{change: {above: -2}}", "比上年升降级数高于-2"),
    ("{streak.five: {at_least: 3}}", "连续3年五星"),
    ("{streak.four: {at_least: 3}}", "连续3年四星以上"),
    ("{streak_below.three: {at_least: 2}}", "连续2年低于三星"),
    ("{leader_streak.five: {at_least: 3}}", "负责人任内连续3年五星"),
    ("{leader_streak.four: {at_least: 3}}", "负责人任内连续3年四星以上"),
    ("{leader_streak_below.three: {at_least: 2}}", "负责人任内连续2年低于三星"),
    ("{leader_streak.four: 2}", "负责人任内连续四星以上的年数为2"),
]


@pytest.mark.parametrize(("written", "said"), AFTER)
def test_a_condition_after_allocation(write: Write, written: str, said: str) -> None:
    entry = f"{{code: x, name: 甲, for: unit, when: {written}, effect: {{honour: plaque}}}}"
    scheme = write(more=f"consequences: [{entry}]")
    assert condition_text(scheme.consequences[0].when, scheme) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{void: true}", "软弱涣散：事件（flag.weak）正好1次，不评，记未评"),
        ("{void: scored}", "软弱涣散：事件（flag.weak）正好1次，参评不定星，只算总分"),
        ("{set: none}", "软弱涣散：事件（flag.weak）正好1次，直接定为无星"),
        ("{set: previous}", "软弱涣散：事件（flag.weak）正好1次，维持上年星级，不升不降"),
        ("{cap: three}", "软弱涣散：事件（flag.weak）正好1次，封顶三星"),
        ("{cap: previous}", "软弱涣散：事件（flag.weak）正好1次，封顶上年星级，不得晋星"),
        ("{floor: four}", "软弱涣散：事件（flag.weak）正好1次，保底四星"),
        ("{floor: previous}", "软弱涣散：事件（flag.weak）正好1次，保底上年星级，不降星"),
        ("{drop: 2}", "软弱涣散：事件（flag.weak）正好1次，定星后再降2级"),
    ],
)
def test_an_override(write: Write, written: str, said: str) -> None:
    scheme = write(overrides=f"[{{code: weak, name: 软弱涣散, when: {{flag.weak: 1}}, effect: {written}}}]")
    assert override_text(scheme.overrides[0], scheme) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{}", "升降不限"),
        ("{max_rise: 1, max_fall: 2}", "一年最多升1级，一年最多降2级"),
        (
            "{max_rise: 1, waive_rise: {flag.honour: {at_least: 1}}, no_previous: four, look_back: 2}",
            "一年最多升1级；破格晋星：事件（flag.honour）1次以上；上年没有星级的，最高四星；上年星级取2年内最近一次评定的星级",
        ),
    ],
)
def test_movement(write: Write, written: str, said: str) -> None:
    scheme = write(more=f"movement: {written}")
    assert movement_text(scheme.movement, scheme) == said


@pytest.mark.parametrize(
    ("level", "previous", "said"),
    [
        (3, 2, "▲晋星 +1"),
        (2, 2, "–保星"),
        (1, 3, "▼降星 -2"),
        (0, 2, "▼取消星级 -2"),
        (0, 0, "–与上年相同"),
        (2, None, "首次评定"),
    ],
)
def test_how_a_level_moved(write: Write, level: int, previous: int | None, said: str) -> None:
    assert moved_text(write(), level, previous) == said


FULL = """
  pool: [district, township]
  rank_by: [total, points.V1, -flag.petition]
  ties: exclude
  rounding: cumulative
  carry: true
  levels:
    five: {quota: 10% of four, min: 90, requires: {share.V1: {at_least: 0.9}}}
    four: {quota: 12, min: 80}
  bottom: {quota: 10%, rounding: up}
  by_pool: {河西区/天塔街道: {five: {quota: 3}}}
"""


def test_an_allocation(write: Write) -> None:
    scheme = write(allocation=FULL)
    rules = scheme.allocation
    assert pool_text(scheme) == "按区、乡镇街道分别评定"
    assert rank_text(scheme) == "总分，再比党组织建设得分，再比事件（flag.petition），低者在前"
    assert dict(level_rules(scheme)) == {
        "五星": "名额为够得上四星的10%，总分不低于90，党组织建设得分率不低于0.9",
        "四星": "名额12个，总分不低于80",
        "三星": "不开放，只有保底能进",
        "无星": "其余单位",
    }
    assert ties_text(rules.ties) == "名额边上并列的一个不收，这一级到此为止"  # type: ignore[union-attr]
    assert rounding_text(rules.rounding) == "从高到低累计后舍去小数"  # type: ignore[union-attr]
    assert carry_text(carry=True) == "空出的名额顺延给下一级"
    assert bottom_text(rules, scheme) == "排在最后10%（有小数就进1）的定为无星，有保底的除外"  # type: ignore[arg-type]
    assert list(by_pool_text(rules, scheme)) == [  # type: ignore[arg-type]
        ("河西区/天塔街道", "五星名额3个，总分不低于90，党组织建设得分率不低于0.9")
    ]


LIT = "{method: lit, lit: {V1: 48, V2: 30}, requires_total: 90}"


def test_named_stars(write: Write) -> None:
    scheme = write(allocation=LIT)
    assert lit_text(scheme.allocation, scheme) == "党组织建设48分以上、乡村治理30分以上各点亮1颗星"  # type: ignore[arg-type]
    assert dict(level_rules(scheme))["五星"] == "点亮5颗以上，总分不低于90"
    assert dict(level_rules(scheme))["四星"] == "点亮4颗以上"
    assert reason_text("lit:1", scheme) == "点亮1颗星"
    assert reason_text("requires:five", scheme) == "总分没到五星线90"


@pytest.mark.parametrize(
    ("bearer", "effect", "said"),
    [
        ("dual_role", "{pay_coefficient: 1.2}", "甲：本年为五星，对一肩挑负责人，绩效系数1.2"),
        (
            "director",
            "{pay_coefficient: {of: total, at: [[0, 0.1], [900, 1]], times: 0.9}}",
            "甲：本年为五星，对村（居）委会主任，绩效系数按总分直线折算（0时0.1、900时1），再乘0.9",
        ),
        ("dual_role", "{eligible: institutional_post}", "甲：本年为五星，对一肩挑负责人，符合事业编制资格条件"),
        ("dual_role", "{eligible: 先进}", "甲：本年为五星，对一肩挑负责人，符合先进资格条件"),
        ("secretary", "{measure: formal_talk, within_days: 30}", "甲：本年为五星，对党组织书记，约谈，30日内办理"),
        ("unit", "{honour: plaque}", "甲：本年为五星，对村（社区），授牌"),
        ("team", "{fund_share: 1.1}", "甲：本年为五星，对班子，经费份额1.1"),
        ("secretary", "{at_most: {appraisal: 称职}}", "甲：本年为五星，对党组织书记，个人考核等次最高称职"),
    ],
)
def test_a_consequence(write: Write, bearer: str, effect: str, said: str) -> None:
    entry = f"{{code: x, name: 甲, for: {bearer}, when: {{level: five}}, effect: {effect}}}"
    scheme = write(more=f"consequences: [{entry}]")
    assert consequence_text(scheme.consequences[0], scheme) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{}", "公示5个工作日，公布得分"),
        ("{days: 7, working_days: false, show_scores: false}", "公示7日，不公布得分"),
    ],
)
def test_a_notice(write: Write, written: str, said: str) -> None:
    assert notice_text(write(more=f"notice: {written}").notice) == said


REASONS = [
    ("quota:five", "五星名额已满"),
    ("quota:three", "三星不开放，只有保底能进"),
    ("min:five", "总分没到五星线90"),
    ("requires:five", "不具备五星条件：党组织建设得分率不低于0.9"),
    ("tie:four", "在四星名额边上并列，并列的一个不收"),
    ("cap:weak", "软弱涣散：封顶三星"),
    ("set:accident", "重大安全责任事故：直接定为无星"),
    ("floor:growth", "集体收入保底：保底四星"),
    ("drop:warned", "警告处分：定星后再降1级"),
    ("void:new_unit", "成立不满一年：不评，记未评"),
    ("rise_limit", "比上年最多升1级"),
    ("fall_limit", "比上年最多降2级"),
    ("no_previous", "上年没有星级，最高四星"),
    ("bottom", "排在最后10%（有小数就进1）的定为无星，有保底的除外"),
    ("waived", "破格晋星，不受一年最多升1级的限制"),
]
OVERRIDES = f"""
  - {ACCIDENT}
  - {{code: weak, name: 软弱涣散, when: {{flag.weak: 1}}, effect: {{cap: three}}}}
  - {{code: growth, name: 集体收入保底, when: {{flag.growth: 1}}, effect: {{floor: four}}}}
  - {{code: warned, name: 警告处分, when: {{flag.warned: 1}}, effect: {{drop: 1}}}}
  - {{code: new_unit, name: 成立不满一年, when: {{unit.months: {{below: 12}}}}, effect: {{void: true}}}}
"""
MOVEMENT = "movement: {max_rise: 1, max_fall: 2, waive_rise: {flag.honour: 1}, no_previous: four}"


@pytest.mark.parametrize(("code", "said"), REASONS)
def test_a_reason(write: Write, code: str, said: str) -> None:
    scheme = write(allocation=FULL, overrides=OVERRIDES, more=MOVEMENT)
    assert reason_text(code, scheme) == said


def test_a_reason_by_the_pools_own_rule(write: Write) -> None:
    scheme = write(allocation="{pool: [district], levels: {five: {min: 90}}, by_pool: {河西区: {five: {min: 95}}}}")
    assert reason_text("min:five", scheme, pool="河西区") == "总分没到五星线95"
    assert reason_text("min:five", scheme, pool="和平区") == "总分没到五星线90"


@pytest.mark.parametrize("code", ["unheard", "unheard:five", "cap:unheard", "quota:unheard"])
def test_a_code_that_is_none(write: Write, code: str) -> None:
    scheme = write()
    with pytest.raises(KeyError):
        reason_text(code, scheme)
