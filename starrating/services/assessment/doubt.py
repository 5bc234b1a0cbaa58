"""One doubt about scores: what it is about, where, and the digest by which it is known again when it was put aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256

from starrating.domain.access import Place
from starrating.domain.entry import Column
from starrating.domain.methods import Missing
from starrating.domain.oddities import NOTICEABLE, Check, Measure
from starrating.queries.cycles import CycleRow
from starrating.queries.scores import SheetUnit
from starrating.services.audit import canonical
from starrating.services.scoring.tasks import Task


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something worth a look. Which fields are set depends on the check; `group` is a department that is compared."""

    check: Check
    kind: str
    task: Task | None = None
    column: Column | None = None
    unit: SheetUnit | None = None
    township: tuple[int, str] | None = None
    group: str = ""
    other: str = ""
    text: str = ""
    count: int = 0
    figures: Mapping[str, Fraction] = field(default_factory=dict)
    measure: Measure = Measure.MEDIAN
    codes: tuple[str, ...] = ()
    """The indicators that it is about, where that is not one of one unit."""
    units: tuple[int, ...] = ()
    """The units that it is about, where that is not all of the township or of the district."""

    @property
    def must_be_filled(self) -> bool:
        """True for cells that may not stay empty: there is nothing to put aside."""
        leaf = self.task.node.leaf if self.task else None
        return self.check is Check.EMPTY and leaf is not None and leaf.missing is Missing.REJECT

    @property
    def digest(self) -> str:
        """What it is about, as one digest: its own value, not what others have that it was compared with."""
        seen = {
            "check": self.check, "kind": self.kind, "indicator": self.task.node.code if self.task else "",
            "header": self.column.header if self.column else "", "unit": self.unit.code if self.unit else "",
            "township": self.township[0] if self.township else 0, "group": self.group, "other": self.other,
            "text": self.text, **self._own_figures(),
        }  # fmt: skip
        return sha256(canonical(seen).encode()).hexdigest()

    def _own_figures(self) -> dict[str, str | int]:
        """What of the figures is this doubt's own: the value of last year; of an average, in which band of five
        hundredths of the full points it lies, so that one value among hundreds does not bring it back."""
        figures = self.figures
        if "verified" in figures:
            return {"band": (figures["average"] - figures["verified"]) // NOTICEABLE}
        if "average" in figures:
            return {"band": figures["average"] // NOTICEABLE}
        before = {"before": str(figures["before"])} if "before" in figures else {}
        return {"count": self.count, "units": " ".join(map(str, self.units)), **before}


def place_of(cycle: CycleRow, doubt: Doubt) -> Place:
    """Where a doubt is: at a unit, a township or, about departments, the district."""
    if doubt.unit:
        return Place(cycle.municipality_id, cycle.district_id, doubt.unit.township_id, doubt.unit.id)
    return Place(cycle.municipality_id, cycle.district_id, doubt.township[0] if doubt.township else None)


def label_of(doubt: Doubt) -> str:
    """What a doubt is about, by the names in it."""
    names = [
        doubt.unit.name if doubt.unit else "", doubt.township[1] if doubt.township else "", doubt.group,
        doubt.column.header if doubt.column else doubt.task.node.code if doubt.task else "", doubt.other,
    ]  # fmt: skip
    return " ".join(name for name in names if name)[:400]
