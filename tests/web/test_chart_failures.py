"""A chart that cannot be laid out or drawn: the page says so, all else stays."""

import re
from typing import Any

import pytest

from starrating.blueprints.dashboards import frames, pictures
from starrating.charts.ahead import Ahead
from starrating.charts.cache import PROMISED, ChartCache
from starrating.charts.chart import Chart
from tests.web.city import key_of, sign_in

COUNTED = re.compile(r"共[0-9]+个")
PICTURE = re.compile(r'src="(/dashboards/[^"]+\.svg[^"]*)"')


@pytest.fixture
def client(standing: Any, tmp_path: Any) -> Any:
    standing.config["CHART_FOLDER"] = str(tmp_path)
    made = standing.test_client()
    sign_in(made, "city")
    return made


@pytest.fixture
def address(standing: Any) -> str:
    with standing.app_context():
        return f"/dashboards/divisions/{key_of('东区')}"


def test_a_chart_that_cannot_be_laid_out_is_said(
    client: Any, address: str, standing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = client.get(address).text
    standing.extensions.pop(frames.EXTENSION)

    def broken(*_given: object, **_more: object) -> Chart:
        raise ValueError("too many rows")

    monkeypatch.setattr(pictures, "draw_movement", broken)
    page = client.get(address)
    assert page.status_code == 200
    assert page.text.count("这张图没有画成") == 1
    assert len(PICTURE.findall(page.text)) == len(PICTURE.findall(whole)) - 1 > 3


def test_a_chart_that_cannot_be_drawn_says_so_in_its_place(
    client: Any, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [at.replace("&amp;", "&") for at in PICTURE.findall(client.get(address).text)]

    drawn = Chart.svg

    def broken(chart: Chart) -> bytes:
        if chart.name != "failed":
            raise RuntimeError("no ink")
        return drawn(chart)

    with monkeypatch.context() as patched:
        patched.setattr(Chart, "svg", broken)
        answer = client.get(found[0])
        assert answer.status_code == 503
        assert answer.mimetype == "image/svg+xml"
        assert "这张图没有画成" in answer.text
        assert "no ink" not in answer.text
    assert client.get(found[1]).status_code == 200
    again = client.get(found[0])
    assert (again.status_code, "没有画成" in again.text) == (200, False)


def test_a_page_has_its_pictures_drawn_beside_it(
    client: Any, address: str, standing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[int]] = []

    def ask(_self: Ahead, charts: Any) -> int:
        asked.append([chart.width for chart in charts])
        return 0

    monkeypatch.setattr(Ahead, "ask", ask)
    client.get(address)
    assert asked == []
    standing.config["CHARTS_AHEAD"] = True
    standing.extensions.pop(frames.EXTENSION)
    client.get(address)
    client.get(address, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 15) Mobile"})
    desk, phone = asked
    assert len(desk) == len(phone) > 3
    assert set(phone) == {358}
    assert 358 not in desk


def test_a_seal_of_any_letters_is_no_seal(client: Any, address: str) -> None:
    picture = PICTURE.findall(client.get(address).text)[0].replace("&amp;", "&")
    assert client.get(re.sub(r"seal=[^&]*", "seal=%E4%B8%AD", picture)).status_code == 404


@pytest.mark.parametrize("total", ["1e999999999", "1e-5000", "9" * 39 + "e9", "1/0", "٣", "-1", "1.2.3"])
def test_a_total_that_would_take_for_ever_narrows_nothing(client: Any, address: str, total: str) -> None:
    answer = client.get(f"{address}/units", query_string={"low": total, "high": total})
    assert answer.status_code == 200
    assert COUNTED.findall(answer.text) == COUNTED.findall(client.get(f"{address}/units").text) != []


def test_a_promise_ends_where_a_chart_is_not_drawn(tmp_path: Any) -> None:
    """Whoever asks next does not wait for a picture that nobody draws."""
    cache = ChartCache(tmp_path)
    cache.promise("aa")

    def broken() -> bytes:
        raise ValueError("too many rows")

    with pytest.raises(ValueError, match="too many"):
        cache.kept("aa", broken)
    assert list(tmp_path.rglob(f"*{PROMISED}")) == []
