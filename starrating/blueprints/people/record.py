"""The rest of a person's page: appraisals, cases, and the years of which nothing is known, said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from starrating.blueprints.consequences.lines import OUTCOMES
from starrating.blueprints.people.years import YearInPost, held
from starrating.domain.access import Act, may, places
from starrating.domain.posts import PostKind
from starrating.queries.identities import Identity
from starrating.queries.people import PostRow
from starrating.queries.person_record import CaseOfPerson, appraisals_of, cases_of_person
from starrating.vocabulary.cases import about_word, state_word


@dataclass(frozen=True, slots=True)
class CaseSaid:
    """A case about the person in words."""

    row: CaseOfPerson
    what: str
    about: str
    state: tuple[str, str]
    """Its word and how it is tagged."""


@dataclass(frozen=True, slots=True)
class Record:
    """What else is known of a person, as far as whoever asks may know."""

    appraised: dict[int, dict[int, str]]
    """Post → year → the appraisal's grade, empty where none was entered; posts without any to tell are left out."""
    missing: dict[int, str]
    """Post → the years of which there is no rating, in words."""
    cases: tuple[CaseSaid, ...]
    sees_cases: bool


def record_of(
    person_id: int, posts: Sequence[PostRow], years: dict[int, list[YearInPost]], who: Identity, day: date
) -> Record:  # fmt: skip
    """The record; an appraisal is the secretary's, so a director's post has none."""
    told = [
        row for row in posts if row.kind is PostKind.SECRETARY and may(who.grants, Act.VIEW_CONSEQUENCES, row.place)
    ]
    grades = appraisals_of({row.unit_id for row in told}) if told else {}
    appraised = {
        row.id: {one.year: grades.get((row.unit_id, one.year), "") for one in years.get(row.id, ())} for row in told
    }
    missing = {row.id: said for row in posts if (said := _missing(row, years.get(row.id, ()), day))}
    seen = places(who.grants, Act.VIEW_CONSEQUENCES)
    cases = cases_of_person(person_id, seen) if seen else ()
    return Record(appraised, missing, tuple(_said(row) for row in cases), bool(seen))


def _said(row: CaseOfPerson) -> CaseSaid:
    return CaseSaid(row, str(gettext(OUTCOMES[row.outcome])), about_word(row.about), state_word(row.state))


def _missing(row: PostRow, years: Sequence[YearInPost], day: date) -> str:
    """The years at whose end the post was held and of which there is no rating; those that are over alone."""
    known = {one.year for one in years}
    last = row.ends_on.year if row.ends_on else day.year - 1
    gone = [year for year in range(row.begins_on.year, min(last, day.year - 1) + 1)
            if year not in known and held(row).held_on(date(year, 12, 31))]  # fmt: skip
    runs: list[list[int]] = []
    for year in gone:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return str(gettext("、")).join(_run_said(run) for run in runs)


def _run_said(run: Sequence[int]) -> str:
    if run[0] == run[-1]:
        return str(run[0])
    return str(gettext("%(first)s至%(last)s", first=run[0], last=run[-1]))
