"""Reading a file of boundaries strictly: GeoJSON of districts in degrees, nothing else, nothing mended in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from starrating.charts.outline import Polygon, Ring, crossed
from starrating.domain.faults import RuleError

LARGEST = 16 * 1024 * 1024
MOST_POINTS = 500_000
MOST_FEATURES = 2_000
CODES = re.compile(r"\d{6,12}", re.ASCII)
CODE_DIGITS = 12
WEST, EAST, SOUTH, NORTH = 73, 136, 3, 54
"""What lies in China, in degrees: latitude before longitude is found by it, and metres are."""
Districts = Mapping[str, Sequence[Polygon]]
"""Code of a district in all its digits → its parts."""


def read_districts(content: bytes, name: str) -> Districts:
    """The districts of a file by their codes, which stand in the property `name`; refused at the first fault."""
    if len(content) > LARGEST:
        raise RuleError("boundaries.large", most=LARGEST // 1024 // 1024)
    known = _parsed(content)
    if not isinstance(known, dict) or known.get("type") != "FeatureCollection":
        raise RuleError("boundaries.collection")
    features = known.get("features")
    if not isinstance(features, list) or not 0 < len(features) <= MOST_FEATURES:
        raise RuleError("boundaries.features", most=MOST_FEATURES)
    districts: dict[str, Sequence[Polygon]] = {}
    points = 0
    for number, feature in enumerate(features, 1):
        code = _code(feature, name, number)
        if code in districts:
            raise RuleError("boundaries.twice", number=number, known=code)
        districts[code] = _polygons(feature.get("geometry"), number)
        points += sum(len(ring) for polygon in districts[code] for ring in polygon)
        if points > MOST_POINTS:
            raise RuleError("boundaries.points", most=MOST_POINTS)
    return districts


def full_code(code: str) -> str:
    """A code in all its digits: `120101` is `120101000000`."""
    return code.ljust(CODE_DIGITS, "0")


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_constant, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise RuleError("boundaries.json") from None


def _constant(text: str) -> Any:
    raise ValueError(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _code(feature: Any, name: str, number: int) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) and feature.get("type") == "Feature" else None
    code = properties.get(name) if isinstance(properties, dict) else None
    text = str(code) if type(code) in (int, str) else ""
    if not CODES.fullmatch(text):
        raise RuleError("boundaries.code", number=number, name=name)
    return full_code(text)


def _polygons(geometry: Any, number: int) -> tuple[Polygon, ...]:
    kind, coordinates = (
        (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, dict) else (None, None)
    )
    parts = [coordinates] if kind == "Polygon" else coordinates if kind == "MultiPolygon" else None
    if not isinstance(parts, list) or not parts or not all(isinstance(part, list) and part for part in parts):
        raise RuleError("boundaries.geometry", number=number)
    polygons = tuple([_ring(ring, number) for ring in part] for part in parts)
    if not all(crossed(polygon[0]) for polygon in polygons):
        raise RuleError("boundaries.ring", number=number)
    return polygons


def _ring(ring: Any, number: int) -> Ring:
    """A ring without its last point, which repeats the first."""
    if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1]:
        raise RuleError("boundaries.ring", number=number)
    if len(ring) > MOST_POINTS + 1:
        raise RuleError("boundaries.points", most=MOST_POINTS)
    if not all(_is_position(position) for position in ring):
        raise RuleError("boundaries.position", number=number)
    return np.array([position[:2] for position in ring[:-1]], dtype=float)


def _is_position(position: Sequence[Any]) -> bool:
    """Longitude and latitude in degrees, and perhaps a height, which nobody looks at."""
    if not isinstance(position, list) or not 2 <= len(position) <= 3:
        return False
    if not all(type(part) in (int, float) for part in position):
        return False
    # Of NaN and of infinity neither comparison holds.
    return bool(WEST <= position[0] <= EAST and SOUTH <= position[1] <= NORTH)
