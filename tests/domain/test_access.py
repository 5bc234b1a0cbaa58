"""Roles and scopes, the table of steps, and posts that overlap."""

from datetime import date
from itertools import pairwise, product

import pytest

from starrating.domain.access import (
    ALLOWED,
    EVERYWHERE,
    GRANTABLE,
    LEVEL_OF,
    Act,
    Answer,
    Granted,
    Place,
    Role,
    answer,
    may,
    may_grant,
    may_manage,
    may_somewhere,
    places,
)  # fmt: skip
from starrating.domain.posts import Post, PostKind, dual_roles
from starrating.domain.workflow import STEPS, CycleState, CycleStep, find_step, steps_from, takes_scores

CITY, EAST, WEST = Place(1), Place(1, 2), Place(1, 3)
TOWN, UNIT = Place(1, 2, 4), Place(1, 2, 4, 5)


def test_nothing_granted_is_nothing_allowed() -> None:
    assert not any(may((), act, place) for act, place in product(Act, (EVERYWHERE, CITY, EAST, UNIT)))
    assert not any(may_somewhere((), act) for act in Act)


@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_down_and_not_up_or_aside(role: Role) -> None:
    held = (Granted(role, EAST),)
    for act in ALLOWED[role]:
        assert all(may(held, act, place) for place in (EAST, TOWN, UNIT))
        assert not any(may(held, act, place) for place in (WEST, CITY, EVERYWHERE, Place(1, 3, 4)))
    assert places(held, Act.VIEW_UNITS) == (EAST,)


def test_out_of_scope_is_not_there_and_in_scope_is_refused() -> None:
    held = (Granted(Role.TOWNSHIP_OFFICER, TOWN),)
    assert answer(held, Act.VIEW_UNITS, UNIT) is Answer.ALLOWED
    assert answer(held, Act.PUBLISH, UNIT) is Answer.REFUSED
    assert answer(held, Act.VIEW_UNITS, EAST) is Answer.NOT_THERE


def test_an_auditor_changes_nothing() -> None:
    assert {act for act in ALLOWED[Role.AUDITOR] if not act.startswith("view_")} == set()


def test_the_city_neither_scores_nor_confirms() -> None:
    assert not {Act.ENTER_SCORES, Act.CONFIRM, Act.DETERMINE} & ALLOWED[Role.CITY_ADMINISTRATOR]


@pytest.mark.parametrize(("giver", "role"), list(product(Role, Role)))
def test_who_gives_which_role(giver: Role, role: Role) -> None:
    place = {"municipality": CITY, "district": EAST, "township": TOWN, "unit": UNIT}[min(LEVEL_OF[role])]
    above = (Granted(giver, EVERYWHERE if giver is Role.CITY_ADMINISTRATOR else EAST),)
    assert may_grant(above, role, place) is (role in GRANTABLE.get(giver, ()))
    assert not may_grant((Granted(giver, WEST),), role, place)


def test_a_role_is_given_at_its_level_only() -> None:
    city = (Granted(Role.CITY_ADMINISTRATOR, EVERYWHERE),)
    assert not may_grant(city, Role.TOWNSHIP_OFFICER, EAST)
    assert not may_grant(city, Role.DISTRICT_ADMINISTRATOR, EVERYWHERE)
    assert may_grant(city, Role.CITY_ADMINISTRATOR, EVERYWHERE)


def test_nobody_takes_over_an_account_that_holds_more() -> None:
    district = (Granted(Role.DISTRICT_ADMINISTRATOR, EAST),)
    assert may_manage(district, (Granted(Role.TOWNSHIP_OFFICER, TOWN),), EAST)
    assert not may_manage(district, (Granted(Role.AUDITOR, EAST),), EAST)
    assert not may_manage(district, (Granted(Role.TOWNSHIP_OFFICER, Place(1, 3, 9)),), EAST)
    assert not may_manage(district, (), EVERYWHERE)


def test_the_table_is_all_there_is() -> None:
    allowed = {(row.step, row.source) for row in STEPS}
    assert len(allowed) == len(STEPS)
    for step, state in product(CycleStep, CycleState):
        assert (find_step(step, state) is not None) is ((step, state) in allowed)
    assert steps_from(CycleState.PUBLISHED) == ()
    assert all(row.needs_reason is row.step.startswith("return_") for row in STEPS)
    order = list(CycleState)
    forward = [row for row in STEPS if not row.needs_reason]
    assert [(row.source, row.target) for row in forward] == list(pairwise(order))
    assert all(order.index(row.target) < order.index(row.source) for row in STEPS if row.needs_reason)
    assert [state for state in CycleState if takes_scores(state)] == [CycleState.SCORING, CycleState.VERIFICATION]


@pytest.mark.parametrize(
    ("day", "both"),
    [(date(2024, 3, 31), {}), (date(2024, 4, 1), {7: 1}), (date(2024, 6, 30), {7: 1}), (date(2024, 7, 1), {})],
)
def test_dual_role_is_two_posts_on_the_day(day: date, both: dict[int, int]) -> None:
    posts = [
        Post(1, 7, PostKind.SECRETARY, date(2024, 1, 1), date(2024, 6, 30)),
        Post(1, 7, PostKind.DIRECTOR, date(2024, 4, 1)),
        Post(2, 8, PostKind.SECRETARY, date(2020, 1, 1)),
        Post(3, 8, PostKind.DIRECTOR, date(2020, 1, 1)),
        Post(3, 9, PostKind.SECRETARY, date(2020, 1, 1)),
    ]
    assert dual_roles(posts, day) == both
