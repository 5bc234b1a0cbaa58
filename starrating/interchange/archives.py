"""Looks through a spreadsheet's ZIP container before any reader sees it: names, places and sizes as they really are.

The container is read by the letter: one directory at the very end, members one behind the other, each as its own header
and the directory say. Readers that look elsewhere than we do would find the same, so none can be led astray. Nothing is
unpacked whole: members are inflated piece by piece and counted, whatever sizes they claim.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from starrating.domain.faults import RuleError

MOST_BYTES = 10 * 1024 * 1024
MOST_MEMBERS = 200
MOST_UNPACKED = 50 * 1024 * 1024
MOST_RATIO = 100
SMALL = 256 * 1024
"""Members that unpack to less are never a bomb, however well they pack."""
PIECE = 256 * 1024
LONGEST_NAME = 300

END = struct.Struct("<4s4H2IH")
ENTRY = struct.Struct("<4s6H3I5H2I")
LOCAL = struct.Struct("<4s5H3I2H")
ENCRYPTED, LATER_SIZES = 1, 8
STORED, DEFLATED = 0, 8
LINK, KIND_OF_FILE = 0o120000, 0o170000
UNKNOWN_SIZE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the container: where its bytes begin, how many they are packed and claim to be unpacked."""

    name: str
    method: int
    start: int
    packed: int
    unpacked: int
    checksum: int

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """The content, piece by piece; refused where it is not what was claimed."""
        count, checksum = 0, 0
        for piece in self._inflated(data):
            count += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if count > self.unpacked:
                raise RuleError("sheet.bomb")
            yield piece
        if count != self.unpacked or checksum != self.checksum:
            raise RuleError("sheet.broken")

    def _inflated(self, data: bytes) -> Iterator[bytes]:
        packed = memoryview(data)[self.start : self.start + self.packed]
        if self.method == STORED:
            yield from (bytes(packed[at : at + PIECE]) for at in range(0, len(packed), PIECE))
            return
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        rest: bytes | memoryview = packed
        try:
            while not engine.eof:
                piece = engine.decompress(rest, PIECE)
                rest = engine.unconsumed_tail
                if not piece and not rest:
                    break
                yield piece
        except zlib.error as fault:
            raise RuleError("sheet.broken") from fault


def members_of(data: bytes) -> tuple[Member, ...]:
    """The members of a container; refused where it is broken, hides something or would unpack to too much."""
    if len(data) > MOST_BYTES:
        raise RuleError("sheet.large", most=MOST_BYTES // 1024 // 1024)
    count, start = _directory(data)
    members, spans, at, claimed = [], [], start, 0
    for _ in range(count):
        member, span, at = _entry(data, at, start)
        members.append(member)
        spans.append(span)
        claimed += member.unpacked
        if claimed > MOST_UNPACKED or (member.unpacked > SMALL and member.unpacked > MOST_RATIO * member.packed):
            raise RuleError("sheet.bomb")
    if at != len(data) - END.size:
        raise RuleError("sheet.broken")
    _check_apart(spans, start)
    if len({member.name.casefold() for member in members}) != count:
        raise RuleError("sheet.broken")
    return tuple(members)


def _directory(data: bytes) -> tuple[int, int]:
    """How many entries the directory at the end has and where it begins."""
    if len(data) < END.size or data[:4] != b"PK\x03\x04":
        raise RuleError("sheet.broken")
    sign, disk, first, here, count, size, start, comment = END.unpack_from(data, len(data) - END.size)
    if sign != b"PK\x05\x06" or disk or first or here != count or comment:
        raise RuleError("sheet.broken")
    if count > MOST_MEMBERS:
        raise RuleError("sheet.bomb")
    if start + size != len(data) - END.size or not count:
        raise RuleError("sheet.broken")
    return count, start


def _entry(data: bytes, at: int, directory: int) -> tuple[Member, tuple[int, int], int]:
    """An entry of the directory, the stretch its member takes up, and where the next entry begins."""
    if at + ENTRY.size > len(data):
        raise RuleError("sheet.broken")
    (sign, made_by, _, flags, method, _, _, checksum, packed, unpacked, name_length, extra, comment, _, _,
     attributes, offset) = ENTRY.unpack_from(data, at)  # fmt: skip
    if sign != b"PK\x01\x02" or offset + LOCAL.size > directory:
        raise RuleError("sheet.broken")
    if flags & ENCRYPTED:
        raise RuleError("sheet.locked")
    raw = data[at + ENTRY.size : at + ENTRY.size + name_length]
    name = _name(raw)
    linked = made_by >> 8 == 3 and (attributes >> 16) & KIND_OF_FILE == LINK
    if linked or method not in (STORED, DEFLATED) or UNKNOWN_SIZE in (packed, unpacked):
        raise RuleError("sheet.broken")
    local = LOCAL.unpack_from(data, offset)
    begin = offset + LOCAL.size + local[9] + local[10]
    same = local[0] == b"PK\x03\x04" and local[3] == method and data[offset + LOCAL.size :][: local[9]] == raw
    sized = flags & LATER_SIZES or (local[6], local[7], local[8]) == (checksum, packed, unpacked)
    if not (same and sized) or begin + packed > directory:
        raise RuleError("sheet.broken")
    member = Member(name, method, begin, packed, unpacked, checksum)
    return member, (offset, begin + packed), at + ENTRY.size + name_length + extra + comment


def _name(raw: bytes) -> str:
    """A member's name; one that leads out of the container is refused."""
    if not 0 < len(raw) <= LONGEST_NAME:
        raise RuleError("sheet.broken")
    name = raw.decode("utf-8", "replace")
    if name.startswith("/") or any(mark in name for mark in ("\\", ":", "\0", "\ufffd")) or ".." in name.split("/"):
        raise RuleError("sheet.broken")
    return name


def _check_apart(spans: list[tuple[int, int]], directory: int) -> None:
    """Members lie one behind the other from the first byte to the directory; none shares bytes with another."""
    end = 0
    for begin, after in sorted(spans):
        if begin < end or (end == 0 and begin != 0):
            raise RuleError("sheet.broken")
        end = after
    if end > directory:
        raise RuleError("sheet.broken")
