"""What may stand in a cell: a table of texts for every method, and which indicators may not apply."""

from fractions import Fraction
from typing import Any

import pytest

from starrating.domain.entry import (
    NOTHING,
    Entry,
    EntryState,
    bounds_written,
    columns_of,
    half_applicable,
    needs_reason,
    read_entry,
)
from starrating.domain.faults import RuleError
from starrating.domain.methods import Band, Bands, Cases, Checklist, Choice, Count, Direct, Leaf, Line, Missing, Value
from starrating.domain.scheme import Indicator
from starrating.errors import ENTRY_FAULTS
from starrating.services.years.scheme_texts import read_demo


def leaf(method: Any, missing: Missing = Missing.REJECT, periods: tuple[str, ...] = (), **more: Any) -> Indicator:
    return Indicator("V1", more.pop("name", "指标"), leaf=Leaf(method, missing, periods), **more)


HALF = Fraction(1, 2)
DIRECT = leaf(Direct(), low=Fraction(0), high=Fraction(100))
STEP = leaf(Direct(HALF), low=Fraction(0), high=Fraction(10))
COUNT = leaf(Count(Fraction(-1)))
MARK = leaf(Checklist({"a": Fraction(1), "b": Fraction(1)}))
CHOICE = leaf(Choice({"健全": Fraction(5), "不团结": Fraction(2)}))
LINE = leaf(Line(((Fraction(0), Fraction(0)), (Fraction(10), Fraction(4)))))
BANDS = leaf(Bands((Band(Fraction(50), Fraction(8)), Band(Fraction(10), Fraction(2)))))
THOUSAND = leaf(Direct(Fraction(1, 1000)), low=Fraction(0), high=Fraction(1000))
RATE = leaf(Line(((Fraction(60), Fraction(0)), (Fraction(90), Fraction(4)))), name="满意率（%）", note="取值：0至100。")
RATE_BANDS = leaf(
    Bands((Band(Fraction(95), Fraction(3)), Band(None, Fraction(0)))),
    name="走访（完成率 %）",
    note="每季填一次。取值:0至100",
)
RATE_ITSELF = leaf(Value(), name="参保率(%)", note="取值：0至100")
AMOUNT = leaf(Value(), note="取值：-5.5以上，单位万元")
HUNDRED = (Fraction(0), Fraction(100))
NO_BOUNDS = leaf(Value(), name="任务完成率（%）", note="取值见通知，每增1%得0.4分")
GROWTH = leaf(Line(((Fraction(0), Fraction(0)), (Fraction(10), Fraction(4)))), name="村集体收入增幅（%）")
OVER = leaf(
    Line(((Fraction(0), Fraction(0)), (Fraction(150), Fraction(4)))), name="任务完成率（%）", note="取值：0至150"
)
ACCEPTED = [
    (THOUSAND, "1000", "1000"), (THOUSAND, "12.125", "12.125"), (leaf(Direct(), low=Fraction(-5)), "-5", "-5"),
    (NO_BOUNDS, "110", "110"), (NO_BOUNDS, "-1", "-1"), (AMOUNT, "-5.5", "-5.5"), (AMOUNT, "100000", "100000"),
    (OVER, "150", "150"),
    (RATE, "100", "100"), (RATE, "0", "0"), (RATE, "99.1234", "99.1234"), (RATE_BANDS, "100", "100"),
    (GROWTH, "-3.25", "-3.25"), (GROWTH, "180", "180"), (OVER, "120", "120"), (LINE, "100.01", "100.01"),
    (DIRECT, "0", "0"), (DIRECT, "100", "100"), (DIRECT, "99.99", "99.99"), (DIRECT, "12.50", "12.50"),
    (DIRECT, "９５", "95"), (DIRECT, "９５．５", "95.5"), (STEP, "9.5", "9.5"), (COUNT, "0", "0"), (COUNT, "3", "3"),
    (MARK, "1", "1"), (MARK, "0", "0"), (MARK, "１", "1"), (CHOICE, "健全", "健全"), (LINE, "-3.25", "-3.25"),
    (LINE, "－３", "-3"), (BANDS, "46.2", "46.2"), (leaf(Value()), "1234567.1234", "1234567.1234"),
]  # fmt: skip
REFUSED = [
    *((DIRECT, text, "entry.number") for text in (
        "NaN", "sNaN", "inf", "-inf", "1e3", "1E-400", "1e999999999", "-0", "-0.00", "٩", "1_0", "+5", "5\n", " 5",
        "5 ", "5,5", "5，5", "9 5", "九十五", "95分", "95%", "①", "½", "²", "0x1F", ".5", "5.", "--5", "三", "５\u200b",
        "９５。５", "=1+1", "1\x00", "健全",
    )),
    (DIRECT, "99.999999999999999999999", "entry.decimals"), (DIRECT, "100.00000", "entry.decimals"),
    (DIRECT, "1" * 13, "entry.digits"), (DIRECT, "1000", "entry.digits"), (DIRECT, "0001", "entry.digits"),
    (DIRECT, "99.125", "entry.decimals"), (THOUSAND, "12.1255", "entry.decimals"), (COUNT, "1" * 13, "entry.digits"),
    *((node, text, "entry.bounds") for node in (RATE, RATE_BANDS, RATE_ITSELF) for text in ("100.01", "-0.01", "180")),
    (DIRECT, "9" * 10_000, "entry.number"), (OVER, "150.01", "entry.bounds"), (AMOUNT, "-5.51", "entry.too_low"),
    (DIRECT, "100.01", "entry.bounds"), (DIRECT, "-0.01", "entry.bounds"), (STEP, "9.3", "entry.step"),
    (leaf(Direct(), low=Fraction(1)), "0", "entry.too_low"), (leaf(Direct(), high=Fraction(1)), "2", "entry.too_high"),
    (COUNT, "-1", "entry.count"), (COUNT, "1.5", "entry.count"), (MARK, "2", "entry.mark"), (MARK, "-1", "entry.mark"),
    (CHOICE, "健全 ", "entry.option"), (CHOICE, "5", "entry.option"), (CHOICE, "x" * 500, "entry.option"),
    (BANDS, "9", "entry.band"), (DIRECT, "／", "entry.always_applies"), (CHOICE, "不适用", "entry.always_applies"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "typed", "stored"), ACCEPTED)
def test_what_may_stand(node: Indicator, typed: str, stored: str) -> None:
    assert read_entry(node, typed) == Entry(EntryState.VALUE, stored)


@pytest.mark.parametrize(("node", "typed", "code"), REFUSED)
def test_what_may_not_stand_is_named(node: Indicator, typed: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        read_entry(node, typed)
    assert refused.value.code == code
    assert len(ENTRY_FAULTS[code].format(**refused.value.facts)) < 200


def test_blank_not_applicable_and_zero_are_three_states() -> None:
    free = leaf(Count(Fraction(-1)), Missing.EXCLUDE)
    states = [read_entry(free, text).state for text in ("", "　 ", "／", "/", "不适用", "0")]
    away = EntryState.NOT_APPLICABLE
    assert states == [EntryState.BLANK, EntryState.BLANK, away, away, away, EntryState.VALUE]
    assert [read_entry(free, text).shown for text in ("", "/", "0")] == ["", "／", "0"]


@pytest.mark.parametrize("missing", [Missing.REJECT, Missing.ZERO, Missing.FULL])
def test_not_applicable_is_for_what_the_scheme_leaves_out(missing: Missing) -> None:
    with pytest.raises(RuleError, match="always_applies"):
        read_entry(leaf(Count(Fraction(-1)), missing, high=Fraction(3)), "／")


def test_a_part_alone_cannot_be_inapplicable() -> None:
    node = leaf(Cases({"a": Fraction(-1), "b": Fraction(-1)}), Missing.EXCLUDE, ("Q1", "Q2"))
    assert [(one.header, one.part, one.period) for one in columns_of(node)][:3] == [
        ("V1.a@Q1", "a", "Q1"), ("V1.b@Q1", "b", "Q1"), ("V1.a@Q2", "a", "Q2"),
    ]  # fmt: skip
    away, one = Entry(EntryState.NOT_APPLICABLE), Entry(EntryState.VALUE, "1")
    assert list(half_applicable(node, {"V1.a@Q1": away, "V1.b@Q1": one, "V1.a@Q2": one})) == ["V1.a@Q1", "V1.b@Q1"]
    assert list(half_applicable(node, {"V1.a@Q1": away, "V1.b@Q1": away, "V1.a@Q2": NOTHING})) == []


@pytest.mark.parametrize(
    ("evidence", "asked"),
    [("说明:打分理由", True), ("文件:名册；说明:理由", True), ("true", True), ("文件:说明书", False), ("", False)],
)
def test_who_asks_for_a_reason(evidence: str, asked: bool) -> None:
    assert needs_reason(leaf(Direct(), evidence=evidence)) is asked


@pytest.mark.parametrize(
    ("note", "bounds"),
    [
        ("取值：0至100", (0, 100)), ("每季填。取值:-2.5至2.5。", (Fraction(-5, 2), Fraction(5, 2))),
        ("取值：1以上", (1, None)),
        ("", (None, None)), ("0至100", (None, None)), ("取值：0到100", (None, None)),
        ("取值：0至1e3", (None, None)), ("取值：0至100.12345", (None, None)), ("取值：至100", (None, None)),
    ],
)  # fmt: skip
def test_bounds_that_a_note_says(note: str, bounds: Any) -> None:
    assert bounds_written(note) == bounds


def test_the_demonstration_says_which_of_its_values_are_shares() -> None:
    for name in ("tianjin-village-2024.yaml", "tianjin-community-2024.yaml"):
        scheme = read_demo(name, 2024).scheme
        shares = {node.name for node in scheme.leaves() if bounds_written(node.note) == HUNDRED}
        assert shares == {node.name for node in scheme.leaves() if "%" in node.name and "增幅" not in node.name}
