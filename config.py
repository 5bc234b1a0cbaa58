"""Settings from the environment, one class per environment; nothing secret has a default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

SHORTEST_KEY = 32
MEGABYTE = 1024 * 1024
KNOWN_KEYS = (
    "change_me", "changeme", "change-me", "secret", "dev", "development", "test", "password", "temporary_key",
    "default",
    "thisismyscretkey", "your-secret-key", "your_secret_key", "super-secret", "supersecret", "starrating", "demo",
    "\2\1thisismyscretkey\1\2\\e\\y\\y\\h",
    "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET", "TEST_NON_DEV_SECRET", "USE_YOUR_OWN_SECURE_RANDOM_KEY",
    "c292a0a3aa32397cdb050e233733900f", "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
    "5f352379324c22463451387a0aec5d2f", "_5#y2LF4Q8z\n\xec]/",
)  # fmt: skip
"""Keys that other projects shipped or that documents show: whoever reads them can sign our cookies."""
BOTH_WAYS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class SettingRefused(Exception):
    """A setting with which the application does not start; the text says which and why."""


def secret_key(value: str | None) -> str:
    """`value`, if it can be a key: long enough, not known to anybody, not one character over and over."""
    if not value:
        raise SettingRefused(
            "SECRET_KEY is missing. Make one: python -c 'import secrets; print(secrets.token_hex(32))'"
        )
    if len(value.encode()) < SHORTEST_KEY:
        raise SettingRefused(f"SECRET_KEY has {len(value.encode())} bytes; it needs {SHORTEST_KEY} or more")
    bare = "".join(letter for letter in value.casefold() if letter.isalnum())
    known = {"".join(letter for letter in key.casefold() if letter.isalnum()) for key in KNOWN_KEYS}
    if any(bare.replace(key, "") == "" for key in known) or len(set(value)) < 8:
        raise SettingRefused("SECRET_KEY is a known or a repeated value. Make one of your own")
    return value


class Production:
    """What an office runs."""

    DEBUG = False
    TESTING = False
    WTF_CSRF_TIME_LIMIT = None
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    MAX_CONTENT_LENGTH = 16 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024
    MAX_FORM_PARTS = 20_000
    BABEL_DEFAULT_LOCALE = "zh_Hans_CN"
    BABEL_DOMAIN = "starrating"
    BABEL_DEFAULT_TIMEZONE = "Asia/Shanghai"
    RATELIMIT_HEADERS_ENABLED = False
    RATELIMIT_IN_MEMORY_FALLBACK_ENABLED = True
    PAPERS_LIMIT = "60 per minute"
    CHECKS_LIMIT = "30 per minute"
    OPEN_DATA_LIMIT = "600 per minute"
    OBJECTING_LIMIT = "20 per hour"
    SESSION_IDLE = timedelta(minutes=30)
    SESSION_ABSOLUTE = timedelta(hours=8)
    STYLEGUIDE = False
    CHARTS_AHEAD = True
    ARGON2_MEMORY_KIB = 19_456
    ARGON2_TIME = 2
    secure_by_default = True

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.SECRET_KEY = secret_key(environ.get("SECRET_KEY"))
        fallbacks = environ.get("SECRET_KEY_FALLBACKS", "").split()
        self.SECRET_KEY_FALLBACKS = [secret_key(key) for key in fallbacks]
        self.SQLALCHEMY_DATABASE_URI = database_address(environ.get("DATABASE_URL") or default_database())
        self.SQLALCHEMY_ENGINE_OPTIONS = engine_options(self.SQLALCHEMY_DATABASE_URI)
        self.SESSION_COOKIE_SECURE = switch(environ, "SECURE_COOKIES", default=self.secure_by_default)
        self.SESSION_COOKIE_NAME = "__Host-starrating" if self.SESSION_COOKIE_SECURE else "starrating"
        self.CHART_FOLDER = environ.get("CHART_FOLDER") or str(Path(__file__).resolve().parent / "instance" / "charts")
        self.TRUSTED_PROXIES = number(environ, "TRUSTED_PROXIES", default=0)
        self.EVIDENCE_FOLDER = evidence_folder(environ.get("EVIDENCE_FOLDER"))
        self.SIGNING_KEY_FILE = signing_key_file(environ.get("SIGNING_KEY_FILE"))
        self.PERSONAL_KEY_FILE = personal_key_file(environ.get("PERSONAL_KEY_FILE"))
        self.PERSON_NUMBERS_YEARS = number(environ, "PERSON_NUMBERS_YEARS", default=1)
        self.PERSON_NAMES_YEARS = number(environ, "PERSON_NAMES_YEARS", default=10)
        self.RATELIMIT_STORAGE_URI = environ.get("RATELIMIT_STORAGE_URI") or shared_counts()
        self.DOCUMENT_FONTS = font_folder(environ.get("DOCUMENT_FONTS", ""))
        self.PUBLIC_ADDRESS = public_address(environ.get("PUBLIC_ADDRESS", ""))
        self.EVIDENCE_BUCKET = environ.get("EVIDENCE_BUCKET", "")
        self.S3_ENDPOINT = environ.get("S3_ENDPOINT", "")
        self.S3_REGION = environ.get("S3_REGION", "us-east-1")
        self.S3_ACCESS_KEY = environ.get("S3_ACCESS_KEY", "")
        self.S3_SECRET_KEY = environ.get("S3_SECRET_KEY", "")
        self.EVIDENCE_FILE_BYTES = number(environ, "EVIDENCE_FILE_MB", default=20) * MEGABYTE
        self.EVIDENCE_FILES = number(environ, "EVIDENCE_FILES", default=20)
        self.OBJECTION_DAYS = number(environ, "OBJECTION_DAYS", default=5)
        self.OBJECTIONS_A_DAY = number(environ, "OBJECTIONS_A_DAY", default=200)
        self.OBJECTOR_FILES = number(environ, "OBJECTOR_FILES", default=3)
        self.OBJECTOR_FILE_MB = number(environ, "OBJECTOR_FILE_MB", default=4)
        self.OBJECTOR_DAY_MB = number(environ, "OBJECTOR_DAY_MB", default=500)
        self.OBJECTOR_STORE_MB = number(environ, "OBJECTOR_STORE_MB", default=10_000)
        self.OBJECTOR_YEARS = number(environ, "OBJECTOR_YEARS", default=1)
        self.EVIDENCE_UNIT_BYTES = number(environ, "EVIDENCE_UNIT_MB", default=200) * MEGABYTE
        self.EVIDENCE_REQUEST_BYTES = max(5 * self.EVIDENCE_FILE_BYTES, self.MAX_CONTENT_LENGTH)


class Development(Production):
    """What a developer runs: plain HTTP on the own machine, the style guide open; the key is still asked for."""

    DEBUG = True
    STYLEGUIDE = True
    secure_by_default = False


class Testing(Production):
    """What tests run: the key and the database come from the test, the cost of a password is small."""

    TESTING = True
    STYLEGUIDE = True
    CHARTS_AHEAD = False
    ARGON2_MEMORY_KIB = 8
    ARGON2_TIME = 1
    PAPERS_LIMIT = CHECKS_LIMIT = OPEN_DATA_LIMIT = OBJECTING_LIMIT = "1000000 per minute"
    secure_by_default = False


ENVIRONMENTS: dict[str, type[Production]] = {
    "production": Production,
    "development": Development,
    "testing": Testing,
}


def settings(environ: Mapping[str, str]) -> Production:
    """The settings of the environment named by STARRATING_ENV, `production` where it is not named."""
    name = environ.get("STARRATING_ENV", "production")
    if name not in ENVIRONMENTS:
        raise SettingRefused(f"STARRATING_ENV is {name!r}; it can be {', '.join(ENVIRONMENTS)}")
    return ENVIRONMENTS[name](environ)


def default_database() -> str:
    """A SQLite file in `instance/` beside this file."""
    folder = Path(__file__).resolve().parent / "instance"
    folder.mkdir(exist_ok=True)
    return f"sqlite:///{folder / 'starrating.sqlite'}"


def database_address(address: str) -> str:
    """The address with the driver that is installed: psycopg 3 for PostgreSQL."""
    scheme, _, rest = address.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else address


def evidence_folder(path: str | None) -> str:
    """Where evidence lies: `instance/evidence` beside this file where nothing is said."""
    return _outside("EVIDENCE_FOLDER", path, "evidence")


def signing_key_file(path: str | None) -> str:
    """The file of the key that signs editions: `instance/signing-key.pem` where nothing is said."""
    return _outside("SIGNING_KEY_FILE", path, "signing-key.pem")


def personal_key_file(path: str | None) -> str:
    """The file of the keys that seal people's numbers: `instance/personal-keys.json` where nothing is said."""
    return _outside("PERSONAL_KEY_FILE", path, "personal-keys.json")


def shared_counts() -> str:
    """The file in which all processes of this machine count the requests of an address."""
    return f"counts://{Path(__file__).resolve().parent / 'instance' / 'limits.sqlite3'}"


def font_folder(path: str) -> str:
    """A folder with faces that the office has a licence for, empty where it has none."""
    if path and not Path(path).is_dir():
        raise SettingRefused(f"DOCUMENT_FONTS is {path!r}; it should be a folder with OTF or TTF files")
    return path


def public_address(text: str) -> str:
    """Where the public reaches the pages, for papers and plaques: a scheme and a host, empty where nothing is said."""
    if text and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?", text):
        raise SettingRefused(f"PUBLIC_ADDRESS is {text!r}; it should be like https://stars.example.gov.cn")
    return text.rstrip("/")


def _outside(name: str, path: str | None, usual: str) -> str:
    """A place that the web does not serve, in `instance/` beside this file where nothing is said."""
    root = Path(__file__).resolve().parent
    place = Path(path).resolve() if path else root / "instance" / usual
    if place.is_relative_to(root / "starrating") or place.is_relative_to(root / "templates"):
        raise SettingRefused(f"{name} is {place}; it should lie outside the program and its static files")
    return str(place)


def engine_options(address: str) -> dict[str, object]:
    """The pool's options: the connection used last is the first to be used again, for it remembers what was asked.

    PostgreSQL refuses to wait for ever; a connection that rested is tried before it is used (`extensions`).
    """
    if address.startswith("sqlite"):
        return {} if address.endswith((":memory:", "://")) else {"pool_use_lifo": True}
    return {"pool_use_lifo": True, "connect_args": {"options": "-c timezone=utc", "connect_timeout": 5}}


def switch(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    """A setting that is on or off."""
    text = environ.get(name, "").lower()
    if text and text not in BOTH_WAYS:
        raise SettingRefused(f"{name} is {text!r}; it can be 1 or 0")
    return BOTH_WAYS.get(text, default)


def number(environ: Mapping[str, str], name: str, *, default: int) -> int:
    """A setting that is a whole number."""
    text = environ.get(name, str(default))
    if not text.isdecimal():
        raise SettingRefused(f"{name} is {text!r}; it should be a whole number")
    return int(text)
