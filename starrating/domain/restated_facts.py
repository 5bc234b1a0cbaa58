"""What is known of a unit if a decision after publication gave it another level: everything else stays as it was."""

from __future__ import annotations

from starrating.domain.conditions import ALL_STREAKS, STREAKS_BELOW, About, Subject
from starrating.domain.walk import Remembered


def with_level(known: Remembered, level: str) -> Remembered:
    """The same year's values with another level; the change follows, and a streak that the new level ends is over."""
    order = {one.code: index for index, one in enumerate(known.scheme.levels)}
    had, values = known.values.get("level"), dict(known.values)
    for name, value in known.values.items():
        subject = Subject.parse(name)
        match subject.about:
            case About.LEVEL:
                values[name] = level
            case About.CHANGE if value is not None and had is not None:
                values[name] = str(int(value) + order[level] - order[had])
            case about if about in ALL_STREAKS and value is not None:
                reached = order[level] >= order[subject.name]
                values[name] = value if reached is (about not in STREAKS_BELOW) else "0"
    return Remembered(known.scheme, values)
