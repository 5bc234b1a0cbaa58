"""Public pages under the house's rules: open to all, narrowed by the address, few statements, nothing of leaders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import event

from tests.pages.client import house_client
from tests.services.test_publication import opened
from tests.web.city import sign_in, token_in

VILLAGE = "/public/lists/2024/120113000000/village.json"


@contextmanager
def counted(app: Any) -> Iterator[list[str]]:
    """The statements that are run within."""
    from starrating.extensions import db

    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    yield found
    with app.app_context():
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def published(app: Any, clock: Any, people: dict[str, int], determined: int) -> int:
    from starrating.services.publication.publication import publish

    with app.app_context():
        opened(determined, people["wang"])
        clock.advance(days=30)
        publish(determined, None, people["wang"])
    return determined


def test_before_anything_is_published_there_is_nothing_to_see(app: Any, determined: int) -> None:
    client = house_client(app)
    assert "还没有发布过名单" in client.get("/public/").get_data(as_text=True)
    assert client.get("/public/lists/2024").status_code == 404
    assert client.get("/public/lists/2024.csv").status_code == 404
    assert client.get(VILLAGE).status_code == 404
    assert client.get("/public/notices/1").status_code == 404


def test_the_public_finds_a_unit(app: Any, published: int) -> None:
    client = house_client(app)
    assert "2024年度名单" in client.get("/public/").get_data(as_text=True)
    with counted(app) as statements:
        page = client.get("/public/lists/2024").get_data(as_text=True)
    assert len(statements) <= 20
    assert "共30个村、社区" in page
    found = client.get("/public/lists/2024?q=闫街&kind=village").get_data(as_text=True)
    assert "闫街村委会" in found
    assert "符合条件的1个" in found
    by_code = client.get("/public/lists/2024?q=120113100201").get_data(as_text=True)
    assert "闫街村委会" in by_code
    assert "没有符合条件" in client.get("/public/lists/2024?q=没有").get_data(as_text=True)
    for address in ("?district=120113000000", "?district=120113000000&township=120113100000&level=五星&moved=first",
                    "?page=9", "?district=x&kind=y&moved=z&page=-1", "?township=120113100000"):  # fmt: skip
        assert client.get(f"/public/lists/2024{address}").status_code == 200


def test_the_text_is_that_of_the_digest(app: Any, published: int) -> None:
    client = house_client(app)
    page = client.get("/public/lists/2024?district=120113000000").get_data(as_text=True)
    digest = sha256(client.get(VILLAGE).data).hexdigest()
    assert " ".join(digest[at : at + 4] for at in range(0, 64, 4)) in page


def test_the_table_holds_no_formula(app: Any, published: int) -> None:
    from starrating.interchange.inert import inert

    answer = house_client(app).get("/public/lists/2024.csv?kind=village")
    lines = answer.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    assert answer.content_type == "text/csv; charset=utf-8"
    assert len(lines) == 16
    assert lines[0].startswith("年度,区,乡镇街道")
    assert not any(cell[:1] in ("=", "+", "-", "@") for line in lines for cell in line.split(","))
    assert [inert(text) for text in ("=1+1", "@a", "-1", "三星", "")] == ["'=1+1", "'@a", "'-1", "三星", ""]


def test_a_page_is_not_sent_twice(app: Any, people: dict[str, int], published: int) -> None:
    client = house_client(app)
    first = client.get("/public/lists/2024")
    assert "public" in first.headers["Cache-Control"]
    assert "Cookie" in first.headers["Vary"]
    again = client.get("/public/lists/2024", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/public/lists/2024?q=村", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    sign_in(client, "wang")
    assert client.get("/public/lists/2024").headers["Cache-Control"] == "no-store"


def test_nothing_of_leaders_is_public(app: Any, published: int) -> None:
    client = house_client(app)
    for address in ("/public/", "/public/lists/2024", "/public/lists/2024.csv", VILLAGE, "/public/notices",
                    "/public/notices/1", "/public/notices/2?township=120113100000&q=村"):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200
        said = answer.get_data(as_text=True)
        if address == VILLAGE:
            edition = json.loads(said)
            assert "consequences" not in json.loads(edition["scheme"].pop("rules"))
            assert edition.pop("left_out") == ["consequences"]
            said = json.dumps(edition, ensure_ascii=False)
        assert not any(word in said for word in ("书记", "一肩挑", "约谈", "王海燕", "consequence", "leader")), address


def test_the_office_opens_the_notice_and_publishes(
    app: Any, clock: Any, people: dict[str, int], determined: int
) -> None:
    client = house_client(app)
    sign_in(client, "wang")
    address = f"/publication/{determined}"
    page = client.get(address).get_data(as_text=True)
    version = page.split('name="version" value="')[1].split('"')[0]
    typed = {"csrf_token": token_in(page), "version": version}
    late = client.post(f"{address}/notice", data={**typed, "opens_on": "2025-01-11"})
    assert late.status_code == 422
    assert "请改成2025-01-13或以后" in late.get_data(as_text=True)
    assert client.post(f"{address}/notice", data={**typed, "opens_on": "明天"}).status_code == 422
    assert client.post(f"{address}/notice", data={**typed, "opens_on": "2025-01-10"}).status_code == 303
    shown = client.get(address).get_data(as_text=True)
    assert "期满以后才能发布" in shown
    assert "公示中，还剩5天" in house_client(app).get("/public/notices/1").get_data(as_text=True)
    version = shown.split('name="version" value="')[1].split('"')[0]
    assert client.post(f"{address}/publish", data={**typed, "version": version}).status_code == 409
    clock.advance(days=20)
    sign_in(client, "wang")
    typed["csrf_token"] = token_in(client.get(address).get_data(as_text=True))
    assert client.post(f"{address}/publish", data={**typed, "version": version}).status_code == 303
    assert client.post(f"{address}/publish", data={**typed, "version": version}).status_code == 303
    assert "第1版" in client.get(address).get_data(as_text=True)


def test_only_the_district_publishes(app: Any, people: dict[str, int], determined: int) -> None:
    for name, status in (("city", 403), ("assessor", 403), ("auditor", 403), ("town", 404), ("unit", 404)):
        client = house_client(app)
        sign_in(client, name)
        assert client.get(f"/publication/{determined}").status_code == status, name
    assert house_client(app).get(f"/publication/{determined}").status_code == 302
