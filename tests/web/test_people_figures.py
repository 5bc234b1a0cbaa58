"""The statistics of leaders, added up by hand: dual role, empty posts, age and schooling around an election."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from starrating.domain.field_figures import Traits, change_of, dual_units, group_of, percent, tenths, vacancies
from starrating.domain.posts import Post, PostKind
from tests.conftest import SQLITE_ONLY
from tests.web.city import key_of, post
from tests.web.test_dashboards import client_of

S, D = PostKind.SECRETARY, PostKind.DIRECTOR
HELD = date(2021, 4, 1)
OLD = [Post(person, person, S, date(2018, 1, 1), date(2021, 3, 31)) for person in (1, 2, 3)]
NEW = [Post(person, person - 10, S, HELD) for person in (11, 12, 13)]
KNOWN = {
    1: Traits(1960, "high"), 2: Traits(1965, "college"), 3: Traits(1970, "high"),
    11: Traits(1980, "bachelor"), 12: Traits(1985, "college"), 13: Traits(1984, "high"),
}  # fmt: skip


def test_an_election_by_hand() -> None:
    found = change_of([*OLD, *NEW], S, HELD, date(2024, 3, 1), KNOWN)
    assert found.before.age == Fraction(61 + 56 + 51, 3)
    assert found.after.age == Fraction(41 + 36 + 37, 3), "on the ninetieth day, in 2021"
    assert (found.before.higher, found.after.higher) == (Fraction(1, 3), Fraction(2, 3))
    assert (found.younger, found.better_schooled) == (True, True)
    soon = change_of([*OLD, *NEW], S, HELD, date(2021, 4, 2), KNOWN)
    assert soon.after.day == date(2021, 4, 2), "not later than today"
    other = change_of([*OLD, *NEW], D, HELD, date(2024, 3, 1), KNOWN)
    assert (other.younger, other.before.people) == (None, 0)


def test_too_few_tell_nothing() -> None:
    known = {**KNOWN, 1: Traits(None, "")}
    found = group_of(OLD, S, date(2020, 1, 1), known)
    assert (found.people, found.ages, found.age, found.schooled, found.higher) == (3, 2, None, 2, None)


def test_empty_posts_and_dual_role() -> None:
    posts = [Post(1, 1, S, date(2020, 1, 1)), Post(1, 1, D, date(2020, 1, 1)), Post(2, 2, S, date(2020, 1, 1)),
             Post(3, 2, D, date(2020, 1, 1), date(2023, 11, 30))]  # fmt: skip
    founded = {1: date(2000, 1, 1), 2: date(2000, 1, 1), 3: date(2024, 2, 1)}
    found = vacancies(posts, founded, date(2024, 3, 1))
    assert [(one.unit, one.kind, one.since, one.months, one.long) for one in found] == [
        (2, D, date(2023, 12, 1), 3, True), (3, D, date(2024, 2, 1), 1, False), (3, S, date(2024, 2, 1), 1, False),
    ]  # fmt: skip
    assert dual_units(posts, date(2024, 3, 1)) == {1}
    assert (percent(1, 3), percent(2, 3), percent(0, 0), tenths(Fraction(1, 20))) == ("33.3", "66.7", "", "0.1")


@SQLITE_ONLY
def test_the_page(posted: Any, clock: Any) -> None:
    clock.at = datetime(2025, 3, 1, 1, tzinfo=UTC)
    client = client_of(posted, "east")
    with posted.app_context():
        east, city = key_of("东区"), key_of("试验市")
    page = client.get(f"/people/divisions/{east}/figures").text
    assert "1个，占25.0%" in page, "one unit of four"
    assert "两人分任1个" in page
    assert "有空缺2个" in page
    assert "东丁社区" in page
    assert "欧" not in page, "nobody is named"
    for name, day, said in (
        ("", "2021-04-01", "要写是哪一次"),
        ("换届", "1900-01-01", "投票日"),
        ("换届", "x", "投票日"),
    ):
        refused = post(client, f"/people/divisions/{east}/elections", name=name, held_on=day)
        assert refused.status_code == 422
        assert said in refused.text
    assert (
        post(client, f"/people/divisions/{east}/elections", name="2021年换届", held_on="2021-04-01").status_code == 303
    )
    shown = client.get(f"/people/divisions/{east}/figures").text
    assert "年龄不足3人不算" in shown
    taken = f"/people/divisions/{east}/elections/1/take-back"
    assert post(client_of(posted, "west"), taken).status_code == 404
    assert post(client, taken).status_code == 303
    assert post(client, taken).status_code == 303
    assert "换届前后" not in client.get(f"/people/divisions/{east}/figures").text
    assert client.get(f"/people/divisions/{city}/figures").status_code == 404
    wide = client_of(posted, "city").get(f"/people/divisions/{city}/figures").text
    assert "西区" in wide
    for name in ("east_assessor", "east_town", "east_unit"):
        assert client_of(posted, name).get(f"/people/divisions/{east}/figures").status_code == 404
