"""Spreadsheets that nobody should open: bombs, lies, tricks of XML, and files that are something else."""

from __future__ import annotations

import io
import json
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from starrating.interchange.spreadsheets import ENCRYPTED, OLE

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/></Relationships>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = (
    f'<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="{MAIN}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="村" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
HEAD = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>'
TAIL = "</sheetData></worksheet>"
FILLED = '<row r="1"><c r="A1"><v>1</v></c></row>'


def parts(sheet: str | bytes = HEAD + FILLED + TAIL) -> dict[str, str | bytes]:
    """The parts of a small workbook with that sheet."""
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }


def book(found: dict[str, str | bytes] | None = None, **more: str | bytes) -> bytes:
    """A container of parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in ((found or parts()) | more).items():
            out.writestr(name, content)
    return file.getvalue()


def sheet(rows: str) -> bytes:
    return book(parts(HEAD + rows + TAIL))


def wide_xml(size: int, row: str = '<row r="1"><c r="A1"><v>0</v></c></row>') -> bytes:
    """A sheet that unpacks to so many bytes."""
    return book(parts(HEAD + row * (size // len(row)) + TAIL))


def lying(data: bytes, name: str, *, local: bool) -> bytes:
    """A container in which a member claims to be small, in its own header too or in the directory only."""
    raw, found = bytearray(data), data.rfind(b"xl/worksheets/sheet1.xml")
    struct.pack_into("<I", raw, found - 46 + 24, 100)
    if local:
        struct.pack_into("<I", raw, data.find(name.encode()) - 30 + 22, 100)
    return bytes(raw)


def overlapping() -> bytes:
    """Two hundred entries of the directory that all point to one member."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b" " * 4_000_000
    body = packed.compress(content) + packed.flush()
    names = [f"xl/worksheets/sheet{number:03}.xml".encode() for number in range(150)]
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, zlib.crc32(content), len(body), len(content),
                        len(names[0]), 0) + names[0] + body  # fmt: skip
    directory = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, zlib.crc32(content), len(body), len(content),
                    len(name), 0, 0, 0, 0, 0, 0) + name for name in names
    )  # fmt: skip
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(names), len(names), len(directory), len(local), 0)
    return local + directory + end


def many_members(count: int) -> bytes:
    return book({f"m{number}": b"" for number in range(count)})


def nested() -> bytes:
    inner = book(parts(HEAD + " " * 1_000_000 + TAIL))
    return book({f"{number}.zip": inner for number in range(16)})


def encrypted_members() -> bytes:
    raw = bytearray(book())
    raw[raw.find(b"PK\1\2") + 8] |= 1
    return bytes(raw)


def billion_laughs() -> bytes:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lol}]><worksheet xmlns="{MAIN}"><sheetData>'
    return book(parts(text + '<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row>' + TAIL))


def external_entity() -> bytes:
    text = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet xmlns="{MAIN}"><sheetData>'
    return book(parts(text + '<row r="1"><c r="A1" t="inlineStr"><is><t>&f;</t></is></c></row>' + TAIL))


def amplified_strings() -> bytes:
    """One long shared string that a hundred thousand cells show."""
    found = parts(HEAD + "".join(
        f'<row r="{row}">' + "".join(f'<c r="{chr(65 + at)}{row}" t="s"><v>0</v></c>' for at in range(20)) + "</row>"
        for row in range(1, 5_001)) + TAIL)  # fmt: skip
    found["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>{"村" * 30_000}</t></si></sst>'
    found["xl/_rels/workbook.xml.rels"] = str(found["xl/_rels/workbook.xml.rels"]).replace(
        "</Relationships>",
        '<Relationship Id="rId2" Target="sharedStrings.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
    )
    return book(found)


def different_texts(size: int) -> bytes:
    draw, rows, made = random.Random(1), [], 0
    while made < size:
        row = "".join(
            f'<c t="inlineStr"><is><t>{draw.randrange(10**40):x}{"村" * 300}</t></is></c>' for _ in range(200)
        )
        rows.append(f"<row>{row}</row>")
        made += len(row.encode())
    return sheet("".join(rows))


def members(count: int) -> bytes:
    """A sound workbook with so many parts in all."""
    return book(parts() | {f"xl/m{number}.xml": "<a/>" for number in range(count - len(parts()))})


def ratio() -> bytes:
    """Nothing large: a part of a quarter of a megabyte and some, which packs a thousand times."""
    return book(parts() | {"xl/theme/theme1.xml": "<a>" + " " * 300_000 + "</a>"})


def extent(rows: int, columns: int) -> bytes:
    """A plain sheet of so many rows, and in the first one so many columns."""
    first = "<row>" + "<c><v>1</v></c>" * columns + "</row>"
    others = (f"<row><c><v>{number * 7_919 % 1_000_003}</v></c></row>" for number in range(1, rows))
    return sheet(first + "".join(others))


def different_numbers(size: int) -> bytes:
    draw = random.Random(1)
    cells = "".join(f"<c><v>{draw.randrange(10**9)}.{draw.randrange(10**6)}</v></c>" for _ in range(190))
    return sheet(f"<row>{cells}</row>" * (size // len(cells)))


BOMBS: dict[str, Callable[[], bytes]] = {
    "64 MB of XML": lambda: wide_xml(64_000_000),
    "512 MB of XML": lambda: wide_xml(512_000_000, '<row r="1"><c r="A1"><v>0</v></c></row>' * 100),
    "49 MB of XML, stored in cells": lambda: wide_xml(49_000_000, '<row><c t="n"><v>12.25</v></c><c/></row>'),
    "a size that is a lie in the directory": lambda: lying(
        wide_xml(64_000_000), "xl/worksheets/sheet1.xml", local=False
    ),
    "a size that is a lie everywhere": lambda: lying(wide_xml(64_000_000), "xl/worksheets/sheet1.xml", local=True),
    "overlapping members": overlapping,
    "100,000 empty members": lambda: many_members(100_000),
    "containers in a container": nested,
    "billion laughs": billion_laughs,
    "external entity": external_entity,
    "a cell at the far end": lambda: sheet(FILLED + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "one string a hundred thousand times": amplified_strings,
    "one endless text": lambda: sheet(
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"啊" * 9_000_000}</t></is></c></row>'
    ),
    "attributes without end": lambda: sheet(f'<row r="1"><c r="A1" {"a" * 9_000_000}="1"><v>1</v></c></row>'),
    "tags that begin and never end": lambda: sheet("<c " * 80_000),
    "cells that begin and never end": lambda: sheet('<row r="1">' + '<c r="A1"><f>' * 19_000),
    "49 MB of texts, each another": lambda: different_texts(49_000_000),
    "49 MB of numbers, each another": lambda: different_numbers(49_000_000),
    "rows without end": lambda: sheet("<row/>" * 6_000_000),
    "201 members": lambda: members(201),
    "a ratio beyond 100": ratio,
    "20,001 rows": lambda: extent(20_001, 1),
    "201 columns": lambda: extent(1, 201),
    "encrypted members": encrypted_members,
    "a workbook with a password": lambda: OLE + bytes(512) + ENCRYPTED,
    "macros": lambda: book(parts() | {"xl/vbaProject.bin": b"x"}),
    "links to other files": lambda: book(parts() | {"xl/externalLinks/externalLink1.xml": "<a/>"}),
}
"""What a file must not do to its reader, each by what it is."""


def main(folder: str) -> None:
    """Write them all into a folder; name → path as JSON."""
    paths = {name: Path(folder) / f"{number}.xlsx" for number, name in enumerate(BOMBS)}
    for name, path in paths.items():
        path.write_bytes(BOMBS[name]())
    print(json.dumps({name: str(path) for name, path in paths.items()}))


if __name__ == "__main__":
    main(sys.argv[1])
