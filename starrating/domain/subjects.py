"""What a scheme asks of its units: every subject of its conditions, keys and lines."""

from __future__ import annotations

from collections.abc import Iterator

from starrating.domain.conditions import (
    LEADER_MONTHS,
    LEADER_STREAKS,
    OF_A_NODE,
    WORDS,
    About,
    Condition,
    Operator,
    Subject,
    tests_in,
)
from starrating.domain.facts import Facts
from starrating.domain.scheme import LevelRule, NamedStars, PayLine, Quotas, Scheme


def conditions_of(scheme: Scheme) -> Iterator[Condition]:
    """Every condition of a scheme: of overrides, movement, levels and consequences."""
    yield from (override.when for override in scheme.overrides)
    if scheme.movement.waive_rise is not None:
        yield scheme.movement.waive_rise
    yield from (rule.requires for rule in _level_rules(scheme) if rule.requires is not None)
    yield from (entry.when for entry in scheme.consequences)


def _level_rules(scheme: Scheme) -> Iterator[LevelRule]:
    if isinstance(scheme.allocation, Quotas):
        yield from scheme.allocation.levels.values()
        for levels in scheme.allocation.by_pool.values():
            yield from levels.values()


def subjects_of(scheme: Scheme) -> Iterator[Subject]:
    """Every subject that a scheme names, with repetitions."""
    for condition in conditions_of(scheme):
        yield from (test.subject for test in tests_in(condition))
    yield from _subjects_read_as_numbers(scheme)
    yield from (leaf.of for node in scheme.leaves() if (leaf := node.leaf) and leaf.of is not None)


def _subjects_read_as_numbers(scheme: Scheme) -> Iterator[Subject]:
    yield from (key.subject for key in scheme.allocation.rank_by)
    of_lines = [entry.effect.what.of for entry in scheme.consequences if isinstance(entry.effect.what, PayLine)]
    yield from of_lines
    tested = (test.subject for entry in scheme.consequences for test in tests_in(entry.when))
    if any(subject.about in LEADER_STREAKS for subject in (*of_lines, *tested)):
        yield LEADER_MONTHS


def nodes_asked_for(scheme: Scheme) -> frozenset[str]:
    """The codes of the nodes whose results are asked for beyond their own parent."""
    codes = {subject.name for subject in subjects_of(scheme) if subject.about in OF_A_NODE}
    for subject in subjects_of(scheme):
        if subject.about in (About.LOWEST, About.HIGHEST):
            codes.update(child.code for child in scheme.node(subject.name).children)
    if isinstance(scheme.allocation, NamedStars):
        codes.update(scheme.allocation.lit)
    return frozenset(codes)


def refuse_words_that_are_no_numbers(facts: Facts) -> None:
    """Refuse fields that a rule compares as numbers where a unit has a word there that is no number."""
    asked = {
        test.subject
        for condition in conditions_of(facts.scheme)
        for test in tests_in(condition)
        if test.operator not in (Operator.IS, Operator.NOT)
    }
    asked.update(_subjects_read_as_numbers(facts.scheme))
    for subject in sorted(asked, key=str):
        if subject.about in WORDS:
            _refuse_words(facts, facts.header_of(subject))


def _refuse_words(facts: Facts, header: str) -> None:
    words = facts.word(header)
    _, wrong = words.numbers()
    facts.refuse("word_not_number", wrong, header, lambda row: {"text": words.name(row)})
