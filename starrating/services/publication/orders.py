"""A paper that somebody asks for: as it is kept, drawn within the answer where it is small, otherwise by a job.

An order is known by the bytes that it ends in: whoever asks for the same paper waits for the same job.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starrating.services import jobs
from starrating.services.drawn import drawn, is_kept, known, set_pdf, setting
from starrating.services.jobs import Progress, Step
from starrating.wording.language import speaking

AT_ONCE = 400
"""Lines that are drawn within an answer: of a list half a second; a city's 5472 take 3.5 s on a quiet machine."""
LINES_OF_A_PAGE = 10
"""As how many lines of a list a page with a code of its own counts: 40 of them are set in half a second."""
OF_STRANGERS = 1
"""Jobs that a process may work on where somebody who has not signed in asks: the office finds room beside him."""


@dataclass(frozen=True, slots=True)
class Order:
    """A paper: what its bytes follow from, its ending, how many lines it has, how it is drawn."""

    what: str
    ending: str
    lines: int
    draw: Callable[[], bytes]

    @property
    def job(self) -> str:
        """What its job is known by."""
        return f"paper\n{self.what}\n{self.ending}"


def pdf_order(template: str, data: Mapping[str, Any], lines: int) -> Order:
    """The paper of a template with data."""
    said = json.dumps(data, ensure_ascii=True, sort_keys=True)
    return Order(f"{setting()}\n{template}\n{said}", "pdf", lines, lambda: set_pdf(template, data))


def at_hand(order: Order) -> bytes | None:
    """The paper where it is kept, or small enough to be drawn now; None where a job has to make it."""
    kept = known(order.what, order.ending)
    if kept is not None or order.lines > AT_ONCE:
        return kept
    return drawn(order.what, order.ending, order.draw)


def begin(order: Order, most: int = jobs.MOST) -> bool:
    """Make it in the background; False where that is under way. `job.busy` where `most` jobs are."""
    if progress(order).state == "working":
        return False

    def work(step: Step) -> None:
        step(order.ending)
        with speaking("zh"):
            drawn(order.what, order.ending, order.draw)

    return jobs.begin(order.job, work, most)


def is_ready(order: Order) -> bool:
    """Whether the paper is kept."""
    return is_kept(order.what, order.ending)


def progress(order: Order) -> Progress:
    """How far its job is."""
    return jobs.progress(order.job)
