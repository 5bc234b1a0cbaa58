"""Draws the pictures of a page on a thread beside it: the page need not wait, and its pictures are there soon."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Protocol

from starrating.charts.cache import ChartCache
from starrating.processors import anywhere

MOST = 256
"""So many pictures wait at most; who asks for more draws them when they are looked at."""
LOG = logging.getLogger(__name__)


class Drawable(Protocol):
    """What is drawn: a chart that is laid out."""

    @property
    def digest(self) -> str:
        """What its picture is kept by."""

    def svg(self) -> bytes:
        """Draw it."""


class Ahead:
    """The pictures that wait in this process; one thread draws them in their order and ends with the last.

    What waits is said in the cache too, so that another process that is asked for such a picture lets this one draw
    it. Nothing depends on that: a picture that does not come is drawn by whoever looks at it.
    """

    def __init__(self, cache: ChartCache) -> None:
        self._cache = cache
        self._waiting: OrderedDict[str, Drawable] = OrderedDict()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def ask(self, charts: Iterable[Drawable]) -> int:
        """Have those drawn that are not kept yet; returns how many they are."""
        missing = [chart for chart in charts if not self._cache.has(picture(chart.digest))]
        with self._guard:
            for chart in missing[: MOST - len(self._waiting)]:
                self._waiting.setdefault(chart.digest, chart)
                self._cache.promise(picture(chart.digest))
            if self._waiting and self._thread is None:
                self._thread = threading.Thread(target=self._work, name="charts", daemon=True)
                self._thread.start()
        return len(missing)

    def svg(self, digest: str) -> bytes | None:
        """A picture that waits here, drawn now or taken from whoever draws it; None where none waits."""
        with self._guard:
            chart = self._waiting.get(digest)
        return None if chart is None else self._cache.kept(picture(digest), chart.svg)

    def join(self) -> None:
        """Wait until nothing waits."""
        thread = self._thread
        if thread is not None:
            thread.join()

    @anywhere()
    def _work(self) -> None:
        while True:
            with self._guard:
                if not self._waiting:
                    self._thread = None
                    return
                digest, chart = next(iter(self._waiting.items()))
            try:
                self._cache.kept(picture(digest), chart.svg)
            except Exception:
                LOG.exception("a chart was not drawn: %s", digest)
            finally:
                with self._guard:
                    self._waiting.pop(digest, None)
                self._cache.unpromise(picture(digest))


def picture(digest: str) -> str:
    """Under which name the picture of a chart is kept."""
    return f"{digest}.svg"
