"""A year's scheme changed on trial and rated on the same inputs: nothing of it is stored or remembered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from unicodedata import normalize

from starrating.domain.faults import FilesRefused, InputsRefused
from starrating.domain.figures import plain
from starrating.domain.inputs import decimal
from starrating.domain.rating import Rating, rate
from starrating.domain.robustness import weights_of, with_weights
from starrating.domain.scheme import Scheme
from starrating.domain.scheme_check import check
from starrating.schemes.changing import changed, places_of, values_of
from starrating.services.years.scheme_texts import read_supposed

WEIGHT = "weight."


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a trial: at which of the values typed ("" for none alone), its code and facts."""

    name: str
    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """The rating of a trial; None where something is wrong with it."""

    rating: Rating | None = None
    wrong: tuple[Wrong, ...] = ()
    unrated: tuple[Wrong, ...] = ()
    """Values of units without which the changed scheme cannot rate them; `name` is the unit's code."""


NOTHING_TRIED = Tried()


def values_up_to_change(text: str, scheme: Scheme) -> dict[str, str]:
    """Name → value of everything that a trial may change in a scheme, as it stands."""
    weights = {WEIGHT + code: plain(value) for code, value in weights_of(scheme).items()}
    return {**values_of(text, places_of(text)), **weights}


def suppose(text: str, real: Rating, typed: Mapping[str, str], off: Collection[str]) -> Tried:
    """Rate the inputs of a real rating by its scheme (`text`) with the values typed and without some overrides."""
    scheme, wrong = scheme_with(text, real.scheme, typed, off)
    return Tried(wrong=wrong) if scheme is None else rated_by(scheme, real)


def scheme_with(
    text: str, real: Scheme, typed: Mapping[str, str], off: Collection[str]
) -> tuple[Scheme | None, tuple[Wrong, ...]]:
    """A scheme (`text`, read: `real`) with the values typed and without some overrides; None with what is wrong."""
    scheme, wrong = _read(text, typed, off)
    weights, not_numbers = _weights(real, typed)
    wrong += not_numbers
    if scheme is not None and not not_numbers and weights != weights_of(scheme):
        scheme = with_weights(scheme, weights)
        wrong += [Wrong("", fault.code, fault.facts) for fault in check(scheme)]
    return (None, tuple(wrong)) if scheme is None or wrong else (scheme, ())


def rated_by(scheme: Scheme, real: Rating) -> Tried:
    """Rate the inputs of a real rating by a scheme on trial."""
    try:
        return Tried(rate(scheme, real.inputs))
    except InputsRefused as refused:
        units = real.inputs.units
        found = (Wrong(units[one.row], one.code, {"header": one.header, **one.facts}) for one in refused.faults)
        return Tried(unrated=tuple(found))


def _read(text: str, typed: Mapping[str, str], off: Collection[str]) -> tuple[Scheme | None, list[Wrong]]:
    """The scheme with the quotas and lines typed, as the reader of schemes has it, or what the reader refuses."""
    places = places_of(text)
    stood = values_of(text, places)
    new = changed(text, {path: typed[name] for name, path in places.items() if typed[name] != stood[name]}, off)
    try:
        return read_supposed(new.text).scheme, []
    except FilesRefused as refused:
        return None, [Wrong(new.at(one.line, places), one.code, one.facts) for one in refused.faults]


def _weights(scheme: Scheme, typed: Mapping[str, str]) -> tuple[dict[str, Fraction], list[Wrong]]:
    weights: dict[str, Fraction] = {}
    wrong = []
    for code in weights_of(scheme):
        written = normalize("NFKC", typed[WEIGHT + code]).strip()
        value = decimal(written)
        if value is None:
            wrong.append(Wrong(WEIGHT + code, "scheme.not_number", {"key": code, "text": written}))
        else:
            weights[code] = value
    return weights, wrong
