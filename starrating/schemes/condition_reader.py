"""Conditions as written → the domain's conditions."""

from __future__ import annotations

from fractions import Fraction

from starrating.domain.conditions import (
    ALL_STREAKS,
    ALWAYS,
    LEVELS,
    OF_A_NODE,
    WITHOUT_NAME,
    About,
    All,
    AnyOf,
    Condition,
    Not,
    Operator,
    Subject,
    Test,
)
from starrating.domain.figures import plain
from starrating.domain.inputs import decimal
from starrating.schemes.fields import Field
from starrating.schemes.tree import List, Map, Scalar

OPERATORS = tuple(str(operator) for operator in Operator if operator is not Operator.IS)


def read_condition(field: Field | None) -> Condition:
    """The condition of a map: every entry must hold; a part that cannot be read is left out."""
    if field is None:
        return ALWAYS
    found = [condition for key, inner in field.entries().items() for condition in _read_entry(key, inner)]
    return found[0] if len(found) == 1 else All(tuple(found))


def _read_entry(key: str, field: Field) -> list[Condition]:
    match key:
        case "any":
            return [AnyOf(tuple(read_condition(item) for item in field.items()))]
        case "not":
            return [Not(read_condition(field))]
    subject = read_subject(field, key)
    return [] if subject is None else [*_read_tests(subject, field)]


def read_subject(field: Field, text: str) -> Subject | None:
    """The subject that `text`, which stands at the field, names."""
    try:
        return Subject.parse(text)
    except ValueError:
        about, _, _ = text.partition(".")
    known = [str(subject) for subject in About]
    if about in known:
        code = "scheme.subject_without_name" if about not in WITHOUT_NAME else "scheme.subject_with_name"
        what = "CODE" if About(about) in OF_A_NODE else "LEVEL" if About(about) in ALL_STREAKS else "NAME"
        field.refuse(code, subject=about, what=what)
        return None
    field.refuse_word("scheme.unknown_subject", "scheme.unknown_subject_like", about, known)
    return None


def _read_tests(subject: Subject, field: Field) -> list[Test]:
    if not isinstance(field.node, Map):
        return _read_test(subject, Operator.IS, field)
    inner = field.entries()
    if not inner:
        field.refuse("scheme.empty")
    tests: list[Test] = []
    for key, value in inner.items():
        if key in OPERATORS:
            tests += _read_test(subject, Operator(key), value)
        else:
            value.refuse_word("scheme.unknown_operator", "scheme.unknown_operator_like", key, OPERATORS)
    return tests


def _read_test(subject: Subject, operator: Operator, field: Field) -> list[Test]:
    if isinstance(field.node, List) and operator not in (Operator.IS, Operator.NOT):
        field.refuse("scheme.one_value")
        return []
    several = field.items() if isinstance(field.node, List) else [field]
    values = [value for item in several if (value := _read_value(subject, item)) is not None]
    return [Test(subject, operator, tuple(values))] if values else []


def _read_value(subject: Subject, field: Field) -> Fraction | str | None:
    """A plain number is a number; anything else, and every level's code, is text."""
    scalar = field.scalar("scheme.needs_value")
    if scalar is None:
        return None
    number = decimal(scalar.text) if _may_be_number(scalar, subject) else None
    if number is None:
        return scalar.text
    field.notes.written[field.path] = plain(number)
    return number


def _may_be_number(scalar: Scalar, subject: Subject) -> bool:
    return scalar.plain and subject.about not in LEVELS
