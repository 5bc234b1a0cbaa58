"""Files that are handed out: their names as people wrote them, in a header that every browser reads."""

from __future__ import annotations

from urllib.parse import quote


def disposition(name: str, *, inline: bool) -> str:
    """The header that gives a file its name: plain letters for old programs, UTF-8 for all others (RFC 6266)."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
