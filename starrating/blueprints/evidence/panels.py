"""What a page needs to show the evidence of a unit beside its indicators: one value, made by one call.

seen = evidence_of(row, unit, Purpose.SCORE)          in the view
{{ evidence_panel(seen, "V1.3") }}                    in the template, outside of any form
{{ evidence_line(seen, "V1.3") }}                     in a form: how many there are and where to send more
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import request

from starrating.blueprints.pages import person
from starrating.domain.evidence import Limits, Purpose
from starrating.queries.cycles import CycleRow
from starrating.queries.evidence import FileRow, files_of, files_of_finding, files_of_objection
from starrating.queries.scores import SheetUnit
from starrating.services.clock import now
from starrating.services.evidence.evidence import limits
from starrating.services.evidence.rights import Here, Slot, indicators_of, may_add, seen_purposes
from starrating.services.scoring.tasks import Task


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file that was sent: its key, or why it was not taken."""

    name: str
    file_id: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceSeen:
    """The evidence of a unit as somebody sees it: files by indicator, where he may add some, for which purpose."""

    cycle_id: int
    unit_id: int
    purpose: Purpose
    files: Mapping[str, Sequence[FileRow]]
    addable: tuple[str, ...]
    limits: Limits
    back: str
    spot_check_id: int | None = None
    objection_id: int | None = None
    results: Mapping[str, Sequence[Result]] = field(default_factory=dict)
    decides: bool = False

    def of(self, indicator: str) -> Sequence[FileRow]:
        """The files of an indicator that stand, then those that were removed."""
        return sorted(self.files.get(indicator, ()), key=lambda file: file.removed_at is not None)

    def count(self, indicator: str) -> int:
        """How many files of an indicator stand."""
        return sum(file.removed_at is None for file in self.files.get(indicator, ()))

    def removable(self, file: FileRow) -> bool:
        """True where the person may take the file from the list.

        Of a finding or an objection only his own, and of one that he may decide what an individual attached.
        """
        shared = self.spot_check_id is None and self.objection_id is None
        own = shared or file.by_id == person().account_id or (self.decides and file.by_id is None)
        return own and file.removed_at is None and file.purpose is self.purpose and file.indicator in self.addable


def evidence_of(
    row: CycleRow,
    unit: SheetUnit,
    purpose: Purpose,
    tasks: Iterable[Task] | None = None,
    purposes: Collection[Purpose] | None = None,
) -> EvidenceSeen:
    """The evidence of a unit that the person may see, of these purposes or of all; sending is for `purpose`.

    `tasks` saves a page that has read `tasks_of` the second reading.
    """
    who, about = person(), Here(row, unit)
    seen = seen_purposes(who.grants, about.place)
    wanted = seen if purposes is None else seen & frozenset(purposes)
    found: dict[str, list[FileRow]] = {}
    for file in files_of(row.id, unit.id, sorted(wanted)):
        if file.spot_check_id is None:
            found.setdefault(file.indicator, []).append(file)
    addable = indicators_of(about, purpose, who.grants, now(), tasks)
    return EvidenceSeen(row.id, unit.id, purpose, found, addable, limits(), request.full_path.rstrip("?"))


def evidence_of_finding(about: Here, check_id: int) -> EvidenceSeen:
    """The files of a spot check, for its own page."""
    slot = Slot(about.cycle.id, about.unit.id, "", Purpose.SPOT_CHECK, check_id)
    addable = ("",) if may_add(about, slot, person().grants, now()) else ()
    found = {"": files_of_finding(check_id)}
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return EvidenceSeen(about.cycle.id, about.unit.id, Purpose.SPOT_CHECK, found, addable, limits(), back, check_id)


def evidence_of_objection(about: Here, objection_id: int, *, decides: bool) -> EvidenceSeen:
    """The files of an objection, for its own page, which is shown to who may read it alone; `decides` who may do so."""
    slot = Slot(about.cycle.id, about.unit.id, "", Purpose.OBJECTION, objection_id=objection_id)
    addable = ("",) if may_add(about, slot, person().grants, now()) else ()
    found = {"": files_of_objection(objection_id)}
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return EvidenceSeen(about.cycle.id, about.unit.id, Purpose.OBJECTION, found, addable, limits(), back,
                        objection_id=objection_id, decides=decides)  # fmt: skip
