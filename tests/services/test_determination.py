"""Determination on both databases: trials, faults, two persons, ten at once, the same bytes everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from starrating.domain.faults import RuleError
from tests.services import district

DIGESTS: dict[str, set[str]] = {"content": set()}
"""The content digests of the same district's determination on either database."""


def test_a_trial_is_stored_whole_and_the_same_again(app: Any, people: dict[str, int], verified: int) -> None:
    from starrating.queries.content import content_digest
    from starrating.queries.ratings import determination
    from starrating.services.rating.determination import determine

    with app.app_context():
        first = determine(verified, people["wang"])
        again = determine(verified, people["liu"])
        assert first != again
        assert content_digest(first) == content_digest(again)
        assert [determination(key).kind for key in first] == ["village", "community"]  # type: ignore[union-attr]
        DIGESTS["content"].add(content_digest(first))
    assert len(DIGESTS["content"]) == 1, "SQLite and PostgreSQL gave different bytes"


def test_the_rating_is_that_of_the_offline_command(
    app: Any, people: dict[str, int], verified: int, tmp_path: Path
) -> None:
    """The scores of the same units in a file, rated by `python -m starrating rate`, give the same stars and reasons."""
    import csv

    from starrating.demo.scores import invent_scores, write_columns
    from starrating.domain.access import EVERYWHERE
    from starrating.queries.ratings import all_ratings
    from starrating.schemes.reader import read_scheme
    from starrating.services.rating.determination import determine
    from starrating.services.years.scheme_texts import FOLDER

    with app.app_context():
        ids = determine(verified, people["wang"])
        stored = {row.code: row for row in all_ratings(ids, [EVERYWHERE])}
    assert len(stored) == 30
    for kind, name in district.SCHEMES.items():
        units = [unit for unit in district.chosen_units() if unit.kind == kind]
        scheme = read_scheme(FOLDER / name).scheme
        columns = invent_scores(scheme, units, 2024)
        size = len(columns["unit"])
        columns |= {"leader.dual_role": ["1"] * size, "leader.months": ["44"] * size, "months": ["299"] * size}
        write_columns(tmp_path / "scores.csv", columns)
        out = tmp_path / "ratings.csv"
        command = [sys.executable, "-m", "starrating", "rate", str(FOLDER / name), str(tmp_path / "scores.csv")]
        subprocess.run([*command, "--out", str(out)], check=True, capture_output=True, env={**os.environ})
        with out.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                found = stored[row["unit"]]
                assert (found.total, str(found.rank or ""), found.level) == (row["total"], row["rank"], row["level"])
                assert ";".join(found.reasons) == row["reasons"]
                assert ";".join(found.consequences) == row["consequences"]


def test_missing_values_are_listed_and_nothing_is_stored(app: Any, people: dict[str, int], verified: int) -> None:
    from sqlalchemy import delete, func, select

    from starrating.extensions import db
    from starrating.models.ratings import Determination
    from starrating.models.scores import ScoreCell
    from starrating.services.rating.determination import CannotRate, check_inputs, determine
    from starrating.services.transaction import transaction

    with app.app_context():
        with transaction() as session:
            session.execute(delete(ScoreCell).where(ScoreCell.unit_id == people["first"], ScoreCell.header == "V2.1"))
        with pytest.raises(CannotRate) as refused:
            determine(verified, people["wang"])
        found = refused.value.faults
        assert [(one.kind, one.unit_id, one.indicator, one.fault.code) for one in found] == [
            ("village", people["first"], "V2.1", "blank_value")
        ]
        assert check_inputs(verified) == found
        assert db.session.scalar(select(func.count()).select_from(Determination)) == 0


def test_not_applicable_is_never_silently_nothing(app: Any, people: dict[str, int], verified: int) -> None:
    """On a leaf whose blanks are refused, 不适用 is refused too."""
    from sqlalchemy import update

    from starrating.models.scores import ScoreCell
    from starrating.services.rating.determination import check_inputs
    from starrating.services.transaction import transaction

    with app.app_context():
        with transaction() as session:
            cell = (ScoreCell.unit_id == people["first"], ScoreCell.header == "V2.1")
            session.execute(update(ScoreCell).where(*cell).values(state="not_applicable", value=""))
        assert [one.indicator for one in check_inputs(verified)] == ["V2.1"]


def test_confirmation_takes_a_second_person(app: Any, people: dict[str, int], verified: int) -> None:
    from starrating.queries.content import content_digest
    from starrating.queries.cycles import cycle
    from starrating.queries.ratings import standing
    from starrating.services.audit import verify_chain
    from starrating.services.rating.determination import confirm_determination, determine

    with app.app_context():
        ids = determine(verified, people["wang"])
        digest = content_digest(ids)
        refused("determination.own", confirm_determination, verified, digest, people["wang"])
        refused("determination.changed", confirm_determination, verified, "0" * 64, people["liu"])
        assert cycle(verified).state == "verification"  # type: ignore[union-attr]
        assert confirm_determination(verified, digest, people["liu"]) == ids
        assert cycle(verified).state == "determined"  # type: ignore[union-attr]
        assert [one.confirmed_by for one in standing(verified)] == [people["liu"]] * 2
        assert confirm_determination(verified, digest, people["liu"]) == ids
        refused("determination.not_verified", confirm_determination, verified, digest, people["zhao"])
        refused("determination.not_open", determine, verified, people["wang"])
        assert verify_chain().broken_at is None


def test_what_changed_since_the_trial_is_not_confirmed(app: Any, people: dict[str, int], verified: int) -> None:
    from sqlalchemy import update

    from starrating.models.scores import ScoreCell
    from starrating.queries.content import content_digest
    from starrating.services.rating.determination import confirm_determination, determine
    from starrating.services.rating.explaining import explanation_of
    from starrating.services.transaction import transaction

    with app.app_context():
        ids = determine(verified, people["wang"])
        digest = content_digest(ids)
        with transaction() as session:
            cell = (ScoreCell.unit_id == people["first"], ScoreCell.header == "V2.1")
            session.execute(update(ScoreCell).where(*cell).values(value="1"))
        refused("determination.inputs_changed", confirm_determination, verified, digest, people["liu"])
        assert explanation_of(ids[0], people["first"]) is None
        newer = determine(verified, people["wang"])
        refused("determination.changed", confirm_determination, verified, digest, people["liu"])
        assert confirm_determination(verified, content_digest(newer), people["liu"]) == newer


def test_ten_confirmations_at_once_have_one_effect(app: Any, people: dict[str, int], verified: int) -> None:
    from sqlalchemy import func, select

    from starrating.extensions import db
    from starrating.models.audit import AuditEvent
    from starrating.queries.content import content_digest
    from starrating.services.rating.determination import confirm_determination, determine

    with app.app_context():
        digest = content_digest(determine(verified, people["wang"]))

    def confirm(name: str) -> str:
        with app.app_context():
            try:
                confirm_determination(verified, digest, people[name])
                return "done"
            except RuleError as refusal:
                return refusal.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(confirm, ["liu", "zhao"] * 5))
    assert sorted(answers) == ["determination.not_verified"] * 5 + ["done"] * 5
    with app.app_context():
        steps = select(func.count()).select_from(AuditEvent).where(AuditEvent.facts.contains("confirm_determination"))
        assert db.session.scalar(steps) == 1


def test_a_year_taken_back_is_determined_anew(app: Any, people: dict[str, int], verified: int) -> None:
    from starrating.queries.content import content_digest
    from starrating.queries.ratings import latest_trials, standing
    from starrating.services.rating.determination import confirm_determination, determine

    with app.app_context():
        first = determine(verified, people["wang"])
        confirm_determination(verified, content_digest(first), people["liu"])
        refused("cycle.reason", district.step, verified, "return_to_verification", people["wang"])
        district.step(verified, "return_to_verification", people["wang"], "V2.1有误")
        assert standing(verified) == ()
        assert latest_trials(verified) == ()
        second = determine(verified, people["wang"])
        confirm_determination(verified, content_digest(second), people["liu"])
        assert tuple(one.id for one in standing(verified)) == second


def test_last_years_stars_come_from_the_confirmed_year(app: Any, people: dict[str, int], verified: int) -> None:
    from starrating.domain.access import EVERYWHERE
    from starrating.queries.content import content_digest
    from starrating.queries.ratings import all_ratings, years_of
    from starrating.services.rating.determination import confirm_determination, determine

    with app.app_context():
        ids = determine(verified, people["wang"])
        confirm_determination(verified, content_digest(ids), people["liu"])
        before = {row.unit_id: row for row in all_ratings(ids, [EVERYWHERE])}
        assert {row.movement for row in before.values()} <= {"first", ""}
        following = district.opened(people, 2025)
        district.step(following, "open_scoring", people["wang"])
        district.fill(following, 2025)
        district.step(following, "close_scoring", people["wang"])
        later = all_ratings(determine(following, people["wang"]), [EVERYWHERE])
        assert {row.unit_id: row.previous for row in later} == {key: row.level for key, row in before.items()}
        assert {row.movement for row in later} & {"up", "held", "down", "stripped"}
        assert [one.year for one in years_of(people["first"])] == [2024]


def test_the_explanation_is_that_of_the_rating(app: Any, people: dict[str, int], verified: int) -> None:
    from starrating.queries.ratings import rating_of
    from starrating.services.rating.determination import determine
    from starrating.services.rating.explaining import explanation_of, marks_of

    with app.app_context():
        ids = determine(verified, people["wang"])
        told = explanation_of(ids[0], people["first"])
        row = rating_of(ids[0], people["first"])
        assert told is not None
        assert row is not None
        assert (told[0].total, told[0].level, told[0].reasons) == (row.total, row.level, row.reasons)
        marks = marks_of(ids[0])
        assert marks is not None
        assert [one.level for one in marks.levels] == ["five", "four", "three"]


def refused(code: str, act: Any, *given: Any) -> None:
    with pytest.raises(RuleError) as refusal:
        act(*given)
    assert refusal.value.code == code
