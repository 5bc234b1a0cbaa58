"""What published lists look like to programs: the keys of the OpenAPI document, and no others."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from flask import url_for

from starrating.queries.public_lists import PublicList, PublicUnit
from starrating.queries.publications import PublicationHead


def instant(at: datetime) -> str:
    """An instant in UTC as RFC 3339 has it."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def edition_shape(head: PublicationHead) -> dict[str, Any]:
    """An edition without its units: what it is of, its digest, its signature."""
    list_at = url_for("api.year_list", year=head.year, district=head.district_code, kind=head.kind)
    return {
        "year": head.year, "district": head.district_code, "kind": head.kind,
        "district_name": head.district, "edition": head.edition, "digest": head.digest,
        "previous_digest": head.previous_digest, "public_key": head.public_key, "signature": head.signature,
        "published_at": instant(head.published_at),
        "list": list_at, "signed_text": url_for("api.edition", digest=head.digest),
    }  # fmt: skip


def list_shape(head: PublicationHead, found: PublicList) -> dict[str, Any]:
    """A list with its units, by township and from the highest level down."""
    counts = Counter(unit.level for unit in found.units)
    return {
        "edition": edition_shape(head),
        "scheme": {"title": found.scheme, "digest": found.scheme_digest},
        "notice": {"opens": found.opened.isoformat(), "closes": found.closed.isoformat()},
        "shows_scores": found.show_scores,
        "levels": [{"name": name, "stars": stars, "units": counts[name]}
                   for name, stars in zip(found.levels, found.stars, strict=True)],
        "unrated": counts[""],
        "units": [unit_shape(unit) for unit in found.units],
    }  # fmt: skip


def unit_shape(unit: PublicUnit) -> dict[str, Any]:
    """A unit's line; a level is null where the unit was not rated, a total where the scheme does not show scores."""
    return {
        "code": unit.code, "name": unit.name, "kind": unit.kind,
        "district": {"code": unit.district_code, "name": unit.district},
        "township": {"code": unit.township_code, "name": unit.township},
        "level": unit.level or None, "previous_level": unit.previous or None, "movement": unit.movement or None,
        "change": unit.change, "total": unit.total or None, "rank": unit.rank,
    }  # fmt: skip
