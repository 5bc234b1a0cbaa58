"""Last year's values that this year's can be compared with: those of indicators whose rule is still the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starrating.domain.entry import columns_of
from starrating.domain.scheme import Indicator
from starrating.queries.findings import YearBefore, values_in
from starrating.services.scoring.tasks import Task
from starrating.services.years.scheme_texts import read_kept


def values_of_before(before: YearBefore, kind: str, tasks: Sequence[Task]) -> Mapping[str, Mapping[int, str]]:
    """Header → unit → text of the year before, where the indicator is still what it was."""
    if kind not in before.schemes:
        return {}
    then = {node.code: node for node in read_kept(before.schemes[kind]).scheme.leaves()}
    headers = [column.header for task in tasks if same_rule(task.node, then.get(task.node.code))
               for column in columns_of(task.node)]  # fmt: skip
    return values_in(before.cycle_id, kind, headers)


def same_rule(now: Indicator, then: Indicator | None) -> bool:
    """True where a code still stands for the same: name (with its unit), method, direction, periods, full points."""
    if then is None or now.leaf is None or then.leaf is None:
        return False
    rules = [(node.name, leaf.method, leaf.periods, leaf.over, leaf.of, node.low, node.high, node.kind)
             for node, leaf in ((now, now.leaf), (then, then.leaf))]  # fmt: skip
    return rules[0] == rules[1]
