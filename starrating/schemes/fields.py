"""Typed access to the nodes of a scheme's tree: what cannot be read is noted as a fault and the reading goes on.

A value that could not be read gives None (or the default), and its path is marked unsound, so that no check builds on
it. How each value that is not text was written is kept in a canonical form.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from starrating.domain.faults import FileFault
from starrating.domain.figures import plain
from starrating.domain.inputs import decimal
from starrating.schemes.notes import Notes, Path
from starrating.schemes.tree import Entry, List, Map, Node, Place, Scalar

Choice = TypeVar("Choice", bound=StrEnum)

CODE = re.compile(r"""[^\s@:;,="'#&*!|>%`{}\[\]\-.?][^\s@:;,="']*""")
BLANK = frozenset(("", "~", "null", "Null", "NULL"))

_WHOLE = re.compile(r"-?[0-9]{1,18}")


def _in_full(text: str) -> str:
    """A number as YAML lets people write it (`.5`, `-.5`, `+5`) with the zero it leaves out and without a plus sign."""
    sign = "-" if text.startswith("-") else ""
    digits = text[1:] if text[:1] in ("+", "-") else text
    return f"{sign}0{digits}" if digits.startswith(".") else sign + digits


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A node, where it stands in the scheme, and the line of its key."""

    node: Node
    place: Place
    path: Path
    notes: Notes

    @property
    def key(self) -> str:
        """The name of the field; of an item, that of its list."""
        return next((str(step) for step in reversed(self.path) if isinstance(step, str)), "")

    def refuse(self, code: str, /, **facts: Any) -> None:
        """Note a fault here; what stands here is not to be built upon."""
        self.notes.unsound.add(self.path)
        named = {"key": self.key, **facts}
        self.notes.faults.append(FileFault(code, self.place.file, self.place.line, named))

    def refuse_word(self, code: str, like: str, /, text: str, known: Collection[str]) -> str:
        """Note a word that is none of the known ones, as `like` where it resembles one, which is returned."""
        hint = self.notes.closest.to(text, known)
        facts = {"text": text, "allowed": tuple(known)}
        if hint:
            self.refuse(like, **facts, hint=hint)
        else:
            self.refuse(code, **facts)
        return hint

    def scalar(self, wanted: str = "scheme.needs_text") -> Scalar | None:
        """The single value here, not blank."""
        if not isinstance(self.node, Scalar):
            self.refuse(wanted)
            return None
        if not self.node.text.strip() or (self.node.plain and self.node.text in BLANK):
            self.refuse("scheme.blank")
            return None
        return self.node

    def text(self) -> str | None:
        """A text, whatever it looks like."""
        scalar = self.scalar()
        return None if scalar is None else scalar.text

    def code(self) -> str | None:
        """A text that may be a code: no blank in it, nor a mark that joins codes in headers and results."""
        text = self.text()
        if text is not None and not CODE.fullmatch(text):
            self.refuse("scheme.bad_code", text=text)
            return None
        return text

    def number(self) -> Fraction | None:
        """A number, exact as written."""
        scalar = self.scalar("scheme.not_number_but_list")
        if scalar is None:
            return None
        value = decimal(_in_full(scalar.text))
        if value is None:
            self.refuse("scheme.not_number", text=scalar.text)
            return None
        if not scalar.plain:
            self.refuse("scheme.quoted_number", text=scalar.text)
            return None
        self.notes.written[self.path] = plain(value)
        return value

    def whole(self, least: int, most: int) -> int | None:
        """A whole number from `least` to `most`."""
        value = self.number()
        if value is None:
            return None
        scalar = self.node
        if not isinstance(scalar, Scalar) or not _WHOLE.fullmatch(scalar.text):
            self.refuse("scheme.not_whole", text=getattr(scalar, "text", ""))
            return None
        if not least <= value <= most:
            self.refuse("scheme.out_of_range", text=scalar.text, least=least, most=most)
            return None
        return int(value)

    def flag(self) -> bool | None:
        """`true` or `false`."""
        scalar = self.scalar("scheme.not_bool")
        if scalar is None:
            return None
        if not scalar.plain or scalar.text not in ("true", "false"):
            self.refuse("scheme.not_bool")
            return None
        self.notes.written[self.path] = scalar.text
        return scalar.text == "true"

    def choice(self, kind: type[Choice]) -> Choice | None:
        """One of the words of an enumeration."""
        text = self.word([*kind])
        return None if text is None else kind(text)

    def word(self, known: Collection[str]) -> str | None:
        """One of the known words."""
        text = self.text()
        if text is not None and text not in known:
            self.refuse_word("scheme.not_a_choice", "scheme.not_a_choice_like", text, known)
            return None
        return text

    def level(self) -> int | None:
        """The position of a level that is named here."""
        text = self.text()
        return None if text is None else self.level_named(text)

    def level_named(self, code: str) -> int | None:
        """The position of the level `code`, which stands here."""
        index = self.notes.levels.get(code)
        if index is None and self.notes.levels_sound:
            self.refuse("scheme.unknown_level", level=code, allowed=tuple(self.notes.levels))
            return None
        if index is None:
            self.notes.unsound.add(self.path)
        return index

    def items(self, *, may_be_empty: bool = False) -> list[Field]:
        """The items of a list."""
        if not isinstance(self.node, List):
            self.refuse("scheme.needs_list")
            return []
        if not self.node.items and not may_be_empty:
            self.refuse("scheme.empty")
        return [Field(item, item.place, (*self.path, index), self.notes) for index, item in enumerate(self.node.items)]

    def texts(self, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """A list of different texts."""
        found: list[str] = []
        for item in self.items(may_be_empty=may_be_empty):
            text = item.text()
            if text is not None and text in found:
                item.refuse("scheme.named_twice", text=text)
            elif text is not None:
                found.append(text)
        return tuple(found)

    def entries(self) -> dict[str, Field]:
        """The entries of a map, by key."""
        if not isinstance(self.node, Map):
            self.refuse("scheme.needs_map")
            return {}
        self.notes.unsound.update((*self.path, key) for key in self.node.doubtful)
        return {key: self._inner(key, entry) for key, entry in self.node.entries.items()}

    def _inner(self, key: str, entry: Entry) -> Field:
        return Field(entry.node, entry.place, (*self.path, key), self.notes)

    def keys(
        self, allowed: Collection[str], required: Collection[str] = (), *, elsewhere: Collection[str] = (), at: str = ""
    ) -> Keys:
        """The entries of a map whose keys are known; a key of `elsewhere` has no business `at` this place."""
        read = isinstance(self.node, Map)
        found = self.entries()
        strange = [inner for key, inner in found.items() if key not in allowed]
        meant = {self._refuse_key(inner, allowed, elsewhere, at) for inner in strange}
        known = {key: inner for key, inner in found.items() if key in allowed}
        keys = Keys(self, known, frozenset(meant), bool(strange))
        for key in required if read else ():
            keys.need(key)
        return keys

    def _refuse_key(self, inner: Field, allowed: Collection[str], elsewhere: Collection[str], at: str) -> str:
        """Refuse a key; returns the allowed key it was perhaps meant to be."""
        key = str(inner.path[-1])
        if key in elsewhere:
            inner.refuse("scheme.misplaced_key", at=at, allowed=tuple(allowed))
            return ""
        return inner.refuse_word("scheme.unknown_key", "scheme.unknown_key_like", key, allowed)


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """The known keys of a map; what is absent or could not be read gives the default."""

    field: Field
    fields: Mapping[str, Field]
    meant: frozenset[str] = frozenset()
    strange: bool = False

    def need(self, key: str) -> None:
        """Refuse the map where it lacks a key, unless a faulty key was meant to be that."""
        if key in self.fields:
            return
        field = self.field
        field.notes.unsound.add((*field.path, key))
        if key not in self.meant and not (isinstance(field.node, Map) and field.node.doubtful):
            facts = {"key": field.key, "missing": key}
            field.notes.faults.append(FileFault("scheme.missing_key", field.place.file, field.place.line, facts))

    def __contains__(self, key: str) -> bool:
        return key in self.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def get(self, key: str) -> Field | None:
        """The field of a key."""
        return self.fields.get(key)

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self.fields[key].text() if key in self.fields else None
        return default if value is None else value

    def code(self, key: str = "code") -> str:
        """A code, "" where there is none."""
        value = self.fields[key].code() if key in self.fields else None
        return value or ""

    def number(self, key: str) -> Fraction | None:
        """A number."""
        return self.fields[key].number() if key in self.fields else None

    def number_or(self, key: str, default: int) -> Fraction:
        """A number, else the default."""
        value = self.number(key)
        return Fraction(default) if value is None else value

    def whole(self, key: str, least: int, most: int) -> int | None:
        """A whole number."""
        return self.fields[key].whole(least, most) if key in self.fields else None

    def whole_or(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number, else the default."""
        value = self.whole(key, least, most)
        return default if value is None else value

    def flag(self, key: str, default: bool) -> bool:
        """`true` or `false`."""
        value = self.fields[key].flag() if key in self.fields else None
        return default if value is None else value

    def choice(self, key: str, default: Choice) -> Choice:
        """A word of the default's enumeration."""
        value = self.fields[key].choice(type(default)) if key in self.fields else None
        return default if value is None else value

    def texts(self, key: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """A list of different texts, empty where absent."""
        return self.fields[key].texts(may_be_empty=may_be_empty) if key in self.fields else ()

    def items(self, key: str) -> list[Field]:
        """The items of a list, none where absent."""
        return self.fields[key].items() if key in self.fields else []

    def numbers(self, key: str) -> dict[str, Fraction]:
        """A map of numbers by name."""
        if key not in self.fields:
            return {}
        inner = self.fields[key].entries()
        if isinstance(self.fields[key].node, Map) and not inner:
            self.fields[key].refuse("scheme.empty")
        read = {name: item.number() for name, item in inner.items()}
        return {name: Fraction(0) if value is None else value for name, value in read.items()}
