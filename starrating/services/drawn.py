"""Papers drawn once: kept by the digest of what they show and of how they are set, one at a time on this machine."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, cast

from flask import current_app

from starrating.charts.cache import ChartCache
from starrating.documents.apart import typeset_apart
from starrating.documents.typesetting import TEMPLATES
from starrating.domain.faults import RuleError

EXTENSION = "starrating.papers"
MOST_WAITING = 3
"""Requests of a process that may wait for a paper: whoever asks for many leaves threads for the office's other work."""
MOST_BYTES = 512 * 1024 * 1024
"""Five years of a city's papers, three times over."""


_room = BoundedSemaphore(MOST_WAITING)


def set_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The paper of a template with data, set now; it is kept by whoever asks `drawn` for it."""
    return typeset_apart(template, data, _fonts())


def pdf_with_pictures(template: str, data: Mapping[str, Any], pictures: Sequence[str]) -> bytes:
    """A paper with pictures in it, set now; it is kept by whoever asks `drawn` for it."""
    return typeset_apart(template, data, _fonts(), pictures)


def setting() -> str:
    """How papers are set here, the office's own faces among it: part of what a paper's bytes follow from."""
    fonts = _fonts()
    faces = [f"{path.name} {path.stat().st_size}" for path in sorted(fonts.iterdir())] if fonts else []
    return f"{_setting()}\n{faces}"


def known(what: str, ending: str) -> bytes | None:
    """The file of `what` as it is kept; None where it is not."""
    return _papers().known(_name(what, ending))


def is_kept(what: str, ending: str) -> bool:
    """Whether the file of `what` is kept, without reading it."""
    return _papers().has(_name(what, ending))


def drawn(what: str, ending: str, draw: Callable[[], bytes]) -> bytes:
    """The file of `what`, a text from which its bytes follow; `paper.busy` where too many wait for theirs already."""
    name = _name(what, ending)
    kept = _papers().known(name)
    if kept is not None:
        return kept
    if not _room.acquire(blocking=False):
        raise RuleError("paper.busy")
    try:
        return _papers().kept(name, lambda: _alone(name, draw))
    finally:
        _room.release()


def _name(what: str, ending: str) -> str:
    return f"{sha256(what.encode()).hexdigest()}.{ending}"


def _papers() -> ChartCache:
    kept = current_app.extensions.get(EXTENSION)
    if kept is None:
        made = ChartCache(_folder(), most_bytes=MOST_BYTES, renders=1)
        kept = current_app.extensions.setdefault(EXTENSION, made)
    return cast(ChartCache, kept)


def _folder() -> Path:
    """Beside the charts: what lies there may be deleted at any time."""
    return Path(current_app.config["CHART_FOLDER"]) / "papers"


def _alone(name: str, draw: Callable[[], bytes]) -> bytes:
    """A paper that another process may have drawn while this one waited for its turn."""
    with _turn():
        return _papers().known(name) or draw()


def _fonts() -> Path | None:
    """The folder with the office's own faces, if it has one."""
    named = current_app.config.get("DOCUMENT_FONTS")
    return Path(named) if named else None


@contextmanager
def _turn() -> Iterator[None]:
    """One paper at a time on this machine, whichever process draws it: a city's takes all processors for seconds."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "drawing.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@cache
def _setting() -> str:
    """How papers are set: every template and typst's version; a change is not answered with what was drawn before."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.glob("*.typ"))]
    return sha256("\n".join([version("typst"), *texts]).encode()).hexdigest()
