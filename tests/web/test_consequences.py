"""The protected list: the right rule for the right post on the cut-off day, masked, and nothing of it for others."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from starrating.domain.access import Place
from starrating.domain.masking import masked_name
from starrating.extensions import db
from starrating.queries.consequences import following, posts_on, units_of
from tests.web.city import ACCOUNTS, key_of, sign_in
from tests.web.standing_year import POSTS, WESTERN
from tests.web.test_dashboards import client_of, house

SEERS = {"city", "city_auditor", "east", "east_auditor"}


@pytest.fixture
def year(posted: Any) -> Any:
    return posted


@pytest.fixture
def east(year: Any) -> int:
    with year.app_context():
        return key_of("东区")


@pytest.mark.parametrize("name", [*ACCOUNTS, ""])
def test_only_the_office_and_the_auditor_find_it(year: Any, east: int, name: str) -> None:
    client = year.test_client()
    if name:
        sign_in(client, name)
    listed, index = client.get(f"/consequences/divisions/{east}"), client.get("/consequences/")
    if name in SEERS:
        assert (listed.status_code, index.status_code) == (200, 302)
        assert "结果运用" in client.get("/units/").text
        return
    assert listed.status_code == (404 if name else 302)
    if name != "west":
        assert index.status_code == (404 if name else 302)
    if name not in ("", "nobody"):
        assert ("结果运用" in client.get("/units/").text) == (name == "west")


def test_who_and_why(year: Any, east: int) -> None:
    text = client_of(year, "east").get(f"/consequences/divisions/{east}").text
    for said in (
        "欧**明",
        "张*",
        "一肩挑",
        "授五星牌",
        "诫勉",
        "本年为五星",
        "内部，不公开",
        "书记",
        "没有一肩挑",
        "不对个人",
    ):
        assert said in text, said
    assert [name for name, *_ in POSTS if name in text] == []
    assert "韩*强" not in text, "he left the day before the cut-off day"


def test_filters(year: Any, east: int) -> None:
    client = client_of(year, "east")
    with year.app_context():
        town = key_of("东二街道")

    def shown(query: str) -> str:
        answer = client.get(f"/consequences/divisions/{east}?{query}")
        assert answer.status_code == 200
        return str(answer.text)

    assert "6条" in shown("")
    assert "1条" in shown("outcome=measure")
    assert "1条" in shown("outcome=honour")
    assert "2条" in shown("star=five")
    assert "2条" in shown(f"township={town}")
    assert "0条" in shown(f"township={town}&star=five")
    assert "6条" in shown("outcome=%00&star=x&township=y&year=1&page=99")


@pytest.mark.parametrize("name", ["east", "east_auditor"])
def test_nothing_of_another_district(year: Any, east: int, name: str) -> None:
    client = client_of(year, name)
    with year.app_context():
        west, western_town = key_of("西区"), key_of("西一镇")
    text = client.get(f"/consequences/divisions/{east}").text
    text += client.get(f"/consequences/divisions/{east}?township={western_town}").text
    assert [marker for marker in WESTERN if marker in text] == []
    assert client.get(f"/consequences/divisions/{west}").status_code == 404


def test_no_other_page_names_them(year: Any, east: int) -> None:
    client = client_of(year, "east")
    for at in (f"/dashboards/divisions/{east}", f"/units/divisions/{east}", "/audit/"):
        text = client.get(at).text
        assert [name for name, *_ in POSTS if name in text or masked_name(name) in text] == []


def test_posts_are_those_of_the_day(year: Any, east: int) -> None:
    with year.app_context():
        place = Place(key_of("试验市"), east)
        units = {key_of(unit) for _, unit, *_ in POSTS}
        last = {row.name for row in posts_on([place], date(2024, 12, 31), units)}
        before = {row.name for row in posts_on([place], date(2024, 12, 30), units)}
        assert ("张维" in last, "韩立强" in last) == (True, False)
        assert ("张维" in before, "韩立强" in before) == (False, True)
        assert "尉迟西山" not in last
        assert posts_on([], date(2024, 12, 31), units) == ()
        assert units_of([], range(1, 99)) == {}
        assert following([], 2024) == ()


def test_pages_keep_the_rules_in_a_few_statements(year: Any, east: int, people: dict[str, int]) -> None:
    client = house(year, people["city"])
    asked: list[str] = []
    with year.app_context():
        city = key_of("试验市")
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for division in (city, east):
        asked.clear()
        assert client.get(f"/consequences/divisions/{division}").status_code == 200
        assert 0 < len([one for one in asked if not one.startswith("BEGIN")]) <= 20
    assert client.get("/consequences/").status_code == 302


def test_an_empty_year(city: Any, people: dict[str, int]) -> None:
    with city.app_context():
        district = key_of("东区")
    assert "还没有审定的结果" in house(city, people["city"]).get(f"/consequences/divisions/{district}").text


MASKS = {"张维": "张*", "韩立强": "韩*强", "欧阳东明": "欧**明", "": "*", "王": "*"}


@pytest.mark.parametrize(("name", "masked"), MASKS.items())
def test_masks(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def open_one_case(people: dict[str, int]) -> None:
    """A case of the eastern district as its publication would have opened it; the western has none."""
    from sqlalchemy import select

    from starrating.models.cases import ConsequenceCase
    from starrating.models.cycles import Cycle
    from starrating.models.ratings import Determination
    from starrating.services.transaction import transaction

    with transaction() as session:
        cycle = session.scalars(select(Cycle).where(Cycle.district_id == key_of("东区"))).one()
        run = session.scalars(select(Determination).filter_by(cycle_id=cycle.id, kind="village")).one()
        session.add(ConsequenceCase(
            cycle_id=cycle.id, unit_id=key_of("东甲村"), determination_id=run.id, rule="plaque", written="plaque",
            about="unit", outcome="honour", person_id=None, state="proposed", version=1, due_on=None, review_id=None,
            opened_at=run.determined_at, facts="{}", digest="0" * 64,
        ))  # fmt: skip
    db.session.remove()


@pytest.mark.parametrize(
    ("state", "said"),
    [("published", "已发布，还没有列出"), ("determined", "已审定，还没有发布"), ("notice", "已审定，还没有发布"),
     ("scoring", "还没有审定"), ("gone", "没有开始")],
)  # fmt: skip
def test_a_citys_list_of_cases_leaves_no_district_out(year: Any, people: dict[str, int], state: str, said: str) -> None:
    from sqlalchemy import update

    from starrating.models.cycles import Cycle
    from starrating.services.transaction import transaction

    with year.app_context():
        open_one_case(people)
        city, west = key_of("试验市"), key_of("西区")
        with transaction() as session:
            wanted = {"year": 2019} if state == "gone" else {"state": state}
            session.execute(update(Cycle).where(Cycle.district_id == west).values(wanted))
        db.session.remove()
    client = client_of(year, "city")
    text = client.get(f"/consequences/divisions/{city}?year=2024").text
    assert "东甲村" in text
    left = text.split("没有列在上面的区")[-1]
    assert ("西区" in left, said in left, "东区" in left) == (True, True, False)
    standing = state in ("published", "determined", "notice")
    assert (f"/consequences/divisions/{west}?year=2024" in left) is standing
    assert ("2个村社区有要办的" in left) is standing, "of its three units two have something that follows"
    own = client_of(year, "east").get(f"/consequences/divisions/{key_east(year)}?year=2024").text
    assert "没有列在上面的区" not in own
    assert "西区" not in own


def key_east(year: Any) -> int:
    """The key of the eastern district."""
    with year.app_context():
        return key_of("东区")
