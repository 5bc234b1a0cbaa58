"""What can be clicked in a picture leads to exactly the units that it counts."""

import re
from html import unescape
from typing import Any

import pytest

from tests.web import standing_year
from tests.web.city import key_of, sign_in
from tests.web.standing_year import RATINGS

TARGET = re.compile(r'<a href="([^"]+)"><title>([^<]+)</title><polygon points="([-0-9., ]+)"/></a>')
COUNTED = re.compile(r"([0-9,]+)个$")
LATER: dict[str, tuple[Any, ...]] = {
    "东甲村": ("four", "five", "90", []),
    "东丁社区": ("three", "", "70", []),
    "西甲村": ("", "", "", []),
}
SAID = {
    "试验市": ("东区：四星", "2025年度：", "2025年四星", "取消星级"),
    "东区": ("东一镇：四星", "总分", "2025年度四星"),
    "东一镇": ("东一镇：四星", "总分", "2025年度四星"),
}


@pytest.fixture(params=["试验市", "东区", "东一镇"])
def page(standing: Any, people: dict[str, int], monkeypatch: pytest.MonkeyPatch, request: Any) -> Any:
    """A dashboard of three years, so that there are flows between two and over all; and who reads it."""
    with standing.app_context(), monkeypatch.context() as patched:
        patched.setattr(standing_year, "RATINGS", {**RATINGS, **LATER})
        standing_year.stand(people, 2025)
        patched.setattr(standing_year, "RATINGS", RATINGS)
        standing_year.stand(people, 2023)
        key = key_of(request.param)
    client = standing.test_client()
    sign_in(client, "city")
    return request.param, client, client.get(f"/dashboards/divisions/{key}").text


def test_every_place_of_a_picture_leads_to_exactly_its_units(page: Any) -> None:
    division, client, text = page
    found = {(unescape(at), words) for at, words, _ in TARGET.findall(text)}
    every = "，".join(words for _, words in found)
    assert [word for word in SAID[division] if word not in every] == []
    assert len(found) > 10
    for at, words in found:
        number = COUNTED.search(words)
        assert number, words
        count = number[1]
        listed = client.get(at).text
        assert f"共{count}个" in listed, (words, at)
        assert listed.count('<th role="rowheader"') == int(count)


def test_places_lie_on_the_picture_and_only_where_there_is_a_number(page: Any) -> None:
    _, _, text = page
    drawings = re.findall(r'viewBox="0 0 ([0-9]+) ([0-9]+)" role="group"(.*?)</svg>', text, re.DOTALL)
    assert len(drawings) > 6
    for width, height, inside in drawings:
        for _, words, outline in TARGET.findall(inside):
            assert not re.search(r"[^0-9]0个$", words)
            for point in outline.split():
                x, y = map(float, point.split(","))
                assert -1 <= x <= int(width) + 1, words
                assert -3 <= y <= int(height) + 1, words


def test_an_address_of_totals_is_exact_and_says_what_it_asks(page: Any) -> None:
    division, client, text = page
    if division == "试验市":
        return
    at = next(unescape(at) for at, words, _ in TARGET.findall(text) if words.startswith("总分"))
    listed = client.get(at).text
    assert "总分从" in listed
    assert "总分不满" in listed
    base = at.partition("?")[0]
    assert "共1个" in client.get(f"{base}?year=2024&low=91.25&high=91.26").text
    assert "共1个" not in client.get(f"{base}?year=2024&low=91.24&high=91.25").text
    for odd in ("low=1/0", "low=%00", "high=x", "least=-1", "least=99999", "low=" + "9" * 60, "indicator=%00"):
        assert client.get(f"{base}?year=2024&{odd}").status_code == 200


@pytest.mark.parametrize("who", ["city", "east"])
def test_the_picture_of_a_first_page_leads_to_its_units_too(standing: Any, who: str) -> None:
    client = standing.test_client()
    sign_in(client, who)
    found = {(unescape(at), words) for at, words, _ in TARGET.findall(client.get("/", follow_redirects=True).text)}
    assert found
    for at, words in found:
        number = COUNTED.search(words)
        assert number, words
        assert f"共{number[1]}个" in client.get(at).text, (words, at)
