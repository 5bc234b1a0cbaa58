"""Gathers what is wrong with one file, so that a person sees all of it at once, in the order of lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from starrating.domain.exact import Mask
from starrating.domain.faults import FileFault, FilesRefused

_SHOWN = 40


class FaultList:
    """The faults of one file, named as the user named it."""

    limit = FilesRefused.LIMIT

    def __init__(self, file: str | Path) -> None:
        self.file = str(file)
        self._faults: list[FileFault] = []

    def __len__(self) -> int:
        return len(self._faults)

    @property
    def full(self) -> bool:
        """True once there are as many faults as are ever shown."""
        return len(self._faults) >= self.limit

    def has(self, header: str) -> bool:
        """True where a fault of the cells under that header was noted."""
        return any(fault.facts.get("header") == header for fault in self._faults)

    def full_at(self, line: int) -> bool:
        """True once as many faults as are ever shown are on lines not after `line`."""
        return self.full and sum((fault.line or 0) <= line for fault in self._faults) >= self.limit

    def add(self, code: str, line: int | None = None, /, **facts: Any) -> None:
        """Notes one fault."""
        self._faults.append(FileFault(code, self.file, line, facts))

    def note_rows(
        self, code: str, where: Mask, line: Callable[[int], int], facts: Callable[[int], dict[str, Any]] | None = None
    ) -> None:
        """Notes a fault for each row where `where`; `line` and `facts` tell about a row."""
        for row in np.flatnonzero(where)[: self.limit].tolist():
            self.add(code, line(row), **({} if facts is None else facts(row)))

    def stop(self, code: str, line: int | None = None, /, **facts: Any) -> NoReturn:
        """Notes a fault after which the file cannot be read on, and refuses the file."""
        self.add(code, line, **facts)
        self.refuse()

    def refuse(self) -> NoReturn:
        """Refuses the file with all faults so far, in the order of lines."""
        raise FilesRefused(sorted(self._faults, key=lambda fault: fault.line or 0))

    def refuse_if_any(self) -> None:
        """Refuses the file where a fault was noted."""
        if self._faults:
            self.refuse()

    def refuse_if_full(self) -> None:
        """Refuses the file once there are as many faults as are ever shown."""
        if self.full:
            self.refuse()


def shown(text: str) -> str:
    """A text of the file as a sentence may quote it: on one line, not too long, nothing invisible."""
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "".join(mark if mark.isprintable() else f"\\u{ord(mark):04x}" for mark in short)
