"""Corrections after publication on both databases: two people, everybody rated anew, the old list to the byte."""

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

from tests.pages.client import house_client
from tests.services import district
from tests.services.public_year import published
from tests.services.test_decisions import digest_shown, levels_now, officers, starred, year
from tests.services.test_editions import SCHEMA, holds, laid_out, rows, run, tool, wrong_by
from tests.services.test_publication import opened, refusal
from tests.services.test_verifying import MARKS, asked, heading, planted, read
from tests.web.city import sign_in

__all__ = ["officers", "year"]
TEXTS: set[tuple[str, ...]] = set()
"""The published texts of the same district on either database."""
REASON, GROUND, DAY = "录入时把两个单位的环境分填反了", "北辰组发〔2025〕15号", date(2025, 6, 2)


def best(cycle: int, kind: str = "village") -> Any:
    """The first in rank of a published list."""
    from starrating.queries.publications import confirmed_of, listed_units

    return next(one for one in listed_units(confirmed_of(cycle)[kind].determination_id) if one.rank == 1)


def wanted(cycle: int, unit_id: int, **values: str) -> Any:
    """A correction of values of a unit by header; those that are named stand as they do."""
    from starrating.domain.entry import NOTHING
    from starrating.queries.cycles import cycle as row_of
    from starrating.services.decisions.checks import Said
    from starrating.services.decisions.corrected_values import Correction, Right, values_standing

    row = row_of(cycle)
    assert row is not None
    stands = values_standing(row, "village", [unit_id])
    shown = {header: stands.get((unit_id, header), NOTHING).shown or ("0" if header.startswith("flag.") else "")
             for header in values}  # fmt: skip
    rights = tuple(Right(unit_id, header, shown[header], typed) for header, typed in values.items())
    return Correction("village", rights, Said(REASON, GROUND, DAY))


def lowered(cycle: int, unit_id: int) -> Any:
    """A correction that leaves a unit nothing but noughts where a nought may stand."""
    from starrating.domain.entry import read_entry
    from starrating.domain.faults import RuleError
    from starrating.queries.cycles import cycle as row_of
    from starrating.services.decisions.corrected_values import headers_of

    row = row_of(cycle)
    assert row is not None
    noughts = {}
    for column in headers_of(row, "village")[0]:
        try:
            noughts[column.header] = read_entry(column.node, "0").shown
        except RuleError:
            continue
    return wanted(cycle, unit_id, **noughts)


def corrected(cycle: int, people: dict[str, int], change: Any) -> int:
    """Propose and take a correction; the key of its decision."""
    from starrating.services.decisions.corrections import propose_correction
    from starrating.services.decisions.decisions import decide

    key = propose_correction(cycle, change, people["wang"])
    decide(key, digest_shown(key), people["liu"])
    return key


def test_a_correction_rates_everybody_anew_and_the_old_list_stays(
    app: Any, officers: dict[str, int], year: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starrating.extensions import db
    from starrating.services.audit import verify_chain

    with app.app_context():
        before, levels = [row.text for row in rows()], levels_now(year)
        kept = db.session.execute(text("SELECT * FROM score_cell ORDER BY id")).all()
        rated = db.session.execute(text("SELECT * FROM rating ORDER BY id")).all()
        first = best(year)
        corrected(year, officers, lowered(year, first.unit_id))
        assert [row.text for row in rows()][:2] == before
        assert db.session.execute(text("SELECT * FROM score_cell ORDER BY id")).all() == kept
        assert db.session.execute(text("SELECT * FROM rating ORDER BY id")).all()[: len(rated)] == rated
        old, new = rows()[0], rows()[-1]
        said, was = json.loads(new.text), json.loads(old.text)
        assert holds(new)
        assert (new.edition, new.previous_digest, said["restates"]["digest"]) == (2, old.digest, old.digest)
        assert wrong_by(json.loads(SCHEMA.read_text(encoding="utf-8")), said) == []
        now = levels_now(year)
        moved = {code: (levels[code], now[code]) for code in now if now[code] != levels[code]}
        assert first.code in moved
        assert len(moved) >= 2, "somebody else takes the place"
        assert {one["unit"]: (one["from"], one["to"]) for one in said["decisions"]} == moved
        assert {one["sort"] for one in said["decisions"]} == {"correction"}
        assert said["corrections"][0]["reason"] == REASON
        assert {one["unit"] for one in said["corrections"][0]["values"]} == {first.code}
        place = [unit["code"] for unit in said["units"]].index(first.code)
        for one in said["corrections"][0]["values"]:
            assert said["inputs"]["values"][one["header"]][place] == one["to"] == "0"
            assert was["inputs"]["values"][one["header"]][place] != "0"
        assert verify_chain().broken_at is None
        names = laid_out(tmp_path)
        TEXTS.add(tuple(row.text for row in rows()))
    stars = tool("verify_list", monkeypatch)
    assert run(stars, monkeypatch, *names) == 0
    assert run(tool("verify_points", monkeypatch), monkeypatch, *names) == 0
    assert len(TEXTS) == 1, "SQLite and PostgreSQL gave different bytes"


def test_two_people_and_only_what_was_shown(app: Any, clock: Any, officers: dict[str, int], year: int) -> None:
    from starrating.services.decisions.corrections import propose_correction
    from starrating.services.decisions.decisions import decide, withdraw_decision

    with app.app_context():
        change = wanted(year, best(year).unit_id, **{"flag.accident": "1"})
        key = propose_correction(year, change, officers["wang"])
        shown, before = digest_shown(key), len(rows())
        assert refusal(propose_correction, year, change, officers["liu"]) == "decision.open"
        assert refusal(decide, key, shown, officers["wang"]) == "decision.own"
        assert refusal(decide, key, "0" * 64, officers["liu"]) == "decision.changed"
        published(officers, clock, 2025)
        assert refusal(decide, key, shown, officers["liu"]) == "decision.changed", "the chain has moved on"
        withdraw_decision(key, officers["zhao"])
        assert refusal(decide, key, shown, officers["liu"]) == "decision.settled"
        assert len(rows()) == before + 2
        corrected(year, officers, change)
        assert levels_now(year)[best_code(change)] == "none"
        assert refusal(propose_correction, year, change, officers["wang"]) == "decision.value_moved"


def best_code(change: Any) -> str:
    """The code of the unit that a correction is about."""
    from starrating.extensions import db
    from starrating.models.divisions import Unit

    return str(db.session.scalars(db.select(Unit.code).where(Unit.id == change.values[0].unit_id)).one())


def test_what_cannot_be_corrected_is_refused(app: Any, officers: dict[str, int], year: int) -> None:
    from starrating.extensions import db
    from starrating.models.scores import ScoreCell
    from starrating.services.decisions.corrected_values import Right
    from starrating.services.decisions.corrections import propose_correction
    from starrating.services.scoring.typed_scores import EntriesRefused
    from starrating.services.transaction import transaction

    with app.app_context():
        unit = best(year).unit_id
        good = wanted(year, unit, **{"flag.accident": "1"})
        wrong = {
            "decision.no_values": wanted(year, unit, **{"flag.accident": "0"}),
            "decision.no_units": replace(good, values=(Right(99_999, "V2.1", "", "1"),)),
            "decision.no_header": replace(good, values=(Right(unit, "V9.9", "", "1"),)),
            "decision.too_many": replace(good, values=good.values * 2),
            "decision.day": replace(good, said=replace(good.said, on=date(2025, 6, 4))),
            "decision.reason": replace(good, said=replace(good.said, ground=" ")),
            "decision.personal": replace(good, said=replace(good.said, reason="电话13800138000")),
        }
        for code, change in wrong.items():
            assert refusal(propose_correction, year, change, officers["wang"]) == code
        for text_typed in ("-1", "1.5", "1000", "许多"):
            with pytest.raises(EntriesRefused):
                propose_correction(year, wanted(year, unit, **{"flag.accident": text_typed}), officers["wang"])
        with transaction() as session:
            session.query(ScoreCell).filter_by(cycle_id=year, unit_id=unit, header="V2.1").update({"value": "1"})
        assert refusal(propose_correction, year, good, officers["wang"]) == "decision.inputs_changed"
        assert db.session.scalar(text("SELECT count(*) FROM decision")) == 0
        later = district.opened(officers, 2025)
        assert refusal(propose_correction, later, good, officers["wang"]) == "decision.not_published"


def test_a_removal_stays_a_ceiling_over_a_correction_until_it_is_lifted_once(
    app: Any, officers: dict[str, int], year: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Removed, corrected, corrected back in part, lifted: each edition is worked out by the script from itself."""
    from starrating.services.decisions.checks import Said
    from starrating.services.decisions.decisions import decide
    from starrating.services.decisions.liftings import propose_lifting

    with app.app_context():
        first = best(year)
        removal = wanted_removal(year, first.unit_id)
        key = propose(removal, year, officers)
        assert levels_now(year)[first.code] == "none"
        corrected(year, officers, wanted(year, first.unit_id, **{"flag.punished": "1"}))
        said = json.loads(rows()[-1].text)
        unit = next(one for one in said["units"] if one["code"] == first.code)
        assert (unit["level"], unit["earned"]) == ("none", "three"), "a star dropped, under a removal"
        words = Said("复核以后撤销", "北辰组发〔2025〕16号", date(2025, 6, 3))
        before = replace(words, on=date(2025, 5, 31))
        assert refusal(propose_lifting, key, before, officers["liu"]) == "decision.lifted_before"
        lifting = propose_lifting(key, words, officers["liu"])
        assert refusal(propose_lifting, key, words, officers["liu"]) == "decision.lifted"
        assert refusal(decide, lifting, digest_shown(lifting), officers["liu"]) == "decision.own"
        decide(lifting, digest_shown(lifting), officers["zhao"])
        assert levels_now(year)[first.code] == "three", "what the rules give by now, not what they gave"
        assert refusal(propose_lifting, key, words, officers["wang"]) == "decision.lifted"
        assert refusal(propose_lifting, lifting, words, officers["wang"]) == "decision.not_removal"
        last = json.loads(rows()[-1].text)
        unit = next(one for one in last["units"] if one["code"] == first.code)
        assert "earned" not in unit
        assert wrong_by(json.loads(SCHEMA.read_text(encoding="utf-8")), last) == []
        names = laid_out(tmp_path)
    stars = tool("verify_list", monkeypatch)
    assert run(stars, monkeypatch, *names) == 0
    entry = next(one for one in last["decisions"] if one["sort"] == "lifting")
    entry["lifts"] += 1
    assert [fault.split()[0] for fault in stars.faults(last)] == [first.code], "a lifting of nothing lifts nothing"


def lifted(removal_id: int, people: dict[str, int]) -> None:
    """Propose and take the lifting of a removal."""
    from starrating.services.decisions.checks import Said
    from starrating.services.decisions.decisions import decide
    from starrating.services.decisions.liftings import propose_lifting

    key = propose_lifting(removal_id, Said("复核以后撤销", "北辰组发〔2025〕16号", date(2025, 6, 3)), people["liu"])
    decide(key, digest_shown(key), people["zhao"])


def test_a_second_lifting_gives_what_the_rules_give(
    app: Any, officers: dict[str, int], year: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Removed, somebody else corrected, lifted, removed again, lifted again: what was earned, not what was left."""
    with app.app_context():
        first = best(year)
        other = next(code for code in levels_now(year) if code != first.code)
        seen = [levels_now(year)[first.code]]
        for level, meanwhile in (("three", True), ("none", False)):
            key = propose(replace(wanted_removal(year, first.unit_id), level=level), year, officers)
            seen.append(levels_now(year)[first.code])
            if meanwhile:
                corrected(year, officers, wanted(year, unit_of(other), **{"flag.accident": "1"}))
            lifted(key, officers)
            seen.append(levels_now(year)[first.code])
        assert seen == ["four", "three", "four", "none", "four"]
        names = laid_out(tmp_path)
    assert run(tool("verify_list", monkeypatch), monkeypatch, *names) == 0


def test_runs_of_a_corrected_year_are_compared_as_they_were(app: Any, officers: dict[str, int], year: int) -> None:
    """Nobody goes back to what was published first, and the city tries its changes on the year too."""
    from starrating.queries.between import runs_of
    from starrating.queries.city_runs import city_runs
    from starrating.queries.cycles import cycle as row_of
    from starrating.services.rating.citywide import Change, Left, base_of, try_city
    from starrating.services.rating.comparing import Lack, compare

    with app.app_context():
        levels = levels_now(year)
        change = wanted(year, best(year).unit_id, **{"flag.accident": "1"})
        corrected(year, officers, change)
        moved = {code for code, level in levels_now(year).items() if level != levels[code]}
        row = row_of(year)
        assert row is not None
        last, first = runs_of(year, "village", 2)
        found = compare(row, "village", first, last)
        assert found is not None
        assert (found.first.lack, found.second.lack) == (Lack.NOTHING, Lack.NOTHING)
        rated = found.second.rating
        assert rated is not None
        assert {one.unit.code for one in found.units if one.moved} == moved
        codes = [level.code for level in found.scheme.levels]
        assert dict(zip(rated.inputs.units, (codes[place] for place in rated.level), strict=True)) == levels_now(year)
        assert [one.unit.code for one in found.units if one.why.causes and one.moved] == [best_code(change)]
        base = base_of([row], "village")
        assert base is not None
        assert city_runs([row], "village")[year].known_to == first.id
        (tried,) = try_city([row], "village", base, Change({}, ["accident"]))
        assert tried.left is not Left.SCORES_CHANGED
        assert tried.moves is not None
    reader = house_client(app)
    sign_in(reader, "wang")
    page = reader.get(f"/what-if/cycles/{year}/village/compare?second=now").get_data(as_text=True)
    assert "现在的分数" not in page
    assert f"{len(moved)}个单位的星级变了" in page


def test_a_lifting_leaves_a_unit_unrated_that_a_correction_left_so(
    app: Any, officers: dict[str, int], year: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two removed together, one of them no longer rated since: the other gets its star back."""
    with app.app_context():
        both = starred(year, 2)
        first, second = (one for one in levels_now(year) if unit_of(one) in both.unit_ids)
        earned = levels_now(year)[second]
        key = propose(both, year, officers)
        corrected(year, officers, wanted(year, unit_of(first), **{"flag.relocating": "1"}))
        assert levels_now(year)[first] == ""
        lifted(key, officers)
        assert levels_now(year)[first] == ""
        assert levels_now(year)[second] in (earned, "four", "five")
        names = laid_out(tmp_path)
    assert run(tool("verify_list", monkeypatch), monkeypatch, *names) == 0


def unit_of(code: str) -> int:
    """The key of a unit."""
    from starrating.extensions import db
    from starrating.models.divisions import Unit

    return int(db.session.scalars(db.select(Unit.id).where(Unit.code == code)).one())


def wanted_removal(cycle: int, unit_id: int) -> Any:
    """A removal of a unit's star."""
    return replace(starred(cycle), unit_ids=(unit_id,))


def propose(removal: Any, cycle: int, people: dict[str, int]) -> int:
    """Propose and take a removal; the key of its decision."""
    from starrating.services.decisions.decisions import decide, propose_removal

    key = propose_removal(cycle, removal, people["wang"])
    decide(key, digest_shown(key), people["liu"])
    return key


def test_what_a_decision_corrects_is_final(app: Any, officers: dict[str, int], year: int) -> None:
    from starrating.extensions import db

    columns = "unit_id, header, state_before, value_before, state_after, value_after"
    more = (f"INSERT INTO decision_input (decision_id, {columns}) "
            f"SELECT id, {officers['first']}, 'V2.1', 'value', '1', 'value', '2' FROM decision")  # fmt: skip
    with app.app_context():
        corrected(year, officers, wanted(year, best(year).unit_id, **{"flag.accident": "1"}))
        for statement in ("UPDATE decision_input SET value_after = '0'", "DELETE FROM decision_input", more,
                          "UPDATE decision SET lifts_id = id"):  # fmt: skip
            with pytest.raises(IntegrityError):
                db.session.execute(text(statement))
            db.session.rollback()


def test_ten_at_once_have_one_effect(app: Any, officers: dict[str, int], year: int) -> None:
    from starrating.extensions import db
    from starrating.services.decisions.corrections import propose_correction
    from starrating.services.decisions.decisions import decide

    with app.app_context():
        key = propose_correction(year, wanted(year, best(year).unit_id, **{"flag.accident": "1"}), officers["wang"])
        shown = digest_shown(key)

    def once(_number: int) -> int:
        with app.app_context():
            return decide(key, shown, officers["liu"])

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(once, range(10)))) == 1
    with app.app_context():
        assert len(rows()) == 3
        assert rows()[-1].digest == shown
        taken = "SELECT count(*) FROM audit_event WHERE act = 'correction_taken'"
        assert db.session.scalar(text(taken)) == 1


def test_a_correction_of_a_year_counts_in_the_next(app: Any, clock: Any, officers: dict[str, int], year: int) -> None:
    """Last year's level is the one that stands; a list that was published before is not touched by it."""
    from starrating.queries.ratings import standing
    from starrating.services.rating.explaining import rating_of

    with app.app_context():
        published(officers, clock, 2025)
        before = [row.text for row in rows()]
        first = best(year)
        corrected(year, officers, wanted(year, first.unit_id, **{"flag.accident": "1"}))
        later = published(officers, clock, 2026)
        assert [row.text for row in rows()][: len(before)] == before
        assert all(rating_of(one) is not None for one in standing(year)), "how it was rated can still be followed"
        assert all(rating_of(one) is not None for one in standing(later))


def revoked_by_the_command(app: Any, key: str) -> None:
    """Revoke a key as an operator does, after what the command refuses."""
    runner = app.test_cli_runner()
    said = ["revoke-signing-key", key, "--since", "2025-06-01", "--reason", "存放密钥的电脑遗失"]
    refused = {("--since", "2025-06-04"): "还没有到", ("--reason", " "): "要写作废的理由"}
    for (option, value), sentence in refused.items():
        wrong = runner.invoke(args=[*said[: said.index(option) + 1], value, *said[said.index(option) + 2 :]])
        assert (wrong.exit_code, sentence in wrong.output) == (1, True)
    assert "没有用这把公钥发布过" in runner.invoke(args=[said[0], "0" * 64, *said[2:]]).output
    assert "2025-06-01起作废" in runner.invoke(args=said).output
    assert "声明过作废" in runner.invoke(args=said).output
    assert "3份名单中有1份对不上" in runner.invoke(args=["verify-editions"]).output


def test_a_revoked_key_is_said_plainly_for_what_it_signed_afterwards(
    app: Any, officers: dict[str, int], year: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from starrating.extensions import db
    from starrating.services.decisions.corrections import propose_correction
    from starrating.services.decisions.decisions import decide

    with app.app_context():
        key = rows()[0].public_key
        change = wanted(year, best(year).unit_id, **{"flag.accident": "1"})
        corrected(year, officers, change)
        names = laid_out(tmp_path)
    revoked_by_the_command(app, key)
    client = house_client(app)
    keys = client.get("/public/keys.json").data
    revoked = json.loads(keys)["keys"][0]["revoked"]
    assert (revoked["reason"], len(revoked["editions"])) == ("存放密钥的电脑遗失", 2), (
        "what was published before counts"
    )
    shown = client.get("/public/keys").get_data(as_text=True)
    assert "起作废" in shown
    assert "存放密钥的电脑遗失" in shown
    assert heading(asked(client, Path(names[0]).read_bytes())) == "对得上"
    late = asked(client, Path(names[2]).read_bytes())
    assert heading(late) == "签名用的公钥已经作废"
    assert "作废以后发布的，不能当真" in late.get_data(as_text=True)
    (tmp_path / "starrating-keys.json").write_bytes(keys)
    stars = tool("verify_list", monkeypatch)
    assert run(stars, monkeypatch, str(tmp_path / "starrating-keys.json"), *names) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "作废" in line] == [
        "  公钥自2025-06-01起作废（存放密钥的电脑遗失），这一份不在那以前发布的里面，不能当真"
    ]
    assert run(stars, monkeypatch, str(tmp_path / "starrating-keys.json"), *names[:2]) == 0
    assert run(stars, monkeypatch, "0" * 64, *names[:2]) == 1, "another key"
    with app.app_context():
        unit = change.values[0].unit_id
        waiting = propose_correction(year, wanted(year, unit, **{"flag.accident": "0"}), officers["wang"])
        assert refusal(decide, waiting, digest_shown(waiting), officers["liu"]) == "signing.revoked"
        with pytest.raises(IntegrityError):
            db.session.execute(text("UPDATE key_revocation SET reason = 'x'"))
        db.session.rollback()


def test_nothing_about_a_person_is_in_a_corrected_list(
    app: Any, clock: Any, people: dict[str, int], tmp_path: Path
) -> None:
    """What was planted in names, reasons and appraisals is nowhere in what the public gets of a correction."""
    from starrating.queries.content import content_digest
    from starrating.services.publication.publication import publish
    from starrating.services.rating.determination import confirm_determination, determine

    app.config["CHART_FOLDER"] = str(tmp_path)
    with app.app_context():
        cycle = planted(people)
        confirm_determination(cycle, content_digest(determine(cycle, people["wang"])), people["liu"])
        clock.at = datetime(2025, 1, 10, 1, tzinfo=UTC)
        opened(cycle, people["wang"])
        clock.advance(days=30)
        publish(cycle, None, people["wang"])
        clock.at = datetime(2025, 6, 3, 1, tzinfo=UTC)
        corrected(cycle, people, wanted(cycle, best(cycle).unit_id, **{"flag.accident": "1"}))
    lists, place = "/public/lists/2024", "/public/lists/2024/120113000000/village"
    client, only = house_client(app), "?district=120113000000&kind=village"
    found = [client.get(one) for one in (
        lists, f"{lists}.csv", f"{lists}.pdf{only}", f"{lists}.xlsx{only}", f"{place}/2", f"{place}/2.json",
        "/api/v1/years/2024/lists/120113000000/village", "/public/verify?code=120113100201&year=2024",
    )]  # fmt: skip
    assert {answer.status_code for answer in found} == {200}
    told = [read(answer) for answer in found]
    assert sum(REASON in "".join(one.split()) for one in told) >= 6, "why it was corrected is read in these"
    assert [mark for mark in MARKS.values() if any(mark in one for one in told)] == []
