"""Memory stays flat however many charts are drawn, in threads too; a page that shows none loads no matplotlib."""

import gc
import subprocess
import sys
import tracemalloc
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


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads the resident set from /proc")
def test_memory_is_flat_over_200_charts() -> None:
    for number in range(20):
        one(number)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(100)))
        gc.collect()
        before = pages()
        assert all(pool.map(one, range(200)))
        gc.collect()
        assert pages() - before <= 60 * 1024 * 1024


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
