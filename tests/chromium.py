"""Chromium for tests: one for each worker, since Playwright runs once in a process."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""The browser without a window where Debian's package of it is there: it takes less than half of the time."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
STILL: Literal["reduce"] = "reduce"
"""The motion of a page that is worked on for long: what turns while something waits is drawn sixty times a second."""
IN_CHROMIUM = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]
"""The marks of a module that needs a browser."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium as Debian packages it."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


def _whole(app: Flask) -> Callable[[dict[str, Any], Any], list[bytes]]:
    """The application, each answer read whole: werkzeug leaves a file open where a page is left while it is sent."""

    def answer(environ: dict[str, Any], begin: Any) -> list[bytes]:
        parts = app(environ, begin)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a free port; the address of its root."""
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
