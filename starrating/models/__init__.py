"""The tables, one module per aggregate; importing the package makes all of them known to the metadata."""

from starrating.models import (
    accounts,
    assessments,
    audit,
    cycles,
    divisions,
    events,
    evidence,
    findings,
    imports,
    people,
    publications,
    ratings,
    scores,
    spot_checks,
    windows,
)

__all__ = [
    "accounts",
    "assessments",
    "audit",
    "cycles",
    "divisions",
    "events",
    "evidence",
    "findings",
    "imports",
    "people",
    "publications",
    "ratings",
    "scores",
    "spot_checks",
    "windows",
]
