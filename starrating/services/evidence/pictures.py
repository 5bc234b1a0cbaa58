"""Pictures drawn anew: only what is seen is kept; place, camera, time and whatever hid in the file are gone."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from starrating.domain.evidence import Medium
from starrating.domain.faults import RuleError

MOST_PIXELS = {Medium.JPEG: 50_000_000, Medium.PNG: 25_000_000}
"""More than any telephone in an office takes by default, or a screen has; some 250 MB while the largest is drawn."""
LONGEST_SIDE = 4096
"""A page of paper at 300 dots an inch has 3,508; larger pictures are kept in this size."""
SMALL_SIDE = 320
QUALITY = 90
FORMATS = {Medium.JPEG: "JPEG", Medium.PNG: "PNG"}


@dataclass(frozen=True, slots=True)
class Picture:
    """What is kept of a picture: the whole of it, and a small one (a JPEG) for lists."""

    whole: bytes
    small: bytes


def redrawn(file: IO[bytes], medium: Medium) -> Picture:
    """A picture upright and without metadata; `evidence.pixels` before anything large is unpacked."""
    file.seek(0)
    most = MOST_PIXELS[medium]
    try:
        with Image.open(file, formats=(FORMATS[medium],)) as opened:
            if opened.width * opened.height > most:
                raise RuleError("evidence.pixels", most=most // 10_000)
            bare = _bare(opened, medium)
        return Picture(_written(bare, medium), _written(_small(bare), Medium.JPEG))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise RuleError("evidence.pixels", most=most // 10_000) from fault
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError) as fault:
        raise RuleError("evidence.broken") from fault


def _bare(picture: Image.Image, medium: Medium) -> Image.Image:
    """The pixels alone, upright, in colours that the format and every reader know, no larger than the longest side."""
    longest = max(picture.size)
    if longest > LONGEST_SIDE:
        # A JPEG is then read in half or a quarter of its size, which also saves the memory of the rest.
        picture.draft(None, (4_000 * picture.width // longest, 4_000 * picture.height // longest))
    picture.load()
    found = ImageOps.exif_transpose(picture)
    if found.mode.startswith("I"):
        # Greys of 16 bits: converting alone would cut everything from 256 on off to white.
        found = found.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    clear = found.has_transparency_data
    mode = "RGBA" if clear and medium is Medium.PNG else "L" if found.mode in ("L", "1") else "RGB"
    if found.mode != mode:
        found = found.convert(mode)
    if max(found.size) > LONGEST_SIDE:
        found = ImageOps.contain(found, (LONGEST_SIDE, LONGEST_SIDE))
    found.info = {}
    return found


def _small(picture: Image.Image) -> Image.Image:
    """The same for a list, on white where it is clear."""
    small = ImageOps.contain(picture, (SMALL_SIDE, SMALL_SIDE)) if max(picture.size) > SMALL_SIDE else picture.copy()
    if small.mode != "RGBA":
        return small
    ground = Image.new("RGB", small.size, "white")
    ground.paste(small, mask=small.getchannel("A"))
    return ground


def _written(picture: Image.Image, medium: Medium) -> bytes:
    out = io.BytesIO()
    if medium is Medium.PNG:
        picture.save(out, "PNG")
    else:
        picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
