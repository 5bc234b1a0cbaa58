"""What a leaf's raw values are drawn from: a share of its points for each unit, and repeatable chance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from starrating.demo.noise import Chance, Whole
from starrating.domain.methods import Leaf
from starrating.domain.scheme import Indicator

ALL = 10_000
"""A share of everything, and a chance of certainty: shares are whole ten-thousandths."""


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """One leaf in one year; `share` is what each unit is to come near, `period` empty for the whole year."""

    node: Indicator
    year: int
    chance: Chance
    share: Whole
    period: str = ""

    @property
    def leaf(self) -> Leaf:
        """The leaf's rules."""
        assert self.node.leaf is not None, self.node.code
        return self.node.leaf

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods to draw, one without a name where there are none."""
        return self.leaf.periods or ("",)

    def below(self, limit: int, *words: object) -> Whole:
        """Chance of this leaf, year and period."""
        return self.chance.below(limit, self.node.code, self.year, self.period, *words)

    def in_period(self, period: str) -> Draw:
        """The same for one period, its share a little beside the year's."""
        if not period:
            return self
        aside = self.chance.bell(self.node.code, self.year, period, "aside") * 300 // 1000
        return replace(self, period=period, share=np.clip(self.share + aside, 0, ALL))

    def header(self, part: str = "", period: str = "") -> str:
        """The header of a column of this leaf."""
        return self.node.code + (f".{part}" if part else "") + (f"@{period}" if period else "")
