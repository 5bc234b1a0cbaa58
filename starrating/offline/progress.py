"""A progress bar on standard error, where that is a terminal and the work takes more than a second."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from starrating.wording.language import translate as _

_PARTS = 100


class Progress:
    """Shows how far a piece of work has come; says nothing where nobody watches."""

    def __init__(self, *, shown: bool = True) -> None:
        self._bar: Any = None
        self._done = 0
        if shown and sys.stderr.isatty():
            from tqdm import tqdm

            form = "{desc} {percentage:3.0f}%|{bar}| {elapsed}"
            self._bar = tqdm(total=_PARTS, delay=1, leave=False, bar_format=form, file=sys.stderr)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def reach(self, part: int, what: str = "") -> None:
        """The work has come to `part` of a hundred; `what` names what is done now."""
        if self._bar is None:
            return
        if what:
            self._bar.set_description_str(what, refresh=False)
        self._bar.update(max(part - self._done, 0))
        self._done = max(part, self._done)


def step_words() -> dict[str, str]:
    """What the steps of a rating are called."""
    return {
        "read": _("读数据"),
        "void": _("看哪些不评"),
        "points": _("算分"),
        "level": _("排名定星"),
        "consequences": _("结果运用"),
        "write": _("写结果"),
    }
