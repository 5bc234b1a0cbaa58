"""What a run knew is kept with it: posts that change afterwards do not stand in the way of a correction."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.conftest import SQLITE_ONLY, migrate
from tests.services.test_corrections import best, corrected, lowered, propose, wanted
from tests.services.test_decisions import digest_shown, levels_now, officers, starred, year
from tests.services.test_editions import holds, laid_out, rows, run, tool
from tests.web.city import CITY, identity

__all__ = ["officers", "year"]


def shaken(people: dict[str, int], unit: int) -> None:
    """Posts are put right after the publication: another beginning, another director, two records made one person."""
    from starrating.domain.posts import PostKind
    from starrating.extensions import db
    from starrating.models.people import Person, Post
    from starrating.services.people.people import NewPerson, Term, amend_post, end_post, enter_post
    from starrating.services.people.people_merge import merge_people

    by = identity(people["wang"], CITY)
    posts = {one.kind: (one.id, one.version) for one in db.session.query(Post).filter_by(unit_id=unit)}
    db.session.rollback()
    amend_post(*posts["secretary"], Term(date(2024, 11, 1)), "任职文件写的是11月", by)
    end_post(*posts["director"], date(2024, 12, 1), "moved", by)
    enter_post(unit, PostKind.DIRECTOR, NewPerson("陈大文", 1971), Term(date(2024, 12, 2)), by)
    other, same = (
        db.session.query(Person.id, Person.version).join(Post, Post.person_id == Person.id)
        .filter(Post.unit_id != unit).order_by(Person.id).distinct().limit(2).all()
    )  # fmt: skip
    db.session.rollback()
    merge_people(other[0], same[0], (other[1], same[1]), "查过档案", by)


def test_a_correction_goes_through_although_posts_changed_since(
    app: Any, officers: dict[str, int], year: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is published is to the byte what would have been without: the run has what it knew."""
    from starrating.extensions import db
    from starrating.queries.ratings import determination
    from starrating.services.decisions.corrections import propose_correction
    from starrating.services.decisions.decisions import decide
    from starrating.services.rating.explaining import rating_of

    with app.app_context():
        first = best(year)
        key = propose_correction(year, lowered(year, first.unit_id), officers["wang"])
        shown = digest_shown(key)
        before = kept()
        shaken(officers, first.unit_id)
        assert kept() == before
        db.session.rollback()
        assert digest_shown(key) == shown, "the very edition that was shown"
        db.session.rollback()
        decide(key, shown, officers["liu"])
        new = rows()[-1]
        assert (new.edition, new.digest, holds(new)) == (2, shown, True)
        assert levels_now(year)[first.code] != first.level
        made = set(kept()) - set(before)
        assert {kept()[key] for key in made} <= set(before.values()), "the new run knows what the one before it knew"
        assert len(made) == 1
        corrected(year, officers, wanted(year, first.unit_id, **{"flag.punished": "1"}))
        propose(starred(year), year, officers)
        for found in map(determination, kept()):
            assert found is not None
            memory_emptied(app)
            assert rating_of(found) is not None, "every run can be explained"
        names = laid_out(tmp_path)
    assert run(tool("verify_list", monkeypatch), monkeypatch, *names) == 0


def test_whom_a_removal_alone_moved_is_told_why(app: Any, officers: dict[str, int], year: int) -> None:
    """Between the run determined and the one after a removal: its reason and ground, nothing of anybody else."""
    from starrating.blueprints.whatif.why import Teller
    from starrating.queries.between import runs_of
    from starrating.queries.cycles import cycle
    from starrating.services.decisions.checks import Said
    from starrating.services.decisions.decisions import decide
    from starrating.services.decisions.liftings import propose_lifting
    from starrating.services.rating.comparing import Lack, compare

    with app.app_context():
        removal = starred(year)
        key = propose(removal, year, officers)
        second, first = runs_of(year, "village", 2)
        row = cycle(year)
        assert row is not None
        found = compare(row, "village", first, second)
        assert found is not None
        assert (found.first.lack, found.second.lack) == (Lack.NOTHING, Lack.NOTHING)
        told = {one.unit.id: [why.text for why in Teller(found).told(one)] for one in found.units}
        assert {one.unit.id for one in found.units if one.moved} == set(removal.unit_ids)
        for unit, said in told.items():
            assert len(said) == (1 if unit in removal.unit_ids else 0)
        (words,) = told[removal.unit_ids[0]]
        assert words.startswith("发布以后摘星，第2版由")
        assert "改为无星，自2025-06-01起" in words
        assert f"{removal.reason}（依据：{removal.ground}）" in words
        lifting = propose_lifting(key, Said("复核不属实", "北辰组发〔2025〕13号", date(2025, 6, 2)), officers["wang"])
        decide(lifting, digest_shown(lifting), officers["liu"])
        third = runs_of(year, "village", 1)[0]
        lifted, whole = compare(row, "village", second, third), compare(row, "village", first, third)
        assert lifted is not None
        assert whole is not None
        one = next(line for line in lifted.units if line.unit.id == removal.unit_ids[0])
        assert [why.title for why in Teller(lifted).told(one)] == ["撤销摘星"]
        assert [len(line.decided) for line in whole.units if line.decided] == [2]
        assert not any(line.moved for line in whole.units), "removed and lifted: as it was"


def memory_emptied(app: Any) -> None:
    from starrating.services.rating.explaining import EXTENSION

    app.extensions.pop(EXTENSION, None)


def kept() -> dict[int, str]:
    from starrating.extensions import db

    return {row[0]: row[1] for row in db.session.execute(text("SELECT * FROM determination_facts ORDER BY 1"))}


def test_nothing_of_it_is_about_anybody_by_name_and_nothing_of_it_changes(
    app: Any, officers: dict[str, int], year: int
) -> None:
    from starrating.extensions import db

    with app.app_context():
        runs = set(db.session.scalars(text("SELECT id FROM determination")))
        found = kept()
        assert set(found) == runs
        for content in found.values():
            said = json.loads(content)
            assert set(said) == {"units", "words"}
            assert {"leader.dual_role", "leader.months"} <= set(said["words"])
            assert set(said["words"]["leader.dual_role"]) <= {"0", "1", None}
            assert all(word is None or word.isdigit() for word in said["words"]["leader.months"])
            assert "示例" not in content
        for statement in (
            "UPDATE determination_facts SET content = '{}'",
            "DELETE FROM determination_facts",
        ):
            with pytest.raises(IntegrityError):
                db.session.execute(text(statement))
            db.session.rollback()


def test_runs_from_before_get_what_the_posts_say(app: Any, database: str, determined: int) -> None:
    """Down and up again: what is worked out from the posts is what was stored with the run, leader by leader."""
    from starrating.extensions import db

    with app.app_context():
        before = kept()
        assert before
        db.session.remove()
        db.engine.dispose()
        migrate(database, "0029", down=True)
        migrate(database)
        after = kept()
        assert set(after) == set(before)
        for key, content in after.items():
            old, new = json.loads(before[key]), json.loads(content)
            assert new["units"] == old["units"]
            assert new["words"] == {name: old["words"][name] for name in ("leader.dual_role", "leader.months")}


def test_a_run_of_which_nothing_was_kept_is_made_again_from_the_tables(
    app: Any, officers: dict[str, int], year: int
) -> None:
    """Facts that give another digest than the run's are not believed where the tables give it."""
    from starrating.queries.cycles import cycle, schemes_of
    from starrating.queries.inputs import Run, known_by_run, known_of
    from starrating.queries.run_facts import facts_of
    from starrating.queries.stands import what_stands
    from starrating.services.years.scheme_texts import read_kept

    with app.app_context():
        row = cycle(year)
        assert row is not None
        scheme = read_kept(schemes_of(year)["village"].text).scheme
        stands = what_stands([row], "village")[year]
        plain = known_of(stands, scheme)
        run_ = Run(plain.digest, None, {"leader.months": dict.fromkeys(plain.unit_ids, "7")})
        assert known_of(stands.known_by(run_.facts), scheme).digest != plain.digest
        assert known_by_run(stands, scheme, run_).digest == plain.digest
        other = replace(run_, input_digest=known_of(stands.known_by(run_.facts), scheme).digest)
        assert known_by_run(stands, scheme, other).inputs.words["leader.months"].name(0) == "7"
        assert facts_of([]) == {}
        assert facts_of([99_999]) == {99_999: {}}


@pytest.mark.parametrize("sort", ["correction", "removal"])
def test_the_run_of_a_decision_keeps_what_it_used_where_what_was_kept_before_is_a_guess(
    app: Any, officers: dict[str, int], year: int, database: str, sort: str
) -> None:
    """Posts were changed when the step came that kept facts, and put back: the tables have what the run knew."""
    from starrating.queries.ratings import determination
    from starrating.services.rating.explaining import rating_of

    with app.app_context():
        knew, before = guessed(database), best(year)
        assert not set(knew.values()) & set(kept().values()), "what was kept is a guess, and wrong"
        earlier_months(-1)
        olds = set(kept())
        if sort == "correction":
            corrected(year, officers, lowered(year, before.unit_id))
        else:
            propose(starred(year), year, officers)
        (made,) = set(kept()) - olds
        assert kept()[made] in knew.values(), "to the byte what the run would have kept"
        shaken(officers, before.unit_id)
        memory_emptied(app)
        found = determination(made)
        assert found is not None
        assert rating_of(found) is not None, "posts changed again: it has what it used"


@SQLITE_ONLY
def test_where_nobody_knows_any_more_what_a_run_used_nothing_is_made_up(
    app: Any, officers: dict[str, int], year: int, database: str
) -> None:
    """Neither what was kept nor the tables give the run: a removal rests on the list alone, a correction is refused."""
    from starrating.domain.faults import RuleError
    from starrating.extensions import db

    with app.app_context():
        guessed(database)
        earlier_months(1)
        olds = kept()
        propose(starred(year), year, officers)
        (made,) = set(kept()) - set(olds)
        assert kept()[made] in olds.values()
        db.session.rollback()
        with pytest.raises(RuleError, match=r"decision\.inputs_changed"):
            corrected(year, officers, lowered(year, best(year).unit_id))


def guessed(database: str) -> dict[int, str]:
    """What the runs kept; instead they are given what posts say that begin half a year earlier, and keep saying so."""
    from starrating.extensions import db

    knew = kept()
    earlier_months(1)
    db.session.remove()
    db.engine.dispose()
    migrate(database, "0029", down=True)
    migrate(database)
    return knew


def earlier_months(times: int) -> None:
    """Let every post begin half a year earlier, or as much later again."""
    from starrating.extensions import db
    from starrating.models.people import Post

    for row in db.session.query(Post).order_by(Post.id):
        row.begins_on -= times * timedelta(days=183)
    db.session.commit()
