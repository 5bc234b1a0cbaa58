"""The outlines of a city that does not exist: crooked squares on a grid, two of them very small, one with a hole."""

import hashlib
import json
import math
from datetime import date
from typing import Any

from starrating.charts.outline import Outlines
from starrating.services.divisions.boundary_file import full_code, read_districts

APPROVAL = "示S(2026)001号"
SINCE = date(2026, 11, 22)
Ring = list[list[float]]


def code_of(place: int) -> str:
    """The code of a district: `990101`, which the small city of the tests has, is the first."""
    return f"99{place + 101:04d}"


def ring(column: float, row: float, side: float, points: int = 10) -> Ring:
    """A crooked square of so many points a side, north of the equator and east of Greenwich."""
    found = []
    for way, (dx, dy) in enumerate(((1, 0), (0, 1), (-1, 0), (0, -1))):
        start = ((0, 0), (1, 0), (1, 1), (0, 1))[way]
        for step in range(points):
            x, y = column + side * (start[0] + dx * step / points), row + side * (start[1] + dy * step / points)
            found.append([100 + 0.3 * (x + math.sin(3 * y) / 12), 30 + 0.25 * (y + math.sin(4 * x) / 14)])
    return [*found, found[0]]


def feature(place: int, coordinates: Any, kind: str = "Polygon") -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"code": code_of(place)}, "geometry": geometry}


def made_up(count: int, points: int = 10) -> dict[str, Any]:
    """So many districts as GeoJSON: of sixteen two lie in the first one's hole and one has an island."""
    across = math.ceil(math.sqrt(count))
    features = [feature(place, [ring(place % across, place // across, 1, points)]) for place in range(count)]
    if count == 16:
        inner = [ring(0.3, 0.3, 0.06, points), ring(0.5, 0.5, 0.25, points)]
        features[0]["geometry"]["coordinates"] += [list(reversed(one)) for one in inner]
        features[14:] = [feature(14, [inner[0]]), feature(15, [inner[1]])]
        features[3] = feature(3, [[ring(3, 0, 1, points)], [ring(4.2, 0.2, 0.3, points)]], "MultiPolygon")
    return {"type": "FeatureCollection", "features": features}


def content_of(known: Any) -> bytes:
    return json.dumps(known, ensure_ascii=False).encode()


def outlines(count: int, points: int = 10) -> Outlines:
    return read(content_of(made_up(count, points)))


def read(content: bytes) -> Outlines:
    """A file as the program holds it."""
    return Outlines(hashlib.sha256(content).hexdigest(), APPROVAL, SINCE, read_districts(content, "code"))


def codes_of(names: tuple[str, ...]) -> dict[str, str]:
    return {name: full_code(code_of(place)) for place, name in enumerate(names)}
