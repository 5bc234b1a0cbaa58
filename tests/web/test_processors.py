"""Workers share the processors out; what needs no interpreter runs on all of them."""

from __future__ import annotations

import importlib.util
import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from threading import Thread
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from starrating import processors
from starrating.processors import anywhere, keep_to, share_for, shares
from tests.house.source import ROOT

HERE = frozenset(os.sched_getaffinity(0))
several = pytest.mark.skipif(len(HERE) < 2, reason="one processor cannot be shared out")


@pytest.fixture(autouse=True)
def whole() -> Iterator[None]:
    """Every test begins in a process that was never kept to a share."""
    processors._WHOLE.clear()
    yield
    processors._WHOLE.clear()


def aside(work: Callable[[], None]) -> None:
    """Do it in a thread of its own, whose processors are no other's; what it asserts holds here."""
    faults: list[BaseException] = []

    def done() -> None:
        try:
            work()
        except BaseException as fault:
            faults.append(fault)

    thread = Thread(target=done)
    thread.start()
    thread.join()
    if faults:
        raise faults[0]


@pytest.mark.parametrize(
    ("given", "workers", "made"),
    [
        ({0, 1}, 2, [{0}, {1}]),
        ({0, 1}, 1, [{0, 1}]),
        ({7, 3, 5}, 2, [{3, 7}, {5}]),
        ({0, 1}, 4, [{0}, {1}]),
        ({4}, 3, [{4}]),
        ({0, 1}, 0, [{0, 1}]),
    ],
)
def test_every_processor_is_in_one_share(given: set[int], workers: int, made: list[set[int]]) -> None:
    assert shares(given, workers) == made


def test_a_new_worker_gets_the_share_of_the_one_that_died(monkeypatch: Any) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1})
    first = share_for(2, [])
    second = share_for(2, [first])
    assert {first, second} == {frozenset({0}), frozenset({1})}
    assert share_for(2, [second]) == first
    assert share_for(2, [first]) == second
    assert share_for(4, [first, second, first]) == second


def test_where_a_system_keeps_nobody_to_a_processor_nobody_is(monkeypatch: Any) -> None:
    monkeypatch.delattr(os, "sched_setaffinity")
    assert share_for(2, []) == frozenset()
    keep_to(share_for(2, []))
    with anywhere():
        assert not processors._WHOLE


def test_a_system_that_refuses_is_left_as_it_is(monkeypatch: Any) -> None:
    def refuse(_process: int, _mask: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    keep_to({0})
    with anywhere():
        assert os.sched_getaffinity(0) == HERE


@several
def test_threads_stay_in_the_share_and_leave_it_for_a_block_even_where_that_fails() -> None:
    own = {min(HERE)}

    def work() -> None:
        keep_to(own)
        assert os.sched_getaffinity(0) == own
        aside(lambda: check(own))
        with pytest.raises(RuntimeError):
            fail()
        assert os.sched_getaffinity(0) == own

    @anywhere()
    def fail() -> None:
        check(HERE)
        aside(lambda: check(HERE))
        raise RuntimeError

    def check(expected: object) -> None:
        assert os.sched_getaffinity(0) == expected

    aside(work)
    assert os.sched_getaffinity(0) == HERE


@several
def test_a_child_process_that_begins_in_the_block_has_all_processors() -> None:
    asking = [sys.executable, "-c", "import os; print(len(os.sched_getaffinity(0)))"]

    def asked() -> int:
        return int(subprocess.run(asking, capture_output=True, check=True).stdout)

    def work() -> None:
        keep_to({max(HERE)})
        assert asked() == 1
        with anywhere():
            assert asked() == len(HERE)

    aside(work)


def settings() -> ModuleType:
    spec = importlib.util.spec_from_file_location("settings", ROOT / "gunicorn.conf.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@several
def test_gunicorn_keeps_two_workers_apart() -> None:
    hooks, server = settings(), SimpleNamespace(num_workers=2, WORKERS={})
    workers = [SimpleNamespace(), SimpleNamespace()]
    for number, worker in enumerate(workers):
        hooks.pre_fork(server, worker)
        server.WORKERS[number] = worker
    assert workers[0].share | workers[1].share == HERE
    assert not workers[0].share & workers[1].share

    def begin() -> None:
        hooks.post_fork(server, workers[1])
        assert os.sched_getaffinity(0) == workers[1].share

    aside(begin)


def test_no_view_is_asynchronous(app: Any) -> None:
    hung = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    hooks = [one for by_name in hung for found in by_name.values() for one in found]
    assert len(hooks) > 10
    assert not any(inspect.iscoroutinefunction(one) for one in (*app.view_functions.values(), *hooks))
