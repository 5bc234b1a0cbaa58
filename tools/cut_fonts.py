"""Cut the fonts of the interface into WOFF2 slices and write the style sheet that joins them by unicode-range.

    python -m tools.cut_fonts FOLDER_WITH_THE_OTF_FILES

Needs fontTools and brotli. The same sources and the same character list give the same bytes. A page loads only the
slices whose characters stand on it: Latin and punctuation, the words and names of the product in two parts (in the
order of how often they occur, `common_characters.txt`), the rest of GB 2312 level 1, all else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
STATIC = HERE.parent / "starrating" / "static"
FACES = (
    ("NotoSansSC-Regular-starrating.otf", "Star Sans", 400, "star-sans-400"),
    ("NotoSansSC-Bold-starrating.otf", "Star Sans", 700, "star-sans-700"),
    ("NotoSerifSC-Bold-starrating.otf", "Star Serif", 700, "star-serif-700"),
)
LICENCE = "OFL-copyright.txt"
FIRST_PART = 850
HAN = range(0x3400, 0xA000)


def level_one() -> set[int]:
    """The 3,755 characters of GB 2312 level 1: rows 16 to 55."""
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return {ord(pair.decode("gb2312", errors="ignore") or "\0") for pair in pairs} - {0}


def slices(covered: set[int]) -> list[list[int]]:
    """The characters of a font in five groups, each once."""
    common = [
        ord(character) for character in (HERE / "common_characters.txt").read_text(encoding="utf-8") if character > " "
    ]
    latin = {code for code in covered if code not in HAN}
    wanted = (latin, common[:FIRST_PART], common[FIRST_PART:], level_one(), covered)
    left, groups = set(covered), []
    for group in wanted:
        taken = left & set(group)
        left -= taken
        groups.append(sorted(taken))
    return groups


def spans(codes: Sequence[int]) -> Iterator[str]:
    """`U+4E00-4E03, U+4E07`: neighbours as one range."""
    start = before = codes[0]
    for code in (*codes[1:], -1):
        if code != before + 1:
            yield f"U+{start:X}" if start == before else f"U+{start:X}-{before:X}"
            start = code
        before = code


def cut(source: Path, codes: Iterable[int], target: Path) -> None:
    """Write one slice with the features that Chinese punctuation needs."""
    options = subset.Options(
        flavor="woff2",
        layout_features=["*"],
        hinting=False,
        desubroutinize=True,
        name_IDs=[0, 1, 2, 13, 14],
        notdef_outline=True,
    )
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def face(family: str, weight: int, name: str, codes: Sequence[int]) -> str:
    """One @font-face rule."""
    return (
        f'@font-face {{\n  font-family: "{family}";\n  font-weight: {weight};\n'
        "  font-style: normal;\n  font-display: swap;\n"
        f'  src: url("../fonts/{name}") format("woff2");\n  unicode-range: {", ".join(spans(codes))};\n}}\n'
    )


def main(folder: Path) -> None:
    """Cut every face and write `static/fonts/` and `static/css/fonts.css`."""
    rules = [f"/* Written by tools/cut_fonts.py. Fonts under the SIL Open Font License: ../fonts/{LICENCE} */\n"]
    for file, family, weight, stem in FACES:
        for number, codes in enumerate(slices(set(TTFont(folder / file).getBestCmap()))):
            name = f"{stem}-{number}.woff2"
            cut(folder / file, codes, STATIC / "fonts" / name)
            rules.append(face(family, weight, name, codes))
    (STATIC / "css" / "fonts.css").write_text("".join(rules), encoding="utf-8")
    (STATIC / "fonts" / LICENCE).write_bytes((folder / LICENCE).read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
