"""Whether a condition can be asked: its subjects are defined, exist at that time, and fit their tests."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from starrating.domain.conditions import (
    AFTER_ALLOCATION,
    ALL_STREAKS,
    BEFORE_POOLS,
    LEVELS,
    OF_A_NODE,
    WORDS,
    About,
    All,
    AnyOf,
    Condition,
    Not,
    Operator,
    Subject,
    Test,
)
from starrating.domain.faults import SchemeFault
from starrating.domain.ground import Faults, Ground, Path
from starrating.domain.inputs import decimal
from starrating.domain.methods import Choice
from starrating.domain.scheme import Indicator


class When(Enum):
    """At what time a condition is asked, and which subjects exist by then."""

    BEFORE_POOLS = BEFORE_POOLS
    RANKED = frozenset(About) - AFTER_ALLOCATION
    AFTER_ALLOCATION = frozenset(About)


class Sort(Enum):
    """What kind of value a subject has."""

    NUMBER = "number"
    WORD = "word"
    LABEL = "label"
    LEVEL = "level"


IN_ORDER = (Operator.AT_LEAST, Operator.ABOVE, Operator.AT_MOST, Operator.BELOW)


def check_condition(ground: Ground, condition: Condition | None, path: Path, when: When) -> Faults:
    """The faults of a condition that stands at `path`."""
    match condition:
        case Test(subject=subject):
            yield from _check_test(ground, condition, (*path, str(subject)), when)
        case All(conditions):
            for inner in conditions:
                yield from check_condition(ground, inner, path, when)
        case AnyOf(conditions):
            for index, inner in enumerate(conditions):
                yield from check_condition(ground, inner, (*path, "any", index), when)
        case Not(inner):
            yield from check_condition(ground, inner, (*path, "not"), when)


def _check_test(ground: Ground, test: Test, path: Path, when: When) -> Faults:
    faults = [*_check_time(ground, test.subject, path, when), *check_subject(ground, test.subject, path)]
    yield from faults
    if not faults:
        yield from _check_values(ground, test, path)


def _check_time(ground: Ground, subject: Subject, path: Path, when: When) -> Faults:
    if subject.about not in when.value:
        known = tuple(str(about) for about in About if about in when.value)
        code = "scheme.not_before_pools" if when is When.BEFORE_POOLS else "scheme.not_before_allocation"
        yield SchemeFault(code, path, {"subject": str(subject), "allowed": known})
    elif when is When.BEFORE_POOLS and subject.about is About.VALUE and ground.reaches_points(subject.name):
        yield SchemeFault("scheme.void_needs_points", path, {"subject": str(subject)})


def check_subject(ground: Ground, subject: Subject, path: Path) -> Faults:
    """Whether what the subject names is defined and of the right sort."""
    if subject.about in ALL_STREAKS:
        yield from ground.unknown_level(subject.name, path)
    if subject.about is About.UNIT:
        yield from ground.no_field(subject.name, path)
    if subject.about not in OF_A_NODE:
        return
    yield from ground.unknown_node(subject, path)
    node = ground.nodes.get(subject.name)
    if node is None or ground.doubtful(ground.paths[subject.name]):
        return
    facts = {"subject": str(subject), "code": subject.name}
    if subject.about is About.VALUE and not _has_one_value(node):
        yield SchemeFault("scheme.no_single_value", path, facts)
    elif subject.about is About.SHARE and (node.high is None or node.high <= 0):
        yield SchemeFault("scheme.share_without_max", path, facts)
    elif subject.about in (About.LOWEST, About.HIGHEST) and node.leaf is not None:
        yield SchemeFault("scheme.not_a_group", path, facts)


def _has_one_value(node: Indicator) -> bool:
    return node.leaf is not None and not node.leaf.periods and not node.leaf.parts


def sort_of(ground: Ground, subject: Subject) -> Sort:
    """What kind of value a sound subject has."""
    if subject.about in LEVELS:
        return Sort.LEVEL
    if subject.about in WORDS:
        return Sort.WORD
    node = ground.nodes.get(subject.name)
    if subject.about is not About.VALUE or node is None or node.leaf is None or not node.leaf.takes_text:
        return Sort.NUMBER
    return Sort.LEVEL if node.leaf.of is not None and node.leaf.of.about in LEVELS else Sort.LABEL


def _check_values(ground: Ground, test: Test, path: Path) -> Faults:
    facts = {"subject": str(test.subject), "operator": str(test.operator)}
    sort = sort_of(ground, test.subject)
    for value in test.values:
        if sort is Sort.LEVEL:
            yield from ground.unknown_level(str(value), path)
        elif sort is Sort.NUMBER and not isinstance(value, Fraction):
            yield SchemeFault("scheme.test_needs_number", path, {**facts, "value": value})
        elif test.operator in IN_ORDER and not isinstance(value, Fraction):
            yield SchemeFault("scheme.order_needs_number", path, {**facts, "value": value})
        elif sort is Sort.LABEL:
            yield from _check_label(ground, test, value, path)


def _check_label(ground: Ground, test: Test, value: Fraction | str, path: Path) -> Faults:
    leaf = ground.nodes[test.subject.name].leaf
    options = leaf.method.options if leaf is not None and isinstance(leaf.method, Choice) else {}
    facts = {"subject": str(test.subject), "value": str(value), "allowed": tuple(options)}
    numbers = [decimal(option) for option in options]
    if test.operator in IN_ORDER:
        if None in numbers:
            yield SchemeFault("scheme.labels_not_numbers", path, facts)
    elif value not in (numbers if isinstance(value, Fraction) else options):
        yield SchemeFault("scheme.unknown_option", path, facts)
