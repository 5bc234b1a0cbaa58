"""Which demonstration scheme rates which district in which year: `data/schemes.csv`, read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from starrating.demo.units import Unit, rows_of
from starrating.domain.scheme import Scheme
from starrating.schemes.reader import read_scheme

KINDS = ("village", "community")
FOLDER = Path(str(files("starrating.schemes"))) / "demo"


@dataclass(frozen=True, slots=True)
class SchemeFile:
    """A scheme for one year and kind: of one district, or (`district` empty) of all without one of their own."""

    year: int
    kind: str
    district: str
    name: str
    others: frozenset[str]

    @property
    def path(self) -> Path:
        """Where the scheme lies."""
        return FOLDER / self.name

    def scheme(self) -> Scheme:
        """The scheme, read and checked."""
        return read_scheme(self.path).scheme

    def rates(self, unit: Unit) -> bool:
        """True where this scheme rates the unit."""
        if unit.kind != self.kind:
            return False
        return unit.district == self.district if self.district else unit.district not in self.others


@cache
def scheme_files(year: int, kind: str) -> tuple[SchemeFile, ...]:
    """The schemes of a year and kind, the city's first; together they rate every unit once."""
    rows = [row for row in rows_of("schemes.csv") if int(row["year"]) == year and row["kind"] == kind]
    own = frozenset(row["district"] for row in rows if row["district"])
    return tuple(SchemeFile(year, kind, row["district"], row["scheme"], own) for row in rows)


@cache
def years() -> tuple[int, ...]:
    """The years of the demonstration, the first first."""
    return tuple(sorted({int(row["year"]) for row in rows_of("schemes.csv")}))
