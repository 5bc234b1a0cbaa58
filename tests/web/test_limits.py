"""What costs something without signing in is counted for each address, over all processes; the office is not."""

from __future__ import annotations

import multiprocessing
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from starrating.blueprints import limits
from starrating.extensions import limiter
from starrating.shared_counts import SharedCounts
from tests.conftest import TestClock, application, close

LIMITS = {"PAPERS_LIMIT": "2 per minute", "CHECKS_LIMIT": "3 per minute", "OPEN_DATA_LIMIT": "4 per minute"}


def counted(path: str) -> list[int]:
    """What one process gets for fifty requests from four threads."""
    counts = SharedCounts(f"counts://{path}")
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda _: counts.incr("somebody", 600), range(50)))


def test_processes_count_together(tmp_path: Path) -> None:
    path = str(tmp_path / "new" / "counts.sqlite3")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(counted, [path, path])
    assert sorted(found[0] + found[1]) == list(range(1, 101))
    assert SharedCounts(f"counts://{path}").get("somebody") == 100


def test_a_window_ends_and_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = [1000.0]
    monkeypatch.setattr("starrating.shared_counts.time.time", lambda: at[0])
    counts = SharedCounts(f"counts://{tmp_path / 'counts.sqlite3'}")
    assert [counts.incr("a", 60), counts.incr("a", 60), counts.incr("b", 600)] == [1, 2, 1]
    assert (counts.get("a"), counts.get_expiry("a")) == (2, 1060.0)
    at[0] = 1060.0
    assert (counts.get("a"), counts.get("b")) == (0, 1)
    assert counts.incr("a", 60) == 1
    counts.clear("a")
    assert (counts.get("a"), counts.check(), counts.reset(), counts.get("b")) == (0, True, 1, 0)


def test_the_library_finds_the_file_by_its_scheme(tmp_path: Path) -> None:
    storage = storage_from_string(f"counts://{tmp_path / 'counts.sqlite3'}")
    assert isinstance(storage, SharedCounts)
    counting = FixedWindowRateLimiter(storage)
    assert [counting.hit(parse("2/minute"), "x") for _ in range(3)] == [True, True, False]


@pytest.fixture
def limited(sqlite_server: Any, tmp_path: Path) -> Any:
    address = sqlite_server.fresh()
    app = application(address, TestClock(), RATELIMIT_STORAGE_URI=f"counts://{tmp_path / 'counts.sqlite3'}")
    app.config.update(LIMITS)
    yield app
    close(app)
    sqlite_server.drop(address)


def test_too_many_are_told_when_to_come_back(limited: Any) -> None:
    client = limited.test_client()
    found = [client.get("/public/lists/2024.pdf").status_code for _ in range(3)]
    assert found == [404, 404, 429]
    answer = client.get("/public/lists/2024.pdf")
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert client.get("/public/lists/2024.xlsx").status_code == 404, "each has its own count"
    other = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/public/lists/2024.pdf", environ_base=other).status_code == 404
    told = client.get("/public/lists/2024.pdf", headers={"X-Forwarded-For": "192.0.2.9"})
    assert told.status_code == 429, "nobody leaves a limit by saying that he is somebody else"


def test_files_to_check_and_open_data_are_limited(limited: Any) -> None:
    client = limited.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/public/verify").get_data(as_text=True))
    assert token
    sent = [client.post("/public/verify", data={"csrf_token": token[1]}).status_code for _ in range(4)]
    assert sent == [422, 422, 422, 429]
    assert client.get("/public/verify").status_code == 200
    found = [client.get(f"/api/v1/{part}") for part in ("years", "years/2024/lists", "", "openapi.json", "years")]
    assert [answer.status_code for answer in found] == [200, 404, 200, 200, 429]
    assert found[-1].get_json()["status"] == 429


def test_what_cannot_be_counted_is_not_refused(limited: Any, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    app = application(str(limited.config["SQLALCHEMY_DATABASE_URI"]), TestClock(),
                      RATELIMIT_STORAGE_URI=f"counts://{tmp_path / 'folder'}")  # fmt: skip
    assert app.test_client().get("/api/v1/years").status_code == 200
    close(app)


def test_the_limiter_is_asked_where_limits_are_and_takes_nobody_elses_place(tmp_path: Path) -> None:
    app = application(f"sqlite:///{tmp_path / 'x.sqlite'}", TestClock())
    try:
        for hooks in (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs):
            asked = {place: sum(_of_limiter(hook) for hook in found) for place, found in hooks.items()}
            assert {place for place, count in asked.items() if count} == {"public", "api"}
            assert set(asked.values()) <= {0, 1}
        assert "csrf_protect" in {hook.__name__ for hook in app.before_request_funcs[None]}
    finally:
        close(app)


def test_a_limiter_that_hangs_nothing_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "init_app", lambda _: None)
    app = Flask("office")
    app.before_request(lambda: None)
    with pytest.raises(RuntimeError, match="one hook"):
        limits.register(app)
    assert len(app.before_request_funcs[None]) == 1


def _of_limiter(hook: Any) -> bool:
    named = getattr(hook, "func", hook)  # one of them is partly given its arguments
    return str(named.__module__).startswith("flask_limiter")
