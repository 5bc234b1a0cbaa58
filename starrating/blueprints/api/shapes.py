"""What published lists look like to programs: the keys of the OpenAPI document, and no others."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from flask import url_for

from starrating.queries.public_lists import PublicCorrection, PublicDecision, PublicList, PublicUnit
from starrating.queries.publications import PublicationHead


def instant(at: datetime) -> str:
    """An instant in UTC as RFC 3339 has it."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def edition_shape(head: PublicationHead, found: PublicList) -> dict[str, Any]:
    """An edition without its units: what it is of, who issued it, its digest, its signature, what it restates."""
    list_at = url_for("api.year_list", year=head.year, district=head.district_code, kind=head.kind)
    return {
        "year": head.year, "district": head.district_code, "kind": head.kind,
        "district_name": head.district, "edition": head.edition, "digest": head.digest,
        "previous_digest": head.previous_digest, "public_key": head.public_key, "signature": head.signature,
        "published_at": instant(head.published_at), "issued_by": list(found.issuers), "number": found.number or None,
        "restated": bool(found.restates), "restates": found.restates or None,
        "list": list_at, "signed_text": url_for("api.edition", digest=head.digest),
    }  # fmt: skip


def list_shape(head: PublicationHead, found: PublicList) -> dict[str, Any]:
    """A list with its units, by township and from the highest level down."""
    counts = Counter(unit.level for unit in found.units)
    return {
        "edition": edition_shape(head, found),
        "scheme": {"title": found.scheme, "digest": found.scheme_digest},
        "notice": {"opens": found.opened.isoformat(), "closes": found.closed.isoformat()},
        "shows_scores": found.show_scores,
        "levels": [{"name": name, "stars": stars, "units": counts[name]}
                   for name, stars in zip(found.levels, found.stars, strict=True)],
        "unrated": counts[""],
        "decisions": [decision_shape(one) for one in found.decisions],
        "corrections": [correction_shape(one) for one in found.corrections],
        "units": [unit_shape(unit) for unit in found.units],
    }  # fmt: skip


def decision_shape(one: PublicDecision) -> dict[str, Any]:
    """What was decided on a unit after publication; a level is null where the unit was not rated."""
    return {
        "sort": one.sort, "unit": one.code, "from": one.before or None, "to": one.after or None, "reason": one.reason,
        "ground": one.ground, "on": one.on.isoformat(), "edition": one.edition,
    }  # fmt: skip


def correction_shape(one: PublicCorrection) -> dict[str, Any]:
    """What values were put right after publication, as far as the list says them."""
    return {
        "reason": one.reason, "ground": one.ground, "on": one.on.isoformat(), "edition": one.edition,
        "count": one.count,
        "values": [{"unit": value.code, "header": value.header, "name": value.name, "from": value.before,
                    "to": value.after} for value in one.values],
    }  # fmt: skip


def unit_shape(unit: PublicUnit) -> dict[str, Any]:
    """A unit's line; a level is null where the unit was not rated, a total where the scheme does not show scores."""
    return {
        "code": unit.code, "name": unit.name, "kind": unit.kind,
        "district": {"code": unit.district_code, "name": unit.district},
        "township": {"code": unit.township_code, "name": unit.township},
        "level": unit.level or None, "previous_level": unit.previous or None, "movement": unit.movement or None,
        "change": unit.change, "total": unit.total or None, "rank": unit.rank, "first_level": unit.was or None,
    }  # fmt: skip
