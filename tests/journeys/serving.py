"""gunicorn in a process that has read the program already: to read it takes ten times as long as to fork."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping

from tests.house.source import ROOT

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "starrating.app", __name__])


def serve(environ: Mapping[str, str], log: str, *arguments: str) -> None:
    """Be gunicorn with those arguments, the first of a group of processes of its own."""
    from gunicorn.app.wsgiapp import run

    os.setsid()
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for told in (1, 2):
        os.dup2(written, told)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = ["gunicorn", *arguments]
    run()
