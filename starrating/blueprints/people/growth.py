"""What a person's page, and the page of whose it is, say of training and growth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starrating.domain.access import Place
from starrating.domain.training import hours_by_year, hours_text
from starrating.queries import training as question
from starrating.queries.training import Attended
from starrating.training_words import presence_word


@dataclass(frozen=True, slots=True)
class Course:
    """A course of a person, in words."""

    row: Attended
    hours: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True)
class Grown:
    """A person's courses, the latest first, and the hours of each year."""

    courses: tuple[Course, ...]
    years: tuple[tuple[int, str], ...]


def grown_of(person_id: int, places: Iterable[Place] | None) -> Grown:
    """What is recorded of a person within the places, or everywhere for whose it is."""
    rows = question.courses_of_person(person_id, places)
    years = hours_by_year([(row.begins_on, row.hours, row.presence) for row in rows])
    courses = tuple(Course(row, hours_text(row.hours), *presence_word(row.presence)) for row in rows)
    return Grown(courses, tuple((year, hours_text(tenths)) for year, tenths in years.items()))
