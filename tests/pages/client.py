"""A test client that holds every HTML answer to the house's rules: use it instead of `app.test_client()`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HAN = r"[\u3400-\u9fff]"
ASCII_MARKS = re.compile(rf"{HAN}[,:;()]|[,:;()]{HAN}")
WORD = re.compile(r"[A-Za-z]{2,}")
UNTRANSLATED = {"code", "abbr", "kbd", "samp", "script", "style", "option", "pre"}
"""Where letters may stand on a Chinese page: digests, units, keys; `translate="no"` marks what people typed."""
NAMES = re.compile(
    r"\.(?:xlsx|xlsb|xlsm|xls|ods|csv)(?![A-Za-z])|[\w-]+\.(?:pdf|jpg|png|xlsx|csv|mp4)|[A-Za-z0-9_.*-]*\d[A-Za-z0-9_.*-]*"
    r"|(?<![A-Za-z])(?:PDF|JPG|PNG|DOCX|XLSX|CSV|JSON|YAML|Excel|WPS|ODF|KB|MB|GB)(?![A-Za-z])"
)
LABELLED = {"input", "select", "textarea"}
WITHOUT_LABEL = {"hidden", "submit", "button", "reset", "image"}
TOKEN = re.compile(r'(<input[^>]* name="csrf_token"[^>]* value=")[^"]+')
READ_ALOUD = ("alt", "aria-label", "placeholder", "title")


def local(element: Element) -> str:
    """A tag's name; a comment has a function in its place."""
    tag: object = element.tag
    return tag if isinstance(tag, str) else ""


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def sentences(element: Element, quiet: bool = False) -> Iterator[str]:
    """What people read or hear, in pieces, without what is quoted as it is or in another language."""
    name, language = local(element), element.get("lang", "zh")
    quiet = (
        quiet or name in UNTRANSLATED or not name or not language.startswith("zh") or element.get("translate") == "no"
    )
    if not quiet:
        yield from (value for key in READ_ALOUD if (value := element.get(key)))
        yield element.text or ""
    for child in element:
        yield from sentences(child, quiet)
        if not quiet:
            yield child.tail or ""


def inline_faults(element: Element) -> Iterator[str]:
    """What the content security policy would block."""
    name = local(element)
    if name == "style" or "style" in element.attrib:
        yield f"inline style on <{name}>"
    if name == "script" and not element.get("src"):
        yield "inline script"
    yield from (f"{key} on <{name}>" for key in element.attrib if key.startswith("on"))
    if (element.get("href") or "").lower().startswith("javascript:"):
        yield "a javascript: address"


def form_faults(form: Element) -> Iterator[str]:
    """An action, a method, and a token where it writes; never a token in an address."""
    method = (form.get("method") or "").lower()
    tokens = [field for field in form.iter("input") if field.get("name") == "csrf_token"]
    if not form.get("action"):
        yield "a form without action"
    if method not in {"get", "post", "dialog"}:
        yield f"a form with method {method!r}"
    if method == "post" and (len(tokens) != 1 or not tokens[0].get("value")):
        yield f"a form to {form.get('action')} with {len(tokens)} tokens"
    if method == "get" and tokens:
        yield f"a token in the address of {form.get('action')}"


def label_faults(root: Element) -> Iterator[str]:
    """Every field has a label that says something."""
    labelled = {label.get("for") for label in root.iter("label") if text_of(label)}
    within = {
        field for label in root.iter("label") if text_of(label) for field in label.iter() if local(field) in LABELLED
    }
    for field in root.iter():
        if local(field) not in LABELLED or field.get("type") in WITHOUT_LABEL:
            continue
        if field.get("id") not in labelled and field not in within and not field.get("aria-label"):
            yield f"<{local(field)} name={field.get('name')!r}> without a label"


def reference_faults(root: Element, ids: Counter[str]) -> Iterator[str]:
    """Ids stand once, and what refers to one finds it."""
    yield from (f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1)
    for element in root.iter():
        for key in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            for name in (element.get(key) or "").split():
                if name not in ids:
                    yield f"{key}={name!r} points nowhere"
        target = element.get("href") or ""
        if local(element) == "a" and len(target) > 1 and target.startswith("#") and target[1:] not in ids:
            yield f"a link to {target} points nowhere"


def head_faults(root: Element) -> Iterator[str]:
    """One h1, and a title that begins with it."""
    heads = [text_of(head) for head in root.iter("h1")]
    title = next((text_of(found) for found in root.iter("title")), "")
    if len(heads) != 1:
        yield f"{len(heads)} h1: {heads}"
    elif not heads[0] or not title.startswith(heads[0]):
        yield f"the title {title!r} does not begin with {heads[0]!r}"
    if not root.get("lang"):
        yield "no lang"


def wording_faults(root: Element) -> Iterator[str]:
    """On a Chinese page: no English, no half-width punctuation beside Han."""
    if not (root.get("lang") or "").startswith("zh"):
        return
    for piece in sentences(root):
        text = " ".join(piece.split())
        if found := ASCII_MARKS.search(text):
            yield f"half-width punctuation {found.group()!r} in {text!r}"
        if found := WORD.search(NAMES.sub("", text)):
            yield f"English {found.group()!r} in {text!r}"


def faults(page: str) -> list[str]:
    """Everything that is wrong with one page of HTML; a page that differs in its token alone was read before."""
    return list(_faults(TOKEN.sub(r"\1token", page)))


@lru_cache(maxsize=256)
def _faults(page: str) -> tuple[str, ...]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(page)
    found = [f"line {line}: {code} {facts}" for (line, _column), code, facts in parser.errors]
    ids = Counter(element.get("id", "") for element in root.iter() if element.get("id"))
    for element in root.iter():
        found.extend(inline_faults(element))
    for form in root.iter("form"):
        found.extend(form_faults(form))
    found.extend([*head_faults(root), *label_faults(root), *reference_faults(root, ids), *wording_faults(root)])
    return tuple(found)


class HouseClient(FlaskClient):
    """Refuses to hand over a page that breaks the rules; `check=False` lets one through."""

    def open(self, *args: Any, check: bool = True, **options: Any) -> TestResponse:
        answer = super().open(*args, **options)
        if check and answer.mimetype == "text/html" and answer.data and not 300 <= answer.status_code < 400:
            found = faults(answer.get_data(as_text=True))
            assert not found, f"{answer.request.path}:\n  " + "\n  ".join(found[:20])
        return answer


def house_client(app: Flask) -> HouseClient:
    """The client for any application."""
    return HouseClient(app, app.response_class, use_cookies=True)
