"""Memory stays flat however many charts are drawn, in threads too; a page that shows none loads no matplotlib."""

import gc
import subprocess
import sys
import tracemalloc
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.charts.world import KINDS, draw

ROOT = Path(__file__).resolve().parents[2]


def pages() -> int:
    """The resident set of this process, in bytes."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * 4096


def one(number: int) -> int:
    chart = draw(KINDS[number % len(KINDS)], "one place" if number % 2 else "city")
    return len(chart.svg()) + len(chart.png(96))


def growth() -> int:
    """By how many bytes a process with a full heap grows over 200 charts in 8 threads, once they are warm."""
    ballast: list[dict[str, str]] = [{} for _ in range(1_000_000)]  # the more lives, the later cycles are collected
    for number in range(20):
        one(number)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(40)))
        gc.collect()
        before = pages()
        assert all(pool.map(one, range(200)))
        assert len(ballast) == 1_000_000
        return pages() - before


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads the resident set from /proc")
def test_memory_is_flat_over_200_charts() -> None:
    """In a process of its own: in this one, what other tests left would be measured too."""
    code = "from tests.charts.test_memory import growth; print(growth())"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert int(run.stdout) <= 60 * 1024 * 1024


def test_the_pixels_of_a_picture_are_given_back_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure and its canvas hold one another; their buffer must not wait for the collector of cycles."""
    from matplotlib.backends.backend_agg import RendererAgg

    made: list[weakref.ref[RendererAgg]] = []
    begin = RendererAgg.__init__

    def watched(self: RendererAgg, *size: float) -> None:
        begin(self, *size)
        made.append(weakref.ref(self))

    monkeypatch.setattr(RendererAgg, "__init__", watched)
    gc.disable()
    try:
        one(0)
        assert made
        assert [renderer() for renderer in made] == [None]
    finally:
        gc.enable()


@pytest.mark.slow
def test_no_chart_is_kept_alive() -> None:
    for number in range(10):
        one(number)
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(30):
            one(number)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before <= 4 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_laying_out_loads_no_matplotlib() -> None:
    code = (
        "import sys; from starrating.charts import cache;"
        "from tests.charts.world import draw, KINDS; [draw(kind, 'city').csv() for kind in KINDS];"
        "sys.exit(any(name in sys.modules for name in ('matplotlib', 'flask', 'sqlalchemy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_pyplot_is_never_loaded() -> None:
    code = (
        "import sys; from tests.charts.world import draw; draw('movement', 'city').png(96);"
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
