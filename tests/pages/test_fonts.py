"""Every character that the templates write is in the shipped fonts; the first slices hold nearly all of them."""

import re
from pathlib import Path

from starrating.blueprints import styleguide

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "starrating" / "static"
FACE = re.compile(r'font-family: "([^"]+)".*?url\("\.\./fonts/([^"]+)"\).*?unicode-range: ([^;]+);', re.DOTALL)


def faces() -> list[tuple[str, str, set[int]]]:
    found = []
    for family, file, ranges in FACE.findall((STATIC / "css" / "fonts.css").read_text(encoding="utf-8")):
        spans = [span.removeprefix("U+").partition("-") for span in ranges.split(", ")]
        weight = file.rsplit("-", 1)[0]
        codes = {code for first, _, last in spans for code in range(int(first, 16), int(last or first, 16) + 1)}
        found.append((f"{family} {weight}", file, codes))
    return found


def written() -> set[int]:
    files = [*(ROOT / "templates").rglob("*.html"), *Path(styleguide.__file__).parent.glob("*.py")]
    return {ord(character) for file in files for character in file.read_text(encoding="utf-8") if character > " "}


def test_every_slice_is_there_with_the_licence() -> None:
    files = {file for _, file, _ in faces()}
    assert files == {path.name for path in (STATIC / "fonts").glob("*.woff2")}
    assert len(files) == 15
    assert "SIL OPEN FONT LICENSE Version 1.1" in (STATIC / "fonts" / "OFL-copyright.txt").read_text(encoding="utf-8")


def test_no_character_is_missing_or_in_two_slices() -> None:
    by_face: dict[str, list[set[int]]] = {}
    for face, _, codes in faces():
        by_face.setdefault(face, []).append(codes)
    assert len(by_face) == 3
    for face, slices in by_face.items():
        together = set().union(*slices)
        assert sum(map(len, slices)) == len(together), face
        assert [chr(code) for code in sorted(written() - together)] == [], face


def test_a_page_needs_few_slices() -> None:
    first = set().union(
        *(codes for face, file, codes in faces() if file.startswith("star-sans-400-") and file[14] in "012")
    )
    assert [chr(code) for code in sorted(written() - first)][20:] == []
