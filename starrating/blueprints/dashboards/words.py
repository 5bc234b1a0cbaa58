"""What there is to do next in a year, by its state, in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from starrating.domain.workflow import CycleState

STATES: Mapping[CycleState, str] = {
    CycleState.DRAFT: _l("起草"),
    CycleState.SCORING: _l("评分"),
    CycleState.VERIFICATION: _l("复核"),
    CycleState.DETERMINED: _l("审定"),
    CycleState.NOTICE: _l("公示"),
    CycleState.PUBLISHED: _l("发布"),
}
NEXT: Mapping[CycleState, str] = {
    CycleState.DRAFT: _l("定好办法、分工和日期，然后开始评分。"),
    CycleState.SCORING: _l("填齐得分，然后转入复核。"),
    CycleState.VERIFICATION: _l("核对得分，试算，再由第二人确认审定。"),
    CycleState.DETERMINED: _l("核对结果，然后开始公示。"),
    CycleState.NOTICE: _l("公示期满、异议办结后发布。"),
    CycleState.PUBLISHED: _l("已经发布，不再改动。"),
}
KIND: Mapping[CycleState, str] = {CycleState.DRAFT: "", CycleState.PUBLISHED: "ok"}
"""How a state is tagged; all others are under way."""
