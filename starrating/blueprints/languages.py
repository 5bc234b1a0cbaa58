"""In which language an answer is: the one chosen in the session, Chinese for everybody who chose none.

What is published or downloaded as a table or text never depends on it: `in_chinese` holds the reader's choice off.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, has_request_context, session
from flask_babel import force_locale, format_date, gettext

from starrating.wording.language import speaking

CHINESE, ENGLISH = "zh", "en"
LOCALES = {CHINESE: "zh_Hans_CN", ENGLISH: "en"}
"""What can be chosen, and what Babel calls it."""
TAGS = {CHINESE: "zh-Hans", ENGLISH: "en"}
"""What a page says its language is."""
NAMES = {CHINESE: "中文", ENGLISH: "English"}
"""Each language by its own name, which is never translated."""
KEPT = ("language", "large")
"""What a browser chose for reading: it outlives signing in and out."""
BEIJING = ZoneInfo("Asia/Shanghai")


def register(app: Flask) -> None:
    """Address each request in its reader's language, from before the guard until the answer is out."""
    app.before_request(begin)
    app.teardown_request(end)


def chosen() -> str:
    """The language of this request; Chinese for commands too."""
    asked = str(session.get("language", CHINESE)) if has_request_context() else CHINESE
    return asked if asked in LOCALES else CHINESE


def language() -> str:
    """The language of this request as Babel calls it."""
    return LOCALES[chosen()]


def begin() -> None:
    """The sentences of rules, reasons and charts follow the reader, for this request alone."""
    g.addressed = speaking(chosen())
    g.addressed.__enter__()


def end(_fault: BaseException | None) -> None:
    """The thread forgets its reader."""
    addressed = g.pop("addressed", None)
    if addressed is not None:
        addressed.__exit__(None, None, None)


@contextmanager
def in_chinese() -> Iterator[None]:
    """What is made here is the same bytes for every reader."""
    with force_locale(LOCALES[CHINESE]), speaking(CHINESE):
        yield


def renew_session(**begun: Any) -> None:
    """An empty session with `begun` in it; how this browser likes to read stays."""
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update({**kept, **begun})


def day_name(day: date) -> str:
    """A day as people write it."""
    return str(format_date(day, gettext("y年M月d日")))


def day_of(instant: datetime) -> str:
    """The day of an instant in Beijing."""
    return day_name(instant.astimezone(BEIJING).date())


def day_short(instant: datetime) -> str:
    """The day of an instant in Beijing, where the year is known."""
    return str(format_date(instant.astimezone(BEIJING).date(), gettext("M月d日")))
