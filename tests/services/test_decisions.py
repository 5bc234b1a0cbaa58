"""Removals after publication on both databases: two officers, a new chained edition, once; the old one to the byte."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.services import district
from tests.services.public_year import EACH, published
from tests.services.test_editions import SCHEMA, holds, laid_out, rows, run, tool, wrong_by
from tests.services.test_publication import refusal

TEXTS: dict[str, set[tuple[str, ...]]] = {"restated": set()}
"""The published texts of the same district on either database."""


@pytest.fixture
def officers(app: Any) -> dict[str, int]:
    """A small district with its people."""
    with app.app_context():
        return district.build(EACH)


@pytest.fixture
def year(app: Any, clock: Any, officers: dict[str, int]) -> int:
    """The key of a published year, in June after its publication."""
    with app.app_context():
        key = published(officers, clock)
    clock.at = datetime(2025, 6, 3, 1, tzinfo=UTC)
    return key


def starred(cycle: int, count: int = 1, kind: str = "village") -> Any:
    """A removal of the star of the first villages that have one."""
    from starrating.queries.publications import confirmed_of, listed_units
    from starrating.services.decisions.decisions import Removal

    units = listed_units(confirmed_of(cycle)[kind].determination_id)
    chosen = [one.unit_id for one in units if one.level not in ("", "none")][:count]
    return Removal(
        kind, tuple(chosen), "none", "2025年5月发生重大安全责任事故", "北辰组发〔2025〕12号", date(2025, 6, 1)
    )


def digest_shown(decision_id: int) -> str:
    from starrating.queries.decisions import decision
    from starrating.services.decisions.decisions import restatement_of

    found = decision(decision_id)
    assert found is not None
    return restatement_of(found).digest


def removed(cycle: int, officers: dict[str, int], count: int = 1, kind: str = "village") -> int:
    """Propose and take a removal; the key of the edition."""
    from starrating.services.decisions.decisions import decide, propose_removal

    key = propose_removal(cycle, starred(cycle, count, kind), officers["wang"])
    return decide(key, digest_shown(key), officers["liu"])


def levels_now(cycle: int) -> dict[str, str]:
    from starrating.queries.publications import confirmed_of, listed_units

    return {one.code: one.level for one in listed_units(confirmed_of(cycle)["village"].determination_id)}


def test_a_removal_is_a_new_edition_and_the_old_one_stays(app: Any, officers: dict[str, int], year: int) -> None:
    from starrating.queries.editions import edition_of
    from starrating.services.audit import verify_chain

    with app.app_context():
        before, levels = [row.text for row in rows()], levels_now(year)
        made = removed(year, officers, 2)
        assert [row.text for row in rows()][:2] == before
        old, new = rows()[0], rows()[-1]
        assert (new.id, new.edition, new.kind, new.previous_digest) == (made, 2, "village", old.digest)
        assert holds(new)
        said = json.loads(new.text)
        assert wrong_by(json.loads(SCHEMA.read_text(encoding="utf-8")), said) == []
        assert said["restates"] == {"edition": 1, "digest": old.digest}
        codes = [one["unit"] for one in said["decisions"]]
        assert len(codes) == 2
        assert levels_now(year) == {**levels, **dict.fromkeys(codes, "none")}
        stands, first = edition_of(2024, "120113000000", "village"), edition_of(2024, "120113000000", "village", 1)
        assert stands is not None
        assert first is not None
        assert (stands.edition, stands.follows, stands.later, first.later) == (2, True, False, True)
        assert verify_chain().broken_at is None
        TEXTS["restated"].add(tuple(row.text for row in rows()))
    assert len(TEXTS["restated"]) == 1, "SQLite and PostgreSQL gave different bytes"


def test_nobody_else_moves(app: Any, officers: dict[str, int], year: int) -> None:
    with app.app_context():
        removed(year, officers, 2)
        first, said = json.loads(rows()[0].text), json.loads(rows()[-1].text)
    decided = {one["unit"]: one for one in said["decisions"]}
    for old, now in zip(first["units"], said["units"], strict=True):
        if old["code"] in decided:
            entry = decided[old["code"]]
            assert (entry["from"], entry["to"], now["level"]) == (old["level"], "none", "none")
            assert {**old, **{key: now[key] for key in ("level", "change", "movement")}} == now
        else:
            assert old == now
    assert sum(said["counts"].values()) == sum(said["movements"].values()) == EACH
    same = set(first) - {"counts", "movements", "units", "edition", "previous_list"}
    assert all(first[key] == said[key] for key in same)


def test_the_scripts_work_out_a_restated_list(
    app: Any, officers: dict[str, int], year: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        removed(year, officers, 2)
        names, text = laid_out(tmp_path), rows()[-1].text
    stars = tool("verify_list", monkeypatch)
    assert run(stars, monkeypatch, *names) == 0
    assert run(stars, monkeypatch, *reversed(names)) == 0
    assert run(tool("verify_points", monkeypatch), monkeypatch, *names) == 0
    changed, unsaid, false = json.loads(text), json.loads(text), json.loads(text)
    decided = sorted(one["unit"] for one in changed["decisions"])
    unit, entry = changed["units"][0], false["decisions"][0]
    unit["level"] = "five" if unit["level"] != "five" else "four"
    assert [fault.split()[0] for fault in stars.faults(changed)] == [unit["code"]]
    del unsaid["decisions"]
    assert sorted(fault.split()[0] for fault in stars.faults(unsaid)) == decided, "a change without a decision"
    entry["from"] = "five" if entry["from"] != "five" else "four"
    assert [fault.split()[0] for fault in stars.faults(false)] == [entry["unit"]]


def test_two_people_and_only_what_was_shown(app: Any, clock: Any, officers: dict[str, int], year: int) -> None:
    from starrating.services.decisions.decisions import decide, propose_removal, withdraw_decision

    with app.app_context():
        wanted = starred(year)
        key = propose_removal(year, wanted, officers["wang"])
        shown = digest_shown(key)
        assert refusal(propose_removal, year, wanted, officers["liu"]) == "decision.open"
        assert refusal(decide, key, shown, officers["wang"]) == "decision.own"
        assert refusal(decide, key, "0" * 64, officers["liu"]) == "decision.changed"
        published(officers, clock, 2025)
        assert refusal(decide, key, shown, officers["liu"]) == "decision.changed", "the chain has moved on"
        withdraw_decision(key, officers["zhao"])
        withdraw_decision(key, officers["zhao"])
        assert refusal(decide, key, digest_shown(key), officers["liu"]) == "decision.settled"
        assert len(rows()) == 4
        removed(year, officers)
        assert rows()[-1].previous_digest == rows()[2].digest, "after the last list of the district, of whatever year"
        assert refusal(withdraw_decision, key + 1, officers["wang"]) == "decision.settled"


def test_what_cannot_be_decided_is_refused(app: Any, officers: dict[str, int], year: int) -> None:
    from starrating.extensions import db
    from starrating.models.people import Person, Post
    from starrating.services.decisions.decisions import propose_removal
    from starrating.services.transaction import transaction

    with app.app_context():
        good = starred(year)
        with transaction() as session:
            person = Person(name="赵兰英")
            session.add(person)
            session.flush()
            session.add(Post(person_id=person.id, unit_id=good.unit_ids[0], kind="secretary",
                             begins_on=date(2015, 1, 1), ends_on=date(2018, 1, 1)))  # fmt: skip
        wrong: dict[str, list[dict[str, Any]]] = {
            "decision.no_units": [{"unit_ids": ()}, {"unit_ids": (99_999,)}],
            "decision.reason": [{"reason": " "}, {"ground": ""}],
            "decision.day": [{"on": date(2025, 6, 4)}, {"on": date(2025, 1, 2)}],
            "decision.level": [{"level": "five"}, {"level": "six"}],
            "decision.personal": [{"reason": "赵兰英受处分"}, {"reason": "电话13800138000"},
                                  {"ground": "12010119900101123X"}],
        }  # fmt: skip
        for code, changes in wrong.items():
            for change in changes:
                assert refusal(propose_removal, year, replace(good, **change), officers["wang"]) == code
        removed(year, officers)
        assert refusal(propose_removal, year, good, officers["wang"]) == "decision.not_above"
        later = district.opened(officers, 2025)
        assert refusal(propose_removal, later, good, officers["wang"]) == "decision.not_published"
        assert db.session.scalar(text("SELECT count(*) FROM decision")) == 1


def test_a_list_is_published_again_only_by_a_decision(app: Any, officers: dict[str, int], year: int) -> None:
    from starrating.extensions import db

    columns = "cycle_id, kind, determination_id, digest, previous_digest, text, published_at, published_by"
    again = (f"INSERT INTO publication (edition, {columns}) "
             f"SELECT edition + 1, {columns} FROM publication ORDER BY id DESC LIMIT 1")  # fmt: skip
    more = ("INSERT INTO decision_unit (decision_id, unit_id, level_before, level_after) "
            f"SELECT id, {officers['first']} + 5, 'five', 'none' FROM decision")  # fmt: skip
    with app.app_context():
        removed(year, officers)
        for statement in (
            again,
            "UPDATE decision SET reason = 'x'",
            "UPDATE decision SET state = 'proposed', edition = NULL, settled_by = NULL, settled_at = NULL",
            "DELETE FROM decision_unit",
            "UPDATE decision_unit SET level_after = 'five'",
            more,
            "DELETE FROM decision",
            "UPDATE rating SET level = 'five'",
        ):
            with pytest.raises(IntegrityError):
                db.session.execute(text(statement))
            db.session.rollback()


def test_ten_at_once_have_one_effect(app: Any, officers: dict[str, int], year: int) -> None:
    from starrating.extensions import db
    from starrating.services.decisions.decisions import decide, propose_removal

    with app.app_context():
        key = propose_removal(year, starred(year), officers["wang"])
        shown = digest_shown(key)

    def once(_number: int) -> int:
        with app.app_context():
            return decide(key, shown, officers["liu"])

    with ThreadPoolExecutor(10) as pool:
        found = set(pool.map(once, range(10)))
    assert len(found) == 1
    with app.app_context():
        assert len(rows()) == 3
        taken = "SELECT count(*) FROM audit_event WHERE act = 'decision_taken'"
        assert db.session.scalar(text(taken)) == 1


def test_a_fault_in_the_middle_leaves_nothing(
    app: Any, officers: dict[str, int], year: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starrating.queries.decisions import decision
    from starrating.services.decisions import decisions

    def broken(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError("killed")

    with app.app_context():
        levels = levels_now(year)
        key = decisions.propose_removal(year, starred(year), officers["wang"])
        shown = digest_shown(key)
        for act in ("record", "note_key", "_copy_ratings", "sign"):
            with monkeypatch.context() as patched:
                patched.setattr(decisions, act, broken)
                with pytest.raises(RuntimeError):
                    decisions.decide(key, shown, officers["liu"])
            found = decision(key)
            assert found is not None
            assert (found.state, len(rows()), levels_now(year)) == ("proposed", 2, levels)
        decisions.decide(key, shown, officers["liu"])
        assert rows()[-1].digest == shown, "what was shown is what was published"


def test_a_second_removal_follows_the_first(
    app: Any, officers: dict[str, int], year: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        removed(year, officers)
        removed(year, officers)
        said = json.loads(rows()[-1].text)
        assert (said["edition"], [one["edition"] for one in said["decisions"]]) == (3, [2, 3])
        names = laid_out(tmp_path)
    stars = tool("verify_list", monkeypatch)
    assert run(stars, monkeypatch, *names) == 0
    assert run(stars, monkeypatch, names[0], names[3]) == 1, "an edition between them is missing"
    assert run(stars, monkeypatch, names[2], names[3]) == 0, "the later part of a chain"
