"""What keeps people's data safe at the edges: numbers typed as words, merges, scope, purging while somebody returns."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from starrating.domain.faults import RuleError
from starrating.domain.personal import holds_number
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.people import Person
from starrating.services import people as service
from starrating.services import vault
from starrating.services.people import NewPerson, Term
from starrating.services.people_merge import merge_people
from starrating.services.transaction import transaction
from tests.conftest import SQLITE_ONLY
from tests.web.city import CITY, identity, key_of, post
from tests.web.test_dashboards import client_of
from tests.web.test_people import stored

DAY = date(2024, 2, 1)


@pytest.fixture
def office(posted: Any, people: dict[str, int], tmp_path: Path) -> Any:
    """The city's administrator in the application in use, with a key of its own."""
    posted.config["PERSONAL_KEY_FILE"] = str(tmp_path / "keys.json")
    with posted.app_context():
        vault.add_key()
        yield identity(people["city"], CITY)
        db.session.remove()


def three() -> list[int]:
    """Three people who hold no post of another at once."""
    posts = (("东乙村", PostKind.DIRECTOR), ("东丙社区", PostKind.SECRETARY), ("西甲村", PostKind.SECRETARY))
    return [int(stored(unit, kind).person_id) for unit, kind in posts]


def merged(kept: int, gone: int, by: Any, reason: str = "查过档案") -> None:
    versions = (db.session.get_one(Person, kept).version, db.session.get_one(Person, gone).version)
    merge_people(kept, gone, versions, reason, by)


def linked(person_id: int, account_id: int) -> None:
    with transaction() as session:
        session.get_one(Person, person_id).account_id = account_id


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("2024-03-15受处分", False), ("2024-03-15至2024-04-15", False), ("2024-03-15 2024-04-15", False),
        ("2024-3-5 09:30开会", False), ("津组发〔2024〕12号", False),
        ("138 0013 8000", True), ("138-0013-8000", True), ("138 2024-03-15", True), ("2024-03-15 13800138000", True),
        ("110105 1949-12-31 002X", True), ("2345-6789", True),
    ],
)  # fmt: skip
def test_a_date_is_no_number_and_blanks_hide_none(text: str, held: object) -> None:
    assert holds_number(text) is held


@SQLITE_ONLY
def test_no_number_is_kept_as_words(office: Any) -> None:
    row, (kept, gone, _) = stored("东丙社区", PostKind.SECRETARY), three()
    key, version, number = row.id, row.version, "电话138 0013 8000"
    acts = (
        lambda: service.amend_post(key, version, Term(DAY), number, office),
        lambda: service.amend_post(key, version, Term(DAY, filed_with=number), "录错了", office),
        lambda: service.enter_post(key_of("东丁社区"), PostKind.DIRECTOR, NewPerson("陈大文"),
                                   Term(DAY, filed_with=number), office),
        lambda: merged(kept, gone, office, number),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(RuleError) as refused:
            act()
        assert refused.value.code == "person.digits"
    service.amend_post(key, version, Term(DAY), "2024-03-15的文件", office)
    assert stored("东丙社区", PostKind.SECRETARY).begins_on == DAY


@SQLITE_ONLY
def test_a_chosen_person_of_many_digits_is_nobody(posted: Any, people: dict[str, int]) -> None:
    with posted.app_context():
        unit = key_of("东丁社区")
        db.session.remove()
    answer = post(client_of(posted, "east"), f"/people/units/{unit}/new", name="王军", who="1" * 5_000,
                  begins_on="2024-02-01", post="secretary")  # fmt: skip
    assert answer.status_code == 409


@SQLITE_ONLY
def test_a_merge_gives_nobody_their_own_record(office: Any, people: dict[str, int]) -> None:
    kept, gone, other = three()
    linked(gone, people["city"])
    for pair in ((kept, gone), (gone, kept)):
        with pytest.raises(RuleError) as own:
            merged(*pair, office)
        assert own.value.code == "person.merge_own"
    linked(gone, people["east_unit"])
    linked(other, people["east_town"])
    with pytest.raises(RuleError) as two:
        merged(gone, other, office)
    assert two.value.code == "person.merge_accounts"
    merged(kept, gone, office)
    assert db.session.get_one(Person, kept).account_id == people["east_unit"], "one account goes over"
