"""The office's own file of boundaries: brought in whole or not at all, replaced, taken out, unpacked once a process."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from typing import cast

import numpy as np
from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Session

from starrating.charts.outline import Outlines
from starrating.domain.faults import RuleError
from starrating.models.boundaries import LONGEST_APPROVAL, BoundaryFile
from starrating.queries.boundaries import Supplied, district_codes, packed_outlines
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.divisions.boundary_file import Districts, full_code, read_districts
from starrating.services.names import seen_text
from starrating.services.transaction import transaction
from starrating.services.turns import hold
from starrating.services.working_days import BEIJING

EXTENSION = "starrating.boundaries"
ONE = 1
LOCK = 7_827_013
"""PostgreSQL's advisory lock that keeps two commands from storing a file at once."""
APPROVALS = re.compile(r"(?=.*\d{3})(?=.*[^\W\d_])[\w()（）\[\]〔〕【】\- ]{6,60}")
SAID = ("审图号", "：", ":")
"""What may stand before a number that somebody copied from a map."""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What came of a file: its digest and number, how many districts it has, which it lacks; new or in use before."""

    digest: str
    approval: str
    districts: int
    missing: tuple[str, ...]
    new: bool


def bring_in(content: bytes, approval: str, name: str) -> BroughtIn:
    """Put a file of boundaries in the place of the one before, whole; the code of a district stands in `name`."""
    number = approval_of(approval)
    found = read_districts(content, name)
    packed, digest = pack(found), hashlib.sha256(content).hexdigest()
    with transaction() as session:
        hold(LOCK)
        codes = {place: full_code(code) for place, code in district_codes().items()}
        unknown = sorted(found.keys() - set(codes.values()))
        if unknown:
            raise RuleError("boundaries.unknown", codes="、".join(unknown[:SHOWN]), count=len(unknown))
        missing = tuple(place for place, code in codes.items() if code not in found)
        new = _store(session, digest, number, packed)
        if new:
            record(session, "boundaries_imported", None, Subject("boundary_file", ONE, number), digest=digest,
                   districts=len(found), missing=len(missing))  # fmt: skip
    return BroughtIn(digest, number, len(found), missing, new)


def take_out() -> str | None:
    """Remove the file, so that there is the tile map alone; the number that it had, None where there was none."""
    with transaction() as session:
        hold(LOCK)
        kept = session.get(BoundaryFile, ONE)
        if kept is None:
            return None
        number, digest = kept.approval, kept.digest
        session.execute(delete(BoundaryFile).where(BoundaryFile.id == ONE))
        record(session, "boundaries_removed", None, Subject("boundary_file", ONE, number), digest=digest)
        return number


def approval_of(text: str) -> str:
    """A map approval number as it is kept, without the words before it."""
    number = seen_text(text)
    for word in SAID:
        number = number.removeprefix(word).lstrip()
    if len(number) > LONGEST_APPROVAL or not APPROVALS.fullmatch(number):
        raise RuleError("boundaries.approval")
    return number


def outlines_of(known: Supplied) -> Outlines | None:
    """The outlines of a file, unpacked once a process; None where it was replaced a moment ago."""
    before = cast("tuple[Supplied, Outlines] | None", current_app.extensions.get(EXTENSION))
    if before is not None and before[0] == known:
        return before[1]
    packed = packed_outlines(known)
    if packed is None:
        return None
    since = known.imported_at.astimezone(BEIJING).date()
    outlines = Outlines(known.digest, known.approval, since, unpack(packed))
    current_app.extensions[EXTENSION] = (known, outlines)
    return outlines


def pack(districts: Districts) -> bytes:
    """Outlines as bytes: the codes, of every ring its district, part and length, and the points of all."""
    rings = [
        (place, part, ring)
        for place, polygons in enumerate(districts.values())
        for part, polygon in enumerate(polygons)
        for ring in polygon
    ]
    stream = io.BytesIO()
    np.savez_compressed(
        stream, codes=np.array(list(districts)), rings=np.array([(*at, len(ring)) for *at, ring in rings]),
        points=np.vstack([ring for *_, ring in rings]),
    )  # fmt: skip
    return stream.getvalue()


def unpack(packed: bytes) -> Districts:
    """What `pack` packed."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as kept:
        codes, rings, points = kept["codes"].tolist(), kept["rings"].tolist(), kept["points"]
    found: dict[str, list[list[object]]] = {code: [] for code in codes}
    start = 0
    for place, part, length in rings:
        polygons = found[codes[place]]
        if part == len(polygons):
            polygons.append([])
        polygons[part].append(points[start : start + length])
        start += length
    return {code: tuple(polygons) for code, polygons in found.items()}


def _store(session: Session, digest: str, number: str, packed: bytes) -> bool:
    """True where something changed."""
    kept = session.get(BoundaryFile, ONE)
    if kept is None:
        session.add(BoundaryFile(id=ONE, digest=digest, approval=number, imported_at=now(), outlines=packed))
        return True
    if (kept.digest, kept.approval, kept.outlines) == (digest, number, packed):
        return False
    kept.digest, kept.approval, kept.imported_at, kept.outlines = digest, number, now(), packed
    return True
