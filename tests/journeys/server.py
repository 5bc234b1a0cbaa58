"""A real server of its own process on the own machine, which a test may kill and start again on the same port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.conftest import KEY
from tests.journeys.serving import FORKING, serve


class Server:
    """gunicorn with one worker of four threads, on a port that stays the same."""

    def __init__(self, database: str, folder: Path) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.log = folder / "server.log"
        self.environ = {
            **os.environ, "STARRATING_ENV": "testing", "SECRET_KEY": KEY, "DATABASE_URL": database,
            "CHART_FOLDER": str(folder / "charts"),
        }  # fmt: skip
        self.process: Any = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = ("--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "4", "--log-level", "warning",
                   "wsgi:app")  # fmt: skip
        self.process = FORKING.Process(target=serve, args=(self.environ, str(self.log), *command))
        self.process.start()
        if not self._reached(True):
            raise RuntimeError(f"the server does not answer: {self.log.read_text()[-2000:]}")
        with urllib.request.urlopen(f"{self.address}/accounts/sign-in", timeout=60) as answer:
            answer.read()

    def _reached(self, wanted: bool) -> bool:
        """Wait until the port answers, or until it does not any more."""
        for _ in range(300):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    reached = True
            except OSError:
                reached = False
            if reached is wanted:
                return True
            time.sleep(0.1)
        return False

    def kill(self) -> None:
        """End every process of the server at once, without a warning."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.join()
            self.process = None
            self._reached(False)
