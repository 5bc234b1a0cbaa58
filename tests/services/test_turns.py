"""Turns to write on SQLite: one at a time among threads and processes, given back by who dies, none elsewhere."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import URL, make_url

from starrating.services.turns import turn

FORKING = multiprocessing.get_context("fork")


def _hold(url: URL, tell: Connection) -> None:
    with turn(url):
        tell.send("holds")
        tell.recv()


def _held(url: URL) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    """A process that holds the turn until it hears something."""
    mine, theirs = FORKING.Pipe()
    process = FORKING.Process(target=_hold, args=(url, theirs))
    process.start()
    assert mine.recv() == "holds"
    return process, mine


def test_threads_write_one_after_the_other(tmp_path: Path) -> None:
    url, inside, most = make_url(f"sqlite:///{tmp_path / 'one.sqlite'}"), [0], [0]

    def write() -> None:
        for _ in range(20):
            with turn(url):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0)
                inside[0] -= 1

    threads = [threading.Thread(target=write) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (inside, most) == ([0], [1])


def test_another_process_waits_until_the_turn_is_given_back(tmp_path: Path) -> None:
    url, order = make_url(f"sqlite:///{tmp_path / 'one.sqlite'}"), []
    process, line = _held(url)

    def write() -> None:
        with turn(url):
            order.append("mine")

    waiting = threading.Thread(target=write)
    waiting.start()
    waiting.join(0.2)
    assert (waiting.is_alive(), order) == (True, [])
    line.send("enough")
    waiting.join()
    process.join()
    assert order == ["mine"]


def test_the_turn_of_a_process_that_is_killed_is_free(tmp_path: Path) -> None:
    url = make_url(f"sqlite:///{tmp_path / 'one.sqlite'}")
    process, _line = _held(url)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with turn(url):
        assert (tmp_path / "one.sqlite-turn").exists()


def test_there_is_nothing_to_wait_for_in_memory_or_elsewhere(tmp_path: Path) -> None:
    for address in ("sqlite://", "sqlite:///:memory:", "postgresql+psycopg://somebody@nowhere/none"):
        with turn(make_url(address)), turn(make_url(address)):
            assert not list(tmp_path.iterdir())
