"""Elections with candidates: people without a post, checked by departments on one screen, elected in one act."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from starrating.domain.candidates import Standing, standing_of
from starrating.domain.eligibility import Outcome
from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.elections import Candidate
from starrating.models.eligibility import CheckAnswer, CheckItem, EligibilityCheck
from starrating.models.people import Person, Post
from starrating.queries import candidates as question
from starrating.queries.people import posts_of_unit
from starrating.queries.people_scope import serving_places
from starrating.services.people import candidates as service
from starrating.services.people import eligibility as checks
from starrating.services.people.elections import enter_election, take_back_election
from starrating.services.people.people import NewPerson, Term
from starrating.services.people.people_merge import merge_people
from starrating.services.upkeep.retention import NO_NAME, due, purge
from tests.conftest import SQLITE_ONLY
from tests.web.city import ACCOUNTS, CITY, identity, key_of, post
from tests.web.test_dashboards import client_of
from tests.web.test_people import SEERS, stored

SECRETARY, DIRECTOR = PostKind.SECRETARY, PostKind.DIRECTOR
VOTE, SEEN = date(2024, 2, 15), date(2024, 1, 20)
NEWCOMER = "司马新竹"


@pytest.fixture
def office(posted: Any, people: dict[str, int]) -> Any:
    """The city's administrator in the application in use."""
    with posted.app_context():
        yield identity(people["city"], CITY)
        db.session.remove()


def begun(office: Any) -> int:
    """An election of the eastern district, with two items to be checked; its key."""
    east = key_of("东区")
    hard, soft = (
        checks.NewItem(code, name, code == "A", 5, "民政局", 12) for code, name in (("A", "受过处分"), ("B", "欠款"))
    )
    checks.add_items(east, [hard, soft], office)
    return enter_election(east, None, "2024年换届", VOTE, office)


def stand(election: int, unit: str, kinds: Any, who: Any, office: Any) -> list[int]:
    return service.put_forward(election, key_of(unit), kinds, who, office)


def answered(found: dict[tuple[int, str], str], office: Any, day: date = SEEN) -> None:
    """Answer everything that waits: what is not named by (person, item) is clear."""
    rows = db.session.execute(
        select(CheckAnswer.id, EligibilityCheck.person_id, CheckItem.code)
        .join(EligibilityCheck, EligibilityCheck.id == CheckAnswer.check_id)
        .join(CheckItem, CheckItem.id == CheckAnswer.item_id).where(CheckAnswer.result == "")
    ).all()  # fmt: skip
    told = [checks.TypedAnswer(key, found.get((who, code), "clear"), day, "文号") for key, who, code in rows]
    checks.answer(told, office)


def person_of(candidate: int) -> int:
    return db.session.get_one(Candidate, candidate).person_id


def states() -> dict[int, str]:
    return {row[0]: row[1] for row in db.session.execute(select(Candidate.id, Candidate.state))}


def refused(code: str, act: Any) -> None:
    with pytest.raises(RuleError) as told:
        act()
    assert told.value.code == code


def test_what_a_check_says_on_the_day_of_the_vote() -> None:
    after = date(2024, 2, 16)
    assert standing_of(None, None, VOTE) is Standing.UNASKED
    assert standing_of(Outcome.OPEN, None, VOTE) is Standing.WAITING
    assert standing_of(Outcome.EXCLUDED, None, VOTE) is Standing.BARRED
    assert standing_of(Outcome.EXCLUDED, VOTE, VOTE) is Standing.BARRED, "an old finding is still one"
    assert standing_of(Outcome.ELIGIBLE, VOTE, VOTE) is Standing.EXPIRED, "no longer good on its first day after"
    assert standing_of(Outcome.ELIGIBLE, after, VOTE) is Standing.FREE
    assert standing_of(Outcome.ADVISED, after, VOTE) is Standing.ADVISED


def test_from_candidates_to_posts(office: Any) -> None:
    election, unit = begun(office), key_of("东甲村")
    old = stored("东甲村", SECRETARY).person_id
    both = stand(election, "东甲村", (SECRETARY, DIRECTOR), NewPerson(NEWCOMER, 1990, "bachelor"), office)
    rival = stand(election, "东甲村", (SECRETARY,), old, office)
    barred = stand(election, "东丁社区", (DIRECTOR,), NewPerson("公孙拒"), office)
    assert service.check_candidates(election, key_of("东区"), office) == 4
    assert service.check_candidates(election, key_of("东区"), office) == 0, "they wait for answers"
    refused("candidate.unchecked", lambda: service.elect(election, both, Term(VOTE), office))
    answered({(person_of(barred[0]), "A"): "found", (person_of(both[0]), "B"): "found"}, office)
    refused("candidate.barred", lambda: service.elect(election, [*both, *barred], Term(VOTE), office))
    refused("candidate.two", lambda: service.elect(election, [both[0], *rival], Term(VOTE), office))
    refused("candidate.begins", lambda: service.elect(election, both, Term(date(2024, 2, 14)), office))
    refused("candidate.none", lambda: service.elect(election, [*both, 99_999], Term(VOTE), office))
    refused("candidate.nobody", lambda: service.elect(election, [], Term(VOTE), office))
    assert set(states().values()) == {"put_forward"}, "nothing of what was refused is stored"
    term = Term(VOTE, "elected", "东区委组织部", date(2024, 2, 20))
    assert service.elect(election, both, term, office) == 2
    new = person_of(both[0])
    now = {row.kind: row for row in posts_of_unit(unit) if row.ends_on is None}
    assert {kind: (row.person_id, row.begins_on, row.filed_with) for kind, row in now.items()} == {
        SECRETARY: (new, VOTE, "东区委组织部"), DIRECTOR: (new, VOTE, "东区委组织部"),
    }  # fmt: skip
    left = [row for row in posts_of_unit(unit) if row.ends_on is not None]
    assert {(row.person_id, row.ends_on, row.ending) for row in left} == {(old, date(2024, 2, 14), "term")}
    assert states() == {both[0]: "elected", both[1]: "elected", rival[0]: "not_elected", barred[0]: "put_forward"}
    assert {row.post_id for row in question.candidates_by_id(election, both)} == {row.id for row in now.values()}
    refused("candidate.changed", lambda: service.elect(election, both, Term(VOTE), office))
    refused("candidate.settled", lambda: stand(election, "东甲村", (SECRETARY,), NewPerson("第三人"), office))
    refused("election.through", lambda: take_back_election(election, office))
    acts = list(db.session.scalars(select(AuditEvent.act)))
    assert [acts.count(one) for one in ("candidate_put_forward", "candidates_checked", "candidate_elected")] == [
        4,
        1,
        2,
    ]


@SQLITE_ONLY
def test_re_election_ends_a_term_and_begins_the_next(office: Any) -> None:
    election = begun(office)
    who = int(stored("东丙社区", SECRETARY).person_id)
    made = stand(election, "东丙社区", (SECRETARY,), who, office)
    service.check_candidates(election, key_of("东区"), office)
    answered({}, office)
    assert service.elect(election, made, Term(VOTE, "elected"), office) == 1
    terms = [(row.person_id, row.begins_on, row.ends_on, row.ending) for row in posts_of_unit(key_of("东丙社区"))]
    assert terms == [(who, VOTE, None, ""), (who, date(2020, 1, 1), date(2024, 2, 14), "term")]


@SQLITE_ONLY
def test_who_stands_once_and_who_is_withdrawn(office: Any) -> None:
    election = begun(office)
    first = stand(election, "东丁社区", (DIRECTOR,), NewPerson(NEWCOMER), office)[0]
    who = person_of(first)
    refused("candidate.twice", lambda: stand(election, "东丁社区", (DIRECTOR,), who, office))
    refused("candidate.post", lambda: stand(election, "东丁社区", (), who, office))
    refused("person.none", lambda: stand(election, "东丁社区", (DIRECTOR,), 99_999, office))
    refused("person.name", lambda: stand(election, "东丁社区", (DIRECTOR,), NewPerson(""), office))
    refused("election.none", lambda: stand(election, "西丁社区", (DIRECTOR,), NewPerson("某人"), office))
    assert db.session.scalar(select(Person.id).where(Person.name == "某人")) is None
    refused("candidate.reason", lambda: service.withdraw_candidate(election, first, " ", office))
    refused("person.digits", lambda: service.withdraw_candidate(election, first, "见13900005678", office))
    service.withdraw_candidate(election, first, "自己不参选了", office)
    refused("candidate.changed", lambda: service.withdraw_candidate(election, first, "再撤一次", office))
    again = stand(election, "东丁社区", (DIRECTOR,), who, office)[0]
    assert states() == {first: "withdrawn", again: "put_forward"}
    take_back_election(election, office)
    assert question.candidate(again) is None
    refused("election.none", lambda: service.check_candidates(election, key_of("东区"), office))


@SQLITE_ONLY
def test_a_post_held_later_stops_the_whole_act(office: Any) -> None:
    election, unit = begun(office), key_of("东丁社区")
    made = [stand(election, name, (DIRECTOR,), NewPerson(f"人选{end}"), office)[0]
            for name, end in (("东丁社区", "甲"), ("东丙社区", "乙"))]  # fmt: skip
    service.check_candidates(election, key_of("东区"), office)
    answered({}, office)
    from starrating.services.people.people import enter_post

    enter_post(unit, DIRECTOR, NewPerson("后来的"), Term(date(2024, 2, 20)), office)
    with pytest.raises(RuleError) as told:
        service.elect(election, made, Term(VOTE), office)
    assert (told.value.code, told.value.facts["unit"]) == ("candidate.held", "东丁社区")
    assert set(states().values()) == {"put_forward"}, "nobody of the other unit either"


@SQLITE_ONLY
def test_somebody_without_a_post_is_of_the_township_that_put_them_forward(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        office = identity(people["city"], CITY)
        election = begun(office)
        made = stand(election, "东乙村", (SECRETARY,), NewPerson(NEWCOMER), office)[0]
        who, east, west = person_of(made), key_of("东区"), key_of("西区")
        towns = {name: key_of(name) for name in ("东一镇", "东二街道")}
        assert [place.township for place in serving_places(who, SEEN)] == [towns["东一镇"]]
        db.session.remove()
    for name in ACCOUNTS:
        answer = 200 if name in SEERS else 404
        client = client_of(posted, name)
        assert client.get(f"/people/{who}").status_code == answer, name
        page = client.get(f"/people/divisions/{towns['东一镇']}/elections/{election}")
        assert page.status_code == answer, name
        assert NEWCOMER not in page.text
        wide = client.get(f"/people/divisions/{east}/elections/{election}/candidates/{made}").status_code
        assert wide == (404 if name == "east_town" else answer), name
    town = client_of(posted, "east_town")
    assert town.get(f"/people/divisions/{towns['东二街道']}/elections/{election}").status_code == 404
    assert post(town, f"/people/divisions/{towns['东一镇']}/elections/{election}/results").status_code in (403, 404)
    boss = client_of(posted, "east")
    elsewhere = f"/people/divisions/{towns['东二街道']}/elections/{election}/candidates/{made}"
    assert boss.get(elsewhere).status_code == 404, "a candidate of another township"
    assert boss.get(f"/people/divisions/{east}/elections/99999").status_code == 404
    theirs = f"/people/divisions/{west}/elections/{election}"
    assert client_of(posted, "west").get(theirs).status_code == 404, "an election of another district"


RESULT = {"begins_on": "2024-02-15", "how": "elected", "filed_with": "东区民政局", "filed_on": "2024-02-20"}


@SQLITE_ONLY
def test_a_name_is_put_forward_and_seen_masked(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        election, east, unit = begun(identity(people["city"], CITY)), key_of("东区"), key_of("东丁社区")
        db.session.remove()
    boss = client_of(posted, "east")
    here = f"/people/divisions/{east}/elections/{election}"
    form = {"unit": str(unit), "post-secretary": "1", "post-director": "1", "name": NEWCOMER}
    assert "提名担任" in boss.get(f"{here}/candidates/new").text
    assert post(boss, f"{here}/candidates/new", **form).status_code == 303
    twin = post(boss, f"{here}/candidates/new", **form)
    assert twin.status_code == 409
    assert "2024年换届" in twin.text, "who of that name is meant is told by where they stand"
    assert post(boss, f"{here}/candidates/new", **{**form, "unit": ""}).status_code == 422
    listed = boss.get(here).text
    assert "司**竹" in listed
    assert "还没有联审" in listed
    assert NEWCOMER not in listed
    assert post(boss, f"{here}/checks").status_code == 303
    with posted.app_context():
        key = db.session.scalar(select(Candidate.id).limit(1))
        db.session.remove()
    assert "撤下" in post(boss, f"{here}/candidates/{key}/withdraw", reason="").text
    assert post(boss, f"{here}/candidates/{key}/withdraw", reason="本人不参选").status_code == 303
    assert "本人不参选" in boss.get(f"{here}/candidates/{key}").text


@SQLITE_ONLY
def test_a_department_answers_an_election_on_one_screen(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        office = identity(people["city"], CITY)
        election, east = begun(office), key_of("东区")
        made = stand(election, "东丁社区", (SECRETARY, DIRECTOR), NewPerson(NEWCOMER), office)
        service.check_candidates(election, east, office)
        db.session.remove()
    boss, assessor = client_of(posted, "east"), client_of(posted, "east_assessor")
    here, screen = f"/people/divisions/{east}/elections/{election}", f"/checks/elections/{election}/answering"
    assert screen in assessor.get("/checks/answering").text
    asked = assessor.get(screen).text
    assert "受过处分" in asked
    assert NEWCOMER not in asked
    keys = [text.split('"')[0] for text in asked.split('name="r:')[1:]]
    assert len(keys) == 4, "two items of each of the two posts"
    typed = {"checked_on": "2024-01-20", "shown": ",".join(keys), "rest": "1", f"r:{keys[0]}": "found"}
    assert post(assessor, screen, **typed).status_code == 422, "no ground is given"
    assert post(assessor, screen, **{**typed, "shown": "1,x"}).status_code == 400
    assert post(client_of(posted, "west"), screen, **typed).status_code == 404
    assert post(assessor, screen, **typed, **{f"n:{keys[0]}": "区纪〔2023〕5号"}).status_code == 303
    assert "没有等着答复的" in assessor.get(screen).text
    for name, seen in (("east", True), ("east_auditor", True), ("east_town", False)):
        with posted.app_context():
            town = key_of("东二街道") if name == "east_town" else east
        page = client_of(posted, name).get(f"/people/divisions/{town}/elections/{election}").text
        assert ("受过处分" in page) is seen, "a township learns the outcome, not the finding"
    with posted.app_context():
        told = question.checked(question.candidates_by_id(election, made))
        barred = next(key for key, one in told.items() if one.standing is Standing.BARRED)
        free = next(key for key in made if key != barred)
        db.session.remove()
    assert "不能任职，不能登记" in boss.get(here).text
    assert "区纪〔2023〕5号" in boss.get(f"{here}/candidates/{barred}").text
    stopped = post(boss, f"{here}/results", elected=str(barred), **RESULT)
    assert stopped.status_code == 409
    assert "查到了硬项" in stopped.text
    assert "东区民政局" in stopped.text, "what was typed is kept"
    assert post(boss, f"{here}/results", elected=str(free), **RESULT).status_code == 303
    assert "当选" in boss.get(f"{here}?state=elected").text
    assert "登记了" in boss.get("/audit/?act=candidate_elected").text


@SQLITE_ONLY
def test_who_the_numbers_are_is_shown_for_a_reason(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        election, east = begun(identity(people["city"], CITY)), key_of("东区")
        made = stand(election, "东丁社区", (DIRECTOR,), NewPerson(NEWCOMER), identity(people["city"], CITY))
        who = person_of(made[0])
        db.session.remove()
    boss, address = client_of(posted, "east"), f"/people/divisions/{east}/elections/{election}/names"
    short = post(boss, address, reason="看")
    assert (short.status_code, NEWCOMER in short.text) == (422, False)
    shown = post(boss, address, reason="联审部门核对人选")
    assert NEWCOMER in shown.text
    assert str(who) in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    for name in ("east_auditor", "east_town", "east_assessor", "east_unit", "west", "nobody"):
        refused = post(client_of(posted, name), address, reason="联审部门核对人选")
        assert (refused.status_code in (403, 404), NEWCOMER in refused.text) == (True, False), name
    with posted.app_context():
        seen = select(AuditEvent.subject_id).where(AuditEvent.act == "personal_seen")
        assert list(db.session.scalars(seen)) == [who], "once, by whoever gave a reason"
        db.session.remove()


@SQLITE_ONLY
def test_two_records_of_one_candidate(office: Any) -> None:
    election = begun(office)
    first = person_of(stand(election, "东丁社区", (DIRECTOR,), NewPerson(NEWCOMER), office)[0])
    second = person_of(stand(election, "东丁社区", (SECRETARY,), NewPerson(NEWCOMER), office)[0])
    third = stand(election, "东丁社区", (DIRECTOR,), NewPerson(NEWCOMER), office)[0]
    merge_people(first, second, (1, 1), "查过档案", office)
    assert {row.kind for row in question.candidacies_of_person(first)} == {SECRETARY, DIRECTOR}
    other = person_of(third)
    refused("person.both_stand", lambda: merge_people(first, other, (2, 1), "查过档案", office))
    service.withdraw_candidate(election, third, "提重了", office)
    merge_people(first, other, (2, 1), "查过档案", office)
    assert len(question.candidacies_of_person(first)) == 3


@SQLITE_ONLY
def test_a_candidate_who_never_held_a_post_is_forgotten_a_year_after_the_vote(office: Any, clock: Any) -> None:
    election = begun(office)
    made = stand(election, "东丁社区", (DIRECTOR,), NewPerson(NEWCOMER, 1990), office)[0]
    who = person_of(made)
    service.withdraw_candidate(election, made, "自己不参选了", office)
    db.session.remove()
    for instant, gone in (
        (datetime(2025, 2, 14, 16, tzinfo=UTC), False),
        (datetime(2025, 2, 15, 16, tzinfo=UTC), True),
    ):
        clock.at = instant
        assert (who in due().names) is gone, instant
    assert who in purge().names
    row = db.session.get_one(Person, who)
    assert (row.name, row.birth_year) == (NO_NAME, None)
    assert db.session.get_one(Candidate, made).reason == NO_NAME
    assert who not in purge().names
    assert db.session.scalar(select(Post.id).where(Post.person_id == who)) is None


@SQLITE_ONLY
def test_a_district_without_items_holds_no_other_up(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        office = identity(people["city"], CITY)
        begun(office)  # the eastern district says what is checked, the western does not
        election = enter_election(key_of("试验市"), None, "2024年换届", VOTE, office)
        made = stand(election, "西甲村", (DIRECTOR,), NewPerson(NEWCOMER), office)
        with pytest.raises(RuleError, match="no_items"):
            service.check_candidates(election, key_of("试验市"), office)
        ready = stand(election, "东丁社区", (DIRECTOR,), NewPerson(NEWCOMER + "二"), office)
        assert service.check_candidates(election, key_of("试验市"), office) == 1
        told = question.checked(question.candidates_by_id(election, [*made, *ready]))
        assert (told[made[0]].standing, told[ready[0]].standing) == (Standing.UNASKED, Standing.WAITING)
        db.session.remove()
