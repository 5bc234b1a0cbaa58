"""A scheme as tables for people: indicators with their rules, levels, limits, movement, consequences, notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from starrating.domain.figures import plain
from starrating.domain.scheme import Indicator, Quotas, Scheme
from starrating.queries.cycles import AssignmentRow
from starrating.wording.allocation import bottom_text, by_pool_text, level_rules, pool_text, rank_text, ties_text
from starrating.wording.language import translate
from starrating.wording.outcomes import consequence_text, movement_text, notice_text, override_text
from starrating.wording.phrases import sentences
from starrating.wording.rules import missing_text, node_rule


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of the table; `title` and `kind` make a group's row."""

    code: str
    name: str
    full: str
    rule: str
    missing: str
    source: str
    evidence: str
    assigned: AssignmentRow | None
    entered: bool
    depth: int
    kind: str = ""

    @property
    def title(self) -> Markup:
        """What stands in a group's row: the scheme's own words."""
        return as_written(f"{self.code} {self.name}")


@dataclass(frozen=True, slots=True)
class SchemeTables:
    """A scheme for reading."""

    indicators: tuple[IndicatorLine, ...]
    levels: tuple[tuple[str, str, int], ...]
    ranking: tuple[str, ...]
    overrides: tuple[str, ...]
    movement: str
    consequences: tuple[str, ...]
    notice: str


def as_written(text: str) -> Markup:
    """Words of a scheme, which are not for translation."""
    return Markup('<span translate="no">{}</span>').format(text)


def tables_of(scheme: Scheme, kind: str, assigned: dict[tuple[str, str], AssignmentRow]) -> SchemeTables:
    """The tables of a scheme."""
    top = len(scheme.levels) - 1
    return SchemeTables(
        tuple(line for root in scheme.indicators for line in _lines(root, 0, scheme, kind, assigned)),
        tuple((name, rule, place) for place, (name, rule) in enumerate(level_rules(scheme)) if place <= top),
        tuple(_ranking(scheme)),
        tuple(override_text(one, scheme) for one in scheme.overrides),
        movement_text(scheme.movement, scheme),
        tuple(consequence_text(one, scheme) for one in scheme.consequences),
        notice_text(scheme.notice),
    )


def _ranking(scheme: Scheme) -> Iterator[str]:
    yield sentences((pool_text(scheme), rank_text(scheme)))
    rules = scheme.allocation
    if isinstance(rules, Quotas):
        yield ties_text(rules.ties)
        if rules.bottom is not None:
            yield bottom_text(rules, scheme)
        yield from (f"{pool}{translate('：')}{text}" for pool, text in by_pool_text(rules, scheme))


def _lines(
    node: Indicator, depth: int, scheme: Scheme, kind: str, assigned: dict[tuple[str, str], AssignmentRow]
) -> Iterator[IndicatorLine]:
    leaf = node.leaf
    yield IndicatorLine(
        node.code, node.name, "" if node.high is None else plain(node.high), node_rule(node, scheme),
        missing_text(node) if leaf is not None and leaf.of is None else "", node.source, node.evidence,
        assigned.get((kind, node.code)), leaf is not None and leaf.of is None, depth,
        "group" if leaf is None else "",
    )  # fmt: skip
    for child in node.children:
        yield from _lines(child, depth + 1, scheme, kind, assigned)
