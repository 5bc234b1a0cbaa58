"""Across processes one draws a picture and the others take it; a killed one is no hindrance, nothing waits for ever."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from starrating.charts.ahead import Ahead, picture
from starrating.charts.cache import LOCKS, TURNS, ChartCache

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import os, sys, time
from pathlib import Path
from starrating.charts.cache import ChartCache

folder, log, slow = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])

def draw():
    with log.open("a") as file:
        file.write(f"{os.getpid()}\\n")
    time.sleep(slow)
    return b"drawn"

assert ChartCache(folder).kept("aa11.svg", draw) == b"drawn"
"""


def worker(folder: Path, log: Path, slow: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WORKER, str(folder), str(log), str(slow)], cwd=ROOT)


def until(holds: Any) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


class Slow:
    """A chart that is drawn when it may be."""

    def __init__(self, digest: str, fails: bool = False) -> None:
        self.digest, self.fails = digest, fails
        self.may, self.times = threading.Event(), 0

    def svg(self) -> bytes:
        self.times += 1
        assert self.may.wait(30)
        if self.fails:
            raise RuntimeError("no ink")
        return self.digest.encode()


def test_two_processes_ask_for_one_chart_and_one_draws(tmp_path: Path) -> None:
    log = tmp_path / "log"
    both = [worker(tmp_path / "charts", log, 0.5) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    assert len(log.read_text().split()) == 1


def test_a_worker_that_is_killed_while_it_draws_leaves_the_turn_to_the_next(tmp_path: Path) -> None:
    folder, log = tmp_path / "charts", tmp_path / "log"
    killed = worker(folder, log, 60)
    try:
        until(log.exists)
        next_one = worker(folder, log, 0)
    finally:
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait(60)
    assert next_one.wait(60) == 0
    assert len(log.read_text().split()) == 2
    assert ChartCache(folder).known("aa11.svg") == b"drawn"


def test_pictures_are_drawn_beside_the_page_and_only_once(tmp_path: Path) -> None:
    cache = ChartCache(tmp_path)
    ahead, charts = Ahead(cache), [Slow("aa11"), Slow("bb22")]
    assert ahead.ask(charts) == 2
    assert ahead.ask(charts) == 2
    assert cache.known("aa11.svg") is None
    for chart in charts:
        chart.may.set()
    assert ahead.svg("bb22") in (b"bb22", None)
    ahead.join()
    assert [cache.known(picture(chart.digest)) for chart in charts] == [b"aa11", b"bb22"]
    assert [chart.times for chart in charts] == [1, 1]
    assert ahead.ask(charts) == 0
    assert not list(tmp_path.rglob("*.promised"))


def test_a_chart_that_fails_hinders_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = ChartCache(tmp_path)
    ahead, broken, good = Ahead(cache), Slow("aa11", fails=True), Slow("bb22")
    broken.may.set()
    good.may.set()
    ahead.ask([broken, good])
    ahead.join()
    assert "a chart was not drawn: aa11" in caplog.text
    assert (cache.known("aa11.svg"), cache.known("bb22.svg")) == (None, b"bb22")
    assert cache.promised("aa11.svg", 30) is None
    broken.fails = False
    assert ahead.ask([broken]) == 1
    ahead.join()
    assert cache.known("aa11.svg") == b"aa11"


def test_a_promised_picture_is_taken_as_soon_as_it_is_there(tmp_path: Path) -> None:
    here, other, chart = ChartCache(tmp_path), ChartCache(tmp_path), Slow("aa11")
    ahead, found = Ahead(other), list[bytes | None]()
    ahead.ask([chart])
    waiting = threading.Thread(target=lambda: found.append(here.promised("aa11.svg", 30)))
    waiting.start()
    chart.may.set()
    waiting.join()
    ahead.join()
    assert found == [b"aa11"]


def test_a_promise_of_a_killed_process_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    cache = ChartCache(tmp_path)
    cache.promise("aa11.svg")
    assert cache.promised("aa11.svg", 0.05) is None
    assert cache.kept("aa11.svg", lambda: b"drawn") == b"drawn"
    assert cache.promised("aa11.svg", 30) == b"drawn"


def test_locks_are_few(tmp_path: Path) -> None:
    cache = ChartCache(tmp_path)
    for number in range(3 * LOCKS):
        cache.kept(f"aa{number:03}.svg", lambda: b"drawn")
    assert len(list((tmp_path / TURNS).iterdir())) <= LOCKS
