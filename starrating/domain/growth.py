"""The path of growth (培养路径): stages in order and which leads to which, as data; where somebody stands on it.

A path is a text of one stage a line: `code | name | codes that lead to it, by commas`. Nothing of it is in the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

MOST_STAGES, LONGEST_NAME = 20, 40
_CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")


class PathFault(ValueError):
    """A text that is no path: why, in which line, about which stage."""

    def __init__(self, why: str, line: int, stage: str = "") -> None:
        super().__init__(why)
        self.why, self.line, self.stage = why, line, stage


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: its code, its name, the stages that lead to it; none where one may begin there."""

    code: str
    name: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stepped:
    """That somebody came to a stage on a day."""

    person: int
    code: str
    day: date


def read_path(text: str) -> tuple[Stage, ...]:
    """The stages of a text, in its order; `PathFault` at the first line that cannot be."""
    found: list[Stage] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in re.split(r"[|｜]", line)]
        if len(parts) not in (2, 3) or not _CODE.fullmatch(parts[0]) or not 0 < len(parts[1]) <= LONGEST_NAME:
            raise PathFault("line", number)
        after = tuple(code for code in re.split(r"[,，、\s]+", parts[2] if len(parts) == 3 else "") if code)
        known = {one.code for one in found}
        if parts[0] in known:
            raise PathFault("twice", number, parts[0])
        unknown = next((code for code in after if code not in known), None)
        if unknown is not None:
            raise PathFault("after", number, unknown)
        found.append(Stage(parts[0], parts[1], after))
    if not 2 <= len(found) <= MOST_STAGES:
        raise PathFault("count", 0)
    return tuple(found)


def written(stages: Iterable[Stage]) -> str:
    """A path as its text."""
    return "\n".join(f"{one.code} | {one.name} | {', '.join(one.after)}".rstrip(" |") for one in stages)


def latest(steps: Iterable[Stepped]) -> dict[int, Stepped]:
    """Person → the step at which they stand: the last by day, of one day the last recorded."""
    found: dict[int, Stepped] = {}
    for one in sorted(steps, key=lambda step: step.day):
        found[one.person] = one
    return found


def may_follow(stages: Sequence[Stage], before: str | None, code: str) -> bool:
    """True where a stage may follow the one at which somebody stands; whoever stands at none begins anywhere."""
    stage = next((one for one in stages if one.code == code), None)
    return stage is not None and (before is None or before in stage.after)
