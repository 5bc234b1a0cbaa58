"""The rows of people and posts in the table of guards; whoever may not see any of it learns nothing of it: 404."""

from __future__ import annotations

from collections.abc import Callable

from starrating.blueprints.places import division, person_seen, person_served, unit_here
from starrating.blueprints.training_rows import TRAINING_ROWS
from starrating.domain.access import Act, Place
from starrating.queries.eligibility import place_of_check
from starrating.queries.people import place_of_post
from starrating.queries.places import place_of_unit

PEOPLE_ROWS: tuple[tuple[str, str, Act | None, Callable[..., Place | None] | None], ...] = (
    ("people.index", "GET", Act.VIEW_PEOPLE, None),
    ("people.division", "GET", Act.VIEW_PEOPLE, division),
    ("people.find", "POST", Act.MANAGE_PEOPLE, division),
    ("people.unit", "GET", Act.VIEW_PEOPLE, place_of_unit),
    ("people.show", "GET", Act.VIEW_PEOPLE, person_seen),
    ("people.growth", "GET", Act.VIEW_PEOPLE, person_seen),
    ("people.create", "GET", Act.MANAGE_PEOPLE, place_of_unit),
    ("people.store", "POST", Act.MANAGE_PEOPLE, place_of_unit),
    ("people.successor", "GET", Act.MANAGE_PEOPLE, place_of_post),
    ("people.hand_over", "POST", Act.MANAGE_PEOPLE, place_of_post),
    ("people.successors", "GET", Act.MANAGE_PEOPLE, place_of_unit),
    ("people.hand_over_two", "POST", Act.MANAGE_PEOPLE, place_of_unit),
    ("people.ending", "GET", Act.MANAGE_PEOPLE, place_of_post),
    ("people.end", "POST", Act.MANAGE_PEOPLE, place_of_post),
    ("people.wrong_post", "GET", Act.MANAGE_PEOPLE, place_of_post),
    ("people.amend_post", "POST", Act.MANAGE_PEOPLE, place_of_post),
    ("people.wrong_person", "GET", Act.MANAGE_PEOPLE, person_served),
    ("people.amend_person", "POST", Act.MANAGE_PEOPLE, person_served),
    ("people.twins", "GET", Act.MANAGE_PEOPLE, person_served),
    ("people.merge", "POST", Act.MANAGE_PEOPLE, person_served),
    ("people.numbers", "GET", Act.MANAGE_PEOPLE, person_served),
    ("people.store_numbers", "POST", Act.MANAGE_PEOPLE, person_served),
    ("people.link_account", "POST", Act.MANAGE_PEOPLE, person_served),
    ("people.ask_clear", "GET", Act.SEE_CLEAR, person_served),
    ("people.see_clear", "POST", Act.SEE_CLEAR, person_served),
    ("people.own", "GET", None, None),
    ("people.ask_correction", "POST", None, None),
    ("people.asked", "GET", Act.MANAGE_PEOPLE, None),
    ("people.decide", "POST", Act.MANAGE_PEOPLE, None),
    ("people.fields", "GET", Act.VIEW_PEOPLE, None),
    ("people.figures", "GET", Act.VIEW_PEOPLE, division),
    ("people.enter_election", "POST", Act.MANAGE_PEOPLE, division),
    ("people.take_back_election", "POST", Act.MANAGE_PEOPLE, division),
    ("people.election", "GET", Act.VIEW_PEOPLE, division),
    ("people.candidate_form", "GET", Act.PROPOSE_PEOPLE, division),
    ("people.put_forward", "POST", Act.PROPOSE_PEOPLE, division),
    ("people.check_candidates", "POST", Act.MANAGE_PEOPLE, division),
    ("people.elect", "POST", Act.MANAGE_PEOPLE, division),
    ("people.candidate_names", "POST", Act.SEE_CLEAR, division),
    ("people.candidate", "GET", Act.VIEW_PEOPLE, division),
    ("people.withdraw_candidate", "POST", Act.PROPOSE_PEOPLE, division),
    ("people.proposals", "GET", Act.MANAGE_PEOPLE, division),
    ("people.decide_proposed", "POST", Act.MANAGE_PEOPLE, division),
    ("people.roster", "GET", Act.MANAGE_PEOPLE, division),
    ("people.roster_file", "GET", Act.MANAGE_PEOPLE, division),
    ("people.upload_roster", "POST", Act.MANAGE_PEOPLE, division),
    ("people.show_roster", "GET", Act.MANAGE_PEOPLE, division),
    ("people.store_roster", "POST", Act.MANAGE_PEOPLE, division),
    ("people.drop_roster", "POST", Act.MANAGE_PEOPLE, division),
    ("checks.index", "GET", Act.ANSWER_CHECKS, None),
    ("checks.division", "GET", Act.VIEW_CHECKS, division),
    ("checks.open_in_post", "POST", Act.MANAGE_PEOPLE, division),
    ("checks.add_items", "POST", Act.MANAGE_PEOPLE, division),
    ("checks.retire_item", "POST", Act.MANAGE_PEOPLE, division),
    ("checks.open_check", "POST", Act.MANAGE_PEOPLE, unit_here),
    ("checks.show", "GET", Act.VIEW_CHECKS, place_of_check),
    ("checks.answering", "GET", Act.ANSWER_CHECKS, None),
    ("checks.answering_election", "GET", Act.ANSWER_CHECKS, None),
    ("checks.answer_election", "POST", Act.ANSWER_CHECKS, None),
    ("checks.answer", "POST", Act.ANSWER_CHECKS, None),
    *TRAINING_ROWS,
)
"""Endpoint, method, the act it asks for, and what finds the place that its keys name."""
