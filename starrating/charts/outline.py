"""Outlines of districts: projected, simplified for a picture of some size, and where words have room in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from starrating.charts.sheet import Point

Ring = Any
"""Points in two columns: longitude and latitude, or x and y of the picture; the last is not the first again."""
Polygon = Sequence[Ring]
"""An outer ring, then its holes."""

MOST_POINTS = 12_000
"""So many points of all districts are drawn at most."""
GRID, TOLERANCE = 0.25, 0.35
"""Points nearer than this are one, and a line is drawn straight that bends by less, in pixels."""
LEAST = 0.6
"""An island or a hole that takes up less is not seen, in square pixels."""
SMALLEST = 1.5
"""Half the side of the square in place of a district that is smaller than a dot."""
CELL = 2
"""The side of a cell in which room for words is looked for, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """The districts of a file by their codes; its digest, its map approval number, and since when it is here."""

    digest: str
    approval: str
    since: date
    districts: Mapping[str, Sequence[Polygon]]


@dataclass(frozen=True, slots=True, eq=False)
class Projected:
    """The districts in pixels from the upper left corner, and how large they are together."""

    width: float
    height: float
    districts: Mapping[str, Sequence[Polygon]]


@lru_cache(maxsize=8)
def projected(outlines: Outlines, codes: tuple[str, ...], wide: float, high: float) -> Projected:
    """The districts of these codes as large as the picture allows; of one file and size worked out once.

    Lengths to the east are shortened by the cosine of the middle latitude; the outlines of a city are right by that
    to a part of a percent.
    """
    chosen = {code: outlines.districts[code] for code in codes}
    corners = np.array([(ring.min(axis=0), ring.max(axis=0)) for ring in _rings(chosen)])
    (west, south), (east, north) = corners[:, 0].min(axis=0), corners[:, 1].max(axis=0)
    narrow = np.cos(np.radians((south + north) / 2))
    scale = min(wide / max((east - west) * narrow, 1e-9), high / max(north - south, 1e-9))

    def moved(ring: Ring) -> Ring:
        return np.column_stack(((ring[:, 0] - west) * narrow * scale, (north - ring[:, 1]) * scale))

    placed = {code: [[moved(ring) for ring in polygon] for polygon in polygons] for code, polygons in chosen.items()}
    grid = GRID
    while True:
        thin = {code: [[_thinned(ring, grid) for ring in one] for one in many] for code, many in placed.items()}
        if sum(len(ring) for ring in _rings(thin)) <= MOST_POINTS or grid > wide:
            break
        grid *= 2
    districts = {code: _seen(polygons) for code, polygons in thin.items()}
    return Projected(float((east - west) * narrow * scale), float((north - south) * scale), districts)


def _rings(districts: Mapping[str, Sequence[Polygon]]) -> list[Ring]:
    return [ring for polygons in districts.values() for polygon in polygons for ring in polygon]


def area_of(ring: Ring) -> float:
    """The area of a ring, positive where it runs with the clock in a picture."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def crossed(ring: Ring) -> bool:
    """True where not all points lie on one line."""
    away = ring - ring[0]
    far = away[int(np.argmax(np.sum(away**2, axis=1)))]
    return bool(np.any(away[:, 0] * far[1] != away[:, 1] * far[0]))


def extent_of(ring: Ring) -> float:
    """How much room a ring takes up; a ring that crosses itself may have no area, and is seen all the same."""
    wide, high = ring.max(axis=0) - ring.min(axis=0)
    return float(wide * high)


def _seen(polygons: Sequence[Polygon]) -> tuple[Polygon, ...]:
    """What can be seen of a district, outer rings one way round and holes the other; a dot where nothing can."""
    found = []
    for polygon in polygons:
        outer, *holes = (simplified(ring, TOLERANCE) for ring in polygon)
        if extent_of(outer) >= LEAST:
            inner = [_turned(hole, -1) for hole in holes if extent_of(hole) >= LEAST]
            found.append((_turned(outer, 1), *inner))
    if not found:
        largest = max((polygon[0] for polygon in polygons), key=extent_of)
        middle = (largest.min(axis=0) + largest.max(axis=0)) / 2
        corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * SMALLEST
        return ((middle + corners,),)
    return tuple(sorted(found, key=lambda polygon: -extent_of(polygon[0])))


def _turned(ring: Ring, way: int) -> Ring:
    return ring if area_of(ring) * way > 0 else ring[::-1]


def _thinned(ring: Ring, grid: float) -> Ring:
    """The first of all points that follow one another within a cell of a grid."""
    if len(ring) < 5:
        return ring
    cells = np.round(ring / grid)
    kept = np.any(cells != np.roll(cells, 1, axis=0), axis=1)
    return ring[kept] if kept.any() else ring[:1]


def simplified(ring: Ring, tolerance: float) -> Ring:
    """A ring without the points that lie nearer to the line between others than so many pixels (Douglas–Peucker)."""
    if len(ring) < 5:
        return ring
    far = int(np.argmax(np.sum((ring - ring[0]) ** 2, axis=1)))
    closed = np.vstack((ring, ring[:1]))
    kept = np.zeros(len(closed), dtype=bool)
    kept[[0, far]] = True
    waiting = [(0, far), (far, len(ring))]
    while waiting:
        start, end = waiting.pop()
        if end - start < 2:
            continue
        along, between = closed[end] - closed[start], closed[start + 1 : end] - closed[start]
        length = np.hypot(*along)
        away = np.abs(between[:, 0] * along[1] - between[:, 1] * along[0]) / length if length else np.hypot(*between.T)
        most = int(np.argmax(away))
        if away[most] > tolerance:
            at = start + 1 + most
            kept[at] = True
            waiting += [(start, at), (at, end)]
    return ring[kept[:-1]]


class Room:
    """The inside of a district on a fine grid, its holes left out, and the boxes that lie within."""

    def __init__(self, polygons: Sequence[Polygon]) -> None:
        rings = [ring for polygon in polygons for ring in polygon]
        points = np.vstack(rings)
        self._corner = np.floor(points.min(axis=0))
        columns, rows = (np.ceil((points.max(axis=0) - self._corner) / CELL)).astype(int) + 1
        edges = np.vstack([np.hstack((ring, np.roll(ring, -1, axis=0))) for ring in rings])
        self._inside = _filled((edges - np.tile(self._corner, 2)) / CELL, int(columns), int(rows))
        sums = np.cumsum(np.cumsum(self._inside, axis=0), axis=1)
        self._sums = np.pad(sums, ((1, 0), (1, 0)))
        at = np.argwhere(self._inside)
        self._middle = at.mean(axis=0) + 0.5 if len(at) else np.array((rows, columns)) / 2

    def box(self, width: float, height: float) -> Point | None:
        """The middle of a box that lies within, as near to the middle of the shape as can be; None without room."""
        wide, high = (int(np.ceil(side / CELL)) for side in (width, height))
        sums = self._sums
        if high >= sums.shape[0] or wide >= sums.shape[1]:
            return None
        held = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
        fitting = np.argwhere(held == wide * high)
        return self._nearest(fitting + np.array((high, wide)) / 2) if len(fitting) else None

    def inner(self) -> Point:
        """A point within, near the middle; the middle itself of what is smaller than a cell."""
        at = np.argwhere(self._inside) + 0.5
        found = self._nearest(at) if len(at) else None
        return found or self._point(self._middle)

    def _nearest(self, places: Any) -> Point:
        return self._point(places[np.argmin(np.sum((places - self._middle) ** 2, axis=1))])

    def _point(self, place: Any) -> Point:
        return float(self._corner[0] + place[1] * CELL), float(self._corner[1] + place[0] * CELL)


def _filled(edges: Any, columns: int, rows: int) -> Any:
    """Which cells have their middle inside: in each row every second stretch between the edges that cross it."""
    levels = np.arange(rows)[:, None] + 0.5
    x1, y1, x2, y2 = edges.T
    row, edge = np.nonzero((y1 <= levels) != (y2 <= levels))
    slope = (row + 0.5 - y1[edge]) / (y2[edge] - y1[edge])
    crossed = np.clip(np.ceil(x1[edge] + slope * (x2[edge] - x1[edge]) - 0.5), 0, columns).astype(int)
    turns = np.zeros((rows, columns + 1), dtype=int)
    np.add.at(turns, (row, crossed), 1)
    return (np.cumsum(turns, axis=1)[:, :columns] % 2).astype(bool)
