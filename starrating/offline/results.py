"""A rating as the columns of RATINGS.csv, written out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starrating.domain.figures import signed, texts
from starrating.domain.inputs import Labels
from starrating.domain.rating import Rating

STATUSES = ("rated", "void")


def rating_columns(rating: Rating, rows: NDArray[np.intp]) -> dict[str, Sequence[str] | Labels]:
    """The columns of the contract for those rows of the rating, in their order."""
    codes = tuple(level.code for level in rating.scheme.levels)
    level, previous = rating.level[rows].astype(np.int32), rating.previous[rows].astype(np.int32)
    moved = (level >= 0) & (previous >= 0)
    top = len(codes) - 1
    return {
        "unit": [rating.inputs.units[row] for row in rows.tolist()],
        "status": Labels(np.where(level >= 0, 0, 1).astype(np.int32), STATUSES),
        "total": [text or "" for text in texts(rating.total, rows, rating.scheme.decimals)],
        "rank": _ranks(rating.rank[rows]),
        "pool": _of_rows(rating.pool, rows),
        "level": Labels(level, codes),
        "previous": Labels(previous, codes),
        "change": Labels(np.where(moved, level - previous + top, -1), tuple(map(signed, range(-top, top + 1)))),
        "reasons": _of_rows(rating.reasons, rows),
        "consequences": _of_rows(rating.consequences, rows),
    }


def _of_rows(labels: Labels, rows: NDArray[np.intp]) -> Labels:
    return Labels(labels.codes[rows], labels.names)


def _ranks(rank: NDArray[Any]) -> Labels:
    distinct, place = np.unique(rank, return_inverse=True)
    return Labels(np.where(rank > 0, place, -1).astype(np.int32), tuple(map(str, distinct)))
