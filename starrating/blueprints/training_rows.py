"""The rows of training in the table of guards: a round or course is seen within the part of it that is one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starrating.blueprints.places import division, person_served
from starrating.domain.access import Act, Place
from starrating.queries.growth import place_of_step
from starrating.queries.places import place_of_division, place_of_unit
from starrating.queries.reserve import place_of_entry
from starrating.queries.training import course_row, place_of_course, round_row
from starrating.queries.workers import place_of_worker


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
    ("training.reserve", "GET", Act.VIEW_PEOPLE, division),
    ("training.set_reserve_rule", "POST", Act.MANAGE_PEOPLE, division),
    ("training.reserve_file", "POST", Act.VIEW_PEOPLE, division),
    ("training.nomination", "GET", Act.PROPOSE_PEOPLE, place_of_unit),
    ("training.nominate", "POST", Act.PROPOSE_PEOPLE, place_of_unit),
    ("training.entry", "GET", Act.VIEW_PEOPLE, place_of_entry),
    ("training.review_entry", "POST", Act.REVIEW_RESERVE, place_of_entry),
    ("training.confirm_entry", "POST", Act.MANAGE_PEOPLE, place_of_entry),
    ("training.end_entry", "POST", Act.REVIEW_RESERVE, place_of_entry),
    ("training.workers", "GET", Act.VIEW_PEOPLE, division),
    ("training.set_worker_places", "POST", Act.MANAGE_PEOPLE, division),
    ("training.workers_file", "POST", Act.VIEW_PEOPLE, division),
    ("training.new_worker", "GET", Act.MANAGE_PEOPLE, division),
    ("training.enter_worker", "POST", Act.MANAGE_PEOPLE, division),
    ("training.wrong_worker", "GET", Act.MANAGE_PEOPLE, place_of_worker),
    ("training.amend_worker", "POST", Act.MANAGE_PEOPLE, place_of_worker),
    ("training.end_worker", "POST", Act.MANAGE_PEOPLE, place_of_worker),
    ("training.growth", "GET", Act.VIEW_PEOPLE, division),
    ("training.set_growth_path", "POST", Act.MANAGE_PEOPLE, division),
    ("training.growth_file", "POST", Act.VIEW_PEOPLE, division),
    ("training.steps", "GET", Act.MANAGE_PEOPLE, person_served),
    ("training.take_step", "POST", Act.MANAGE_PEOPLE, person_served),
    ("training.take_back_step", "POST", Act.MANAGE_PEOPLE, place_of_step),
)
"""Endpoint, method, the act it asks for, and what finds the place that its keys name."""
