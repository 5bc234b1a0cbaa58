"""The offline command: `python -m starrating rate|check|explain|compare|audit`; no database, no web application."""

from __future__ import annotations

import sys

from starrating.offline.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
