"""Where files are kept: under names that nobody can guess, on disk or in any store that speaks S3, by setting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import Flask, current_app

EXTENSION = "starrating_store"


class StoreFull(Exception):
    """There is no room: nothing was kept."""


class StoreUnreachable(Exception):
    """The store does not answer or refuses: nothing is known to be kept."""


class NotKept(Exception):
    """The store has no file of that name."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: its name, its size, when it came."""

    name: str
    size: int
    at: datetime


class Store(Protocol):
    """What a store can do, with no faults but the three above; names are 32 random hexadecimal digits."""

    def put(self, name: str, content: bytes) -> None:
        """Keep a content under a name that is new: wholly, safe from a power cut, or not at all."""

    def read(self, name: str) -> bytes:
        """The content; `NotKept` where there is none."""

    def remove(self, name: str) -> None:
        """Let a file go; one that is not there is no fault."""

    def files(self) -> Iterator[Kept]:
        """Every file there is, unfinished ones too."""


def store(app: Flask | None = None) -> Store:
    """The store of an application, made when it is first needed: a process that forks makes its own connections."""
    here = app or current_app
    if EXTENSION not in here.extensions:
        here.extensions[EXTENSION] = _made(here)
    found: Store = here.extensions[EXTENSION]
    return found


def _made(app: Flask) -> Store:
    if app.config["EVIDENCE_BUCKET"]:
        from starrating.services.storage.objects import object_store

        return object_store(app.config)
    from starrating.services.storage.disk import DiskStore

    return DiskStore(app.config["EVIDENCE_FOLDER"])
