"""Changing a scheme's canonical text: every demonstration scheme comes back as it was, and named stars change too."""

from __future__ import annotations

from fractions import Fraction

import pytest

from starrating.domain.scheme import NamedStars
from starrating.schemes.changing import changed, places_of, values_of
from starrating.schemes.reader import read_scheme
from starrating.services.years.scheme_texts import FOLDER, read_supposed


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*-2024*.yaml")))
def test_a_scheme_typed_as_it_stands_is_the_same_scheme(name: str) -> None:
    read = read_scheme(FOLDER / name)
    places = places_of(read.text)
    stood = values_of(read.text, places)
    assert any(stood.values())
    again = changed(read.text, {path: stood[at] for at, path in places.items()}, ())
    assert read_supposed(again.text).digest == read.digest


def test_named_stars_change_by_their_points_and_line() -> None:
    text = read_scheme(FOLDER / "tianjin-village-2024-jinghai.yaml").text
    places = places_of(text)
    assert values_of(text, places) == {
        "lit.V1": "20", "lit.V2": "14", "lit.V3": "12", "lit.V4": "16", "lit.V6": "8", "total": "90",
    }  # fmt: skip
    new = changed(text, {places["lit.V2"]: "16.5", places["total"]: ""}, ["accident"])
    scheme = read_supposed(new.text).scheme
    assert isinstance(scheme.allocation, NamedStars)
    assert (scheme.allocation.lit["V2"], scheme.allocation.requires_total) == (Fraction(33, 2), None)
    assert "accident" not in {one.code for one in scheme.overrides}
