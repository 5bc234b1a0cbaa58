"""The windows of a year: set by the district for every stage, and asked for by every act that writes in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from starrating.domain.access import Place
from starrating.domain.faults import RuleError
from starrating.domain.windows import DATED, Calendar, Stage, Standing, Window, out_of_order
from starrating.domain.workflow import CycleState
from starrating.models.cycles import Cycle
from starrating.models.windows import StageWindow
from starrating.queries.cycles import CycleRow
from starrating.queries.windows import calendar_of, windows_of
from starrating.services.audit import record
from starrating.services.clock import now
from starrating.services.transaction import transaction
from starrating.services.years.cycles import changed, subject_of

REFUSED = ("window.not_yet", "window.over", "window.not_now")
"""The codes of everything that came too early, too late or in the wrong state."""


@dataclass(frozen=True, slots=True)
class Time:
    """Whether something is open now, and its last instant; None where no end is set."""

    open: bool
    closes: datetime | None


def require_open(session: Session, cycle: CycleRow, stage: Stage, place: Place, department: str = "") -> None:
    """Within a transaction: refuse the act where the stage is not open there now; the year is held until the commit.

    `place` is what is written about (a unit where there is one), `department` the assessor's, empty where a township or
    a unit writes. The year's state is read anew under the lock, so that a row that was read earlier decides nothing.
    """
    require_each(session, cycle, stage, [(place, department)])


def require_each(session: Session, cycle: CycleRow, stage: Stage, scopes: Iterable[tuple[Place, str]]) -> None:
    """`require_open` for several places and departments at once; one that is closed refuses them all."""
    state = session.scalar(select(Cycle.state).where(Cycle.id == cycle.id).with_for_update(read=True))
    if state is None:
        raise RuleError("cycle.none")
    calendar, at = calendar_of(cycle, CycleState(state)), now()
    for place, department in dict.fromkeys(scopes):
        refusal = refusal_of(calendar, stage, place, department, at)
        if refusal is not None:
            raise refusal


def refusal_of(calendar: Calendar, stage: Stage, place: Place, department: str, at: datetime) -> RuleError | None:
    """Why a stage is not open there at an instant, with its first and last instant; None where it is open."""
    standing = calendar.standing(stage, place, department, at)
    if standing is Standing.OPEN:
        return None
    return RuleError(
        f"window.{standing.value}", stage=stage, state=calendar.state, opens=calendar.window(stage).opens,
        closes=calendar.closes(stage, place, department),
    )  # fmt: skip


def time_at(cycle: CycleRow, stage: Stage, place: Place, department: str = "") -> Time:
    """Whether a stage is open there at this instant, and until when: what a page shows; acts ask `require_open`."""
    calendar = calendar_of(cycle)
    return Time(calendar.is_open(stage, place, department, now()), calendar.closes(stage, place, department))


def time_within(cycle: CycleRow, stage: Stage, within: Place | None = None) -> Time:
    """Whether a stage is open now for somebody in a place, the whole district where none is named; its general end."""
    calendar = calendar_of(cycle)
    return Time(calendar.is_open_somewhere(stage, within or cycle.place, now()), calendar.window(stage).closes)


def set_windows(cycle_id: int, windows: Mapping[Stage, Window], version: int, by: int | None) -> None:
    """Set the windows of all stages, until determination; a stage that is not named has no dates afterwards.

    Raises `window.order` with the stages that would close before they open or after one that needs them closed.
    """
    wanted = {stage: windows[stage] for stage in DATED if windows.get(stage, Window()) != Window()}
    wrong = tuple(dict.fromkeys(out_of_order(wanted)))
    if wrong:
        raise RuleError("window.order", stages=wrong)
    with transaction() as session:
        row = changed(session, cycle_id, version, CycleState.DRAFT, CycleState.SCORING, CycleState.VERIFICATION)
        before = windows_of(cycle_id)
        session.execute(delete(StageWindow).where(StageWindow.cycle_id == cycle_id))
        session.add_all(StageWindow(cycle_id=cycle_id, stage=stage, opens=window.opens, closes=window.closes)
                        for stage, window in wanted.items())  # fmt: skip
        record(session, "cycle_dates_set", by, subject_of(row), before=_told(before), after=_told(wanted))


def _told(windows: Mapping[Stage, Window]) -> dict[str, list[str]]:
    """Windows as the trail keeps them."""
    return {
        stage.value: [one.isoformat() if one else "" for one in (window.opens, window.closes)]
        for stage, window in windows.items()
    }
