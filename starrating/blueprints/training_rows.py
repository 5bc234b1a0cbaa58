"""The rows of training in the table of guards: a round or course is seen within the part of it that is one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starrating.blueprints.places import division
from starrating.domain.access import Act, Place
from starrating.queries.places import place_of_division
from starrating.queries.training import course_row, place_of_course, round_row


def round_here(division_id: int, round_id: int, **_others: Any) -> Place | None:
    """A division that a round is for: the round's own, or one within that."""
    place, row = place_of_division(division_id), round_row(round_id)
    return place if place and row and row.place.covers(place) else None


def own_round(division_id: int, round_id: int, **_others: Any) -> Place | None:
    """The division whose round it is."""
    place, row = place_of_division(division_id), round_row(round_id)
    return place if place and row and row.place == place else None


def course_here(division_id: int, course_id: int, **_others: Any) -> Place | None:
    """A division that a course is for: whose it is, or one within that."""
    place, row = place_of_division(division_id), course_row(course_id)
    return place if place and row and row.place.covers(place) else None


TRAINING_ROWS: tuple[tuple[str, str, Act | None, Callable[..., Place | None] | None], ...] = (
    ("training.index", "GET", Act.VIEW_PEOPLE, None),
    ("training.division", "GET", Act.VIEW_PEOPLE, division),
    ("training.open_round", "POST", Act.MANAGE_PEOPLE, division),
    ("training.withdraw_round", "POST", Act.MANAGE_PEOPLE, own_round),
    ("training.round_shown", "GET", Act.VIEW_PEOPLE, round_here),
    ("training.missing_file", "POST", Act.VIEW_PEOPLE, round_here),
    ("training.new_course", "GET", Act.MANAGE_PEOPLE, division),
    ("training.hold_course", "POST", Act.MANAGE_PEOPLE, division),
    ("training.wrong_course", "GET", Act.MANAGE_PEOPLE, place_of_course),
    ("training.amend_course", "POST", Act.MANAGE_PEOPLE, place_of_course),
    ("training.cancel_course", "POST", Act.MANAGE_PEOPLE, place_of_course),
    ("training.attendance", "GET", Act.VIEW_PEOPLE, course_here),
    ("training.record", "POST", Act.MANAGE_PEOPLE, course_here),
    ("training.list_file", "POST", Act.VIEW_PEOPLE, course_here),
    ("training.upload_list", "POST", Act.MANAGE_PEOPLE, course_here),
)
"""Endpoint, method, the act it asks for, and what finds the place that its keys name."""
