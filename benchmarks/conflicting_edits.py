"""2,000 acknowledged conflicting edits by 20 clients on 5 cells of a real server that is killed three times meanwhile.

    python -m benchmarks.conflicting_edits [sqlite | postgres] [--naive]

Without a name first a SQLite file, then a PostgreSQL of its own. Every edit writes a number that is used once, so
that each answer can be looked for afterwards: what was acknowledged must stand in the history right after the version
it was based on, what was refused must not stand there at all. Everything listens on the own machine only.

With `--naive` the server saves as a plain edit form does, and the losses must be found.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.databases import NAMES, asked_for, database, end_cleanly, load

EDITS, CLIENTS, CELLS, KILLS, SECONDS = 2_000, 20, 5, 3, 420
THREADS = 16
ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "星光 不负赶路人 2024"
DEPARTMENT, YEAR = "区民政局", 2024
SCHEME = f"""format: starrating/1
code: conflicts
title: 基准
year: {YEAR}
levels: [{{code: none, name: 无星, stars: 0}}, {{code: five, name: 五星, stars: 5}}]
indicators:
  - {{code: A1, name: 指标, method: direct, max: 999999999, source: {DEPARTMENT}}}
allocation:
  levels: {{five: {{quota: 10%}}}}
"""
SHEET = "/scoring/cycles/1/village/indicators/A1"


@dataclass
class Told:
    """What the clients were told, by the number that they wrote."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Number → the cell and the version it was based on."""
    refused: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)


class Server:
    """gunicorn with two workers of sixteen threads, as the demonstration runs it; it dies with the benchmark."""

    def __init__(self, environ: dict[str, str], port: int, served: str) -> None:
        self.environ, self.port, self.served = environ, port, served
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        tied = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        command = [*tied, sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--workers", "2",
                   "--threads", str(THREADS), "--log-level", "critical", self.served]  # fmt: skip
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environ, start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        """End every process of the server at once, without a warning."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Client:
    """One assessor at a browser, without the browser."""

    def __init__(self, number: int, port: int) -> None:
        self.number, self.port, self.cookie, self.token = number, port, "", ""
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, fields: dict[str, Any] | None = None) -> tuple[int, str, str]:
        """Status, body and the cookie that was set; `OSError` where no whole answer came."""
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.connection.request(method, path, urlencode(fields) if fields else None, headers)
            answer = self.connection.getresponse()
            body = answer.read().decode()
        except (OSError, http.client.HTTPException) as fault:
            self.connection = None
            raise OSError(str(fault)) from None
        return answer.status, body, (answer.getheader("Set-Cookie") or "").partition(";")[0]

    def sign_in(self) -> None:
        _, page, self.cookie = self.ask("GET", "/accounts/sign-in")
        typed = {"csrf_token": self._token(page), "name": f"client{self.number}", "password": PASSWORD}
        status, _, self.cookie = self.ask("POST", "/accounts/sign-in", typed)
        if status not in (302, 303):
            raise RuntimeError(f"client {self.number} was not let in: {status}")
        _, page, cookie = self.ask("GET", "/accounts/password")
        self.cookie, self.token = cookie or self.cookie, self._token(page)

    @staticmethod
    def _token(page: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        if not found:
            raise RuntimeError("a page without a token")
        return found[1]

    def work(self, units: list[int], told: Told, stop: threading.Event) -> None:
        """Edit one cell after the other on the version last heard of, each up to five times, until there are enough."""
        known, count = dict.fromkeys(units, 0), 0
        while not stop.is_set():
            unit = units[(self.number + count // 5) % len(units)]
            count += 1
            self._edit(unit, self.number * 1_000_000 + count, known, told, stop)

    def _edit(self, unit: int, number: int, known: dict[int, int], told: Told, stop: threading.Event) -> None:
        base, cut, status, body = known[unit], False, 0, ""
        fields = {"csrf_token": self.token, f"v:{unit}:A1": number, f"b:{unit}:A1": base}
        while True:
            try:
                status, body, _ = self.ask("POST", SHEET, fields)
            except OSError:
                cut = True
                with told.lock:
                    told.answers["no answer"] += 1
                if stop.is_set():
                    break
                time.sleep(0.05)
                continue
            break
        with told.lock:
            if cut and status != 303:
                told.unknown.add(number)
            told.answers[str(status)] += 1
            if status == 303:
                told.acknowledged[number] = (unit, base)
                known[unit] = base + 1
                return
            if not cut:
                told.refused.add(number)
        stands = re.search(rf'name="b:{unit}:A1" value="(\d+)"', body) if status == 409 else None
        if stands:
            known[unit] = int(stands[1])


def build(environ: dict[str, str], cells: int = CELLS, clients: int = CLIENTS) -> list[int]:
    """A district with so many villages (at most 100) and assessors; the keys of the villages."""
    import flask_migrate

    from config import settings
    from starrating.app import create_app

    app = create_app(settings(environ))
    with app.app_context():
        flask_migrate.upgrade()
        return _fill(cells, clients)


def _fill(cells: int, clients: int) -> list[int]:
    from starrating.domain.workflow import CycleStep
    from starrating.models.accounts import Account, Grant
    from starrating.models.divisions import Division, Unit
    from starrating.queries.cycles import cycle as one
    from starrating.services.accounts.passwords import hash_password
    from starrating.services.clock import now
    from starrating.services.transaction import transaction
    from starrating.services.years.cycles import open_cycle, take_step
    from starrating.services.years.scheme_texts import read_uploaded

    hashed = hash_password(PASSWORD)
    with transaction() as session:
        keys: list[int] = []
        for level, kind in (("municipality", "市"), ("district", "区"), ("township", "镇")):
            division = Division(code=str(len(keys) + 1) * 12, name=kind, level=level, kind=kind,
                                parent_id=keys[-1] if keys else None)  # fmt: skip
            session.add(division)
            session.flush()
            keys.append(division.id)
        units = [Unit(code=f"3333333332{n:02}", name=f"{n}村", kind="village", township_id=keys[2],
                      district_id=keys[1], rated=True, valid_from=date(2000, 1, 1)) for n in range(cells)]  # fmt: skip
        session.add_all(units)
        for number in range(clients):
            account = Account(name=f"client{number}", display_name=f"{number}号", password_hash=hashed,
                              must_change_password=False, password_changed_at=now(), created_at=now())  # fmt: skip
            session.add(account)
            session.flush()
            session.add(Grant(account_id=account.id, role="district_assessor", division_id=keys[1],
                              department=DEPARTMENT, granted_at=now()))  # fmt: skip
        session.flush()
        ids = [unit.id for unit in units]
    key = open_cycle(keys[1], YEAR, {"village": read_uploaded(SCHEME.encode())}, None)
    row = one(key)
    assert row is not None
    take_step(key, CycleStep.OPEN_SCORING, row.version, None)
    return ids


def verify(environ: dict[str, str], told: Told) -> bool:
    """Compare what the clients were told with what is stored, and print it."""
    from sqlalchemy import func, select

    from config import settings
    from starrating.app import create_app
    from starrating.extensions import db
    from starrating.models.audit import AuditEvent
    from starrating.models.scores import ScoreCell, ScoreValue
    from starrating.services.audit import verify_chain

    with create_app(settings(environ)).app_context():
        history: dict[int, list[tuple[int, int, int]]] = {}
        for unit, version, value in db.session.execute(
            select(ScoreCell.unit_id, ScoreValue.version, ScoreValue.value)
            .join(ScoreCell, ScoreCell.id == ScoreValue.cell_id)
            .order_by(ScoreValue.cell_id, ScoreValue.version)
        ):
            history.setdefault(int(value), []).append((unit, version - 1, int(value)))
        stands = db.session.execute(select(ScoreCell.version, ScoreCell.value, func.count(ScoreValue.id), func.max(
            ScoreValue.version)).join(ScoreValue, ScoreValue.cell_id == ScoreCell.id)
            .group_by(ScoreCell.id, ScoreCell.version, ScoreCell.value)).all()  # fmt: skip
        rows = sum(map(len, history.values()))
        events = db.session.scalar(select(func.count()).where(AuditEvent.act == "score_saved")) or 0
        missing = [number for number in told.acknowledged if number not in history]
        lost = [number for number, base in told.acknowledged.items()
                if number in history and history[number] != [(*base, number)]]  # fmt: skip
        ghosts = [number for number in history if number not in told.acknowledged and number not in told.unknown]
        uneven = [row for row in stands if not row[0] == row[2] == row[3]]
        chain = verify_chain()
    print(f"  acknowledged {len(told.acknowledged)}, refused as conflicts {told.answers['409']}, "
          f"answers {dict(told.answers)}")  # fmt: skip
    print(f"  history {rows} rows on {len(stands)} cells, audit events {events}, "
          f"chain {'whole' if chain.broken_at is None else 'BROKEN'}, "
          f"cut off and stored {sum(number in history for number in told.unknown)} of {len(told.unknown)}")  # fmt: skip
    print(f"  lost {len(lost)}, acknowledged but missing {len(missing)}, ghosts {len(ghosts)}, "
          f"cells whose version is not their history {len(uneven)}")  # fmt: skip
    enough = len(told.acknowledged) >= EDITS
    return enough and not (lost or missing or ghosts or uneven) and chain.broken_at is None and events == rows


def run(name: str, address: str, served: str) -> bool:
    """One database: build, edit and kill, verify."""
    environ = {**os.environ, "DATABASE_URL": address, "STARRATING_ENV": "development",
               "SECRET_KEY": secrets.token_hex(32)}  # fmt: skip
    units, told, stop = build(environ), Told(), threading.Event()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = Server(environ, port, served)
    server.start()
    killed = 0
    try:
        clients = [Client(number, port) for number in range(CLIENTS)]
        for client in clients:
            client.sign_in()
        began = time.monotonic()
        threads = [threading.Thread(target=client.work, args=(units, told, stop)) for client in clients]
        for thread in threads:
            thread.start()
        while len(told.acknowledged) < EDITS and time.monotonic() - began < SECONDS:
            time.sleep(0.02)
            if killed < KILLS and len(told.acknowledged) >= EDITS * (killed + 1) // (KILLS + 1):
                server.kill()
                killed += 1
                server.start()
        stop.set()
        for thread in threads:
            thread.join()
        print(f"{name}: {time.monotonic() - began:.1f} s, killed {killed} times")
    finally:
        stop.set()
        server.kill()
    return verify(environ, told) and killed == KILLS


def main(arguments: list[str]) -> int:
    """0 when nothing was lost, missing or made up; with `--naive`, when the losses were found."""
    naive, good = "--naive" in arguments, True
    end_cleanly()
    print(f"{EDITS} acknowledged edits, {CLIENTS} clients, {CELLS} cells, {KILLS} kill -9; {load()}", flush=True)
    for kind in asked_for(arguments):
        with database(kind) as address:
            held = run(NAMES[kind], address, "benchmarks.naive_saving:app" if naive else "wsgi:app")
        print(f"  {'holds' if held else 'DOES NOT HOLD'}", flush=True)
        good = good and held is not naive
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
