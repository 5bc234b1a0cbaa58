"""What a file that somebody sent really is: recognised by its content, never by its name or what the browser says."""

from __future__ import annotations

from typing import IO
from xml.etree import ElementTree as ET
from zipfile import ZipFile, is_zipfile

from starrating.domain.evidence import Medium
from starrating.domain.faults import RuleError
from starrating.interchange.zip_check import LOCAL_MARK, ArchiveRefused, checked_archive, read_member

JPEG_MARK = b"\xff\xd8\xff"
PNG_MARK = b"\x89PNG\r\n\x1a\n"
PDF_MARK = b"%PDF-"
TYPES = "[Content_Types].xml"
LONGEST_TYPES = 1024 * 1024
TAIL = 2048
_OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    f"{_OFFICE}wordprocessingml.document.main+xml": Medium.DOCX,
    f"{_OFFICE}spreadsheetml.sheet.main+xml": Medium.XLSX,
}
"""The type of the part that makes an archive a document or a workbook; those with macros have others."""


def recognised(file: IO[bytes], size: int) -> Medium:
    """What a file is; `evidence.empty`, `evidence.kind`, `evidence.broken`, `evidence.bomb` … where it is not kept."""
    if size == 0:
        raise RuleError("evidence.empty")
    file.seek(0)
    head = file.read(16)
    if head.startswith(JPEG_MARK):
        return Medium.JPEG
    if head.startswith(PNG_MARK):
        return Medium.PNG
    if head.startswith(PDF_MARK):
        return _document(file, size)
    if head.startswith(LOCAL_MARK):
        return _office_file(file, size)
    raise RuleError("evidence.kind")


def _document(file: IO[bytes], size: int) -> Medium:
    """A PDF from its first byte to its last, and not an archive as well."""
    file.seek(max(0, size - TAIL))
    if b"%%EOF" not in file.read(TAIL):
        raise RuleError("evidence.broken")
    if _is_archive_too(file):
        raise RuleError("evidence.kind")
    return Medium.PDF


def _is_archive_too(file: IO[bytes]) -> bool:
    file.seek(0)
    if not is_zipfile(file):
        return False
    try:
        with ZipFile(file) as archive:
            return bool(archive.infolist())
    except Exception:  # whatever zipfile says of a PDF's last bytes, an archive it is not
        return False


def _office_file(file: IO[bytes], size: int) -> Medium:
    """A document or workbook without macros: its archive holds what it declares, its main part says what it is."""
    try:
        members = checked_archive(file, size)
        if TYPES not in members:
            raise RuleError("evidence.kind")
        parts = _main_parts(read_member(file, TYPES, LONGEST_TYPES))
    except ArchiveRefused as refusal:
        raise _said(refusal) from refusal
    found = {MAIN_PARTS[kind] for kind, part in parts if part in members and kind in MAIN_PARTS}
    if any("macroEnabled" in kind for kind, _ in parts) or any(name.endswith("vbaProject.bin") for name in members):
        raise RuleError("evidence.macros")
    if len(found) != 1:
        raise RuleError("evidence.kind")
    return found.pop()


def _said(refusal: ArchiveRefused) -> RuleError:
    """What a refused archive is called in front of people."""
    match str(refusal):
        case "encrypted":
            return RuleError("evidence.encrypted")
        case "bomb":
            return RuleError("evidence.bomb")
    return RuleError("evidence.broken")


def _main_parts(text: bytes) -> list[tuple[str, str]]:
    """(type, part) of what the list of types names; a list that defines entities is none."""
    if b"<!" in text.replace(b"<!--", b""):
        raise RuleError("evidence.broken")
    try:
        root = ET.fromstring(text)  # nosec B314: no declaration can be in it
    except ET.ParseError as fault:
        raise RuleError("evidence.broken") from fault
    return [(one.get("ContentType", ""), one.get("PartName", "").lstrip("/")) for one in root]
