"""What would be known of a unit a year later if it were given a level then and everything else stayed as it is."""

from __future__ import annotations

from starrating.domain.conditions import ALL_STREAKS, STREAKS_BELOW, About, Subject
from starrating.domain.walk import Remembered

YEAR_LATER = ("leader.months", "unit.months")


def next_year(known: Remembered, level: str) -> Remembered:
    """The values of the year after: the level, the change and the streaks follow; months grow by twelve; the leader,
    the appraisal, events and scores stay as they were."""
    order = {one.code: index for index, one in enumerate(known.scheme.levels)}
    before, values = known.values.get("level"), dict(known.values)
    for name, value in known.values.items():
        subject = Subject.parse(name)
        match subject.about:
            case About.PREVIOUS:
                values[name] = before
            case About.LEVEL:
                values[name] = level
            case About.CHANGE:
                values[name] = None if before is None else str(order[level] - order[before])
            case about if about in ALL_STREAKS:
                reached = order[level] >= order[subject.name]
                goes_on = reached is (about not in STREAKS_BELOW)
                values[name] = str(int(value or 0) + 1) if goes_on else "0"
        if name in YEAR_LATER and value is not None:
            values[name] = str(int(value) + 12)
    return Remembered(known.scheme, values)
