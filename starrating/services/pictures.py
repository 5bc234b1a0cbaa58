"""Pictures drawn anew: only what is seen is kept; place, camera, time and whatever hid in the file are gone."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from starrating.domain.evidence import Medium
from starrating.domain.faults import RuleError

MOST_PIXELS = 50_000_000
"""More than any telephone in an office takes by default; about 150 MB while it is drawn."""
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
    try:
        with Image.open(file, formats=(FORMATS[medium],)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise RuleError("evidence.pixels", most=MOST_PIXELS // 10_000)
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            bare = _bare(upright, medium)
        small = _on_white(bare)
        small.thumbnail((SMALL_SIDE, SMALL_SIDE))
        return Picture(_written(bare, medium), _written(small, Medium.JPEG))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise RuleError("evidence.pixels", most=MOST_PIXELS // 10_000) from fault
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError) as fault:
        raise RuleError("evidence.broken") from fault


def _bare(picture: Image.Image, medium: Medium) -> Image.Image:
    """The pixels alone, in colours that the format and every reader know."""
    clear = picture.has_transparency_data
    mode = "RGBA" if clear and medium is Medium.PNG else "L" if picture.mode in ("L", "1") else "RGB"
    found = picture.convert(mode)
    bare = Image.new(mode, found.size)
    bare.paste(found)
    return bare


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.copy()
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _written(picture: Image.Image, medium: Medium) -> bytes:
    out = io.BytesIO()
    if medium is Medium.PNG:
        picture.save(out, "PNG", optimize=False, compress_level=6)
    else:
        picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
