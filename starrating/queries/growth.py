"""Reading the path of growth: what holds for a place, the steps of people, how many stand at each stage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.growth import Stage, Stepped, read_path
from starrating.extensions import db
from starrating.models.divisions import Division
from starrating.models.growth import GrowthPath, GrowthStep
from starrating.models.people import Person
from starrating.queries.places import divisions_within


@dataclass(frozen=True, slots=True)
class PathRow:
    """The path that holds for a place: whose it is, its version and stages."""

    id: int
    division_id: int
    version: int
    stages: tuple[Stage, ...]

    def name_of(self, code: str) -> str:
        """What a stage is called; empty where the path has it no more."""
        return next((one.name for one in self.stages if one.code == code), "")


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step that stands: who came to which stage, when, by which body and document."""

    id: int
    person_id: int
    name: str
    township_id: int
    township: str
    place: Place
    stage: str
    stage_name: str
    taken_on: date
    body: str
    document: str

    @property
    def stepped(self) -> Stepped:
        """The step as the rules know it."""
        return Stepped(self.person_id, self.stage, self.taken_on)


_above = aliased(Division)


def path_for(place: Place) -> PathRow | None:
    """The path of a district, else that of its city; None where there is neither."""
    for key in (place.district, place.municipality):
        if key is not None:
            found = own_path(key)
            if found is not None:
                return found
    return None


def own_path(division_id: int) -> PathRow | None:
    """The last version of a division's own path."""
    row = db.session.execute(
        select(GrowthPath.id, GrowthPath.division_id, GrowthPath.version, GrowthPath.text)
        .where(GrowthPath.division_id == division_id).order_by(GrowthPath.version.desc()).limit(1)
    ).one_or_none()  # fmt: skip
    return PathRow(row[0], row[1], row[2], read_path(row[3])) if row else None


def steps_within(places: Iterable[Place]) -> tuple[StepRow, ...]:
    """Every step that stands within the places, by day."""
    return _steps(_within(places))


def steps_of_person(person_id: int, places: Iterable[Place] | None = None) -> tuple[StepRow, ...]:
    """The steps of a person, all of them or within the places, by day."""
    within = () if places is None else (_within(places),)
    return _steps(GrowthStep.person_id == person_id, *within)


def step(step_id: int) -> StepRow | None:
    """One step that stands."""
    return next(iter(_steps(GrowthStep.id == step_id)), None)


def place_of_step(step_id: int) -> Place | None:
    """The township of a step."""
    found = step(step_id)
    return found.place if found else None


def _within(places: Iterable[Place]) -> ColumnElement[bool]:
    kept = [Place(one.municipality, one.district, one.township) if one.unit is None else None for one in places]
    return or_(false(), divisions_within([one for one in kept if one is not None]))


def _steps(*wanted: Any) -> tuple[StepRow, ...]:
    rows = db.session.execute(
        select(GrowthStep, Person.name, Division.name, Division.parent_id, _above.parent_id)
        .join(Person, Person.id == GrowthStep.person_id)
        .join(Division, Division.id == GrowthStep.township_id)
        .join(_above, _above.id == Division.parent_id)
        .where(GrowthStep.taken_back_at.is_(None), *wanted)
        .order_by(GrowthStep.taken_on, GrowthStep.id)
    )
    return tuple(
        StepRow(one.id, one.person_id, name, one.township_id, township, Place(city, district, one.township_id),
                one.stage, one.stage_name, one.taken_on, one.body, one.document)
        for one, name, township, district, city in rows
    )  # fmt: skip
