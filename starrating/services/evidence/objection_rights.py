"""Who may decide an objection, and so see what is attached to it: by role, and without a part in the result."""

from __future__ import annotations

from starrating.domain.access import Act, may
from starrating.domain.faults import RuleError
from starrating.domain.objections import Part, may_see
from starrating.queries.identities import Identity
from starrating.queries.objections import ObjectionRow, parts_of
from starrating.services.evidence.rights import Here


def parts_in(row: ObjectionRow, by: Identity) -> tuple[Part, ...]:
    """What somebody had to do with the result or the objection itself; whoever has a part decides nothing."""
    own = (Part.LODGED,) if row.lodged_by == by.account_id else ()
    return (*own, *parts_of(by.account_id, row.cycle_id, row.unit_id, row.unit_kind))


def refuse_part(row: ObjectionRow, about: Here, by: Identity) -> None:
    """Refuse whoever may not decide: `objection.none` out of his roles, `objection.part` with what he did."""
    if not may_see(by.grants, row.channel, about.place) or not may(by.grants, Act.DECIDE_OBJECTIONS, about.place):
        raise RuleError("objection.none")
    parts = parts_in(row, by)
    if parts:
        raise RuleError("objection.part", parts=parts)


def may_decide(row: ObjectionRow, about: Here, by: Identity) -> bool:
    """True where somebody may decide the objection, were it open: by his roles, and without a part in the result."""
    try:
        refuse_part(row, about, by)
    except RuleError:
        return False
    return True
