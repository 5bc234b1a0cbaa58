"""Sets a paper in a process of its own, which is gone afterwards, and with it all that typst remembers.

typst keeps what it worked out, to be quicker the next time, and does not forget it: every city's document that a server
set itself would cost it 240 MB for good. `python -m starrating.documents.apart` reads the order from standard input.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from starrating.documents.typesetting import typeset
from starrating.processors import anywhere

CHILD = ("-m", "starrating.documents.apart")
PATIENCE = 120


class NotSet(RuntimeError):
    """A paper that could not be set: the template and the data do not fit, or it took too long."""


@anywhere()
def typeset_apart(
    template: str, data: Mapping[str, Any], fonts: Path | None = None, pictures: Sequence[str] = ()
) -> bytes:
    """A paper as PDF, with the faces of the office where it has its own; `NotSet` where there is none."""
    said = {"template": template, "data": data, "fonts": str(fonts or ""), "pictures": list(pictures)}
    order = json.dumps(said).encode()
    try:
        # The program and its arguments are constants; the order is standard input.
        done = subprocess.run(  # nosec B603
            [sys.executable, *CHILD], input=order, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as fault:
        raise NotSet(f"{template} took more than {PATIENCE} s") from fault
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise NotSet(f"{template}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def main() -> None:
    """Set what standard input asks for and write it to standard output."""
    order = json.loads(sys.stdin.buffer.read())
    fonts = Path(order["fonts"]) if order["fonts"] else None
    sys.stdout.buffer.write(typeset(order["template"], order["data"], fonts=fonts, pictures=order["pictures"]))


if __name__ == "__main__":
    main()
