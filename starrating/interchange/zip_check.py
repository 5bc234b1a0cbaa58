"""Archives before anything unpacks them: what they declare, whether it is true, and how much really comes out."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

LOCAL = struct.Struct("<4sHHHHHIIIHH")
LOCAL_MARK = b"PK\x03\x04"
END_MARK = b"PK\x05\x06"
END_BYTES = 22
CHUNK = 64 * 1024
ENCRYPTED = 0x1
SIZES_LATER = 0x8


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an archive may hold: members, bytes in all, and how many times its own size that may be."""

    members: int = 2_000
    total: int = 200 * 1024 * 1024
    ratio: int = 120
    free: int = 1024 * 1024
    """Below that many bytes in all the ratio says nothing."""


class ArchiveRefused(Exception):
    """An archive that is not taken; the text is a short code: broken, encrypted, bomb, path."""


def checked_archive(file: IO[bytes], size: int, bounds: Bounds | None = None) -> dict[str, ZipInfo]:
    """The members of an archive by name, if it is one from its first byte to its last and holds what it declares.

    Nothing is written; every member is unpacked once in pieces, and no further than it declares to go.
    """
    bounds = bounds or Bounds()
    _check_ends(file, size, bounds)
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
    except (BadZipFile, LargeZipFile, NotImplementedError, ValueError, OSError, EOFError) as fault:
        raise ArchiveRefused("broken") from fault
    _check_declared(members, size, bounds)
    for member in members:
        _check_member(file, member)
    return {member.filename: member for member in members}


def _check_ends(file: IO[bytes], size: int, bounds: Bounds) -> None:
    """Nothing before the first member, nothing after the end, and no more members than may be."""
    file.seek(0)
    if file.read(4) != LOCAL_MARK:
        raise ArchiveRefused("broken")
    file.seek(max(0, size - END_BYTES))
    tail = file.read(END_BYTES)
    if not tail.startswith(END_MARK) or tail[20:22] != b"\0\0":
        raise ArchiveRefused("broken")
    if struct.unpack_from("<H", tail, 10)[0] > bounds.members:
        raise ArchiveRefused("bomb")


def _check_declared(members: Iterable[ZipInfo], size: int, bounds: Bounds) -> None:
    """What the directory says: names, methods, sizes; members lie one after the other and share no byte."""
    total, end, names = 0, 0, set()
    listed = sorted(members, key=lambda member: member.header_offset)
    if len(listed) > bounds.members:
        raise ArchiveRefused("bomb")
    for member in listed:
        if member.flag_bits & ENCRYPTED:
            raise ArchiveRefused("encrypted")
        if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or member.header_offset < end:
            raise ArchiveRefused("broken")
        if _escapes(member) or member.filename.casefold() in names:
            raise ArchiveRefused("path")
        names.add(member.filename.casefold())
        end = member.header_offset + LOCAL.size + member.compress_size
        total += member.file_size
    if listed and (listed[0].header_offset or end > size):
        raise ArchiveRefused("broken")
    if total > bounds.total or (total > bounds.free and total > bounds.ratio * size):
        raise ArchiveRefused("bomb")


def _escapes(member: ZipInfo) -> bool:
    """True for a name that leads out of a folder, or a link."""
    name = member.orig_filename
    parts = name.split("/")
    link = member.external_attr >> 16 & 0o170000 == 0o120000
    return link or name.startswith("/") or ".." in parts or any(mark in name for mark in ("\\", "\0", ":"))


def _check_member(file: IO[bytes], member: ZipInfo) -> None:
    """A member's own head agrees with the directory, and what is in it is as long as declared and has its checksum."""
    file.seek(member.header_offset)
    head = file.read(LOCAL.size)
    if len(head) < LOCAL.size:
        raise ArchiveRefused("broken")
    mark, _, flags, method, _, _, checksum, packed, unpacked, name_size, extra_size = LOCAL.unpack(head)
    name = file.read(name_size)
    encoding = "utf-8" if flags & 0x800 else "cp437"
    same = name.decode(encoding, "replace") == member.orig_filename
    told = (checksum, packed, unpacked) == (member.CRC, member.compress_size, member.file_size)
    large = 0xFFFFFFFF in (packed, unpacked)
    if mark != LOCAL_MARK or method != member.compress_type or not same or flags & ENCRYPTED:
        raise ArchiveRefused("broken")
    if not (told or flags & SIZES_LATER or large):
        raise ArchiveRefused("broken")
    file.seek(extra_size, 1)
    length, found = _unpacked(file, member)
    if (length, found) != (member.file_size, member.CRC):
        raise ArchiveRefused("bomb" if length > member.file_size else "broken")


def _unpacked(file: IO[bytes], member: ZipInfo) -> tuple[int, int]:
    """How long a member really is and its checksum, read in pieces and given up one byte after its declared size."""
    left, length, checksum = member.compress_size, 0, 0
    engine = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == ZIP_DEFLATED else None
    try:
        while left and length <= member.file_size:
            piece = file.read(min(CHUNK, left))
            if not piece:
                break
            left -= len(piece)
            while piece and length <= member.file_size:
                out = engine.decompress(piece, CHUNK) if engine else piece
                piece = engine.unconsumed_tail if engine else b""
                length, checksum = length + len(out), zlib.crc32(out, checksum)
    except zlib.error as fault:
        raise ArchiveRefused("broken") from fault
    return length, checksum


def read_member(file: IO[bytes], name: str, most: int) -> bytes:
    """A small member of an archive that was checked; refused where it is longer than `most`."""
    with ZipFile(file) as archive:
        if archive.getinfo(name).file_size > most:
            raise ArchiveRefused("bomb")
        return archive.read(name)
