"""The demonstration in a database, one small district: two years published, the third being scored, twice refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.domain.faults import RuleError

DISTRICT = "和平区"


def cells_by_year() -> dict[int, int]:
    from starrating.extensions import db
    from starrating.models.cycles import Cycle
    from starrating.models.scores import ScoreCell

    rows = db.session.execute(
        select(Cycle.year, func.count()).join(ScoreCell, ScoreCell.cycle_id == Cycle.id).group_by(Cycle.year)
    )
    return {row[0]: row[1] for row in rows}


def dual_role_units(day: date) -> int:
    """In how many units one person holds both posts on the day."""
    from starrating.domain.posts import Post, PostKind, dual_roles
    from starrating.extensions import db
    from starrating.models.people import Post as Stored

    rows = db.session.scalars(select(Stored))
    posts = (Post(row.person_id, row.unit_id, PostKind(row.kind), row.begins_on, row.ends_on) for row in rows)
    return len(dual_roles(posts, day))


def people_told() -> dict[str, int]:
    """Elections, eligibility checks, answers to them, and posts of which nobody says how they were come to."""
    from starrating.extensions import db
    from starrating.models.elections import Candidate, Election
    from starrating.models.eligibility import CheckAnswer, EligibilityCheck
    from starrating.models.growth import GrowthStep
    from starrating.models.people import Post
    from starrating.models.reserve import PartyWorker, ReserveEntry
    from starrating.models.training import TrainingAttendance, TrainingCourse

    posted = select(Post.person_id)
    asked = {
        "candidates": select(func.count()).select_from(Candidate),
        "proposed": select(func.count()).select_from(Candidate).where(Candidate.state == "proposed"),
        "declined": select(func.count()).select_from(Candidate).where(Candidate.state == "declined"),
        "newcomers": select(func.count(Candidate.person_id.distinct())).where(Candidate.person_id.not_in(posted)),
        "found": select(func.count()).select_from(CheckAnswer).where(CheckAnswer.result == "found"),
        "elections": select(func.count()).select_from(Election),
        "checks": select(func.count()).select_from(EligibilityCheck),
        "answers": select(func.count()).select_from(CheckAnswer).where(CheckAnswer.result != ""),
        "courses": select(func.count()).select_from(TrainingCourse),
        "listed": select(func.count()).select_from(ReserveEntry).where(ReserveEntry.state == "confirmed"),
        "steps": select(func.count()).select_from(GrowthStep),
        "workers": select(func.count()).select_from(PartyWorker),
        "absent": select(func.count()).select_from(TrainingAttendance).where(TrainingAttendance.presence == "absent"),
        "how": select(func.count()).select_from(Post).where(Post.how == ""),
    }
    return {name: int(db.session.scalar(one) or 0) for name, one in asked.items()}


def what_became_of_the_cases() -> None:
    """Cases in every state that people give, each carried out with its document, a pay sheet and a split pool."""
    from starrating.extensions import db
    from starrating.models.cases import CaseEvent, ConsequenceCase
    from starrating.models.cycles import Cycle
    from starrating.models.pay import FundSheet, PaySheet
    from starrating.services.consequences.cases import check_cases

    found = select(ConsequenceCase.state).join(Cycle, Cycle.id == ConsequenceCase.cycle_id).where(Cycle.year == 2023)
    states = set(db.session.scalars(found))
    assert states == {"proposed", "approved", "deferred", "waived", "carried_out", "closed"}
    done = list(db.session.scalars(select(CaseEvent).where(CaseEvent.move == "carry_out")))
    assert all(one.day and one.document.startswith(f"区组发〔{one.day.year}〕") for one in done)
    assert {one.day.year for one in done if one.day} == {2023, 2024}
    assert any("present" in one.record for one in done), "a talk says who was there"
    ballots = [
        json.loads(one.record) for one in db.session.scalars(select(CaseEvent).where(CaseEvent.move == "ballot"))
    ]
    admonished = [one for one in done if "ends_on" in one.record]
    assert len(ballots) == len(admonished) - 1, "all but the admonition that ends soon have had their ballot"
    late = select(ConsequenceCase.id).where(ConsequenceCase.outcome == "measure", ConsequenceCase.state.in_(
        ("proposed", "approved")))  # fmt: skip
    assert db.session.scalars(late).first() is None, "nothing looks forgotten for years"
    assert all(int(one["votes_for"]) + int(one["votes_against"]) > 0 and one["ballot_by"] for one in ballots)
    assert {one.state for one in db.session.scalars(select(PaySheet))} == {"confirmed"}
    assert [(one.state, one.total) for one in db.session.scalars(select(FundSheet))] == [("confirmed", 100_000_000)]
    assert check_cases().underived == ()


def assessment_states() -> set[str]:
    """Where the self-assessments of the year in scoring stand."""
    from starrating.extensions import db
    from starrating.models.assessments import Assessment

    return set(db.session.scalars(select(Assessment.state)))


def test_one_district_is_loaded_as_its_offices_would(app: Any) -> None:
    from starrating.demo.history import load_demonstration, size_of
    from starrating.extensions import db
    from starrating.models.cycles import Cycle
    from starrating.models.ratings import Rating
    from starrating.models.scores import ScoreCell, ScoreValue
    from starrating.queries.cycles import cycle
    from starrating.queries.publications import lists, publications_of_year, published_years
    from starrating.services.audit import verify_chain
    from starrating.services.clock import now
    from tests.web.city import sign_in

    told: list[int] = []
    with app.app_context():
        before = now()
        loaded = load_demonstration(DISTRICT, progress=lambda done, _what: told.append(done))
        assert now() == before, "the application has its own clock again"
        assert sum(told) == size_of(DISTRICT)
        assert dict(db.session.execute(select(Cycle.year, Cycle.state)).all()) == {
            2022: "published", 2023: "published", 2024: "scoring",
        }  # fmt: skip
        assert [row[0] for row in published_years()] == [2023, 2022]
        cells = db.session.scalar(select(func.count()).select_from(ScoreCell))
        assert cells == db.session.scalar(select(func.count()).select_from(ScoreValue)) == loaded.cells
        by_year = cells_by_year()
        assert 0.8 < by_year[2024] / by_year[2023] < 0.95
        shown = lists(publications_of_year(2023))[0]
        assert [
            sum(unit.place == place for unit in shown.units) / len(shown.units) for place in range(4)
        ] == pytest.approx([0.1, 0.4, 0.4, 0.1], abs=0.12), "this district has a scheme of its own"
        assert any(unit.movement in ("up", "down") for unit in shown.units)
        assert publications_of_year(2023)[0].previous_digest == publications_of_year(2022)[0].digest
        row = cycle(db.session.scalars(select(Cycle.id).where(Cycle.state == "scoring")).one())
        assert row is not None
        assert row.scoring_closes is not None
        assert row.scoring_closes > now()
        assert 0.8 < dual_role_units(row.cut_off) / loaded.units <= 1
        assert db.session.scalar(select(func.count()).select_from(Rating)) == 2 * loaded.units
        assert (assessment_states(), people_told()) == (
            {"draft", "submitted", "returned", "reviewed"},
            {"elections": 2, "candidates": 16 + 3, "proposed": 2, "declined": 1, "newcomers": 4 + 3, "checks": 8 + 16,
             "answers": 14 * (6 + 14), "found": 2, "how": 0, "courses": 3, "absent": 8,
             "listed": 6, "workers": 6, "steps": 19},
        ), "something to try for everybody"  # fmt: skip
        what_became_of_the_cases()
        assert verify_chain().broken_at is None
        with pytest.raises(RuleError) as refused:
            load_demonstration(DISTRICT)
        assert refused.value.code == "demo.not_empty"
    assert len({account.name for account in loaded.accounts}) == 8
    for account in loaded.accounts:
        assert sign_in(app.test_client(), account.name, account.password).status_code == 303
