"""What townships put forward: for their own units, in time, decided by another of the district; nobody found by it."""

import html
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.domain.access import Granted, Place, Role
from starrating.domain.candidates import last_day_to_propose
from starrating.domain.faults import RuleError
from starrating.domain.personal import Secret
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.elections import Candidate
from starrating.models.people import Person
from starrating.models.reserve import ReserveEntry
from starrating.queries import candidates as question
from starrating.queries import reserve as listed
from starrating.queries.proposals import waiting_for
from starrating.services.people import candidates as service
from starrating.services.people import eligibility as checks
from starrating.services.people import reserve, vault
from starrating.services.people.elections import enter_election
from starrating.services.people.people import NewPerson, Term
from starrating.services.people.personal import store_numbers
from starrating.services.people.proposals import decide_proposed
from starrating.services.transaction import transaction
from tests.conftest import SQLITE_ONLY
from tests.web.city import CITY, add_account, identity, key_of, post, token_in
from tests.web.test_dashboards import client_of
from tests.web.test_elections import person_of, refused, states
from tests.web.test_people import stored

SECRETARY, DIRECTOR = PostKind.SECRETARY, PostKind.DIRECTOR
VOTE, LAST, TODAY = date(2024, 3, 20), date(2024, 3, 10), date(2024, 3, 1)
"""The tests' clock stands at `TODAY`."""
NEWCOMER, OTHERS = "司马新竹", "欧阳别处"
NUMBER, TELEPHONE = "990101198001011236", "13900005678"


def offices_of(people: dict[str, int]) -> tuple[Any, ...]:
    """The administrators of the city and of the east, the officers of both townships of the east."""
    city, east, towns = key_of("试验市"), key_of("东区"), (key_of("东一镇"), key_of("东二街道"))
    with transaction() as session:
        other = add_account(session, "other_town", "另一个镇", None, Role.TOWNSHIP_OFFICER, division_id=towns[1])
    accounts = (people["east_town"], other)
    return (
        identity(people["city"], CITY),
        identity(people["east"], Granted(Role.DISTRICT_ADMINISTRATOR, Place(city, east))),
        *(identity(account, Granted(Role.TOWNSHIP_OFFICER, Place(city, east, town)))
          for account, town in zip(accounts, towns, strict=True)),
    )  # fmt: skip


@pytest.fixture
def offices(posted: Any, people: dict[str, int]) -> Any:
    """The same, in the application in use."""
    with posted.app_context():
        yield offices_of(people)
        db.session.remove()


def begun(by: Any, until: date | None = LAST) -> int:
    """An election that is coming in the east; its key."""
    return enter_election(key_of("东区"), None, "2024年换届", VOTE, by, until)


def put(election: int, by: Any, who: Any = None, unit: str = "东甲村", kinds: Any = (DIRECTOR,)) -> list[int]:
    return service.put_forward(election, key_of(unit), kinds, who or NewPerson(NEWCOMER, 1990), by)


def acts() -> list[str]:
    found = select(AuditEvent.act).where(AuditEvent.act.startswith("candidate_")).order_by(AuditEvent.sequence)
    return list(db.session.scalars(found))


def test_the_last_day_is_the_elections_own_or_the_day_before_the_vote(offices: Any) -> None:
    _, east, *_ = offices
    assert last_day_to_propose(VOTE, None) == date(2024, 3, 19)
    assert last_day_to_propose(VOTE, LAST) == LAST
    refused("election.propose_until", lambda: begun(east, date(2024, 3, 21)))
    assert begun(east, VOTE)


def test_a_township_puts_forward_and_another_of_the_district_decides(offices: Any) -> None:
    city, east, town, other = offices
    election = begun(east)
    made = put(election, town, kinds=(SECRETARY, DIRECTOR))
    assert set(states().values()) == {"proposed"}
    refused("candidate.twice", lambda: put(election, town, person_of(made[0])))
    refused("candidate.none_chosen", lambda: decide_proposed(election, [], True, "", east))
    for by in (town, other):
        refused("post.none", lambda by=by: decide_proposed(election, made, True, "", by))
    refused("candidate.none", lambda: decide_proposed(election, [*made, 99_999], True, "", east))
    refused("candidate.declined_why", lambda: decide_proposed(election, made, False, " ", east))
    refused("person.digits", lambda: decide_proposed(election, made, False, "见13900005678", east))
    refused("candidate.undecided", lambda: service.elect(election, made, Term(TODAY), east))
    assert set(states().values()) == {"proposed"}, "nothing of what was refused is stored"
    assert decide_proposed(election, made[:1], True, "", east) == 1
    assert decide_proposed(election, made[1:], False, "主任另有人选", city) == 1
    assert states() == {made[0]: "put_forward", made[1]: "declined"}
    refused("candidate.decided", lambda: decide_proposed(election, made, True, "", city))
    kept = db.session.get_one(Candidate, made[1])
    assert (kept.reason, kept.decided_by, kept.put_forward_by) == ("主任另有人选", city.account_id, town.account_id)
    refused("candidate.changed", lambda: service.withdraw_candidate(election, made[0], "不报了", town))
    again = put(election, town, person_of(made[0]))
    assert states()[again[0]] == "proposed", "whom the district did not agree to can be put forward again"
    assert acts() == ["candidate_proposed"] * 2 + ["candidate_agreed", "candidate_declined", "candidate_proposed"]


def test_whoever_put_forward_does_not_decide_and_the_database_refuses_it_too(offices: Any) -> None:
    _, east, town, _ = offices
    election = begun(east)
    made = put(election, town)
    both = identity(town.account_id, *town.grants, *east.grants)
    refused("candidate.own", lambda: decide_proposed(election, made, True, "", both))
    refused("candidate.own", lambda: decide_proposed(election, made, False, "不合适", both))
    row = db.session.get_one(Candidate, made[0])
    row.state, row.decided_by, row.decided_at = "put_forward", town.account_id, datetime(2024, 3, 1, tzinfo=UTC)
    with pytest.raises(Exception, match="two_people"):
        db.session.flush()
    db.session.rollback()


def test_in_time_only_and_only_its_own_units(offices: Any, clock: Any) -> None:
    city, east, town, other = offices
    election = begun(east)
    refused("post.none", lambda: put(election, town, unit="东丙社区"))
    refused("post.none", lambda: put(election, other))
    refused("post.none", lambda: put(election, town, unit="西甲村"))
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.name == NEWCOMER)) == 0
    clock.at = datetime(2024, 3, 10, 15, 59, tzinfo=UTC)
    made = put(election, town)
    clock.at = datetime(2024, 3, 10, 16, 0, tzinfo=UTC)  # midnight in Beijing: the day after
    refused("candidate.closed", lambda: put(election, town, NewPerson("诸葛迟到")))
    assert states() == {made[0]: "proposed"}
    assert put(election, east, NewPerson("诸葛补报")), "the district still may"
    refused("post.none", lambda: service.withdraw_candidate(election, made[0], "不报了", other))
    refused("candidate.reason", lambda: service.withdraw_candidate(election, made[0], "", town))
    service.withdraw_candidate(election, made[0], "本人不愿意", town)
    refused("candidate.decided", lambda: decide_proposed(election, made, True, "", city))
    assert states()[made[0]] == "withdrawn"
    assert acts()[-1] == "candidate_withdrawn"


def test_nobody_of_another_township_is_found_by_naming(offices: Any) -> None:
    """Somebody known elsewhere and somebody who never was are refused alike, for an election and for the reserve."""
    _, east, town, other = offices
    election = begun(east)
    theirs = person_of(put(election, other, NewPerson(OTHERS), "东丙社区")[0])
    holds = int(stored("东丙社区", SECRETARY).person_id)
    unit = key_of("东甲村")
    for key in (theirs, holds, 99_999):
        refused("person.none", lambda key=key: put(election, town, key))
        refused("person.none", lambda key=key: reserve.nominate(unit, "director", key, "党支部", TODAY, town))
    here = int(stored("东乙村", DIRECTOR).person_id)
    assert put(election, town, here), "its own people it may name, of another village too"
    both = identity(town.account_id, *town.grants, *other.grants)
    refused("person.none", lambda: put(election, both, theirs))


def test_an_elected_post_settles_what_was_still_proposed(offices: Any, clock: Any) -> None:
    _, east, town, _ = offices
    checks.add_items(key_of("东区"), [checks.NewItem("A", "受过处分", True, 5, "民政局", 12)], east)
    election = begun(east)
    first = put(election, town, NewPerson("诸葛当选"))
    late = put(election, town, NewPerson("诸葛未决"))
    decide_proposed(election, first, True, "", east)
    assert service.check_candidates(election, key_of("东区"), east) == 1, "whoever is not agreed to is not asked about"
    from starrating.models.eligibility import CheckAnswer

    keys = db.session.scalars(select(CheckAnswer.id)).all()
    checks.answer([checks.TypedAnswer(key, "clear", TODAY, "") for key in keys], identity(1, CITY))
    clock.at = datetime(2024, 3, 21, 1, tzinfo=UTC)
    service.elect(election, first, Term(VOTE, "elected"), east)
    assert states() == {first[0]: "elected", late[0]: "not_elected"}
    refused("candidate.decided", lambda: decide_proposed(election, late, True, "", east))


def test_a_township_puts_forward_for_the_reserve_list(offices: Any) -> None:
    city, east, town, other = offices
    unit = key_of("东甲村")
    refused("post.none", lambda: reserve.nominate(unit, "director", NewPerson(NEWCOMER), "党支部", TODAY, other))
    made = reserve.nominate(unit, "director", NewPerson(NEWCOMER), "党支部", TODAY, town)
    row = listed.entry(made)
    assert row is not None
    assert (row.state, row.reviewed_by, row.version) == ("reviewed", town.account_id, 1)
    assert [waiting_for(row.place, one.account_id, TODAY).to_confirm for one in (east, town)] == [1, 0]
    both = identity(town.account_id, *town.grants, *east.grants)
    refused("reserve.own", lambda: reserve.confirm(made, 1, both))
    refused("reserve.own", lambda: reserve.end(made, 1, "declined", TODAY, "再培养一年", both))
    refused("reserve.district", lambda: reserve.end(made, 1, "declined", TODAY, "再培养一年", town))
    refused("reserve.reason", lambda: reserve.end(made, 1, "declined", TODAY, "", east))
    reserve.end(made, 1, "declined", TODAY, "再培养一年", east)
    again = reserve.nominate(unit, "director", row.person_id, "党支部", TODAY, town)
    refused("reserve.none", lambda: reserve.end(again, 1, "withdrawn", TODAY, "不报了", other))
    reserve.end(again, 1, "withdrawn", TODAY, "本人不愿意", town)
    third = reserve.nominate(unit, "director", row.person_id, "党支部", TODAY, town)
    reserve.confirm(third, 1, city)
    refused("reserve.decided", lambda: reserve.end(third, 2, "declined", TODAY, "晚了", east))
    refused("reserve.district", lambda: reserve.end(third, 2, "withdrawn", TODAY, "晚了", town))
    ended = {row.id: row.ending for row in db.session.scalars(select(ReserveEntry))}
    assert ended == {made: "declined", again: "withdrawn", third: ""}


def asked_of(app: Any, ask: Any) -> Any:
    with app.app_context():
        found = ask()
        db.session.remove()
    return found


@SQLITE_ONLY
def test_the_pages_of_a_township_and_of_its_district(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        election = begun(offices_of(people)[1])
        home, here, unit, far = (key_of(name) for name in ("东区", "东一镇", "东甲村", "东丙社区"))
        db.session.remove()
    town, boss = (client_of(posted, name) for name in ("east_town", "east"))
    theirs, mine = f"/people/divisions/{home}/elections/{election}", f"/people/divisions/{here}/elections/{election}"
    assert "2024年换届可以提人选" in town.get("/", follow_redirects=True).text
    form = town.get(f"{mine}/candidates/new").text
    assert "东甲村" in form
    assert "东丙社区" not in form
    typed = {"unit": str(unit), "post-director": "1", "name": NEWCOMER}
    assert post(town, f"{mine}/candidates/new", **{**typed, "unit": str(far)}).status_code == 404
    assert post(town, f"{theirs}/candidates/new", **typed).status_code == 404
    assert post(town, f"{mine}/candidates/new", **typed).status_code == 303
    page = town.get(mine).text
    assert "司**竹" in page
    assert "等区里决定" in page
    assert NEWCOMER not in page
    key = asked_of(posted, lambda: db.session.scalar(select(Candidate.id)))
    assert "撤下这个人选" in town.get(f"{mine}/candidates/{key}").text
    _refused_to_others(posted, theirs, mine, key)
    _decided(boss, town, theirs, f"{mine}/candidates/{key}", key)


def _refused_to_others(app: Any, theirs: str, mine: str, key: int) -> None:
    """Nobody else sees what a township put forward, withdraws or decides."""
    assert client_of(app, "east_town").get(f"{mine}/proposals").status_code in (403, 404)
    for name in ("west", "east_assessor", "east_unit", "other_town", "nobody"):
        client = client_of(app, name)
        for address in (f"{mine}/proposals", f"{mine}/candidates/new", f"{mine}/candidates/{key}"):
            assert client.get(address).status_code == 404, (name, address)
        assert post(client, f"{mine}/candidates/{key}/withdraw", reason="搅乱").status_code == 404
        assert post(client, f"{theirs}/proposals", candidate=str(key), answer="agreed").status_code == 404
    auditor = client_of(app, "east_auditor")
    assert post(auditor, f"{theirs}/proposals", candidate=str(key), answer="agreed").status_code in (403, 404)


def _decided(boss: Any, town: Any, theirs: str, shown: str, key: int) -> None:
    """The district does not agree, with the reason that the township then reads."""
    assert "2024年换届有1人次的人选等决定" in boss.get("/", follow_redirects=True).text
    assert "乡镇街道提的人选有1人次等决定" in boss.get(theirs).text
    declined = {"candidate": str(key), "answer": "declined"}
    assert post(boss, f"{theirs}/proposals", candidate=str(key), reason="没有说同意不同意").status_code == 400
    stopped = post(boss, f"{theirs}/proposals", **declined, reason="")
    assert stopped.status_code == 422
    assert "checked" in stopped.text, "what was ticked is kept"
    assert post(boss, f"{theirs}/proposals", **declined, reason="年龄偏大").status_code == 303
    assert "没有等决定的人选" in boss.get(f"{theirs}/proposals").text
    told = town.get(shown).text
    assert "区里没有同意" in told
    assert "年龄偏大" in told
    assert "没有同意乡镇街道给东甲村提的人选" in boss.get("/audit/?act=candidate_declined").text


@SQLITE_ONLY
def test_the_reserve_list_of_a_township_on_its_pages(posted: Any) -> None:
    town, boss, second = (client_of(posted, name) for name in ("east_town", "east", "city"))
    unit, far = asked_of(posted, lambda: (key_of("东甲村"), key_of("东丙社区")))
    listed_at = f"/training/units/{unit}/reserve/new"
    entry = {"name": "诸葛青云", "post": "secretary", "nominated_on": "2024-03-01", "nominator": "东甲村党支部"}
    assert "推荐后备" in town.get(f"/people/units/{unit}").text
    assert post(town, f"/training/units/{far}/reserve/new", **entry).status_code == 404
    made = post(town, listed_at, **entry)
    assert made.status_code == 303
    assert "等区里确认" in town.get(made.location).text
    assert "区里没有同意" not in town.get(made.location).text, "not a choice of the township"
    assert "有1名后备等你确认" in boss.get("/", follow_redirects=True).text
    assert post(second, f"{made.location}/confirm", version="1").status_code == 303


@SQLITE_ONLY
def test_no_page_of_a_township_tells_of_somebody_elsewhere(
    posted: Any, people: dict[str, int], tmp_path: Any
) -> None:  # fmt: skip
    """Typed exactly, the name of somebody of another township is answered as one that nobody has."""
    posted.config["PERSONAL_KEY_FILE"] = str(tmp_path / "keys.json")
    with posted.app_context():
        city, east, _, other = offices_of(people)
        vault.add_key()
        election = begun(east)
        theirs = person_of(put(election, other, NewPerson(OTHERS, 1980), "东丙社区")[0])
        mine = int(stored("东甲村", SECRETARY).person_id)
        for key, number, telephone in ((theirs, NUMBER, TELEPHONE), (mine, "", "13900001234")):
            kept = {Secret.ID_NUMBER: number, Secret.TELEPHONE: telephone}
            store_numbers(key, 1, {kind: text for kind, text in kept.items() if text}, set(), city)
        here, unit = key_of("东一镇"), key_of("东甲村")
        db.session.remove()
    town = client_of(posted, "east_town")
    forms = (
        (f"/people/divisions/{here}/elections/{election}/candidates/new", {"unit": str(unit), "post-director": "1"}),
        (f"/training/units/{unit}/reserve/new", {"post": "director", "nominated_on": "2024-03-01"}),
    )  # fmt: skip
    for address, typed in forms:
        answers = []
        for name in (OTHERS, "欧阳无人"):
            refusal = post(town, address, **{**typed, "name": name, "who": str(theirs), "birth_year": "9999"})
            assert refusal.status_code == 422
            answers.append(_plain(refusal.text).replace(name, "某人"))
        assert answers[0] == answers[1], address
    added = post(town, forms[0][0], **forms[0][1], name=OTHERS, who=str(theirs))
    assert added.status_code == 303, "somebody new of the same name"
    made = asked_of(posted, lambda: set(db.session.scalars(select(Person.id).where(Person.name == OTHERS))))
    assert theirs in made
    assert len(made) == 2
    seen = [town.get(f"/people/{key}") for key in sorted(made)]
    assert sorted(one.status_code for one in seen) == [200, 404]
    listed_on = (f"/people/{mine}", f"/people/divisions/{here}/elections/{election}")
    for text in (_plain(one.text) for one in (*seen, *map(town.get, listed_on))):
        for planted in (OTHERS, NUMBER, TELEPHONE, "13900001234", "139****5678"):
            assert planted not in text
    assert post(town, f"/people/{mine}/clear", reason="看看是谁").status_code == 404


def _plain(text: str) -> str:
    """A page without what differs each time it is asked for."""
    token = token_in(text) if "csrf_token" in text else "none"
    return re.sub(r'nonce="[^"]*"', "", html.unescape(text).replace(html.unescape(token), ""))


@SQLITE_ONLY
def test_what_was_decided_meanwhile_is_not_moved(posted: Any, offices: Any) -> None:
    _, east, town, _ = offices
    election = begun(east)
    made = put(election, town)
    row = question.candidate(made[0])
    assert row is not None
    decide_proposed(election, made, True, "", east)
    with pytest.raises(RuleError, match=r"candidate\.changed"), transaction() as session:
        service.move_candidate(session, row, row.state, row.state)
