"""Work that takes longer than an answer may: in a thread of its own, its progress in a file that every process reads.

A job is known by what it makes. It is done once at a time on a machine: whoever does it holds the lock of a file, which
the kernel gives back when the process dies, so that work that was broken off is told from work that goes on.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app

from starrating.domain.faults import RuleError
from starrating.domain.objections import Part
from starrating.domain.windows import Stage
from starrating.domain.workflow import CycleState
from starrating.processors import anywhere

EXTENSION = "starrating_jobs"
FOLDER = "jobs"
MOST = 3
"""How many jobs a process works on at once."""
Step = Callable[[str], None]
"""Is told in words what is being done."""
Work = Callable[[Step], str | None]
"""What a job does; it gives back where what it made is found, or nothing where that follows from the job's name."""
KINDS: Mapping[str, Callable[[str], Any]] = {
    "time": datetime.fromisoformat,
    **{kind.__name__: kind for kind in (Stage, CycleState, Part)},
}
"""The facts of a refusal that its sentence tells in words of their own: written with their kind, read back as it."""
log = logging.getLogger("starrating.jobs")


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a job is: `state` is `none`, `working`, `done`, `failed` or `broken` (off); `step` what it does."""

    state: str
    step: str = ""
    fault: str = ""
    """The code of the refusal that a job ended with; empty of any other fault."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """With what it was refused: what its sentence tells."""
    made: str = ""
    """What the last run that ended well gave back: known while the same is done again, and if that fails."""


def begin(what: str, work: Work, most: int = MOST) -> bool:
    """Start a job in the background; False where it is under way already. `job.busy` where `most` others are."""
    threads = _threads()
    if sum(thread.is_alive() for thread in threads.values()) >= most:
        raise RuleError("job.busy")
    lock = _locked(what)
    if lock is None:
        return False
    app: Flask = cast(Any, current_app)._get_current_object()
    thread = threading.Thread(target=_do, args=(app, what, work, lock), name=f"job-{_name(what)[:8]}", daemon=True)
    try:
        _tell(what, "working")
        thread.start()
    except BaseException:  # a full disk, no more threads: whoever asks again must not find it under way
        os.close(lock)
        raise
    threads[what] = thread
    return True


def progress(what: str) -> Progress:
    """Where a job is."""
    found = _told(what)
    if found.state != "working":
        return found
    lock = _locked(what)
    if lock is None:
        return found
    os.close(lock)
    return replace(found, state="broken")


def wait(what: str) -> None:
    """Until a job of this process is over."""
    thread = _threads().get(what)
    if thread is not None:
        thread.join()


@anywhere()
def _do(app: Flask, what: str, work: Work, lock: int) -> None:
    with app.app_context():
        try:
            made = work(lambda step: _tell(what, "working", step))
            _tell(what, "done", made=made or "")
        except RuleError as refusal:
            _tell(what, "failed", refusal=refusal)
        except Exception:
            log.exception("a job failed")
            _tell(what, "failed")
        finally:
            os.close(lock)


def _told(what: str) -> Progress:
    """What the file of a job says."""
    try:
        said = json.loads(_path(what, "json").read_text(encoding="utf-8"))
        facts = {name: _read(fact) for name, fact in said.pop("facts", {}).items()}
        return Progress(**said, facts=facts)
    except (AttributeError, KeyError, FileNotFoundError, ValueError, TypeError):
        return Progress("none")


def _tell(what: str, state: str, step: str = "", refusal: RuleError | None = None, made: str | None = None) -> None:
    """The file appears by a rename: nobody reads half of it. Only whoever holds the lock tells."""
    said: dict[str, Any] = {"state": state, "step": step, "made": _told(what).made if made is None else made}
    if refusal is not None:
        said |= {"fault": refusal.code, "facts": {name: _written(fact) for name, fact in refusal.facts.items()}}
    path = _path(what, "json")
    beside = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    beside.write_text(json.dumps(said), encoding="utf-8")
    beside.replace(path)


def _written(fact: Any) -> Any:
    """A fact of a refusal as JSON carries it."""
    match fact:
        case datetime():
            return {"time": fact.isoformat()}
        case Stage() | CycleState() | Part():
            return {type(fact).__name__: fact.value}
        case tuple():
            return [_written(one) for one in fact]
        case int():
            return fact
        case _:
            return str(fact)


def _read(fact: Any) -> Any:
    """A fact as it was before it was written."""
    match fact:
        case dict():
            ((kind, value),) = fact.items()
            return KINDS[kind](value)
        case list():
            return tuple(_read(one) for one in fact)
        case _:
            return fact


def _locked(what: str) -> int | None:
    """The lock of a job as an open file; None where somebody holds it."""
    file = os.open(_path(what, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def _path(what: str, ending: str) -> Path:
    folder = Path(current_app.config["CHART_FOLDER"]) / "papers" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{_name(what)}.{ending}"


def _name(what: str) -> str:
    return sha256(what.encode()).hexdigest()


def _threads() -> dict[str, threading.Thread]:
    return cast(dict[str, threading.Thread], current_app.extensions.setdefault(EXTENSION, {}))
