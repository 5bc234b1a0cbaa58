"""Sets a paper: a template of this package, data as JSON, fonts of this package; the same data give the same bytes.

What a template shows comes to it as data and is never read as markup: a name may hold `#`, `*`, `$`, `[` or `\\`. No
clock, no network, no font of the machine; a template reads nothing outside its own folder. A letter that no font has is
printed as `〓`, as printers do, and named in the data under `missing`, so that a paper can say so.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont

PACKAGE = Path(__file__).resolve().parent
NO_LETTER = "〓"
TEMPLATES = PACKAGE / "templates"
FONT_FOLDERS = (PACKAGE / "fonts", PACKAGE.parent / "charts" / "fonts")
"""Noto Serif SC lies here, Noto Sans SC beside the charts that need it too."""
SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
OWN = {"body": (SERIF, SANS), "title": (SERIF, SANS), "heading": (SANS,)}
WANTED = {
    "body": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋"),
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05", "方正小标宋_GBK"),
    "heading": ("SimHei", "黑体"),
}
"""The faces that GB/T 9704 names, by the names that their files bear; none of them is free to be shipped."""
UNSEEN = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
"""Letters that nobody sees and that turn or join what is read: “五星” could be made to read “星五”."""


def typeset(
    template: str, data: Mapping[str, Any], *, folder: Path = TEMPLATES, fonts: Path | None = None,
    pictures: Sequence[str] = (),
) -> bytes:  # fmt: skip
    """A paper as PDF, its fonts inside it; `data` is what the template reads as `json(bytes(sys.inputs.data))`.

    `pictures` are texts of SVG, which it reads as `json(bytes(sys.inputs.pictures))`: drawn here, never from outside.
    `fonts` is a folder with faces that an office has a licence for. A server asks `documents.apart` for papers: typst
    never gives back the memory that one took.
    """
    given = _given(data, folder, fonts)
    given["sys_inputs"]["pictures"] = json.dumps(list(pictures))
    return bytes(typst.compile(folder / template, **given))


def page_pictures(template: str, data: Mapping[str, Any], *, folder: Path = TEMPLATES, ppi: int = 96) -> list[bytes]:
    """The same paper as one PNG a page, to be looked at."""
    found = typst.compile(folder / template, format="png", ppi=ppi, **_given(data, folder))
    return [bytes(page) for page in (found if isinstance(found, list) else [found])]


def legible(value: Any) -> Any:
    """Data with every text as it can be printed: control characters as spaces, what nobody sees left out."""
    match value:
        case str():
            letters = (one for one in unicodedata.normalize("NFC", value) if one not in UNSEEN)
            return "".join(_printed(one) for one in letters)
        case Mapping():
            return {key: legible(one) for key, one in value.items()}
        case list() | tuple():
            return [legible(one) for one in value]
    return value


def missing(value: Any) -> list[str]:
    """The letters in data that no font has, as `U+20BB7`, in order."""
    letters = {one for text in _texts(value) for one in unicodedata.normalize("NFC", text)}
    return [f"U+{ord(one):04X}" for one in sorted(letters - UNSEEN) if _printed(one) == NO_LETTER != one]


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for one in value.values():
                yield from _texts(one)
        case list() | tuple():
            for one in value:
                yield from _texts(one)


def _printed(one: str) -> str:
    """What stands on paper for a character; a line's end stays one."""
    if one == "\n" or ord(one) in _known_letters():
        return one
    return " " if unicodedata.category(one) in ("Cc", "Zs") else NO_LETTER


@lru_cache(maxsize=1)
def _known_letters() -> frozenset[int]:
    """The characters that every face of the package has: a letter should not vanish where a heading is bold."""
    faces = [path for folder in FONT_FOLDERS for path in sorted(folder.glob("*.otf"))]
    known = []
    for path in faces:
        with TTFont(path, lazy=True) as face:
            known.append(frozenset(face.getBestCmap()))
    return frozenset.intersection(*known)


def faces(fonts: Path | None) -> dict[str, list[str]]:
    """The faces of a paper by their part, the best first: what the standard names where an office has it, then ours."""
    named: set[str] = set()
    if fonts is not None:
        named = set(
            typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts]).families()
        )
    return {part: [*(name for name in wanted if name in named), *OWN[part]] for part, wanted in WANTED.items()}


def _given(data: Mapping[str, Any], folder: Path, fonts: Path | None = None) -> dict[str, Any]:
    told = {**legible(data), "missing": missing(data), "faces": faces(fonts)}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return {
        "root": folder,
        "font_paths": [*FONT_FOLDERS, *([fonts] if fonts else [])],
        "ignore_system_fonts": True,
        "sys_inputs": {"data": text},
    }
