"""The document and the workbook of a published list, as the public gets them: what the edition says, drawn once."""

from __future__ import annotations

import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from python_calamine import CalamineWorkbook

from tests.documents.test_typesetting import said
from tests.pages.client import house_client
from tests.services.public_year import ADDRESS, PublicYear

VILLAGES = "?district=120113000000&kind=village"


def test_the_document_says_what_the_edition_says(year: PublicYear) -> None:
    client = house_client(year.app)
    answer = client.get(f"/public/lists/2024.pdf{VILLAGES}")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    name = quote("北辰区2024年度村星级名单.pdf")
    assert answer.headers["Content-Disposition"].endswith(f"filename*=UTF-8''{name}")
    whole = "".join(said(answer.data).split())
    text = client.get("/public/lists/2024/120113000000/village.json").data
    edition = json.loads(text)
    for unit in edition["units"]:
        assert unit["name"] in whole
    counts = edition["counts"]
    told = "、".join(f"{level['name']}村{counts.get(level['code'], 0)}个" for level in edition["levels"])
    assert f"其中{told}" in whole
    assert sha256(text).hexdigest() in whole
    for part in (f"{ADDRESS}/public/verify", "示例数据", "待用印", "中共天津市北辰区委组织部"):
        assert part in whole


def test_both_kinds_and_the_whole_city(year: PublicYear) -> None:
    client = house_client(year.app)
    city = "".join(said(client.get("/public/lists/2024.pdf").data).split())
    assert "天津市2024年度村、社区星级评定结果" in city
    assert "共2份名单" in city
    assert "中共天津市委组织部" in city
    assert client.get("/public/lists/2024.pdf?q=闫街&level=五星").data == client.get("/public/lists/2024.pdf").data
    for address in ("2023.pdf", "2024.pdf?district=120101000000", "2023.xlsx", "2024.xlsx?district=120101000000"):
        assert client.get(f"/public/lists/{address}").status_code == 404


def test_the_workbook_is_the_table(year: PublicYear) -> None:
    client = house_client(year.app)
    answer = client.get("/public/lists/2024.xlsx")
    assert "spreadsheetml" in answer.content_type
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_name("名单").to_python()
    table = client.get("/public/lists/2024.csv").get_data(as_text=True).removeprefix("\ufeff").splitlines()
    assert len(rows) == len(table) == 13
    by_code = {row[5]: row for row in rows[1:]}
    for told in (line.split(",") for line in table[1:]):
        row = by_code[told[5]]
        assert [*row[:9]] == told[:9]
        assert [float(cell) if cell else "" for cell in told[9:]] == row[9:]


def test_a_paper_is_drawn_once_and_not_sent_twice(
    year: PublicYear, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starrating.charts.cache import ChartCache
    from starrating.documents import apart
    from starrating.services import drawn

    made: list[str] = []
    real = apart.typeset_apart

    def counted(template: str, data: Any, fonts: Any) -> bytes:
        made.append(template)
        return real(template, data, fonts)

    monkeypatch.setattr(drawn, "typeset_apart", counted)
    monkeypatch.setitem(year.app.extensions, drawn.EXTENSION, ChartCache(tmp_path, renders=1))

    def ask(_number: int) -> bytes:
        return bytes(house_client(year.app).get(f"/public/lists/2024.pdf{VILLAGES}").data)

    with ThreadPoolExecutor(3) as pool:
        found = set(pool.map(ask, range(3)))
    assert len(found) == 1
    assert made == ["published_list.typ"]
    assert len(list(tmp_path.glob("??/*.pdf"))) == 1
    client = house_client(year.app)
    first = client.get(f"/public/lists/2024.pdf{VILLAGES}")
    again = client.get(f"/public/lists/2024.pdf{VILLAGES}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    english = house_client(year.app).get(f"/public/lists/2024.pdf{VILLAGES}", headers={"Accept-Language": "en"})
    assert english.data == first.data


def test_the_page_leads_to_the_papers(year: PublicYear) -> None:
    page = house_client(year.app).get(f"/public/lists/2024{VILLAGES}&q=村").get_data(as_text=True)
    for ending in ("pdf", "xlsx"):
        assert f'href="/public/lists/2024.{ending}?district=120113000000&amp;kind=village"' in page
    assert "/public/lists/2024.csv?district=120113000000&amp;kind=village&amp;q=" in page


def test_who_asks_for_many_at_once_leaves_room_for_others(
    year: PublicYear, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starrating.charts.cache import ChartCache
    from starrating.services import drawn

    class Room(threading.BoundedSemaphore):
        taken = threading.Semaphore(0)

        def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
            had = super().acquire(blocking, timeout)
            if had:
                self.taken.release()
            return had

    goes_on, room = threading.Event(), Room(2)

    def slow(_template: str, _data: Any, _fonts: Any) -> bytes:
        goes_on.wait(30)
        return b"%PDF-"

    monkeypatch.setattr(drawn, "typeset_apart", slow)
    monkeypatch.setattr(drawn, "_room", room)
    monkeypatch.setitem(year.app.extensions, drawn.EXTENSION, ChartCache(tmp_path, renders=1))
    with ThreadPoolExecutor(2) as pool:
        waiting = [
            pool.submit(house_client(year.app).get, f"/public/lists/2024.pdf?kind={kind}")
            for kind in ("village", "community")
        ]
        assert room.taken.acquire(timeout=30)
        assert room.taken.acquire(timeout=30)
        refused = house_client(year.app).get("/public/lists/2025.pdf")
        goes_on.set()
        found = [one.result() for one in waiting]
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert "这一份还没有轮到" in refused.get_data(as_text=True)
    assert [answer.status_code for answer in found] == [200, 200]
    assert house_client(year.app).get("/public/lists/2024.pdf?kind=village").data == b"%PDF-"
