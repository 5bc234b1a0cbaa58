"""Writing a generated scheme as YAML, and reading it back as the naive evaluator does."""

import csv
import io
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.naive_scheme import half_up, printed

PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff\-][\w.\u4e00-\u9fff/\-]*|\d+(\.\d+)?%( of \w+)?")
WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def flow(thing: Any) -> str:
    """One value in YAML's flow style, every number written out in full."""
    if isinstance(thing, bool):
        return "true" if thing else "false"
    if isinstance(thing, int | Decimal):
        return format(thing, "f") if isinstance(thing, Decimal) else str(thing)
    if isinstance(thing, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(value)}" for key, value in thing.items()) + "}"
    if isinstance(thing, list):
        return "[" + ", ".join(flow(one) for one in thing) + "]"
    if PLAIN.fullmatch(thing) and thing.lower() not in WORDS:
        return str(thing)
    return '"' + thing + '"'


def block(scheme: dict[str, Any]) -> str:
    """The top level in block style; a list of maps one a line."""
    lines: list[str] = []
    for key, value in scheme.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{key}:")
            lines += [f"  - {flow(one)}" for one in value]
        else:
            lines.append(f"{key}: {flow(value)}")
    return "\n".join(lines) + "\n"


def as_text(thing: Any) -> Any:
    """As it will be when the file is read with every scalar kept as text."""
    if isinstance(thing, dict):
        return {as_text(key): as_text(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [as_text(one) for one in thing]
    return thing if isinstance(thing, str) else flow(thing)


def decimal_of(value: Fraction, digits: int) -> Decimal:
    return Decimal(printed(half_up(value, digits), digits))


def csv_text(rows: list[dict[str, str]], columns: list[str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
