"""The naive evaluator's conditions: a map whose every entry must hold."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.oracle.naive_points import Sheet
from tests.oracle.naive_scheme import is_number, number

Condition = dict[str, Any]


def holds(sheet: Sheet, unit: str, condition: Condition) -> bool:
    for key, test in condition.items():
        if key == "any":
            good = any(holds(sheet, unit, one) for one in test)
        elif key == "not":
            good = not holds(sheet, unit, test)
        else:
            good = passes(sheet, key, sheet.subject(unit, key), test)
        if not good:
            return False
    return True


def subjects_named(condition: Condition) -> Iterator[str]:
    for key, test in condition.items():
        if key == "any":
            for one in test:
                yield from subjects_named(one)
        elif key == "not":
            yield from subjects_named(test)
        else:
            yield key


def passes(sheet: Sheet, subject: str, value: Any, test: Any) -> bool:
    if value is None:  # "a subject that has no value makes its test false"
        return False
    if isinstance(test, list):
        return any(equal(subject, value, one) for one in test)
    if not isinstance(test, dict):
        return equal(subject, value, test)
    for word, wanted in test.items():
        if word == "not":
            several = wanted if isinstance(wanted, list) else [wanted]
            good = not any(equal(subject, value, one) for one in several)
        else:
            pair = comparable(sheet, subject, value, wanted)
            good = pair is not None and compare(word, *pair)
        if not good:
            return False
    return True


def equal(subject: str, value: Any, wanted: str) -> bool:
    if subject not in ("previous", "level") and is_number(value) and is_number(wanted):
        return number(value) == number(wanted)
    return not isinstance(value, Fraction) and value == wanted


def comparable(sheet: Sheet, subject: str, value: Any, wanted: str) -> tuple[Fraction, Fraction] | None:
    if subject in ("previous", "level"):  # level codes compare by their order
        return Fraction(sheet.order.index(value)), Fraction(sheet.order.index(wanted))
    return (number(value), number(wanted)) if is_number(value) else None


def compare(word: str, value: Fraction, wanted: Fraction) -> bool:
    if word == "at_least":
        return value >= wanted
    if word == "above":
        return value > wanted
    if word == "at_most":
        return value <= wanted
    assert word == "below", word
    return value < wanted
