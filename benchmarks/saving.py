"""Saving one cell beside an empty Flask route, both behind the demonstration's gunicorn: two workers of four threads.

    python -m benchmarks.saving [sqlite | postgres] [--seconds N]

First eight clients save without a pause (requests a second, the floor in the same run), then a hundred assessors type
at once, each a cell every three seconds or so (median and 95th percentile of the answer). The bars: a quarter of the
floor, 150 ms.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable
from statistics import median
from urllib.parse import urlencode

from benchmarks.conflicting_edits import SHEET, Client, Server, build
from benchmarks.databases import NAMES, asked_for, database, load

ASSESSORS, AT_ONCE, PAUSE = 100, 8, (2.0, 4.0)
QUARTER, SLOWEST_MS = 4, 150
Post = Callable[[], float]


class Line:
    """A connection that is kept: as little of the machine as can be is spent on asking."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 60)

    def post(self, path: str, cookie: str, body: str) -> tuple[int, float]:
        """The status of an answer and the seconds until it was there."""
        head = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nContent-Length: {len(body)}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n\r\n")  # fmt: skip
        began = time.perf_counter()
        self.socket.sendall((head + body).encode())
        said = b""
        while b"\r\n\r\n" not in said:
            part = self.socket.recv(65536)
            if not part:
                raise OSError("the server hung up")
            said += part
        headers, _, rest = said.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in headers.lower().split(b"\r\n") if line[:15] == b"content-length:"), 0)
        while len(rest) < length:
            rest += self.socket.recv(65536)
        return int(headers.split(b" ", 2)[1]), time.perf_counter() - began


class Assessor:
    """Somebody who saves one cell again and again, each time on the version that stands."""

    def __init__(self, number: int, port: int, unit: int) -> None:
        client = Client(number, port)
        client.sign_in()
        self.cookie, self.token, self.unit, self.port = client.cookie, client.token, unit, port
        self.version = 0
        self.line: Line | None = None
        if client.connection is not None:
            client.connection.close()

    def save(self) -> float:
        """Save another value; the seconds that it took, with a new connection where the server gave up the old one."""
        body = urlencode({"csrf_token": self.token, f"v:{self.unit}:A1": self.version + 1,
                          f"b:{self.unit}:A1": self.version})  # fmt: skip
        began = time.perf_counter()
        try:
            self.line = self.line or Line(self.port)
            status, _ = self.line.post(SHEET, self.cookie, body)
        except OSError:
            self.line = Line(self.port)
            status, _ = self.line.post(SHEET, self.cookie, body)
        seconds = time.perf_counter() - began
        if status != 303:
            raise RuntimeError(f"not saved: {status}")
        self.version += 1
        return seconds


def together(posts: list[Post], seconds: float, pause: tuple[float, float] = (0, 0)) -> list[float]:
    """How long each answer took while all asked at once."""
    taken: list[float] = []
    end = time.perf_counter() + seconds

    def work(post: Post, draw: random.Random) -> None:
        if pause[1]:
            time.sleep(draw.random() * pause[1])
        while time.perf_counter() < end:
            taken.append(post())
            time.sleep(draw.uniform(*pause)) if pause[1] else None

    threads = [threading.Thread(target=work, args=(post, random.Random(n))) for n, post in enumerate(posts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def floor(seconds: float) -> float:
    """Requests a second of the empty route."""
    server = Server(dict(os.environ), _free_port(), "benchmarks.empty:app")
    server.start()
    try:
        lines = [Line(server.port) for _ in range(AT_ONCE)]
        posts: list[Post] = [lambda line=line: line.post("/", "a=b", "x=1")[1] for line in lines]  # type: ignore[misc]
        together(posts, 1)
        return len(together(posts, seconds)) / seconds
    finally:
        server.kill()


def saving(address: str, seconds: float) -> tuple[float, float, float]:
    """Saves a second without a pause; median and 95th percentile in seconds with a hundred assessors."""
    environ = {**os.environ, "DATABASE_URL": address, "STARRATING_ENV": "production", "SECURE_COOKIES": "0",
               "SECRET_KEY": secrets.token_hex(32)}  # fmt: skip
    units = build(environ, ASSESSORS, ASSESSORS)
    server = Server(environ, _free_port(), "wsgi:app")
    server.start()
    try:
        people = [Assessor(number, server.port, unit) for number, unit in enumerate(units)]
        some: list[Post] = [one.save for one in people[:AT_ONCE]]
        together(some, 1)
        speed = len(together(some, seconds)) / seconds
        taken = sorted(together([one.save for one in people], 3 * seconds, PAUSE))
        return speed, median(taken), taken[len(taken) * 95 // 100]
    finally:
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
    asked = parser.parse_args(arguments)
    print(f"gunicorn, 2 workers of 4 threads; {load()}", flush=True)
    for kind in asked_for(asked.database):
        empty = floor(asked.seconds)
        with database(kind) as address:
            speed, middle, slow = saving(address, asked.seconds)
        near = "holds" if speed * QUARTER >= empty else "BELOW THE BAR of 1/4"
        quick = "holds" if slow * 1000 <= SLOWEST_MS else f"OVER THE BAR of {SLOWEST_MS} ms"
        print(f"{NAMES[kind]}: empty route {empty:.0f}/s, saves {speed:.0f}/s = 1/{empty / speed:.1f} of it ({near})")
        print(f"  {ASSESSORS} assessors: median {middle * 1000:.0f} ms, p95 {slow * 1000:.0f} ms ({quick})", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
