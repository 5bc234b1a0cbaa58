"""What a person's page, and the page of whose it is, say of training and growth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starrating.domain.access import Place
from starrating.domain.training import hours_by_year, hours_text
from starrating.queries import training as question
from starrating.queries.growth import StepRow, steps_of_person
from starrating.queries.reserve import EntryRow, entries_of_person
from starrating.queries.training import Attended
from starrating.queries.workers import WorkerRow, work_of_person
from starrating.training_words import presence_word, state_of_entry


@dataclass(frozen=True, slots=True)
class Course:
    """A course of a person, in words."""

    row: Attended
    hours: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True)
class Grown:
    """A person's courses with the hours of each year, the reserve lists, the work as a worker; the latest first."""

    courses: tuple[Course, ...]
    years: tuple[tuple[int, str], ...]
    listed: tuple[tuple[EntryRow, str, str], ...]
    works: tuple[WorkerRow, ...]
    steps: tuple[StepRow, ...]


def grown_of(person_id: int, places: Iterable[Place] | None) -> Grown:
    """What is recorded of a person within the places, or everywhere for whose it is."""
    places = None if places is None else tuple(places)
    rows = question.courses_of_person(person_id, places)
    years = hours_by_year([(row.begins_on, row.hours, row.presence) for row in rows])
    courses = tuple(Course(row, hours_text(row.hours), *presence_word(row.presence)) for row in rows)
    listed = tuple((row, *state_of_entry(row.state)) for row in entries_of_person(person_id, places))
    told = tuple((year, hours_text(tenths)) for year, tenths in years.items())
    return Grown(courses, told, listed, work_of_person(person_id, places), steps_of_person(person_id, places))
