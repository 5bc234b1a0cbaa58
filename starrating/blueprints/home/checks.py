"""The spot checks that are due, for the first pages of a district and of a city: the nearest day first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext

from starrating.blueprints.home.due import SOON
from starrating.blueprints.pages import person
from starrating.domain.access import Act, Place, places
from starrating.domain.spot_checks import SpotCheckState
from starrating.queries.spot_checks import SpotCheckRow, due_checks
from starrating.services.clock import now
from starrating.services.working_days import BEIJING, today

MOST = 8


@dataclass(frozen=True, slots=True)
class CheckDue:
    """A finding that is not settled, with what is waited for in words and how urgent that is."""

    row: SpotCheckRow
    said: str
    tag: str


@dataclass(frozen=True, slots=True)
class ChecksDue:
    """The first of them and how many there are."""

    lines: tuple[CheckDue, ...]
    total: int


def checks_due(within: Iterable[Place]) -> ChecksDue:
    """Those in these places that the person may see."""
    held = tuple(places(person().grants, Act.VIEW_SPOT_CHECKS))
    seen = [place for place in within if any(one.covers(place) for one in held)]
    if not seen:
        return ChecksDue((), 0)
    rows, total = due_checks(seen, MOST)
    return ChecksDue(tuple(_due(row) for row in rows), total)


def _due(row: SpotCheckRow) -> CheckDue:
    if row.overdue(now()):
        return CheckDue(row, str(gettext("期满未说明，等定")), "err")
    if row.state is not SpotCheckState.ANSWER_DUE or row.answer_due is None:
        return CheckDue(row, str(gettext("等定")), "warn")
    left = (row.answer_due.astimezone(BEIJING).date() - today()).days
    words = gettext("等说明，还剩%(days)s天", days=left) if left else gettext("等说明，今天到期")
    return CheckDue(row, str(words), "warn" if left <= SOON else "")
