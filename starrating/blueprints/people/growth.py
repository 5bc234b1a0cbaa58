"""A person's training and growth, on a page of its own for the office and on the page of whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from starrating.blueprints.pages import person
from starrating.blueprints.people import bp
from starrating.domain.access import Act, Place, places
from starrating.domain.training import hours_by_year, hours_text
from starrating.queries import people
from starrating.queries import training as question
from starrating.queries.growth import StepRow, steps_of_person
from starrating.queries.reserve import EntryRow, entries_of_person
from starrating.queries.training import Attended
from starrating.queries.workers import WorkerRow, work_of_person
from starrating.vocabulary.training import presence_word, state_of_entry


@dataclass(frozen=True, slots=True)
class Course:
    """A course of a person, in words."""

    row: Attended
    hours: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True)
class Grown:
    """A person's courses with the hours of each year, the reserve lists, the work as a worker; the latest first.

    `left` is what no longer counts of courses that two records of the person had, since they were made one.
    """

    courses: tuple[Course, ...]
    left: tuple[Course, ...]
    years: tuple[tuple[int, str], ...]
    listed: tuple[tuple[EntryRow, str, str], ...]
    works: tuple[WorkerRow, ...]
    steps: tuple[StepRow, ...]


@bp.get("/<key:person_id>/growth")
def growth(person_id: int) -> ResponseReturnValue:
    """What is recorded of a person's training, reserve lists, work as a Party affairs worker and steps."""
    row = people.person(person_id) or abort(404)
    if row.merged_into_id is not None:
        return redirect(url_for("people.growth", person_id=row.merged_into_id))
    return render_template(
        "people/grown.html", person=row, grown=grown_of(person_id, places(person().grants, Act.VIEW_PEOPLE))
    )


def grown_of(person_id: int, within: Iterable[Place] | None) -> Grown:
    """What is recorded of a person within the places, or everywhere for whose it is."""
    seen = None if within is None else tuple(within)
    rows = question.courses_of_person(person_id, seen)
    years = hours_by_year([(row.begins_on, row.hours, row.presence) for row in rows])
    courses, left = _courses(rows), _courses(question.courses_left(person_id, seen))
    listed = tuple((row, *state_of_entry(row.state)) for row in entries_of_person(person_id, seen))
    told = tuple((year, hours_text(tenths)) for year, tenths in years.items())
    return Grown(courses, left, told, listed, work_of_person(person_id, seen), steps_of_person(person_id, seen))


def _courses(rows: Iterable[Attended]) -> tuple[Course, ...]:
    return tuple(Course(row, hours_text(row.hours), *presence_word(row.presence)) for row in rows)
