"""Files as people and attackers send them, made here: pictures with a place in them, office files, bombs, lies."""

from __future__ import annotations

import io
import struct
import zlib
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
OFFICE = "application/vnd.openxmlformats-officedocument."
MAINS = {
    "docx": ("word/document.xml", OFFICE + "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", OFFICE + "spreadsheetml.sheet.main+xml"),
    "docm": ("word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml"),
}


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), place: bool = True) -> bytes:
    """A picture whose left half is red; with `place`, it lies on its side and says where and with what it was taken."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    if place:
        exif[0x0112] = 6
        exif[0x010F] = "SecretCamera"
        exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 8.0, 3.0), 3: "E", 4: (117.0, 12.0, 1.0)})
    out = io.BytesIO()
    image.save(out, form, exif=exif)
    return out.getvalue()


def office(kind: str = "docx", more: dict[str, bytes] | None = None, types: bytes | None = None) -> bytes:
    """A document or workbook as small as one can be."""
    part, content = MAINS[kind]
    told = f'<Types><Override PartName="/{part}" ContentType="{content}"/></Types>'.encode()
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", told if types is None else types)
        archive.writestr(part, b"<document/>")
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def bomb(size: int = 300 * 1024 * 1024) -> bytes:
    """A document that is a few hundred kilobytes and unpacks to 300 MB."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(1024 * 1024)
    packed = b"".join(engine.compress(block) for _ in range(size // len(block))) + engine.flush()
    return _with_member("word/media/a.bin", packed, size, 0)


def liar() -> bytes:
    """A document with a member that says it has 100 bytes and has 40 MB."""
    packed = zlib.compress(bytes(40 * 1024 * 1024), 9)[2:-4]
    return _with_member("word/media/a.bin", packed, 100, zlib.crc32(bytes(100)))


def _with_member(name: str, packed: bytes, declared: int, checksum: int) -> bytes:
    """A document with one more member, written by hand with whatever it declares."""
    plain = office()
    end = plain.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HLL", plain, end + 10)
    told = (20, 0, 8, 0, 0, checksum, len(packed), declared, len(name), 0)
    local = struct.pack("<4sHHHHHLLLHH", b"PK\x03\x04", *told) + name.encode() + packed
    entry = struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", 20, *told, 0, 0, 0, 0, start) + name.encode()
    directory = plain[start : start + size] + entry
    tail = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count + 1, count + 1, len(directory), start + len(local), 0)
    return plain[:start] + local + directory + tail


def overlapping() -> bytes:
    """A document two of whose members are the same bytes."""
    plain = bytearray(office(more={"a.xml": b"x" * 50, "b.xml": b"x" * 50}))
    end = plain.rindex(b"PK\x05\x06")
    at = struct.unpack_from("<L", plain, end + 16)[0]
    places = []
    while plain[at : at + 4] == b"PK\x01\x02":
        places.append(at)
        at += 46 + sum(struct.unpack_from("<HHH", plain, at + 28))
    plain[places[3] + 42 : places[3] + 46] = plain[places[2] + 42 : places[2] + 46]
    return bytes(plain)


def encrypted() -> bytes:
    """A document that says its members are encrypted."""
    plain = bytearray(office())
    end = plain.rindex(b"PK\x05\x06")
    plain[6] |= 1
    plain[struct.unpack_from("<L", plain, end + 16)[0] + 8] |= 1
    return bytes(plain)


def crowded(members: int = 3_000) -> bytes:
    """A document with more empty members than one may have."""
    return office(more={f"m{number}": b"" for number in range(members)})


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A few bytes that say they are 900 million pixels."""
    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    packed = [struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
              for kind, data in chunks]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def linked() -> bytes:
    """A document with a link that leads out of it."""
    out = io.BytesIO(office())
    with ZipFile(out, "a") as archive:
        link = ZipInfo("word/link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()
