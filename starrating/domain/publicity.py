"""What of a rating may be public: the rules without what follows for leaders, and no input that is about a person.

A leader's fields and the appraisal are never public; neither is a reason that would give them away. Points, events and
ranks are where the scheme shows scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from starrating.domain.conditions import About, Condition, tests_in
from starrating.domain.scheme import EffectKind, Indicator, Quotas, Scheme
from starrating.domain.subjects import nodes_asked_for, subjects_of

PRIVATE = frozenset((About.LEADER, About.APPRAISAL))
"""Subjects that are about a person."""
WITHHELD = "withheld"
"""What stands in place of a reason that would give a private input away."""
SCORES = ("events", "ranks", "reasons", "totals", "values")
"""What a scheme that does not show scores leaves out."""
CONSEQUENCES = "consequences"
_WORDS = {EffectKind.VOID: "void", EffectKind.VOID_SCORED: "void"}


def public_rules(scheme: Scheme) -> Scheme:
    """The scheme without its consequences: what a public list follows from."""
    return replace(scheme, consequences=())


def private_subjects(scheme: Scheme) -> tuple[str, ...]:
    """The subjects of the public rules that are about a person, by name."""
    named = {str(subject) for subject in subjects_of(public_rules(scheme)) if subject.about in PRIVATE}
    return tuple(sorted(named))


def left_out(scheme: Scheme) -> tuple[str, ...]:
    """What an edition does not say, by name."""
    return tuple(sorted({CONSEQUENCES, *private_subjects(scheme), *(() if scheme.notice.show_scores else SCORES)}))


def private_reasons(scheme: Scheme) -> frozenset[str]:
    """The codes of reasons that follow from a private subject."""
    return frozenset(_private_reasons(scheme))


def public_nodes(scheme: Scheme) -> tuple[Indicator, ...]:
    """The nodes that the public rules ask about beyond their parents, but for those that rest on a private subject."""
    asked = nodes_asked_for(public_rules(scheme))
    return tuple(node for node in scheme.nodes() if node.code in asked and not _is_private(node))


def _is_private(node: Indicator) -> bool:
    if node.leaf is not None:
        return node.leaf.of is not None and node.leaf.of.about in PRIVATE
    return any(child.scale != 0 and _is_private(child) for child in node.children)


def _private_reasons(scheme: Scheme) -> Iterator[str]:
    for override in scheme.overrides:
        if _asks_privately(override.when):
            yield f"{_WORDS.get(override.effect, override.effect)}:{override.code}"
    if scheme.movement.waive_rise is not None and _asks_privately(scheme.movement.waive_rise):
        yield "waived"
    if isinstance(scheme.allocation, Quotas):
        for rules in (scheme.allocation.levels, *scheme.allocation.by_pool.values()):
            for level, rule in rules.items():
                if rule.requires is not None and _asks_privately(rule.requires):
                    yield f"requires:{scheme.levels[level].code}"


def _asks_privately(condition: Condition) -> bool:
    return any(test.subject.about in PRIVATE for test in tests_in(condition))
