"""What is taken as evidence and what is not, by content; what is kept of pictures; names as they are shown."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from PIL import Image

from starrating.domain.evidence import Medium, numbered
from starrating.domain.faults import RuleError
from starrating.interchange.zip_check import ArchiveRefused, Bounds, checked_archive
from starrating.services.evidence.evidence_names import LONGEST_NAME, shown_name
from starrating.services.evidence.pictures import redrawn
from starrating.services.uploads import recognised
from tests.services import files

GOOD = {
    Medium.PDF: files.PDF,
    Medium.JPEG: files.picture("JPEG"),
    Medium.PNG: files.picture("PNG"),
    Medium.DOCX: files.office("docx"),
    Medium.XLSX: files.office("xlsx"),
}
HOSTILE: dict[str, tuple[Any, str]] = {
    "empty": (lambda: b"", "evidence.empty"),
    "svg": (lambda: files.SVG, "evidence.kind"),
    "html": (lambda: files.HTML, "evidence.kind"),
    "html behind a blank PDF mark": (lambda: b"\n%PDF-1.4" + files.HTML, "evidence.kind"),
    "gif and script": (lambda: b"GIF89a/*" + files.HTML + b"*/", "evidence.kind"),
    "program": (lambda: b"MZ" + bytes(200), "evidence.kind"),
    "cut PDF": (lambda: files.PDF[:20], "evidence.broken"),
    "PDF and archive": (lambda: files.PDF + files.office(), "evidence.broken|evidence.kind"),
    "small PDF in front of an archive": (lambda: files.PDF + _tail(files.office()), "evidence.kind"),
    "cut document": (lambda: files.office()[:-30], "evidence.broken"),
    "archive after JPEG's place": (lambda: b"x" + files.office(), "evidence.kind"),
    "archive with a tail": (lambda: files.office() + files.HTML, "evidence.broken"),
    "plain archive": (lambda: files.office(types=b"<Types/>"), "evidence.kind"),
    "archive of archives": (lambda: files.office(types=b"", more={"a.zip": files.office()}), "evidence.broken"),
    "both kinds": (lambda: files.office("docx", {"xl/workbook.xml": b""}, _both()), "evidence.kind"),
    "macros": (lambda: files.office("docm"), "evidence.macros"),
    "hidden macros": (lambda: files.office("docx", {"word/vbaProject.bin": b"x"}), "evidence.macros"),
    "entities": (lambda: files.office(types=b'<!DOCTYPE a [<!ENTITY b "c">]><Types/>'), "evidence.broken"),
    "no list of types": (lambda: files.office(types=b"not xml"), "evidence.broken"),
    "bomb": (files.bomb, "evidence.bomb"),
    "lying sizes": (files.liar, "evidence.bomb"),
    "crowd of members": (files.crowded, "evidence.bomb"),
    "overlapping members": (files.overlapping, "evidence.broken"),
    "encrypted": (files.encrypted, "evidence.encrypted"),
    "path out": (lambda: files.office(more={"../../etc/passwd": b"x"}), "evidence.broken"),
    "absolute path": (lambda: files.office(more={"/etc/x": b"x"}), "evidence.broken"),
    "drive": (lambda: files.office(more={"C:x": b"x"}), "evidence.broken"),
    "link": (files.linked, "evidence.broken"),
    "one name in two cases": (lambda: files.office(more={"A.xml": b"1", "a.xml": b"2"}), "evidence.broken"),
}


def _both() -> bytes:
    parts = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>'
                    for part, kind in (files.MAINS["docx"], files.MAINS["xlsx"]))  # fmt: skip
    return f"<Types>{parts}</Types>".encode()


def _tail(archive: bytes) -> bytes:
    """An archive with the end of a PDF as its comment."""
    end = archive.rindex(b"PK\x05\x06")
    return archive[: end + 20] + struct.pack("<H", 6) + b"%%EOF\n"


def found(content: bytes) -> Medium:
    return recognised(io.BytesIO(content), len(content))


@pytest.mark.parametrize("medium", GOOD)
def test_what_is_kept_is_recognised_by_its_content(medium: Medium) -> None:
    assert found(GOOD[medium]) is medium


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_kept_says_why(name: str) -> None:
    make, code = HOSTILE[name]
    with pytest.raises(RuleError) as refusal:
        found(make())
    assert any(refusal.value.code.startswith(one) for one in code.split("|"))


def test_a_changed_byte_in_a_member_is_seen() -> None:
    content = bytearray(files.office(more={"word/a.txt": b"stored text that is long enough"}))
    assert found(bytes(content)) is Medium.DOCX
    start = content.index(b"word/a.txt") + len("word/a.txt")
    content[start + 4] ^= 0x10
    with pytest.raises(RuleError, match="evidence"):
        found(bytes(content))


def test_the_bomb_would_have_passed_a_look_at_its_size_alone() -> None:
    content = files.bomb()
    assert len(content) < 1024 * 1024
    with pytest.raises(ArchiveRefused, match="bomb"):
        checked_archive(io.BytesIO(content), len(content))
    loose = Bounds(total=1024**3, ratio=10_000)
    with pytest.raises(ArchiveRefused, match="broken"):
        checked_archive(io.BytesIO(content), len(content), loose)


def test_a_picture_keeps_what_is_seen_and_nothing_else() -> None:
    for form, medium in (("JPEG", Medium.JPEG), ("PNG", Medium.PNG)):
        sent = files.picture(form) + files.HTML
        assert b"SecretCamera" in sent
        made = redrawn(io.BytesIO(sent), medium)
        for content in (made.whole, made.small):
            assert b"SecretCamera" not in content
            assert b"<script" not in content
            shown = Image.open(io.BytesIO(content))
            assert not shown.getexif()
            assert "exif" not in shown.info
            assert shown.size == (40, 60), "it was lying on its side"
        red, white = (Image.open(io.BytesIO(made.whole)).convert("RGB").getpixel(at) for at in ((20, 5), (20, 55)))
        assert isinstance(red, tuple)
        assert red[0] > 200
        assert red[1] < 60
        assert white == (255, 255, 255)


def test_what_hides_beside_the_pixels_is_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    said = PngInfo()
    said.add_text("Author", "SecretAuthor")
    said.add_itxt("XML:com.adobe.xmp", "<x>SecretAuthor</x>")
    for form, medium, more in (
        ("PNG", Medium.PNG, {"pnginfo": said, "icc_profile": b"SecretAuthor" * 20}),
        (
            "JPEG",
            Medium.JPEG,
            {"comment": b"SecretAuthor", "icc_profile": b"SecretAuthor" * 20, "xmp": b"SecretAuthor"},
        ),
    ):
        out = io.BytesIO()
        Image.new("RGB", (50, 40), "blue").save(out, form, **more)
        assert b"SecretAuthor" in out.getvalue()
        made = redrawn(out, medium)
        assert b"SecretAuthor" not in made.whole + made.small


def test_a_large_picture_is_kept_in_a_readable_size() -> None:
    for form, medium in (("JPEG", Medium.JPEG), ("PNG", Medium.PNG)):
        out = io.BytesIO()
        Image.new("L", (6_000, 3_000), "white").save(out, form)
        whole = Image.open(io.BytesIO(redrawn(out, medium).whole))
        assert whole.size == (4_096, 2_048)


def test_other_colours_are_drawn_too() -> None:
    for mode, form, medium in (
        ("CMYK", "JPEG", Medium.JPEG), ("L", "JPEG", Medium.JPEG), ("P", "PNG", Medium.PNG),
        ("RGBA", "PNG", Medium.PNG), ("I;16", "PNG", Medium.PNG), ("1", "PNG", Medium.PNG), ("LA", "PNG", Medium.PNG),
    ):  # fmt: skip
        out = io.BytesIO()
        Image.new(mode, (500, 400)).save(out, form)
        made = redrawn(out, medium)
        assert Image.open(io.BytesIO(made.whole)).size == (500, 400)
        assert Image.open(io.BytesIO(made.small)).size == (320, 256)


def test_greys_of_sixteen_bits_stay_the_greys_they_are() -> None:
    row = b"".join(grey.to_bytes(2, "little") * 100 for grey in (0, 255, 20_000, 60_000, 65_535))
    out = io.BytesIO()
    Image.frombytes("I;16", (500, 400), row * 400).save(out, "PNG")
    whole = Image.open(io.BytesIO(redrawn(out, Medium.PNG).whole))
    assert (whole.mode, [whole.getpixel((column * 100 + 50, 200)) for column in range(5)]) == (
        "L",
        [0, 0, 78, 234, 255],
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (files.huge_png(), "evidence.pixels"),
        (files.huge_png(8_000, 8_000), "evidence.pixels"),
        (files.huge_png(300, 300), "evidence.broken"),
        (b"\x89PNG\r\n\x1a\n" + files.HTML, "evidence.broken"),
        (b"\xff\xd8\xff\xe0" + files.HTML, "evidence.broken"),
    ],
    ids=["900 million pixels", "64 million pixels", "cut", "html in png", "html in jpg"],
)
def test_a_hostile_picture_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(RuleError, match=code):
        redrawn(io.BytesIO(content), found(content))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("证据材料.pdf", "证据材料.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\系统\\x.pdf", "x.pdf"),
        ("/etc/x", "x.pdf"),
        ("C:\\x", "x.pdf"),
        ("a\x00.pdf", "a.pdf"),
        ("党课\u202efdp.照片.pdf", "党课fdp.照片.pdf"),
        ("零\u200b宽\u2066名\u2069.pdf", "零宽名.pdf"),
        ("", "未命名.pdf"),
        (".", "未命名.pdf"),
        ("..", "未命名.pdf"),
        (".pdf", "未命名.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("com1.表.pdf", "_com1.表.pdf"),
        ("x.PDF ", "x.PDF"),
        ("a.exe.pdf", "a.exe.pdf"),
        ("说明v1.2", "说明v1.2.pdf"),
        ("第3季度.扫描件", "第3季度.扫描件.pdf"),
        ('问"题?<名>|.pdf', "问题名.pdf"),
        ("𠮷村e\u0301.pdf", "𠮷村é.pdf"),
    ],
)
def test_names_are_kept_as_far_as_they_can_be(given: str, shown: str) -> None:
    assert shown_name(given, Medium.PDF) == shown


def test_a_name_of_300_characters_keeps_its_beginning_and_ending() -> None:
    shown = shown_name("汉" * 300 + ".pdf", Medium.PDF)
    assert len(shown) == LONGEST_NAME
    assert shown.startswith("汉汉")
    assert shown.endswith("汉.pdf")


@pytest.mark.parametrize(
    ("name", "medium"),
    [("x.pdf.exe", Medium.PDF), ("照片.pdf", Medium.JPEG), ("台账.docx", Medium.XLSX), ("页.html", Medium.PNG),
     ("图.svg", Medium.PNG), ("旧.doc", Medium.DOCX)],
)  # fmt: skip
def test_a_name_that_promises_something_else_is_refused(name: str, medium: Medium) -> None:
    with pytest.raises(RuleError, match=r"evidence\.ending"):
        shown_name(name, medium)


def test_a_picture_of_the_other_kind_gets_its_own_ending() -> None:
    assert shown_name("照片.png", Medium.JPEG) == "照片.jpg"
    assert shown_name("照片.jpeg", Medium.JPEG) == "照片.jpeg"


def test_names_in_one_folder_stand_once() -> None:
    given = ["a/证据.pdf", "b/证据.pdf", "a/证据.pdf", "a/证据.PDF", "a/证据(2).pdf"]
    assert list(numbered(given)) == ["a/证据.pdf", "b/证据.pdf", "a/证据(2).pdf", "a/证据(3).PDF", "a/证据(2)(2).pdf"]
