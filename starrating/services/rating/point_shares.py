"""What share of an indicator's full points each unit's values are worth, by the rating's own methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from starrating.domain.entry import columns_of
from starrating.domain.exact import Column
from starrating.domain.facts import Facts
from starrating.domain.inputs import Inputs, Labels, labels_of
from starrating.domain.methods import Choice, Relative
from starrating.domain.points import leaf_result
from starrating.domain.scheme import Indicator, Scheme

Texts = Mapping[str, Mapping[int, str]]
"""Header → unit → what was entered."""


def shares_of(scheme: Scheme, nodes: Sequence[Indicator], texts: Texts) -> Iterator[tuple[Indicator, int, Fraction]]:
    """Indicator, unit and share, for the units of which every cell of the indicator is filled in.

    Left out are indicators without a positive maximum, and those that compare units with each other.
    """
    judged = [node for node in nodes if node.high and node.leaf and not isinstance(node.leaf.method, Relative)]
    headers = {node.code: [column.header for column in columns_of(node)] for node in judged}
    units = sorted({unit for of in headers.values() for header in of for unit in texts.get(header, ())})
    facts = Facts(scheme, _inputs(judged, units, texts))
    for node in judged:
        assert node.high is not None
        points = leaf_result(facts, node)
        known, of_one = points.known, points.unit / node.high
        shares = {number: number * of_one for number in set(points.numbers[known].tolist())}
        for row, unit in enumerate(units):
            if known[row] and all(unit in texts.get(header, ()) for header in headers[node.code]):
                yield node, unit, shares[int(points.numbers[row])]


def _inputs(nodes: Sequence[Indicator], units: Sequence[int], texts: Texts) -> Inputs:
    numbers: dict[str, Column] = {}
    words: dict[str, Labels] = {}
    for node in nodes:
        for column in columns_of(node):
            labels = labels_of([texts.get(column.header, {}).get(unit) for unit in units])
            if node.leaf and isinstance(node.leaf.method, Choice):
                words[column.header] = labels
            else:
                numbers[column.header] = labels.numbers()[0]
    return Inputs([str(unit) for unit in units], numbers, words)
