"""Who may do what, and where: roles, scopes, acts and the one function that decides; what is not granted is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is to the rating."""

    CITY_ADMINISTRATOR = "city_administrator"
    DISTRICT_ADMINISTRATOR = "district_administrator"
    DISTRICT_ASSESSOR = "district_assessor"
    TOWNSHIP_OFFICER = "township_officer"
    UNIT = "unit"
    AUDITOR = "auditor"


class Act(StrEnum):
    """What a person can do; every endpoint names one."""

    VIEW_UNITS = "view_units"
    VIEW_ACCOUNTS = "view_accounts"
    MANAGE_ACCOUNTS = "manage_accounts"
    VIEW_AUDIT = "view_audit"
    VIEW_CYCLE = "view_cycle"
    PREPARE_CYCLE = "prepare_cycle"
    VIEW_SCORES = "view_scores"
    FILL_SCORES = "fill_scores"
    ENTER_SCORES = "enter_scores"
    ENTER_TOWNSHIP_SCORES = "enter_township_scores"
    VIEW_ASSESSMENTS = "view_assessments"
    ASSESS_SELF = "assess_self"
    LOOK_INTO_SCORES = "look_into_scores"
    REVIEW_ASSESSMENTS = "review_assessments"
    VERIFY_SCORES = "verify_scores"
    RECORD_EVENTS = "record_events"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    VIEW_EVIDENCE = "view_evidence"
    ADD_EVIDENCE = "add_evidence"
    VIEW_SPOT_CHECKS = "view_spot_checks"
    RECORD_SPOT_CHECKS = "record_spot_checks"
    ANSWER_SPOT_CHECKS = "answer_spot_checks"
    COUNT_SPOT_CHECKS = "count_spot_checks"
    VIEW_OBJECTIONS = "view_objections"
    VIEW_ALL_OBJECTIONS = "view_all_objections"
    LODGE_OBJECTIONS = "lodge_objections"
    RECORD_OBJECTIONS = "record_objections"
    DECIDE_OBJECTIONS = "decide_objections"
    SET_WORKING_DAYS = "set_working_days"
    DETERMINE = "determine"
    CONFIRM = "confirm"
    PUBLISH = "publish"
    VIEW_RATINGS = "view_ratings"
    VIEW_TRIALS = "view_trials"
    VIEW_CONSEQUENCES = "view_consequences"
    DECIDE_CONSEQUENCES = "decide_consequences"
    VIEW_DUE_CONSEQUENCES = "view_due_consequences"
    VIEW_PEOPLE = "view_people"
    MANAGE_PEOPLE = "manage_people"
    SEE_CLEAR = "see_clear"
    VIEW_CHECKS = "view_checks"
    ANSWER_CHECKS = "answer_checks"
    REVIEW_RESERVE = "review_reserve"
    PROPOSE_PEOPLE = "propose_people"


_READ = frozenset({
    Act.VIEW_UNITS, Act.VIEW_CYCLE, Act.VIEW_RATINGS, Act.VIEW_ASSESSMENTS, Act.VIEW_EVIDENCE, Act.VIEW_SPOT_CHECKS,
})  # fmt: skip
_OBJECTIONS = frozenset({Act.VIEW_OBJECTIONS, Act.VIEW_ALL_OBJECTIONS})
_FOLLOWING = frozenset({Act.VIEW_CONSEQUENCES, Act.VIEW_DUE_CONSEQUENCES})
_CHECKING = frozenset({Act.RECORD_SPOT_CHECKS, Act.COUNT_SPOT_CHECKS, Act.ADD_EVIDENCE})
_PEOPLE = frozenset({
    Act.VIEW_PEOPLE, Act.MANAGE_PEOPLE, Act.SEE_CLEAR, Act.VIEW_CHECKS, Act.ANSWER_CHECKS, Act.REVIEW_RESERVE,
    Act.PROPOSE_PEOPLE,
})  # fmt: skip

ALLOWED: dict[Role, frozenset[Act]] = {
    Role.CITY_ADMINISTRATOR: _READ
    | {Act.VIEW_ACCOUNTS, Act.MANAGE_ACCOUNTS, Act.VIEW_AUDIT, Act.VIEW_TRIALS, Act.VIEW_SCORES,
       Act.DECIDE_OBJECTIONS, Act.SET_WORKING_DAYS}
    | _PEOPLE
    | _CHECKING
    | _FOLLOWING
    | _OBJECTIONS,
    Role.DISTRICT_ADMINISTRATOR: _READ
    | {
        Act.VIEW_ACCOUNTS, Act.MANAGE_ACCOUNTS, Act.VIEW_AUDIT, Act.PREPARE_CYCLE, Act.RECORD_EVENTS, Act.DETERMINE,
        Act.CONFIRM, Act.PUBLISH, Act.DECIDE_CONSEQUENCES, Act.VIEW_TRIALS, Act.VIEW_SCORES, Act.LOOK_INTO_SCORES,
        Act.VERIFY_SCORES, Act.ASK_EXTENSION, Act.DECIDE_EXTENSION,
        Act.RECORD_OBJECTIONS, Act.DECIDE_OBJECTIONS,
    }
    | _PEOPLE
    | _CHECKING
    | _FOLLOWING
    | _OBJECTIONS,
    Role.DISTRICT_ASSESSOR: _READ
    | {Act.VIEW_SCORES, Act.FILL_SCORES, Act.ENTER_SCORES, Act.LOOK_INTO_SCORES, Act.ADD_EVIDENCE,
       Act.COUNT_SPOT_CHECKS, Act.ASK_EXTENSION, Act.ANSWER_CHECKS},
    Role.TOWNSHIP_OFFICER: _READ
    | {Act.VIEW_SCORES, Act.FILL_SCORES, Act.ENTER_TOWNSHIP_SCORES, Act.REVIEW_ASSESSMENTS, Act.LOOK_INTO_SCORES,
       Act.ADD_EVIDENCE, Act.COUNT_SPOT_CHECKS, Act.ASK_EXTENSION, Act.VIEW_PEOPLE,
       Act.VIEW_DUE_CONSEQUENCES, Act.REVIEW_RESERVE, Act.PROPOSE_PEOPLE},
    Role.UNIT: _READ
    | {Act.ASK_EXTENSION, Act.ASSESS_SELF, Act.ADD_EVIDENCE, Act.ANSWER_SPOT_CHECKS, Act.VIEW_OBJECTIONS,
       Act.LODGE_OBJECTIONS},
    Role.AUDITOR: _READ
    | {Act.VIEW_ACCOUNTS, Act.VIEW_AUDIT, Act.VIEW_TRIALS, Act.VIEW_SCORES, Act.VIEW_PEOPLE,
       Act.VIEW_CHECKS}
    | _FOLLOWING
    | _OBJECTIONS,
}  # fmt: skip
"""What each role may do within its scope; nothing else."""

GRANTABLE: dict[Role, frozenset[Role]] = {
    Role.CITY_ADMINISTRATOR: frozenset(Role),
    Role.DISTRICT_ADMINISTRATOR: frozenset({Role.DISTRICT_ASSESSOR, Role.TOWNSHIP_OFFICER, Role.UNIT}),
}
"""Which roles an administrator gives and takes: nobody makes their own kind, but the city does."""

LEVEL_OF: dict[Role, frozenset[str]] = {
    Role.CITY_ADMINISTRATOR: frozenset({"municipality"}),
    Role.DISTRICT_ADMINISTRATOR: frozenset({"district"}),
    Role.DISTRICT_ASSESSOR: frozenset({"district"}),
    Role.TOWNSHIP_OFFICER: frozenset({"township"}),
    Role.UNIT: frozenset({"unit"}),
    Role.AUDITOR: frozenset({"municipality", "district"}),
}
"""At which level of divisions a role is given."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: the keys on the way down to it; a key that is None lies below the place."""

    municipality: int | None = None
    district: int | None = None
    township: int | None = None
    unit: int | None = None

    @property
    def level(self) -> str:
        """How far down the place lies; `everywhere` is above every municipality."""
        for name in ("unit", "township", "district", "municipality"):
            if getattr(self, name) is not None:
                return name
        return "everywhere"

    def covers(self, other: Place) -> bool:
        """True where `other` is this place or lies within it."""
        names = ("municipality", "district", "township", "unit")
        return all(getattr(self, name) in (None, getattr(other, name)) for name in names)


EVERYWHERE = Place()


@dataclass(frozen=True, slots=True)
class Granted:
    """A role that an account holds at a place, for a department where the role is an assessor's."""

    role: Role
    place: Place
    department: str = ""


class Answer(StrEnum):
    """What a request gets: the thing, a refusal, or nothing that shows it exists."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    NOT_THERE = "not_there"


def may(grants: Iterable[Granted], act: Act, place: Place) -> bool:
    """True where one of the grants allows the act at the place."""
    return any(act in ALLOWED[grant.role] and grant.place.covers(place) for grant in grants)


def answer(grants: Iterable[Granted], act: Act, place: Place) -> Answer:
    """What the request for an act at a place gets: out of every scope it does not exist, in scope it may be refused."""
    held = tuple(grants)
    if may(held, act, place):
        return Answer.ALLOWED
    return Answer.REFUSED if any(grant.place.covers(place) for grant in held) else Answer.NOT_THERE


def may_somewhere(grants: Iterable[Granted], act: Act) -> bool:
    """True where some grant allows the act at some place: lists that show each his own."""
    return any(act in ALLOWED[grant.role] for grant in grants)


def places(grants: Iterable[Granted], act: Act) -> tuple[Place, ...]:
    """Where the grants allow the act: what a query looks through, and nothing beyond."""
    return tuple(dict.fromkeys(grant.place for grant in grants if act in ALLOWED[grant.role]))


def may_grant(grants: Iterable[Granted], role: Role, place: Place) -> bool:
    """True where the holder of the grants may give or take the role at the place, which is of the role's level."""
    if place.level not in LEVEL_OF[role] and not (place == EVERYWHERE and "municipality" in LEVEL_OF[role]):
        return False
    return any(role in GRANTABLE.get(grant.role, ()) and grant.place.covers(place) for grant in grants)


def may_manage(grants: Iterable[Granted], theirs: Iterable[Granted], home: Place) -> bool:
    """True where the holder may disable the account or reset its password: all it holds is theirs to give.

    Without the second half an administrator could take over an account that was given more elsewhere.
    """
    held = tuple(grants)
    return may(held, Act.MANAGE_ACCOUNTS, home) and all(may_grant(held, one.role, one.place) for one in theirs)
