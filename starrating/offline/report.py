"""What a command tells people on standard error: faults with their place, notices, progress."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from starrating.domain.faults import FileFault
from starrating.domain.figures import plain
from starrating.wording import say
from starrating.wording.phrases import items


def line_for(fault: FileFault) -> str:
    """`FILE:LINE: what is wrong and what would be right`; a fault of the whole file stands on line 1."""
    return f"{fault.file}:{fault.line or 1}: {say(fault.code, written(fault.facts))}"


def tell(faults: Iterable[FileFault]) -> None:
    """Print faults or notices on standard error, one a line."""
    for fault in faults:
        sys.stderr.write(line_for(fault) + "\n")


def written(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as people read them: numbers exact, lists joined."""
    return {name: _written(value) for name, value in facts.items()}


def _written(value: Any) -> Any:
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, list | tuple):
        return items(str(_written(item)) for item in value)
    return value
