"""Dashboards: sums add up from township to city, nobody sees beyond their scope, charts come by digest."""

import re
from typing import Any

import pytest
from sqlalchemy import event, select

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.cycles import Cycle
from starrating.queries import dashboards as question
from starrating.queries.standing import schemes_standing, years_standing
from starrating.services.transaction import transaction
from tests.pages.client import house_client
from tests.web import standing_year
from tests.web.city import PASSWORD, key_of, sign_in, token_in
from tests.web.standing_year import RATINGS, WESTERN, stand_again

PICTURE = re.compile(r'src="(/dashboards/[^"]+\.svg[^"]*)"')


@pytest.fixture
def year(standing: Any) -> Any:
    return standing


@pytest.fixture
def keys(year: Any) -> dict[str, int]:
    with year.app_context():
        return {name: key_of(name) for name in ("试验市", "东区", "西区", "东一镇", "东二街道", "西一镇", "西二街道")}


def client_of(app: Any, name: str) -> Any:
    client = app.test_client()
    sign_in(client, name)
    return client


def picture_of(client: Any, division: int, at: int = 0) -> str:
    return PICTURE.findall(client.get(f"/dashboards/divisions/{division}").text)[at].replace("&amp;", "&")


def counted(rows: tuple[question.StarRow, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row.level] = found.get(row.level, 0) + row.units
    return found


def moved(rows: tuple[question.MoveRow, ...]) -> tuple[int, ...]:
    return tuple(
        sum(column)
        for column in zip(*((r.promoted, r.held, r.demoted, r.stripped, r.first) for r in rows), strict=True)
    )


@pytest.mark.parametrize("kind", ["", "village", "community"])
def test_townships_add_up_to_districts_and_districts_to_the_city(year: Any, keys: dict[str, int], kind: str) -> None:
    city, towns = keys["试验市"], {"东区": ("东一镇", "东二街道"), "西区": ("西一镇", "西二街道")}
    with year.app_context():
        every = [Place(city, keys[name]) for name in towns]
        own = [Place(city, keys[name], keys[town]) for name, below in towns.items() for town in below]
        whole = counted(question.stars([Place(city)], 2024, kind, "district"))
        moves = moved(question.movement([Place(city)], 2024, kind, "district"))
        for places in ([Place(city)], every, own):
            assert counted(question.stars(places, 2024, kind, "township")) == whole
            assert moved(question.movement(places, 2024, kind, "township")) == moves
        shares = question.shares([Place(city)], 2024, kind)
        stars = counted(question.stars([Place(city)], 2024, kind, "district"))
        assert sum(row.part for row in shares) == stars.get("four", 0) + stars.get("five", 0)
        assert sum(row.whole for row in shares) == sum(stars.values()) - stars.get("", 0)
        assert question.stars([], 2024, kind, "district") == ()


def test_what_is_counted(year: Any, keys: dict[str, int]) -> None:
    place = Place(keys["试验市"], keys["东区"])
    with year.app_context():
        assert counted(question.stars([place], 2024, "", "township")) == {"none": 1, "four": 1, "five": 1, "": 1}
        assert moved(question.movement([place], 2024, "", "township")) == (1, 1, 0, 1, 0)
        assert moved(question.movement([Place(keys["试验市"], keys["西区"])], 2024, "", "township")) == (0, 1, 1, 0, 1)
        assert [row.total for row in question.totals([place], 2024, "")] == ["91.25", "55.5", "83.75"]
        assert years_standing([place]) == (2024,)
        assert {kind for _, kind in schemes_standing([place], 2024)} == {"village", "community"}


def test_a_year_that_was_taken_back_does_not_count(year: Any, keys: dict[str, int]) -> None:
    place = Place(keys["试验市"], keys["东区"])
    with year.app_context():
        with transaction() as session:
            session.scalars(select(Cycle).where(Cycle.district_id == keys["东区"])).one().state = "verification"
        assert years_standing([place]) == ()
        assert question.stars([place], 2024, "", "township") == ()
        assert years_standing([Place(keys["试验市"])]) == (2024,)
    shown = client_of(year, "east").get(f"/dashboards/divisions/{keys['东区']}").text
    assert "还没有审定的结果" in shown


@pytest.mark.parametrize("name", ["east", "east_auditor", "east_assessor", "east_town"])
def test_nothing_of_another_district_is_found(year: Any, keys: dict[str, int], name: str) -> None:
    client = client_of(year, name)
    own = keys["东一镇" if name == "east_town" else "东区"]
    page = client.get(f"/dashboards/divisions/{own}?kind=")
    assert page.status_code == 200
    texts = [page.text, client.get("/dashboards/", follow_redirects=True).text]
    for at in PICTURE.findall(page.text):
        answer = client.get(at.replace("&amp;", "&"))
        assert answer.status_code == 200
        texts.append(answer.text)
    for chart in ("stars", "movement", "totals-village", "totals-community"):
        answer = client.get(f"/dashboards/divisions/{own}/charts/{chart}.csv")
        texts.append(answer.text)
    assert [marker for marker in WESTERN for text in texts if marker in text] == []
    if name == "east_town":
        assert not any("东二街道" in text or "83.75" in text for text in texts)
    for other in ("西区", "西一镇"):
        assert client.get(f"/dashboards/divisions/{keys[other]}").status_code == 404
        for ending in ("svg", "png", "csv"):
            assert client.get(f"/dashboards/divisions/{keys[other]}/charts/stars.{ending}").status_code == 404
    assert client.get(f"/dashboards/divisions/{keys['试验市']}").status_code == 404


def test_a_picture_is_for_its_own_page_only(year: Any, keys: dict[str, int]) -> None:
    west = picture_of(client_of(year, "west"), keys["西区"])
    east = client_of(year, "east")
    assert east.get(west).status_code == 404
    assert east.get(west.replace(f"/{keys['西区']}/", f"/{keys['东区']}/")).status_code == 404
    own = picture_of(east, keys["东区"])
    assert east.get(re.sub("digest=.", "digest=_", own)).status_code == 404
    assert east.get(re.sub("seal=.+", "", own)).status_code == 404


def test_pictures_and_tables(year: Any, keys: dict[str, int]) -> None:
    client = client_of(year, "east")
    at = picture_of(client, keys["东区"])
    first, again = client.get(at), client.get(at)
    assert first.mimetype == "image/svg+xml"
    assert first.data == again.data
    assert first.data.startswith(b"<?xml") or b"<svg" in first.data[:200]
    digest = re.search("digest=([0-9a-f]{64})", at)
    assert digest
    assert first.headers["ETag"] == f'"{digest[1]}"'
    assert first.headers["Cache-Control"] == "no-store"
    base = f"/dashboards/divisions/{keys['东区']}/charts/stars"
    png, table = client.get(f"{base}.png"), client.get(f"{base}.csv")
    assert (png.mimetype, png.data[:4]) == ("image/png", b"\x89PNG")
    assert table.mimetype == "text/csv"
    assert table.data.startswith(b"\xef\xbb\xbf")
    rows = [line.split(",") for line in table.data.decode("utf-8-sig").splitlines()]
    assert [sum(int(row[at]) for row in rows[1:-1]) for at in range(1, 7)] == [int(cell) for cell in rows[-1][1:7]]
    assert "attachment" in table.headers["Content-Disposition"]
    for wrong in ("share", "totals-", "other", "totals-city"):
        assert client.get(f"/dashboards/divisions/{keys['东区']}/charts/{wrong}.csv").status_code == 404
    assert client.get(f"{base}.pdf").status_code == 404


def test_a_kept_picture_asks_no_numbers(year: Any, keys: dict[str, int]) -> None:
    client = client_of(year, "east")
    at = picture_of(client, keys["东区"])
    client.get(at)
    asked: list[str] = []
    with year.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert client.get(at).status_code == 200
    assert [text for text in asked if "rating" in text] == []


def test_other_numbers_are_another_picture(year: Any, keys: dict[str, int], people: dict[str, int]) -> None:
    client = client_of(year, "east")
    before = picture_of(client, keys["东区"])
    with year.app_context():
        stand_again(people, keys["西区"], {"西甲村": ("five", "four", "99.5", [])})
    assert picture_of(client, keys["东区"]) == before
    with year.app_context():
        stand_again(people, keys["东区"], RATINGS | {"东甲村": ("four", "four", "89", [])})
    after = picture_of(client, keys["东区"])
    assert after.split("digest=")[1][:64] != before.split("digest=")[1][:64]
    stale = client.get(before)
    assert stale.status_code == 302
    assert sorted(stale.headers["Location"].partition("?")[2].split("&")) == sorted(after.partition("?")[2].split("&"))
    assert client.get(stale.headers["Location"]).status_code == 200


@pytest.mark.parametrize("division", ["试验市", "东区", "东一镇"])
def test_a_page_is_a_few_statements(year: Any, keys: dict[str, int], division: str) -> None:
    client = client_of(year, "city")
    asked: list[str] = []
    with year.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert client.get(f"/dashboards/divisions/{keys[division]}").status_code == 200
    assert 0 < len([one for one in asked if not one.startswith("BEGIN")]) <= 20


def house(app: Any, key: int) -> Any:
    with app.app_context(), transaction() as session:
        for account in session.scalars(select(Account)):
            account.name, account.display_name = f"账号{account.id}", f"同志{account.id}"
    made = house_client(app)
    page = made.get("/accounts/sign-in").get_data(as_text=True)
    typed = {"csrf_token": token_in(page), "name": f"账号{key}", "password": PASSWORD}
    assert made.post("/accounts/sign-in", data=typed).status_code == 303
    return made


def test_pages_keep_the_rules(year: Any, keys: dict[str, int], people: dict[str, int]) -> None:
    client = house(year, people["city"])
    assert client.get("/dashboards/").status_code == 302
    for name in ("试验市", "东区", "东一镇"):
        for narrowed in ("", "?year=2024&kind=village", "?year=1999&kind=%00", "?year=x"):
            answer = client.get(f"/dashboards/divisions/{keys[name]}{narrowed}")
            assert answer.status_code == 200
            assert "站在哪里" in answer.text


def test_an_empty_city_says_what_to_do_first(city: Any, people: dict[str, int]) -> None:
    client = house(city, people["city"])
    assert "先由区里开一个年度" in client.get("/dashboards/", follow_redirects=True).text


def test_a_unit_is_led_to_its_own_dashboard(year: Any) -> None:
    answer = client_of(year, "east_unit").get("/dashboards/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/dashboards/units/")


DRILL = re.compile(r'<a href="(/dashboards/divisions/[0-9]+/units[^"]*)">([0-9,]+)</a>')


@pytest.mark.parametrize("division", ["试验市", "东区", "东一镇"])
def test_every_number_of_a_chart_leads_to_exactly_its_units(
    year: Any, keys: dict[str, int], people: dict[str, int], monkeypatch: pytest.MonkeyPatch, division: str
) -> None:
    """Two years, so that there is a flow; the number in the table is the number of the list behind it."""
    later: dict[str, tuple[Any, ...]] = {
        "东甲村": ("four", "five", "90", []),
        "东丁社区": ("three", "", "70", []),
        "西甲村": ("", "", "", []),
    }
    with year.app_context(), monkeypatch.context() as patched:
        patched.setattr(standing_year, "RATINGS", {**RATINGS, **later})
        standing_year.stand(people, 2025)
    client = client_of(year, "city")
    page = client.get(f"/dashboards/divisions/{keys[division]}").text
    links = DRILL.findall(page)
    assert {"star=", "moved=", "since="} <= {
        word for at, _ in links for word in ("star=", "moved=", "since=") if word in at
    }
    for at, number in links:
        listed = client.get(at.replace("&amp;", "&")).text
        assert f"共{number}个" in listed, at
        assert listed.count('<th role="rowheader"') == int(number)


def test_a_list_behind_a_number_stays_in_its_scope(year: Any, keys: dict[str, int]) -> None:
    client = client_of(year, "east")
    own = client.get(f"/dashboards/divisions/{keys['东区']}/units?star=void&moved=x&since=abcd&was=%00&kind=&page=9")
    assert own.status_code == 200
    assert not [marker for marker in WESTERN if marker in own.text]
    for other in ("西区", "试验市"):
        assert client.get(f"/dashboards/divisions/{keys[other]}/units").status_code == 404
    assert client_of(year, "east_town").get(f"/dashboards/divisions/{keys['东区']}/units").status_code == 404
