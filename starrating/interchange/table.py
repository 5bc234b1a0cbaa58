"""Reads a table of numbers and words from a file: exact, strict, with the line of everything that is wrong.

A file named `….parquet` is read as such, any other as CSV. Memory is bounded by the columns asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from starrating.interchange.blocks import BLOCK_SIZE
from starrating.interchange.collecting import FaultList
from starrating.interchange.csv_table import read_csv
from starrating.interchange.shape import CellKind, Plan, Progress, Table

__all__ = ["CellKind", "Plan", "Progress", "Table", "open_to_read", "read_table"]


def read_table(
    path: str | Path,
    plan: Plan,
    *,
    faults: FaultList | None = None,
    may_be_empty: bool = False,
    block_size: int = BLOCK_SIZE,
    progress: Progress | None = None,
    helped: bool = False,
) -> Table:
    """The columns of a file that `plan` chooses from its header.

    With `faults` given, faults of cells and rows are noted there, and the caller refuses the file when it has looked
    for more; what cannot be read at all is refused at once. Otherwise every fault refuses the file. A table without
    rows is a fault unless it `may_be_empty`. `helped` by a second process, a fork of this one, a large CSV file is read
    faster; a process with threads must not ask for that.

    Raises: `FilesRefused`.
    """
    noted = FaultList(path) if faults is None else faults
    with open_to_read(path, noted) as file:
        if Path(path).suffix.lower() == ".parquet":
            from starrating.interchange.parquet_table import read_parquet

            table = read_parquet(file, plan, noted, may_be_empty=may_be_empty, progress=progress)
        else:
            try:
                table = read_csv(
                    file, plan, noted, size=block_size, may_be_empty=may_be_empty, progress=progress, helped=helped
                )
            except OSError as error:
                noted.stop("unreadable", reason=error.strerror or str(error))
    if faults is None:
        noted.refuse_if_any()
    return table


def open_to_read(path: str | Path, faults: FaultList) -> BinaryIO:
    """The file at `path`, open; one that cannot be opened is refused."""
    try:
        return Path(path).open("rb")
    except FileNotFoundError:
        faults.stop("missing_file")
    except IsADirectoryError:
        faults.stop("is_a_folder")
    except PermissionError:
        faults.stop("not_permitted_to_read")
    except (OSError, ValueError) as error:
        faults.stop("unreadable", reason=getattr(error, "strerror", None) or str(error))
