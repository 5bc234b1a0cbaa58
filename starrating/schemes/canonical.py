"""One text for one meaning: a merged scheme as JSON with sorted keys and numbers in their shortest form.

Formatting, comments, the order of keys and how a scheme is spread over files leave it as it is; a changed value does
not. A value that was read as a number is written as one, any other as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from starrating.schemes.notes import Path
from starrating.schemes.tree import Map, Node, Scalar


def canonical_text(root: Node, written: Mapping[Path, str]) -> str:
    """The canonical text of a tree; `written` has the form of every value that is not text."""
    return "".join(_pieces(root, (), written))


def without(text: str, left_out: str) -> str:
    """A canonical text without one of its outermost keys; every other character stays."""
    decoder, at, kept = json.JSONDecoder(), 1, []
    while text[at] != "}":
        begun = at
        key, at = decoder.raw_decode(text, at)
        _, at = decoder.raw_decode(text, at + 1)
        if key != left_out:
            kept.append(text[begun:at])
        at += text[at] == ","
    return "{" + ",".join(kept) + "}"


def _pieces(node: Node, path: Path, written: Mapping[Path, str]) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield written.get(path) or _quoted(node.text)
    elif isinstance(node, Map):
        for index, key in enumerate(sorted(node.entries)):
            yield "," if index else "{"
            yield f"{_quoted(key)}:"
            yield from _pieces(node.entries[key].node, (*path, key), written)
        yield "}" if node.entries else "{}"
    else:
        for index, item in enumerate(node.items):
            yield "," if index else "["
            yield from _pieces(item, (*path, index), written)
        yield "]" if node.items else "[]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
