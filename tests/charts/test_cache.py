"""The cache: drawn once, whole or not at all, bounded in bytes and in renders."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from starrating.charts.cache import TURNS, ChartCache
from starrating.charts.chart import Chart
from tests.charts.world import draw


class Studio:
    """Draws nothing but counts how often and how many at once."""

    def __init__(self, size: int = 10, fails: bool = False) -> None:
        self.size, self.fails = size, fails
        self.drawn: list[str] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    def chart(self, digest: str) -> Any:
        studio = self

        class Drawn:
            def svg(self) -> bytes:
                return studio.draw(digest)

            def png(self, dpi: int) -> bytes:
                return studio.draw(f"{digest}{dpi}")

        drawn: Any = Drawn()
        drawn.digest = digest
        return drawn

    def draw(self, digest: str) -> bytes:
        with self.lock:
            self.drawn.append(digest)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(0.01)
        with self.lock:
            self.at_once -= 1
        if self.fails:
            raise RuntimeError("no ink")
        return digest.encode()[:1] * self.size


def kept(folder: Path) -> list[Path]:
    """Every file but the locks."""
    return [path for path in folder.rglob("*") if path.is_file() and path.parent.name != TURNS]


def test_a_real_chart_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chart, cache = draw("movement", "city"), ChartCache(tmp_path)
    svg, png = cache.svg(chart), cache.png(chart, 96)
    assert (svg, png) == (chart.svg(), chart.png(96))
    monkeypatch.setattr(Chart, "svg", None)
    monkeypatch.setattr(Chart, "png", None)
    assert (cache.svg(chart), cache.png(chart, 96)) == (svg, png)
    assert (ChartCache(tmp_path).svg(chart), len(kept(tmp_path))) == (svg, 2)
    with pytest.raises(TypeError):
        cache.svg(replace(chart, digest="f" * 64))


def test_one_digest_is_drawn_at_most_once_at_a_time(tmp_path: Path) -> None:
    studio, cache = Studio(), ChartCache(tmp_path)
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _: cache.svg(studio.chart("aa11")), range(64)))
    assert found == {b"a" * 10}
    assert studio.drawn == ["aa11"]
    assert cache._turns == {}


def test_at_most_four_are_drawn_at_once(tmp_path: Path) -> None:
    studio, cache = Studio(), ChartCache(tmp_path)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: cache.svg(studio.chart(f"{number:04x}")), range(40)))
    assert len(studio.drawn) == 40
    assert 1 < studio.most_at_once <= 4


def test_svg_and_png_and_resolutions_are_apart(tmp_path: Path) -> None:
    studio, cache = Studio(), ChartCache(tmp_path)
    chart = studio.chart("aa11")
    cache.svg(chart), cache.png(chart, 96), cache.png(chart, 192)
    assert len(kept(tmp_path)) == 3


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    studio, cache = Studio(size=100), ChartCache(tmp_path, most_bytes=1000)
    for number in range(10):
        cache.svg(studio.chart(f"{number:04x}"))
        time.sleep(0.002)
    cache.svg(studio.chart("0000"))
    cache.svg(studio.chart("ffff"))
    assert sum(path.stat().st_size for path in kept(tmp_path)) <= 1000
    names = {path.name for path in kept(tmp_path)}
    assert {"0000.svg", "ffff.svg"} <= names
    assert "0001.svg" not in names


def test_the_folder_stays_bounded(tmp_path: Path) -> None:
    studio, cache = Studio(size=100), ChartCache(tmp_path, most_bytes=1000)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: cache.svg(studio.chart(f"{number:04x}")), range(100)))
    assert sum(path.stat().st_size for path in kept(tmp_path)) <= 1000


def test_too_large_a_picture_is_given_but_not_kept(tmp_path: Path) -> None:
    cache = ChartCache(tmp_path, most_bytes=50)
    assert cache.svg(Studio(size=100).chart("aa11")) == b"a" * 100
    assert kept(tmp_path) == []


def test_a_failure_leaves_nothing_and_the_next_one_tries_again(tmp_path: Path) -> None:
    cache, broken = ChartCache(tmp_path), Studio(fails=True)
    for _ in range(5):
        with pytest.raises(RuntimeError, match="no ink"):
            cache.svg(broken.chart("aa11"))
    assert kept(tmp_path) == []
    assert cache.svg(Studio().chart("aa11")) == b"a" * 10


def test_a_half_written_file_is_never_taken(tmp_path: Path) -> None:
    (tmp_path / "aa").mkdir()
    (tmp_path / "aa" / ".new-killed").write_bytes(b"half")
    assert ChartCache(tmp_path).svg(Studio().chart("aa11")) == b"a" * 10


def test_a_cache_without_room_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least"):
        ChartCache(tmp_path, renders=0)
