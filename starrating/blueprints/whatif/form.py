"""What may be changed on trial, as the form of the page has it: what stands, what was typed, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from starrating.domain.scheme import Override, Scheme
from starrating.offline.report import written
from starrating.services.rating.supposing import WEIGHT, Tried, Wrong, values_up_to_change
from starrating.wording import say

OFF = "off"
"""Under what the address names the overrides that are called off."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A value that may be changed; `stands` is the real one, blank for none."""

    name: str
    label: str
    value: str
    stands: str
    error: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: every value, the overrides called off, and whether it asks for anything."""

    values: Mapping[str, str]
    stands: Mapping[str, str]
    off: tuple[str, ...]
    asked: bool

    @property
    def changes(self) -> int:
        """How many things are otherwise."""
        return len(self.off) + sum(self.values[name] != stood for name, stood in self.stands.items())


@dataclass(frozen=True, slots=True)
class Parts:
    """The form: places and lines, weights, overrides with whether each is called off."""

    lines: tuple[Typed, ...]
    weights: tuple[Typed, ...]
    overrides: tuple[tuple[Override, bool], ...]


def asked_of(text: str, scheme: Scheme, args: MultiDict[str, str]) -> Asked:
    """The values of an address; what it does not name is as it stands."""
    stands = values_up_to_change(text, scheme)
    known = {one.code for one in scheme.overrides}
    values = {name: args.get(name, stood).strip() for name, stood in stands.items()}
    off = tuple(code for code in dict.fromkeys(args.getlist(OFF)) if code in known)
    return Asked(values, stands, off, bool(off) or any(name in args for name in stands))


def parts_of(asked: Asked, scheme: Scheme, wrong: tuple[Wrong, ...]) -> Parts:
    """The form with what was typed, each fault at its value."""
    errors = {one.name: told(one, scheme) for one in reversed(wrong)}
    every = [
        Typed(name, label_of(name, scheme), value, asked.stands[name], errors.get(name, ""))
        for name, value in asked.values.items()
    ]
    return Parts(
        tuple(one for one in every if not one.name.startswith(WEIGHT)),
        tuple(one for one in every if one.name.startswith(WEIGHT)),
        tuple((one, one.code in asked.off) for one in scheme.overrides),
    )


def said(tried: Tried, scheme: Scheme, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every fault in words, with the value of the form that it is at, else blank; `names` are those of the units."""
    yield from ((one.name, told(one, scheme)) for one in tried.wrong)
    yield from (("", say(one.code, {**written(one.facts), "unit": names[one.name]})) for one in tried.unrated)


def told(wrong: Wrong, scheme: Scheme) -> str:
    """The sentence of a fault; what was typed wrong goes by its label, not by its key in the scheme's file."""
    key = {"key": label_of(wrong.name, scheme)} if wrong.name else {}
    return say(wrong.code, {**written(wrong.facts), **key})


def label_of(name: str, scheme: Scheme) -> str:
    """What may be changed, as people call it."""
    about, _, code = name.partition(".")
    if about == "bottom":
        return str(gettext("末位名额"))
    if about == "total":
        return str(gettext("%(level)s总分线", level=scheme.levels[-1].name))
    if about in ("quota", "min"):
        level = scheme.levels[scheme.level_index(code)].name
        text = gettext("%(level)s名额", level=level) if about == "quota" else gettext("%(level)s分数线", level=level)
        return str(text)
    node = scheme.node(code).name
    return str(gettext("%(name)s点亮线", name=node)) if about == "lit" else node
