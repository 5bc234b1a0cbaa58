"""Plaques, those to take back, the office's own document: what is printed is what the public page verifies."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

import pypdfium2
import pytest
import zxingcpp

from starrating.documents.plaques import square_code
from tests.documents.test_typesetting import said
from tests.pages.client import house_client
from tests.services.public_year import ADDRESS, PublicYear
from tests.web.city import sign_in

LIST = "/public/lists/{}/120113000000/{}.json"


def signed_in(year: PublicYear, name: str) -> Any:
    client = house_client(year.app)
    sign_in(client, name)
    return client


def edition(year: PublicYear, of: int, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(house_client(year.app).get(LIST.format(of, kind)).data)
    return found


def codes_on(paper: bytes) -> list[list[str]]:
    """What a reader of square codes sees on each page."""
    document = pypdfium2.PdfDocument(paper)
    try:
        return [[one.text for one in zxingcpp.read_barcodes(page.render(scale=2).to_pil())] for page in document]
    finally:
        document.close()


def test_every_plaque_is_verified_by_its_code_and_its_serial(year: PublicYear) -> None:
    answer = signed_in(year, "wang").get(f"/publication/{year.next_id}/plaques.pdf?kind=village&which=all")
    assert answer.headers["Content-Disposition"].endswith(quote("北辰区2025年度村星级牌.pdf"))
    listed = edition(year, 2025, "village")
    starred = [unit for unit in listed["units"] if unit["level"] not in ("", "none")]
    found = codes_on(answer.data)
    assert {len(page) for page in found} == {1}
    addresses = [page[0] for page in found]
    assert {address.rpartition("=")[2] for address in addresses} == {f"2025-{unit['code']}" for unit in starred}
    printed = "".join(said(answer.data).split())
    public = house_client(year.app)
    for address in addresses[:3]:
        assert address.startswith(f"{ADDRESS}/public/verify?code=")
        serial = address.rpartition("=")[2]
        assert serial in printed
        page = public.get(urlsplit(address)._replace(scheme="", netloc="").geturl()).get_data(as_text=True)
        unit = next(unit for unit in starred if unit["code"] == serial.partition("-")[2])
        assert unit["name"] in page
        assert "2025年度的名单里有它" in page
    for part in ("天津市北辰区", "中共天津市北辰区委组织部", "2025年度", "示例数据", "四星村", "三星村"):
        assert part in printed


def test_new_stars_alone_and_those_to_take_back(year: PublicYear) -> None:
    client = signed_in(year, "wang")
    listed = [unit for kind in ("village", "community") for unit in edition(year, 2025, kind)["units"]]
    new = {unit["code"] for unit in listed if unit["level"] not in ("", "none", unit["previous"])}
    back = {unit["code"] for unit in listed if unit["previous"] not in ("", "none", unit["level"])}
    assert new
    assert back
    assert len(new) < len(listed)
    pages = codes_on(client.get(f"/publication/{year.next_id}/plaques.pdf").data)
    assert {page[0].rpartition("-")[2] for page in pages} == new
    told = said(client.get(f"/publication/{year.next_id}/withdrawn.pdf").data)
    assert {code for code in told.split() if len(code) == 12 and code.isdecimal()} == back
    assert f"收回的共{len(back)}个" in "".join(told.split())
    nothing = client.get(f"/publication/{year.next_id}/plaques.pdf?township=120113999000", follow_redirects=True)
    assert "没有要做的星级牌" in nothing.get_data(as_text=True)
    none = said(client.get(f"/publication/{year.cycle_id}/withdrawn.pdf").data)
    assert "没有要收回的牌" in none


def test_a_serial_says_its_year_and_what_came_after(year: PublicYear) -> None:
    client = house_client(year.app)
    code = edition(year, 2024, "village")["units"][0]["code"]
    page = client.get(f"/public/verify?code=2024-{code}&year=2025").get_data(as_text=True)
    assert "2024年度的名单里有它" in page
    assert "最近一次评定是2025年度" in page
    assert "最近一次评定" not in client.get(f"/public/verify?code=2025-{code}").get_data(as_text=True)
    for wrong in (f"2023-{code}", f"2024-{code}0", "2024-", "20245-120113100201", f"-{code}"):
        assert "名单里有它" not in client.get(f"/public/verify?code={wrong}").get_data(as_text=True)


def test_the_office_gives_its_own_name_and_number(year: PublicYear) -> None:
    client = signed_in(year, "wang")
    page = client.get(f"/publication/{year.cycle_id}").get_data(as_text=True)
    assert "公文和星级牌" in page
    asked = "kind=community&issuer=%23北辰区*评定$办公室&issuer=&number=评〔2025〕7号"
    told = said(client.get(f"/publication/{year.cycle_id}/document.pdf?{asked}").data)
    assert "评〔2025〕7号" in told
    assert "#北辰区*评定$办公室" in "".join(told.split())
    assert "民政局" not in told


@pytest.mark.parametrize("paper", ["document", "plaques", "withdrawn"])
def test_only_who_publishes_has_the_papers(year: PublicYear, paper: str) -> None:
    address = f"/publication/{year.cycle_id}/{paper}.pdf"
    assert house_client(year.app).get(address).status_code in (302, 401)
    found = {name: signed_in(year, name).get(address).status_code for name in ("town", "assessor", "unit", "auditor")}
    assert found == {"town": 404, "assessor": 403, "unit": 404, "auditor": 200}
    assert signed_in(year, "wang").get(f"/publication/99/{paper}.pdf").status_code == 404


def test_without_an_address_there_is_no_code() -> None:
    assert square_code("") == ""
    assert square_code("https://例.中国/").startswith("<svg")
