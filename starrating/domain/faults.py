"""What is wrong with a scheme or an input: a code and the facts, in no language; `starrating.wording` has the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SchemeFault:
    """A fault of a scheme: `path` leads to the place, e.g. `("indicators", "V1.2", "max")`."""

    code: str
    path: tuple[str | int, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InputFault:
    """A fault of one unit's input: the row (0 for the first unit) and the header it stands under, if one."""

    code: str
    row: int
    header: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class RuleError(Exception):
    """A refusal of the rules: `code` says which, `facts` with what."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


NOTHING_TO_TOTAL = "nothing_to_total"
"""The code of a unit without any root's result; it says nothing new where another fault left it without."""


class InputsRefused(Exception):
    """The units cannot be rated: every fault found, once, in the order of rows and headers, at most `LIMIT`."""

    LIMIT = 100

    def __init__(self, faults: Iterable[InputFault]) -> None:
        once = {(fault.row, fault.header, fault.code): fault for fault in faults}
        faulty = {row for row, _, code in once if code != NOTHING_TO_TOTAL}
        places = [place for place in sorted(once) if place[2] != NOTHING_TO_TOTAL or place[0] not in faulty]
        self.faults = tuple(once[place] for place in places[: self.LIMIT])
        super().__init__(self.faults)


@dataclass(frozen=True, slots=True)
class FileFault:
    """A fault of a file: the file as the user named it, the line (1 the first; None where no line can be named)."""

    code: str
    file: str
    line: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class FilesRefused(Exception):
    """Files that cannot be used: every fault found, at most `LIMIT`; nothing was written."""

    LIMIT = 100

    def __init__(self, faults: Iterable[FileFault]) -> None:
        self.faults = tuple(faults)[: self.LIMIT]
        super().__init__(self.faults)
