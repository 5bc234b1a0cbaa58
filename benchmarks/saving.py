"""Saving one cell beside an empty Flask route, both behind the demonstration's gunicorn: two workers of 16 threads.

    python -m benchmarks.saving [sqlite | postgres] [--seconds N] [--rounds N]

A cell is saved as the grid saves it: a batch of one as JSON, on the version that stands. In every round 32 clients
ask the empty route without a pause and then save without a pause: the bar is a quarter of the floor. At the end a
hundred assessors type at once, each a cell every three seconds or so: the bar is 150 ms for 95 of 100 answers. Whatever
ends the run (SIGTERM too), server and database end with it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.conflicting_edits import THREADS, Client, Server, build
from benchmarks.databases import NAMES, asked_for, database, end_cleanly, load

ASSESSORS, AT_ONCE, PAUSE = 100, 32, (2.0, 4.0)
QUARTER, SLOWEST_MS = 4, 150
CELLS = "/scoring/cycles/1/village/grid/cells"
SLOWEST_ANSWER = 60
KEPT = 40
"""After so many requests at most a connection is given up for a new one, so that every worker gets its share."""
Post = Callable[[], float]


class Line:
    """A connection that is kept: as little of the machine as can be is spent on asking."""

    def __init__(self, port: int) -> None:
        self.port, self.left = port, 0
        self._connect()

    def _connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), SLOWEST_ANSWER)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = random.randint(1, KEPT)

    def post(self, path: str, body: str, *headers: str) -> tuple[int, bytes]:
        """The status and the body of an answer."""
        if not self.left:
            self.socket.close()
            self._connect()
        self.left -= 1
        more = "".join(f"{one}\r\n" for one in headers)
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        self.socket.sendall((head + body).encode())
        said = b""
        while b"\r\n\r\n" not in said:
            said += self._more()
        headers_said, _, rest = said.partition(b"\r\n\r\n")
        lines = headers_said.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line[:15] == b"content-length:"), 0)
        while len(rest) < length:
            rest += self._more()
        return int(headers_said.split(b" ", 2)[1]), rest

    def _more(self) -> bytes:
        part = self.socket.recv(65536)
        if not part:
            raise OSError("the server hung up")
        return part


class Assessor:
    """Somebody who saves one cell again and again, each time on the version that stands."""

    def __init__(self, number: int, port: int, unit: int) -> None:
        client = Client(number, port)
        client.sign_in()
        said = json.loads(client.ask("GET", "/scoring/grid/token")[1])
        self.account, self.unit, self.port, self.version = said["account"], unit, port, 0
        self.headers = (f"Cookie: {client.cookie}", "Content-Type: application/json", f"X-CSRFToken: {said['token']}")
        self.line: Line | None = None
        if client.connection is not None:
            client.connection.close()

    def save(self) -> float:
        """Save another value; the seconds that it took, with a new connection where the server gave up the old one."""
        cell = {"unit": self.unit, "header": "A1", "version": self.version, "text": str(self.version + 1), "reason": ""}
        body = json.dumps({"account": self.account, "cells": [cell]})
        began = time.perf_counter()
        try:
            self.line = self.line or Line(self.port)
            status, said = self.line.post(CELLS, body, *self.headers)
        except OSError:
            self.line = Line(self.port)
            status, said = self.line.post(CELLS, body, *self.headers)
        seconds = time.perf_counter() - began
        answer = json.loads(said)["cells"][0] if status == 200 else {}
        if (answer.get("status"), answer.get("version")) != ("saved", self.version + 1):
            raise RuntimeError(f"not saved: {status} {said[:200]!r}")
        self.version += 1
        return seconds


def together(posts: list[Post], seconds: float, pause: tuple[float, float] = (0, 0)) -> list[float]:
    """How long each answer took while all asked at once; the first fault ends them all."""
    taken: list[float] = []
    faults: list[Exception] = []
    end = time.perf_counter() + seconds

    def work(post: Post, draw: random.Random) -> None:
        if pause[1]:
            time.sleep(draw.random() * pause[1])
        try:
            while time.perf_counter() < end and not faults:
                taken.append(post())
                if pause[1]:
                    time.sleep(draw.uniform(*pause))
        except Exception as fault:
            faults.append(fault)

    threads = [
        threading.Thread(target=work, args=(post, random.Random(n)), daemon=True) for n, post in enumerate(posts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return taken


def cpu_seconds(server: Server) -> float:
    """What the processes of a server have spent of the processors, which a busy machine changes less than its speed."""
    spent = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if server.process is not None and int(fields[2]) == server.process.pid:
                spent += int(fields[11]) + int(fields[12])
    return spent / os.sysconf("SC_CLK_TCK")


@dataclass
class Speed:
    """Answers a second, and the processors' milliseconds for each, without those of a database server."""

    a_second: float
    cpu_ms: float


def speed(server: Server, posts: list[Post], seconds: float) -> Speed:
    """How fast a server answers without a pause."""
    before, began = cpu_seconds(server), time.perf_counter()
    count = len(together(posts, seconds))
    return Speed(count / (time.perf_counter() - began), (cpu_seconds(server) - before) / count * 1000)


def idle(port: int) -> list[Post]:
    """Clients of the empty route."""

    def client() -> Post:
        line = Line(port)

        def post() -> float:
            began = time.perf_counter()
            line.post("/", "x=1", "Cookie: a=b")
            return time.perf_counter() - began

        return post

    return [client() for _ in range(AT_ONCE)]


def measure(address: str, seconds: float, rounds: int) -> tuple[list[tuple[Speed, Speed]], list[float]]:
    """Of each round the answers a second of the empty route and of saving; the seconds that assessors' saves took."""
    environ = {**os.environ, "DATABASE_URL": address, "STARRATING_ENV": "production", "SECURE_COOKIES": "0",
               "SECRET_KEY": secrets.token_hex(32)}  # fmt: skip
    units = build(environ, ASSESSORS, ASSESSORS)
    empty, server = Server(dict(os.environ), _free_port(), "benchmarks.empty:app"), None
    try:
        empty.start()
        server = Server(environ, _free_port(), "wsgi:app")
        server.start()
        people = [Assessor(number, server.port, unit) for number, unit in enumerate(units)]
        saves: list[Post] = [one.save for one in people]
        together(saves[:AT_ONCE], 1)
        found = [
            (speed(empty, idle(empty.port), seconds), speed(server, saves[:AT_ONCE], seconds)) for _ in range(rounds)
        ]
        return found, sorted(together(saves, max(20, 2 * seconds), PAUSE))
    finally:
        empty.kill()
        if server is not None:
            server.kill()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def main(arguments: list[str]) -> None:
    """The figures beside their floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", nargs="*", choices=[*NAMES, []])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    end_cleanly()
    print(f"gunicorn, 2 workers of {THREADS} threads; {load()}", flush=True)
    for kind in asked_for(asked.database):
        with database(kind) as address:
            found, taken = measure(address, asked.seconds, asked.rounds)
        for empty, save in found:
            print(f"{NAMES[kind]}: empty route {empty.a_second:.0f}/s, {empty.cpu_ms:.2f} ms of CPU each; "
                  f"saves {save.a_second:.0f}/s = 1/{empty.a_second / save.a_second:.1f}, {save.cpu_ms:.2f} ms each",
                  flush=True)  # fmt: skip
        times = median(empty.a_second / save.a_second for empty, save in found)
        near = "holds" if times <= QUARTER else f"BELOW THE BAR of 1/{QUARTER}"
        middle, slow = median(taken) * 1000, taken[len(taken) * 95 // 100] * 1000
        quick = "holds" if slow <= SLOWEST_MS else f"OVER THE BAR of {SLOWEST_MS} ms"
        print(f"  median of the rounds: 1/{times:.1f} of the empty route ({near})")
        print(f"  {ASSESSORS} assessors, {len(taken)} saves: median {middle:.0f} ms, p95 {slow:.0f} ms ({quick})")
        print(f"  {load()}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
