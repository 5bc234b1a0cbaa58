"""A person's page besides posts and stars: the appraisals that were entered, the cases, and what is missing said so."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from starrating.blueprints.people.record import _missing
from starrating.blueprints.people.years import YearInPost
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.cases import ConsequenceCase
from starrating.models.cycles import Cycle
from starrating.models.people import Post
from starrating.models.ratings import Determination
from starrating.models.scores import ScoreCell
from starrating.queries.people import posts_of_unit
from starrating.services.transaction import transaction
from tests.conftest import SQLITE_ONLY
from tests.web.city import key_of
from tests.web.test_dashboards import client_of
from tests.web.test_people import stored

SECRETARY, DIRECTOR = PostKind.SECRETARY, PostKind.DIRECTOR
AT = datetime(2024, 2, 1, tzinfo=UTC)


def rated(*years: int) -> list[YearInPost]:
    return [YearInPost(year, None, "三星", "", None, False) for year in years]


@SQLITE_ONLY
def test_the_years_without_a_rating(posted: Any) -> None:
    with posted.test_request_context():
        row = posts_of_unit(key_of("东乙村"))[-1]
        day = date(2024, 3, 1)
        assert _missing(row, rated(), day) == "2020至2023", "from 2020 on; 2024 is not over"
        assert _missing(row, rated(2021, 2023), day) == "2020、2022"
        assert _missing(row, rated(2020, 2021, 2022, 2023), day) == ""
        ended = next(one for one in posts_of_unit(key_of("东乙村")) if one.ends_on == date(2024, 12, 30))
        assert _missing(ended, rated(2020), date(2026, 1, 1)) == "2021至2023", "left the day before 2024 ended"
        db.session.remove()


@pytest.fixture
def record(posted: Any) -> tuple[int, int]:
    """The secretary and the director of one unit: the appraisal of the year was entered, a case was opened."""
    with posted.app_context():
        unit, east = key_of("东乙村"), key_of("东区")
        first, second = (stored("东乙村", kind).person_id for kind in (SECRETARY, DIRECTOR))
        with transaction() as session:
            session.execute(update(Post).where(Post.person_id == first).values(begins_on=date(2022, 1, 1)))
            cycle = session.scalars(select(Cycle).where(Cycle.district_id == east)).one()
            session.add(ScoreCell(cycle_id=cycle.id, unit_id=unit, header="appraisal", version=1, state="value",
                                  value="较好"))  # fmt: skip
            run = session.scalar(select(Determination.id).where(Determination.cycle_id == cycle.id).limit(1))
            session.add(ConsequenceCase(
                cycle_id=cycle.id, unit_id=unit, determination_id=run, rule="admonish", written="admonition",
                about="secretary", outcome="measure", person_id=first, state="approved", version=1,
                due_on=date(2024, 6, 30), opened_at=AT, facts="{}", digest="0" * 64))  # fmt: skip
        db.session.remove()
    return first, second


@SQLITE_ONLY
def test_the_page_tells_appraisals_and_cases(posted: Any, record: tuple[int, int], clock: Any) -> None:
    clock.at = datetime(2025, 3, 1, 1, tzinfo=UTC)
    first, second = record
    with posted.app_context():
        with transaction() as session:
            session.execute(update(Post).where(Post.ends_on == date(2024, 12, 30)).values(ends_on=date(2021, 12, 31)))
        db.session.remove()
    page = client_of(posted, "east").get(f"/people/{first}").text
    assert "述职评议较好" in page
    assert "2022至2023年度没有评星的记录" in page
    assert "到2024-06-30" in page
    director = client_of(posted, "east_auditor").get(f"/people/{second}").text
    assert "述职评议" not in director, "the appraisal is the secretary's"
    assert "没有关于本人的事项" in director
    town = client_of(posted, "east_town").get(f"/people/{first}").text
    assert "2022至2023年度没有评星的记录" in town
    assert "述职评议" not in town, "a township learns neither"
    assert "办理的事项" not in town
