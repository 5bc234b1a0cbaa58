"""A rating as the columns of RATINGS.csv, written out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from starrating.domain.figures import signed, texts
from starrating.domain.inputs import Labels
from starrating.domain.rating import Rating

STATUSES = ("rated", "void")


def rating_columns(rating: Rating) -> dict[str, Sequence[str] | Labels]:
    """The columns in the order of the contract, units as they stand in the rating."""
    codes = tuple(level.code for level in rating.scheme.levels)
    rated = rating.level >= 0
    moved = rated & (rating.previous >= 0)
    top = len(codes) - 1
    steps = rating.level.astype(np.int32) - rating.previous + top
    everyone = np.arange(len(rating.inputs))
    return {
        "unit": rating.inputs.units,
        "status": Labels(np.where(rated, 0, 1).astype(np.int32), STATUSES),
        "total": _numbers(texts(rating.total, everyone, rating.scheme.decimals)),
        "rank": _ranks(rating.rank),
        "pool": rating.pool,
        "level": Labels(rating.level.astype(np.int32), codes),
        "previous": Labels(rating.previous.astype(np.int32), codes),
        "change": Labels(np.where(moved, steps, -1).astype(np.int32), tuple(signed(n) for n in range(-top, top + 1))),
        "reasons": rating.reasons,
        "consequences": rating.consequences,
    }


def _numbers(written: list[str | None]) -> list[str]:
    return [text or "" for text in written]


def _ranks(rank: NDArray[np.int64]) -> Labels:
    distinct, place = np.unique(rank, return_inverse=True)
    codes = np.where(rank > 0, place, -1).astype(np.int32)
    return Labels(codes, tuple(str(number) for number in distinct))
