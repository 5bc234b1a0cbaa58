"""Ratings made of two texts, for tests of what is read from a rating."""

from __future__ import annotations

from pathlib import Path

from starrating.domain.inputs import History, Inputs
from starrating.domain.rating import Rating, rate
from starrating.interchange.scores import read_scores
from starrating.schemes.reader import read_scheme
from tests.support import scheme_text, write


def rated(folder: Path, body: str, scores: str) -> Rating:
    """The rating of these scores by a scheme with that body, every node kept."""
    paths = write(folder, scheme__yaml=scheme_text(body), scores__csv=scores)
    scheme = read_scheme(paths["scheme"]).scheme
    read = read_scores(paths["scores"], scheme)
    return rate(scheme, Inputs(tuple(read.units), read.numbers, read.words, History({})), keep_all=True)
