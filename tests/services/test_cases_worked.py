"""The worked case of consequences taken through a published year: the cases that it opens are those it expects."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from starrating.domain.access import Place, Role
from starrating.domain.cases import matters_of
from starrating.domain.posts import Post as HeldPost
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.cases import ConsequenceCase
from starrating.models.cycles import Assignment, Cycle, CycleScheme
from starrating.models.divisions import Unit
from starrating.models.events import EventRecord
from starrating.models.people import Person, Post
from starrating.models.ratings import Determination, Rating
from starrating.models.scores import ScoreCell
from starrating.offline.working import rate_files
from starrating.queries import cases as question
from starrating.services.bulk import add_rows
from starrating.services.clock import now
from starrating.services.consequences.case_facts import Chain, derived, holding, read_facts
from starrating.services.consequences.cases import check_cases
from starrating.services.publication.publication import open_notice, publish
from starrating.services.transaction import transaction
from tests.services import district
from tests.support import CASES
from tests.web.city import add_account, key_of

FOLDER = CASES / "consequences"
HEAD = """code,name,parent,level,kind
990000000000,试验市,,province,直辖市
990101000000,津南区,990000000000,district,市辖区
990101001000,一镇,990101000000,township,镇
990101002000,二镇,990101000000,township,镇
"""
OWN = """
  - {code: whole3, name: 村社区连续三年五星, for: unit, when: {streak.five: {at_least: 3}}, effect: {honour: 锦旗}}
  - {code: own2, name: 任内两年, for: secretary, when: {leader_streak.five: {at_least: 2}}, effect: {eligible: 进修}}
  - code: own_low
    name: 任内连续两年低于四星
    for: secretary
    when: {leader_streak_below.four: {at_least: 2}}
    effect: {measure: talk}
"""
"""Rules that count the unit's years, and the leader's own."""
TWICE = {"replace": ("director", "secretary")}
"""The one measure against whoever holds both posts is two matters."""
ABOUT = {"talk": ("secretary",), "admonish": ("secretary",), "plaque": ("unit",)}
Terms = Mapping[str, tuple[tuple[str, str, date, date | None], ...]]
"""Unit → who held which post there, from when, until when."""
BOTH = ("secretary", "director")


@pytest.fixture(autouse=True)
def _in_use(app: Any) -> Any:
    with app.app_context():
        yield


def table(name: str) -> list[dict[str, str]]:
    """The rows of a file of the worked case."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def begun(months: int) -> date:
    """The first day of so many whole months in a post at the end of 2024."""
    return date((2024 * 12 + 11 - months) // 12, (2024 * 12 + 11 - months) % 12 + 1, 1)


def terms_of(row: Mapping[str, str]) -> tuple[tuple[str, str, date, date | None], ...]:
    """The posts behind a unit's columns of its leader."""
    kinds = BOTH if row["leader.dual_role"] == "1" else BOTH[:1]
    return tuple((f"负责人{row['unit']}", kind, begun(int(row["leader.months"])), None) for kind in kinds)


def written(folder: Path, rules: str) -> Path:
    """The scheme of the worked case with more rules of what follows, as a file."""
    path = folder / "scheme.yaml"
    path.write_text((FOLDER / "scheme.yaml").read_text(encoding="utf-8") + rules, encoding="utf-8")
    return path


def build(clock: Any, terms: Terms, closed: Mapping[str, date] = {}, rules: str = "") -> tuple[int, dict[str, int]]:
    """The worked year with more `rules` of what follows, determined and on notice; its key and its administrators."""
    from starrating.queries.content import content_digest
    from starrating.services.rating.determination import confirm_determination, determine

    key, who = filled(terms, closed, rules)
    clock.at = datetime(2025, 1, 10, 1, tzinfo=UTC)
    confirm_determination(key, content_digest(determine(key, who["wang"])), who["liu"])
    open_notice(key, date(2025, 1, 10), None, who["wang"])
    clock.advance(days=40)
    db.session.remove()
    return key, who


def filled(terms: Terms, closed: Mapping[str, date] = {}, rules: str = "") -> tuple[int, dict[str, int]]:
    """The worked year in verification, every score entered; its key and its administrators."""
    from starrating.schemes.reader import read_scheme
    from starrating.services.divisions.divisions import import_divisions
    from starrating.services.divisions.rows import read_divisions
    from starrating.services.years.cycles import open_cycle

    rows = table("scores.csv")
    lines = [f"9901010012{at:02d},{row['unit']},990101001000,unit,村" for at, row in enumerate(rows, 1)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        file.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
        import_divisions(read_divisions(file), date(2000, 1, 1), None)
        place, read = key_of("津南区"), read_scheme(written(Path(folder), rules))
    units = {row["unit"]: key_of(row["unit"]) for row in rows}
    with transaction() as session:
        office = {name: (district.NAMES[name], place, Role.DISTRICT_ADMINISTRATOR) for name in ("wang", "liu")}
        who = {name: add_account(session, name, *said, division_id=place) for name, said in office.items()}
        for name, day in closed.items():
            session.get_one(Unit, units[name]).valid_to = day
        _past(session, place, units, who, read)
    key = open_cycle(place, 2024, {"village": read}, who["wang"])
    with transaction() as session:
        session.add(Assignment(cycle_id=key, kind="village", indicator="S", department="民政局", by_township=False))
    district.step(key, "open_scoring", who["wang"])
    with transaction() as session:
        _fill(session, key, units, {row["unit"]: terms.get(row["unit"], terms_of(row)) for row in rows})
    district.step(key, "close_scoring", who["wang"])
    db.session.remove()
    return key, who


def _past(session: Any, place: int, units: Mapping[str, int], who: Mapping[str, int], read: Any) -> None:
    """The years before with the levels of the worked history, confirmed."""
    names = {level.code: (level.name, level.stars) for level in read.scheme.levels}
    for year in (2021, 2022, 2023):
        cycle = Cycle(district_id=place, year=year, state="published", version=1, created_at=now())
        session.add(cycle)
        session.flush()
        session.add(CycleScheme(cycle_id=cycle.id, kind="village", title=read.scheme.title, digest=read.digest,
                                text=read.text))  # fmt: skip
        run = Determination(
            cycle_id=cycle.id, kind="village", round=1, state="trial", scheme_digest="0" * 64, input_digest="0" * 64,
            engine_version="1", determined_by=who["wang"], determined_at=now(),
        )  # fmt: skip
        session.add(run)
        session.flush()
        session.add_all(
            Rating(determination_id=run.id, unit_id=units[row["unit"]], status="rated", total="60", rank=None, pool="",
                   level=row["level"], level_name=names[row["level"]][0], stars=names[row["level"]][1], previous="",
                   change=None, movement="", reasons="[]", consequences="[]")
            for row in table("history.csv") if row["year"] == str(year)
        )  # fmt: skip
        session.flush()
        run.state, run.confirmed_by, run.confirmed_at = "confirmed", who["liu"], now()
        session.flush()


def _fill(session: Any, key: int, units: Mapping[str, int], terms: Terms) -> None:
    """Scores, grades, events and posts of the worked year."""
    people: dict[str, Person] = {}
    for row in table("scores.csv"):
        unit = units[row["unit"]]
        for header in ("S", "appraisal"):
            if row[header]:
                session.add(ScoreCell(cycle_id=key, unit_id=unit, header=header, version=1, state="value",
                                      value=row[header]))  # fmt: skip
        for flag in ("accident", "punished"):
            if row[f"flag.{flag}"] == "1":
                session.add(EventRecord(cycle_id=key, unit_id=unit, flag=flag, count=1, reason="示例", at=now()))
        for name, kind, first, last in terms[row["unit"]]:
            if name not in people:
                people[name] = Person(name=name)
                session.add(people[name])
                session.flush()
            session.add(Post(person_id=people[name].id, unit_id=unit, kind=PostKind(kind), begins_on=first,
                             ends_on=last))  # fmt: skip


def opened(key: int) -> dict[str, list[tuple[str, str, str]]]:
    """Unit → the rule, what it is about and the person's name of every case, in order."""
    rows = db.session.execute(
        select(Unit.name, ConsequenceCase.rule, ConsequenceCase.about, Person.name)
        .join(Unit, Unit.id == ConsequenceCase.unit_id)
        .outerjoin(Person, Person.id == ConsequenceCase.person_id)
        .where(ConsequenceCase.cycle_id == key)
    )
    found: dict[str, list[tuple[str, str, str]]] = {}
    for unit, rule, about, name in rows:
        found.setdefault(unit, []).append((rule, about, name or ""))
    return {unit: sorted(own) for unit, own in found.items()}


def test_the_worked_year_opens_what_it_expects_code_by_code(clock: Any) -> None:
    key, who = build(clock, {})
    publish(key, None, who["wang"])
    expected = {}
    for row in table("expected.csv"):
        codes = [code for code in row["consequences"].split(";") if code]
        own = [(code, about, "" if about == "unit" else f"负责人{row['unit']}")
               for code in codes for about in TWICE.get(code, ABOUT.get(code, ("person",)))]  # fmt: skip
        if own:
            expected[row["unit"]] = sorted(own)
    assert opened(key) == expected
    assert sum(map(len, expected.values())) == 24
    checked = check_cases()
    assert (checked.count, checked.changed, checked.underived) == (24, (), ())


def test_hand_over_vacancy_and_a_closed_unit(clock: Any) -> None:
    handed = tuple((name, kind, first, last) for name, first, last in (
        ("前任", date(2019, 12, 1), date(2024, 6, 30)), ("后任", date(2024, 7, 1), None)) for kind in BOTH)  # fmt: skip
    vacant = (
        ("前书记", "secretary", date(2020, 1, 1), date(2024, 12, 30)),
        ("主任", *BOTH[1:], date(2020, 1, 1), None),
    )
    split = (("书记乙", "secretary", date(2021, 9, 1), None), ("主任乙", "director", date(2021, 9, 1), None))
    key, who = build(clock, {"v1": handed, "v5": vacant, "v8": split}, {"v6": date(2024, 9, 1)})
    publish(key, None, who["wang"])
    found = opened(key)
    assert found["v1"] == [("civil", "person", "后任"), ("pay120", "person", "后任"), ("plaque", "unit", "")], (
        "whoever is in post at the end of the year, and the months are theirs alone: five are not thirty-six"
    )
    assert found["v5"] == [("talk", "secretary", "")], "the post is vacant, the matter stays; nobody held both posts"
    assert found["v8"] == [("talk", "secretary", "书记乙")], "two people hold the posts: nothing for whoever holds both"
    assert "v6" not in found, "merged within the year, not rated at its end"
    assert check_cases().underived == ()
    case_id = next(row.id for row in question.cases_of([Place(None, key_of("津南区"))], question.CaseFilter())
                   if row.unit == "v1" and row.rule == "civil")  # fmt: skip
    row = question.case_of(case_id)
    assert row is not None
    facts = json.loads(row.facts)
    assert facts["posts"] == [["director", "2024-07-01", 5], ["secretary", "2024-07-01", 5]]
    assert [in_post for _, _, in_post in facts["years"]] == [True, False, False, False]


def test_an_opening_that_dies_in_the_middle_leaves_nothing(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from starrating.models.publications import Publication
    from starrating.services.consequences import case_opening

    key, who = build(clock, {})

    def dies(session: Any, into: Any, columns: Any, rows: Any) -> None:
        add_rows(session, into, columns, rows[:7])
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(case_opening, "add_rows", dies)
        with pytest.raises(OSError, match="disk"):
            publish(key, None, who["wang"])
    db.session.remove()
    assert opened(key) == {}
    assert db.session.get_one(Cycle, key).state == "notice", "nor is the year published without its cases"
    out = select(Publication.id).where(Publication.cycle_id == key)
    assert list(db.session.scalars(out)) == []
    db.session.remove()
    publish(key, None, who["wang"])
    assert sum(map(len, opened(key).values())) == 24


def own_run(facts: Mapping[str, Any], level: str) -> int:
    """The leader's own years in a row at a level, counted from the years that a case shows."""
    held = list(facts["years"])
    run = 0
    for year, found, own in held:
        if year != 2024 - run or found != level or not own:
            break
        run += 1
    return run


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_posts_every_case_follows_again_from_its_facts(tmp_path: Path, data: st.DataObject) -> None:
    rows = table("scores.csv")
    for row in rows:
        row["S"] = str(data.draw(st.integers(0, 100)))
        row["appraisal"] = data.draw(st.sampled_from(["好", "较好", "一般", "差", ""]))
        row["leader.dual_role"], row["flag.accident"], row["flag.punished"] = (
            data.draw(st.sampled_from("01")) for _ in range(3)
        )
        row["leader.months"] = str(data.draw(st.integers(0, 120)))
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    scores = tmp_path / "scores.csv"
    scores.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rating = rate_files(written(tmp_path, OWN), scores, FOLDER / "history.csv").rating
    keys = {row["unit"]: at for at, row in enumerate(rows, 1)}
    posts = [HeldPost(keys[row["unit"]], keys[row["unit"]], PostKind(kind), first, last)
             for row in rows for _, kind, first, last in terms_of(row)]  # fmt: skip
    day = date(2024, 12, 31)
    chain = Chain(rating, holding(posts, day), {"year": 2024, "cut_off": day.isoformat()})
    rules = {entry.code: entry for entry in rating.scheme.consequences}
    for at, code in enumerate(rating.inputs.units):
        codes = (rating.consequences.name(at) or "").split(";")
        for one in filter(None, codes):
            entry = rules[one.partition("=")[0]]
            for about in matters_of(entry):
                facts = read_facts(chain.text(code, keys[code], entry, one, about))
                assert derived(facts, rating.scheme)
                assert facts["person"] == (None if about == "unit" else keys[code])
                assert facts["values"]["leader_streak.five"] == str(own_run(facts, "five"))
                assert not derived({**facts, "written": "gone"}, rating.scheme)
        absent = next((one for one in rules.values() if one.code not in {w.partition("=")[0] for w in codes}), None)
        if absent is not None:
            text = chain.text(code, keys[code], absent, absent.code, matters_of(absent)[0])
            assert not derived(read_facts(text), rating.scheme), "what did not follow does not follow from the facts"
