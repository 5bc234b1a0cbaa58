"""What the tests of reading and writing share: files with a text in them, and the faults they are refused with."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from starrating.domain.faults import FileFault, FilesRefused
from starrating.interchange.table import CellKind, Table, read_table
from starrating.wording import say

KINDS = {"n": CellKind.NUMBER, "w": CellKind.WORD}


def plan(header: tuple[str, ...]) -> Mapping[str, CellKind]:
    """Headers that begin with n are numbers, with w words; others are skipped."""
    return {name: KINDS.get(name[:1], CellKind.SKIP) for name in header}


def file_with(folder: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def table_of(folder: Path, text: str | bytes, **options: int) -> Table:
    return read_table(file_with(folder, text), plan, **options)  # type: ignore[arg-type]


def faults_of(folder: Path, text: str | bytes, **options: int) -> tuple[FileFault, ...]:
    with pytest.raises(FilesRefused) as refused:
        table_of(folder, text, **options)
    return said(refused.value)


def said(refused: FilesRefused) -> tuple[FileFault, ...]:
    """The faults, each of which has a sentence that its facts fill on one line."""
    for fault in refused.faults:
        assert "\n" not in say(fault.code, fault.facts)
    return refused.faults


def codes(faults: tuple[FileFault, ...]) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.line) for fault in faults]
