"""The reserve list and Party affairs workers: people of the one register, two people to confirm, gaps, places, ends."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.domain.access import Granted, Place, Role
from starrating.domain.faults import RuleError
from starrating.domain.reserve import gaps, too_old
from starrating.extensions import db
from starrating.interchange.spreadsheets import read_spreadsheet
from starrating.models.audit import AuditEvent
from starrating.models.people import Person, Post
from starrating.models.reserve import PartyWorker, ReserveEntry
from starrating.queries import reserve as question
from starrating.queries import workers as workers_question
from starrating.queries.people_scope import places_of_person, serving_places
from starrating.services.people import reserve, workers
from starrating.services.people.people import NewPerson
from starrating.services.people.people_merge import merge_people
from starrating.services.people.workers import TypedWorker
from starrating.services.transaction import transaction
from starrating.services.upkeep.retention import NO_NAME, purge
from tests.conftest import SQLITE_ONLY
from tests.web.city import CITY, identity, key_of, post
from tests.web.test_dashboards import client_of
from tests.web.test_training import asked_of_city, holder

DAY = date(2024, 2, 1)
"""Before the instant at which the tests' clock stands."""
YOUNG = NewPerson("诸葛青云", 1995, "bachelor")


def acts(begins: str) -> list[str]:
    found = select(AuditEvent.act).where(AuditEvent.act.startswith(begins)).order_by(AuditEvent.sequence)
    return list(db.session.scalars(found))


@pytest.fixture
def offices(posted: Any, people: dict[str, int]) -> Any:
    """The city's administrator, the east's, the officer of a township of the east, in the application in use."""
    with posted.app_context():
        city, east, town = key_of("试验市"), key_of("东区"), key_of("东一镇")
        yield (
            identity(people["city"], CITY),
            identity(people["east"], Granted(Role.DISTRICT_ADMINISTRATOR, Place(city, east))),
            identity(people["east_town"], Granted(Role.TOWNSHIP_OFFICER, Place(city, east, town))),
        )
        db.session.remove()


def put(by: Any, unit: str = "东甲村", who: Any = YOUNG, kind: str = "secretary") -> int:
    return reserve.nominate(key_of(unit), kind, who, "村党支部", DAY, by)


def refusal_of(act: Any) -> str:
    with pytest.raises(RuleError) as refused:
        act()
    return refused.value.code


def test_ages_and_gaps() -> None:
    day = date(2024, 3, 1)
    assert too_old(1983, 40, day)
    assert not any((too_old(1984, 40, day), too_old(None, 40, day), too_old(1950, None, day)))
    assert gaps([1, 2, 3], {1: 2, 2: 1}, 2) == {2: 1, 3: 2}
    assert gaps([1], {}, 0) == {}


def test_three_people_until_somebody_counts(offices: Any) -> None:
    city, east, town = offices
    made = put(east)
    assert refusal_of(lambda: reserve.confirm(made, 1, city)) == "reserve.changed", "the township first"
    reserve.review(made, 1, town)
    assert refusal_of(lambda: reserve.confirm(made, 2, east)) == "reserve.own", "who put forward does not confirm"
    assert refusal_of(lambda: reserve.confirm(made, 2, town)) == "reserve.none"
    assert refusal_of(lambda: reserve.review(made, 1, town)) == "reserve.changed"
    reserve.confirm(made, 2, city)
    assert refusal_of(lambda: reserve.confirm(made, 2, city)) == "reserve.changed"
    row = question.entry(made)
    assert row is not None
    assert (row.state, row.version, row.nominated_by) == ("confirmed", 3, east.account_id)
    assert question.confirmed_by_unit([row.place]) == {row.unit_id: 1}
    assert refusal_of(lambda: put(city, who=row.person_id)) == "reserve.twice"
    assert refusal_of(lambda: reserve.end(made, 3, "withdrawn", DAY, "没有意愿", town)) == "reserve.district"
    assert refusal_of(lambda: reserve.end(made, 3, "withdrawn", DAY, "", east)) == "reserve.reason"
    assert refusal_of(lambda: reserve.end(made, 3, "too_old", DAY, "", east)) == "reserve.not_old"
    assert refusal_of(lambda: reserve.end(made, 3, "appointed", date(2024, 1, 1), "", east)) == "reserve.day"
    reserve.end(made, 3, "appointed", DAY, "津组发1号", east)
    assert refusal_of(lambda: reserve.end(made, 4, "appointed", DAY, "", east)) == "reserve.changed"
    assert acts("reserve_") == ["reserve_nominated", "reserve_reviewed", "reserve_confirmed", "reserve_ended"]


def test_the_rule_is_data_of_the_district(offices: Any) -> None:
    _, east, town = offices
    home = key_of("东区")
    for least, oldest in ((None, None), (21, None), (1, 90)):
        code = refusal_of(lambda least=least, oldest=oldest: reserve.set_rule(home, 0, least, oldest, east))
        assert code == "reserve.rule"
    reserve.set_rule(home, 0, 2, 40, east)
    assert refusal_of(lambda: reserve.set_rule(home, 0, 3, 40, east)) == "reserve.rule_changed"
    assert refusal_of(lambda: reserve.set_rule(home, 1, 3, 40, town)) == "reserve.none"
    assert refusal_of(lambda: reserve.set_rule(key_of("西区"), 0, 3, 40, east)) == "reserve.none"
    assert refusal_of(lambda: put(east, who=NewPerson("诸葛老云", 1980))) == "reserve.too_old"
    assert refusal_of(lambda: put(east, who=holder("东甲村"))) == "reserve.in_post"
    made = put(east, "东丙社区", holder("东丙社区"), "director")
    reserve.set_rule(home, 1, 2, None, east)
    old = put(east, who=NewPerson("诸葛老云", 1980))
    reserve.set_rule(home, 2, 2, 40, east)
    reserve.end(old, 1, "too_old", DAY, "", east)
    assert question.rules_of([home])[home].version == 3
    assert {row.id for row in question.all_entries([Place(key_of("试验市"), home)], "")} == {made}
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.name == "诸葛老云")) == 1


def test_a_worker_is_of_the_same_register(offices: Any) -> None:
    city, east, town = offices
    home, unit = key_of("东一镇"), key_of("东甲村")
    typed = TypedWorker(unit, DAY, "exam", "graduate", "三年合同")
    made = workers.enter_worker(home, YOUNG, typed, east)
    row = workers_question.worker(made)
    assert row is not None
    place = Place(key_of("试验市"), key_of("东区"), home, unit)
    assert serving_places(row.person_id, DAY) == places_of_person(row.person_id) == (place,)
    assert refusal_of(lambda: workers.enter_worker(home, row.person_id, typed, east)) == "worker.twice"
    for wrong, code in (
        (TypedWorker(key_of("东丙社区"), DAY, "exam", "graduate", ""), "worker.unit"),
        (TypedWorker(None, None, "exam", "graduate", ""), "worker.day"),
        (TypedWorker(None, DAY, "x", "graduate", ""), "worker.choice"),
        (TypedWorker(None, DAY, "exam", "graduate", "电话13900005678"), "person.digits"),
    ):
        assert refusal_of(lambda wrong=wrong: workers.enter_worker(home, NewPerson("某人"), wrong, east)) == code
    assert refusal_of(lambda: workers.enter_worker(home, NewPerson("某人"), typed, town)) == "worker.none"
    workers.amend_worker(made, 1, TypedWorker(None, DAY, "exam", "veteran", "五级岗"), east)
    workers.amend_worker(made, 2, TypedWorker(None, DAY, "exam", "veteran", "五级岗"), east)
    assert refusal_of(lambda: workers.end_worker(made, 1, DAY, "moved", east)) == "worker.changed"
    workers.end_worker(made, 2, date(2024, 2, 20), "moved", east)
    workers.end_worker(made, 2, date(2024, 2, 20), "moved", east)
    again = workers.enter_worker(home, row.person_id, TypedWorker(None, date(2024, 2, 21), "selected", "other", ""),
                                 city)  # fmt: skip
    assert workers_question.counts_by_township(Place(place.municipality, place.district), date(2024, 3, 1)) == {home: 1}
    assert workers_question.changes_in_year(place, 2024) == (0, 0), "neither is of the unit any more"
    assert workers_question.changes_in_year(Place(place.municipality), 2024) == (2, 1)
    workers.set_places(home, 0, 1, east)
    assert refusal_of(lambda: workers.set_places(home, 0, 2, east)) == "worker.places_changed"
    assert refusal_of(lambda: workers.set_places(home, 1, None, east)) == "worker.places"
    assert workers_question.places_set([home]) == {home: (1, 1)}
    assert acts("worker_") == ["worker_entered", "worker_amended", "worker_ended", "worker_entered",
                               "worker_places_set"]  # fmt: skip
    assert {one.id for one in workers_question.work_of_person(row.person_id)} == {made, again}


def test_merged_and_forgotten_in_time(offices: Any, clock: Any) -> None:
    _, east, _ = offices
    first, second = put(east), put(east, "东乙村", NewPerson("诸葛青云"))
    home = key_of("东一镇")
    keys = [row.person_id for row in question.all_entries([Place(key_of("试验市"))], "")]
    workers.enter_worker(home, keys[1], TypedWorker(None, DAY, "exam", "graduate", ""), east)
    same = put(east, "东甲村", NewPerson("诸葛青云", 1996))
    third = question.entry(same)
    assert third is not None
    assert refusal_of(lambda: merge_people(keys[0], third.person_id, (1, 1), "查过", east)) == "person.both_listed"
    merge_people(keys[0], keys[1], (1, 1), "查过档案", east)
    assert set(db.session.scalars(select(ReserveEntry.person_id).where(ReserveEntry.id.in_((first, second))))) == {
        keys[0]
    }
    assert set(db.session.scalars(select(PartyWorker.person_id))) == {keys[0]}
    for entry, version in ((first, 1), (second, 2), (same, 1)):
        reserve.end(entry, version, "withdrawn", DAY, "本人不愿意", east)
    clock.at = datetime(2035, 3, 1, tzinfo=UTC)
    purge()
    kept = {row.id: (row.name, row.purged_at is None) for row in db.session.scalars(select(Person))}
    assert kept[keys[0]] == ("诸葛青云", True), "still a worker"
    assert kept[third.person_id] == (NO_NAME, False), "left the list long ago and was nothing else"
    reasons = dict(db.session.execute(select(ReserveEntry.id, ReserveEntry.reason)).all())
    assert (reasons[first], reasons[same]) == ("本人不愿意", NO_NAME)


@SQLITE_ONLY
def test_the_pages(posted: Any) -> None:
    boss, town, second = (client_of(posted, name) for name in ("east", "east_town", "city"))
    home, unit = asked_of_city(posted, lambda: [key_of("东区"), key_of("东甲村")])
    page, form = f"/training/divisions/{home}/reserve", f"/training/units/{unit}/reserve/new"
    assert post(boss, f"{page}/rule", version="0", least="1", oldest="四十").status_code == 422
    assert post(boss, f"{page}/rule", version="0", least="1", oldest="40").status_code == 303
    assert "4个，共4个单位" in boss.get(page).text
    typed = {"name": "诸葛青云", "birth_year": "1995", "post": "secretary", "nominated_on": "2024-02-01"}
    refused = post(boss, form, **typed, nominator="")
    assert refused.status_code == 422
    assert "要写是谁推荐的" in refused.text
    assert 'value="诸葛青云"' in refused.text
    made = post(boss, form, **typed, nominator="东甲村党支部")
    assert made.status_code == 303
    again = post(boss, form, **typed, nominator="东甲村党支部")
    assert again.status_code == 409
    assert "的后备，2024-02-01" in again.text, "told by the list they are on"
    entry = made.location
    assert "诸**云" in town.get(entry).text
    assert post(town, f"{entry}/review", version="1").status_code == 303
    assert post(town, f"{entry}/confirm", version="2").status_code == 404
    own = post(boss, f"{entry}/confirm", version="2")
    assert own.status_code == 409
    assert "两人复核" in own.text
    assert post(second, f"{entry}/confirm", version="2").status_code == 303
    shown = boss.get(page).text
    assert "3个，共4个单位" in shown
    assert "诸葛青云" not in shown
    out = post(boss, f"{page}.xlsx")
    rows = read_spreadsheet(out.data)[0]
    assert [rows.text(1, column) for column in (1, 4, 6)] == ["诸**云", "东甲村", "已确认"]
    person = asked_of_city(posted, lambda: db.session.scalar(select(Person.id).where(Person.name == "诸葛青云")))
    assert "后备力量" in town.get(f"/people/{person}/growth").text
    refused_to_others(posted, (page, entry, form, f"/people/{person}", f"/people/{person}/growth"))


def refused_to_others(app: Any, addresses: tuple[str, ...]) -> None:
    for name in ("west", "east_assessor", "east_unit", "nobody"):
        client = client_of(app, name)
        for address in addresses:
            assert client.get(address).status_code == 404, (name, address)


@SQLITE_ONLY
def test_the_pages_of_workers(posted: Any) -> None:
    boss, town = client_of(posted, "east"), client_of(posted, "east_town")
    home, near = asked_of_city(posted, lambda: [key_of("东区"), key_of("东一镇")])
    listed = f"/training/divisions/{near}/workers"
    worker = {"name": "司马长风", "begins_on": "2024-02-01", "recruited": "exam", "source": "graduate", "unit": ""}
    assert post(boss, f"{listed}/new", **worker).status_code == 303
    assert post(boss, f"{listed}/places", version="0", places="2").status_code == 303
    assert "还空1名" in boss.get(f"/training/divisions/{home}/workers").text
    assert "司**风" in town.get(listed).text
    key = asked_of_city(posted, lambda: db.session.scalar(select(PartyWorker.id)))
    assert post(boss, f"/training/workers/{key}/end", version="1", ends_on="", ending="moved").status_code == 422
    assert post(boss, f"/training/workers/{key}/end", version="1", ends_on="2024-02-20", ending="moved",
                ).status_code == 303  # fmt: skip
    assert "司**风" not in town.get(listed).text
    assert "调出" in town.get(f"{listed}?state=left").text
    refused_to_others(posted, (listed, f"/training/workers/{key}/amend"))


@SQLITE_ONLY
def test_naming_somebody_who_serves_elsewhere_gains_nothing(offices: Any) -> None:
    """Clear sight and changes are of where somebody serves; whom nobody else has belongs to whoever named them."""
    city, east, town = offices
    west = key_of("西甲村")
    found = select(Post.person_id).where(Post.unit_id == west, Post.ends_on.is_(None))
    serves = int(db.session.scalars(found).first() or 0)
    before = serving_places(serves, DAY)
    made = put(city, who=serves, kind="director")
    assert serving_places(serves, DAY) == before
    reserve.review(made, 1, town)
    reserve.confirm(made, 2, east)
    assert serving_places(serves, DAY) == before, "whoever holds a post serves there alone"
    for term in db.session.scalars(select(Post).where(Post.person_id == serves)):
        term.ends_on = date(2024, 1, 31)
    db.session.flush()
    assert [place.unit for place in serving_places(serves, DAY)] == [key_of("东甲村")], (
        "confirmed by two, and no post held"
    )
    newcomer = db.session.get_one(ReserveEntry, put(east, "东乙村")).person_id
    assert [place.unit for place in serving_places(newcomer, DAY)] == [key_of("东乙村")]


@SQLITE_ONLY
def test_a_district_that_names_one_of_another_neither_sees_them_clear_nor_changes_them(
    posted: Any, people: dict[str, int]
) -> None:
    """Of who serves in the west, named by the east where they once were: the west's, until no post is held any more."""
    east, west, city = client_of(posted, "east"), client_of(posted, "west"), client_of(posted, "city")

    def once_of_the_east() -> int:
        with transaction() as session:
            term = session.scalars(select(Post).where(Post.unit_id == key_of("西甲村"), Post.ends_on.is_(None))).first()
            assert term is not None
            session.add(Post(person_id=term.person_id, unit_id=key_of("东丁社区"), kind="director", version=1,
                             begins_on=date(2015, 1, 1), ends_on=date(2016, 1, 1)))  # fmt: skip
            return term.person_id

    def leaves() -> None:
        with transaction() as session:
            for term in session.scalars(select(Post).where(Post.person_id == who, Post.ends_on.is_(None))):
                term.ends_on = date(2024, 1, 31)

    def named() -> int:
        office = Granted(Role.DISTRICT_ADMINISTRATOR, Place(key_of("试验市"), key_of("东区")))
        return put(identity(people["east"], office), who=who, kind="director")

    who = asked_of_city(posted, once_of_the_east)
    made = asked_of_city(posted, named)

    def may_change(client: Any) -> bool:
        answers = {client.get(f"/people/{who}/{one}").status_code for one in ("amend", "merge", "numbers")}
        told = post(client, f"/people/{who}/clear", reason="核对任职备案表").status_code
        assert answers | {told} in ({200}, {404}), (answers, told)
        return told == 200

    assert (may_change(east), may_change(west)) == (False, True)
    assert east.get(f"/people/{who}").status_code == 200, "the masked page stays with whoever had them"
    assert east.get(f"/training/reserve/{made}").status_code == 200, "the entry is reviewed where it was made"
    asked_of_city(posted, leaves)
    assert (may_change(east), may_change(west)) == (False, True), "where they served last, while nobody confirmed it"
    assert post(client_of(posted, "east_town"), f"/training/reserve/{made}/review", version="1").status_code == 303
    assert may_change(east) is False
    assert post(city, f"/training/reserve/{made}/confirm", version="2").status_code == 303
    assert (may_change(east), may_change(west)) == (True, False)
