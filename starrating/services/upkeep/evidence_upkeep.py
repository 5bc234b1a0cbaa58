"""Upkeep of the store: files that no row speaks of are swept, rows whose files are not what was kept are named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from starrating.queries.evidence import FileRow, every_file, stored_names
from starrating.services.evidence.evidence import content_if_whole
from starrating.services.storage import Kept, store


def orphans(before: datetime) -> tuple[Kept, ...]:
    """Files that came before that instant and belong to no row; younger ones may be on their way to theirs."""
    kept = [one for one in store().files() if one.at < before]
    known = stored_names()
    return tuple(one for one in kept if one.name not in known)


def sweep(before: datetime) -> tuple[Kept, ...]:
    """Remove the orphans and say which they were."""
    found = orphans(before)
    for one in found:
        store().remove(one.name)
    return found


def damaged() -> Iterator[FileRow]:
    """Every file that the store has no more, or not as it was kept; each is read whole, but what was deleted."""
    yield from (row for row in every_file() if not row.destroyed and content_if_whole(row) is None)
