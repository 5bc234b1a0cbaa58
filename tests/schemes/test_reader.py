"""A scheme read: exact numbers, texts as written, resolved bounds, and one digest for one meaning."""

from fractions import Fraction
from pathlib import Path

import pytest

from starrating.domain.conditions import About, All, AnyOf, Not, Operator, Subject, Test
from starrating.domain.scheme import PREVIOUS, EffectKind, LevelRule, NamedStars, PayLine, Quota, Quotas, Rounding
from starrating.schemes.reader import read_scheme
from tests.schemes.base import BASE, changed, faults_of, read, written
from tests.schemes.faulty import EFFECT, FOLLOWS, LEAF_A, LIT, MEASURE, WHEN, leaf

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted(
    {
        path.parent.name: path
        for base in ("../shared/cases", "tests/cases")
        for path in (ROOT / base).glob("*/scheme.yaml")
    }.values()
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_the_shared_cases_load(path: Path, tmp_path: Path) -> None:
    loaded = read_scheme(path)
    again = read(tmp_path, loaded.text)
    assert (again.digest, again.text) == (loaded.digest, loaded.text)


def test_numbers_are_exact_and_texts_as_written(tmp_path: Path) -> None:
    text = changed("max: 60}", "max: 60, scale: 0.1, note: 1.20}")
    text = changed("full_score: 100", "full_score: 46.0", text)
    text = changed("{优: 20, 良: 10}", "{yes: 20, 1: 10, 1.0: 0.5}", text)
    scheme = read(tmp_path, text).scheme
    assert scheme.node("A").scale == Fraction(1, 10)
    assert scheme.node("A").note == "1.20"
    leaf_b = scheme.node("B").leaf
    assert leaf_b is not None
    assert leaf_b.method.options == {"yes": 20, "1": 10, "1.0": Fraction(1, 2)}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("keys", "low", "high"),
    [
        ("method: direct, max: 60", 0, 60),
        ("method: direct, max: 60, min: -5", -5, 60),
        ("method: count, start: 8, each: -1", 0, 8),
        ("method: count, start: 8, each: 0", 0, 8),
        ("method: count, each: 1", 0, None),
        ("method: count, each: 1, max: 4", 0, 4),
        ("method: cases, start: 8, each: {a: -1, b: -2}", 0, 8),
        ("method: cases, start: 8, each: {a: -1, b: 2}", 0, None),
        ("method: checklist, start: 1, items: {a: 1, b: 2, c: -4}", 0, 4),
        ("method: choice, options: {优: 10, 差: -2}", -2, 10),
        ("method: bands, bands: [{from: 1, points: 5}, {points: -1}]", -1, 5),
        ("method: line, at: [[60, 1], [100, 10]]", 0, 10),
        ("method: value", None, None),
        ("method: value, min: 0", 0, None),
        ("method: relative, to: best, max: 6", 0, 6),
        ("method: relative, to: rank, bands: [{top: 0.5, points: 6}, {points: 2}]", 0, 6),
        ("aggregate: sum, children: [{X: direct, max: 10, scale: 0.5}, {X: direct, max: 4}]", 0, 9),
        ("children: [{X: direct, max: 10, kind: bonus}]", None, None),
        ("children: [{X: direct, max: 10}, {X: value}]", None, None),
        ("children: [{X: value}], max: 5", None, 5),
        ("aggregate: mean, children: [{X: direct, max: 10, weight: 3}, {X: direct, max: 2}]", 0, 8),
        ("aggregate: min, children: [{X: direct, max: 10}, {X: direct, max: 4, scale: 2}]", 0, 4),
        ("aggregate: geometric, children: [{X: direct, max: 10}, {X: direct, max: 4}]", 0, 10),
    ],
)
def test_bounds(tmp_path: Path, keys: str, low: int | None, high: int | None) -> None:
    for number in range(keys.count("X: ")):
        keys = keys.replace("X: ", f"code: X{number}, name: 丁, method: ", 1)
    text = changed(LEAF_A, f"{LEAF_A}\n  - {{code: T, name: 试, kind: bonus, {keys}}}")
    node = read(tmp_path, text).scheme.node("T")
    assert (node.low, node.high) == (low, high)


def test_conditions(tmp_path: Path) -> None:
    condition = (
        '{flag.a: {at_least: 1, below: 5}, unit.grade: [甲, 1, "1"], any: [{total: 90.50}, {}], '
        "not: {previous: {not: [none, five]}}}"
    )
    when = read(tmp_path, changed(WHEN, condition)).scheme.overrides[0].when
    flag, grade = Subject(About.FLAG, "a"), Subject(About.UNIT, "grade")
    assert when == All(
        (
            Test(flag, Operator.AT_LEAST, (Fraction(1),)),
            Test(flag, Operator.BELOW, (Fraction(5),)),
            Test(grade, Operator.IS, ("甲", Fraction(1), "1")),
            AnyOf((Test(Subject(About.TOTAL), Operator.IS, (Fraction(181, 2),)), All())),
            Not(Test(Subject(About.PREVIOUS), Operator.NOT, ("none", "five"))),
        )
    )


def test_a_level_code_that_looks_like_a_number_is_text(tmp_path: Path) -> None:
    text = BASE.replace("five", "5.0").replace("level: none", "level: 5.0")
    scheme = read(tmp_path, text).scheme
    assert scheme.consequences[0].when == Test(Subject(About.LEVEL), Operator.IS, ("5.0",))


@pytest.mark.parametrize(
    ("written_as", "kind", "level", "steps"),
    [
        ("{void: true}", EffectKind.VOID, 0, 0),
        ("{void: scored}", EffectKind.VOID_SCORED, 0, 0),
        ("{set: none}", EffectKind.SET, 0, 0),
        ("{floor: previous}", EffectKind.FLOOR, PREVIOUS, 0),
        ("{drop: 2}", EffectKind.DROP, 0, 2),
    ],
)
def test_effects(tmp_path: Path, written_as: str, kind: EffectKind, level: int, steps: int) -> None:
    override = read(tmp_path, changed(EFFECT, written_as)).scheme.overrides[0]
    assert (override.effect, override.level, override.steps) == (kind, level, steps)


def test_quotas(tmp_path: Path) -> None:
    text = changed("quota: 40%}", "quota: 12.5% of none, min: 80}")
    text = changed(
        "  bottom: {quota: 10%}\n",
        "  rounding: cumulative\n  bottom: {quota: 3}\n  by_pool: {河西区: {five: {quota: 12}}}\n",
        text,
    )
    allocation = read(tmp_path, text).scheme.allocation
    assert isinstance(allocation, Quotas)
    three = LevelRule(Quota(share=Fraction(1, 8), of=0), Fraction(80))
    assert allocation.levels == {2: LevelRule(Quota(share=Fraction(1, 10)), Fraction(90)), 1: three}
    assert allocation.by_pool == {"河西区": {2: LevelRule(Quota(places=12), Fraction(90)), 1: three}}
    assert (allocation.bottom, allocation.bottom_rounding) == (Quota(places=3), Rounding.DOWN)


def test_named_stars(tmp_path: Path) -> None:
    text = changed(LIT, "allocation: {method: lit, lit: {A: 50, G: 30}, requires_total: 85.5}\n")
    text = changed("stars: 0", "stars: 0", text)
    assert read(tmp_path, text).scheme.allocation == NamedStars(
        {"A": Fraction(50), "G": Fraction(30)}, Fraction(171, 2)
    )


@pytest.mark.parametrize(
    ("effect", "what"),
    [
        ("{pay_coefficient: 1.2}", Fraction(6, 5)),
        (
            "{pay_coefficient: {of: unit.pay, at: [[0, 0.1], [900, 1]], times: 0.9}}",
            PayLine(
                Subject(About.UNIT, "pay"),
                ((Fraction(0), Fraction(1, 10)), (Fraction(900), Fraction(1))),
                Fraction(9, 10),
            ),
        ),
        ("{at_most: {appraisal: 称职}}", {"appraisal": "称职"}),
        ("{fund_share: 12.5%}", Fraction(1, 8)),
        ("{fund_share: 一半}", "一半"),
        ("{honour: 1}", "1"),
    ],
)
def test_what_follows(tmp_path: Path, effect: str, what: object) -> None:
    loaded = read(tmp_path, changed(MEASURE, effect))
    assert loaded.scheme.consequences[0].effect.what == what
    assert read(tmp_path, loaded.text).scheme.consequences[0].effect.what == what


def test_free_words(tmp_path: Path) -> None:
    text = changed("max: 60}", "max: 60, source: 民政局, evidence: true, basis: [第三条, 第五条], note: }")
    scheme = read(tmp_path, text).scheme
    node = scheme.node("A")
    assert (node.source, node.evidence, node.basis, node.note) == ("民政局", "true", "第三条；第五条", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format: starrating/1\n", "# 说明\n\nformat:   'starrating/1'   # 版本\n"),
        ("code: base\ntitle: 基本方案\n", 'title: "基本方案"\ncode: base\n'),
        ("full_score: 100", "full_score: 100.0"),
        ("full_score: 100", "full_score: +100"),
        ("{code: three, name: 三星, stars: 3}", "{stars: 3, name: 三星, code: three}"),
        ("notice: {days: 5}", "notice:\n  days: 5"),
        ("{quota: 40%}", "{quota: 40.00%}"),
        ("{quota: 40%}", '{quota: "40%"}'),
        ("{cap: three}", "&effect {cap: three}"),
        (WHEN, "{flag.weak: 1.0}"),
        ("letter: -1, group: -2", "group: -2.0, letter: -1"),
    ],
)
def test_the_same_meaning_has_the_same_digest(tmp_path: Path, old: str, new: str) -> None:
    assert read(tmp_path, changed(old, new)).digest == read(tmp_path, BASE).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("year: 2024", "year: 2025"),
        ("title: 基本方案", "title: 基本方案二"),
        ("name: 三星", "name: 3.0"),
        ("[total, points.A]", "[points.A, total]"),
        ("{quota: 40%}", "{quota: 40}"),
        ("{quota: 40%}", "{quota: 40.01%}"),
        ("{quota: 40%}", "{quota: 40% of five}"),
        ("letter: -1", "letter: -1.001"),
        (WHEN, "{flag.weak: 2}"),
        (WHEN, "{flag.weak: {at_least: 1}}"),
        (FOLLOWS, "when: {level: three}"),
        ("notice: {days: 5}", "notice: {days: 5, working_days: false}"),
        ("  - {code: weak,", "  - {code: weaker,"),
    ],
)
def test_another_meaning_has_another_digest(tmp_path: Path, old: str, new: str) -> None:
    assert read(tmp_path, changed(old, new)).digest != read(tmp_path, BASE).digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{unit.a: 60}", '{unit.a: "60"}'),
        ("{unit.a: 1.20}", '{unit.a: "1.2"}'),
        ("{unit.a: {not: 1}}", "{not: {unit.a: 1}}"),
        ("{flag.a: [1, 2]}", "{flag.a: [2, 1]}"),
    ],
)
def test_a_number_and_its_text_are_two_things(tmp_path: Path, one: str, other: str) -> None:
    assert read(tmp_path, changed(WHEN, one)).digest != read(tmp_path, changed(WHEN, other)).digest


def test_names_keep_their_digits(tmp_path: Path) -> None:
    digests = {read(tmp_path, changed("name: 甲", f"name: {name}")).digest for name in ("1.2", "1.20", "01.2")}
    assert len(digests) == 3
    assert read(tmp_path, changed("name: 甲", 'name: "1.20"')).digest in digests


def test_a_long_chain_of_values_is_no_circle(tmp_path: Path) -> None:
    rows = [f"  - {{code: N{n}, name: 链, kind: bonus, method: value, of: value.N{n + 1}}}" for n in range(3000)]
    text = changed(LEAF_A, "\n".join([LEAF_A, *rows, "  - {code: N3000, name: 尾, kind: bonus, method: value}"]))
    assert faults_of(tmp_path, text) == ()


def test_periods(tmp_path: Path) -> None:
    names = {"quarter": ("Q1", "Q4"), "month": ("M01", "M12"), "[上半年, 下半年]": ("上半年", "下半年")}
    for written_as, (first, last) in names.items():
        scheme = read(tmp_path, changed(LEAF_A, leaf(f"method: direct, periods: {written_as}, over: mean"))).scheme
        node = scheme.node("A").leaf
        assert node is not None
        assert (node.periods[0], node.periods[-1]) == (first, last)
    assert faults_of(tmp_path, changed(LEAF_A, leaf("method: direct, periods: [甲, 甲]")))
    assert faults_of(tmp_path, changed(LEAF_A, leaf("method: direct, periods: week")))


def test_the_file_is_named_as_the_user_named_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, changed("year: 2024", "year: 二"))
    monkeypatch.chdir(tmp_path)
    (fault,) = faults_of(Path(), changed("year: 2024", "year: 二"))
    assert fault.file == "scheme.yaml"
