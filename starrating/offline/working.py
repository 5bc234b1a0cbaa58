"""From files to a rating: what every command that rates has in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from starrating.domain.faults import FileFault, FilesRefused, InputFault, InputsRefused
from starrating.domain.inputs import History, Inputs, Labels
from starrating.domain.rating import Rating, rate
from starrating.domain.scheme import Movement, Quotas, Scheme
from starrating.interchange.history import read_history
from starrating.interchange.scores import Scores, read_scores
from starrating.offline.progress import Progress, step_words
from starrating.schemes.reader import ReadScheme, read_scheme

_READ, RATED = 60, 90
"""How far of a hundred the work has come once the files are read, once the units are rated."""
_MOST_DIGITS = 18
"""Digits that 64 bits hold."""
_STEPS = {"void": 62, "points": 64, "level": 82, "consequences": 88}


@dataclass(frozen=True, slots=True, eq=False)
class RatedFiles:
    """A rating of files and where it came from; `by_name` are its rows in the order of the units' names."""

    read: ReadScheme
    rating: Rating
    by_name: NDArray[np.intp]
    notices: tuple[FileFault, ...]

    @property
    def scheme(self) -> Scheme:
        """The scheme the units were rated by."""
        return self.read.scheme


def rate_files(
    scheme_path: Path,
    scores_path: Path,
    history_path: Path | None,
    *,
    keep_all: bool = False,
    progress: Progress | None = None,
) -> RatedFiles:
    """Rate the units of a file; `keep_all` keeps what an explanation needs. Raises `FilesRefused`.

    For explanations the units are put in the order of their names first: an explanation names the last unit in and the
    first one out, and among equals that must not depend on the order of the file. Nothing else does.
    """
    bar = progress or Progress(shown=False)
    read = read_scheme(scheme_path)
    bar.reach(1, step_words()["read"])
    scores = read_scores(
        scores_path, read.scheme, progress=lambda share: bar.reach(1 + int(share * (_READ - 1))), helped=True
    )
    by_name = _by_name(scores.units)
    order = by_name if keep_all else np.arange(len(by_name))
    inputs = _inputs(read.scheme, scores, order if keep_all else None, history_path)
    try:
        rating = rate(read.scheme, inputs, keep_all=keep_all, announce=lambda s: bar.reach(_STEPS[s], step_words()[s]))
    except InputsRefused as refused:
        raise FilesRefused(_placed(fault, scores_path, scores, inputs, order) for fault in refused.faults) from None
    bar.reach(RATED, step_words()["write"])
    notices = (*scores.notices, *_doubts(read.scheme, rating, scheme_path, history_path))
    return RatedFiles(read, rating, np.arange(len(by_name)) if keep_all else by_name, notices)


def _doubts(scheme: Scheme, rating: Rating, scheme_path: Path, history_path: Path | None) -> Iterator[FileFault]:
    """What is allowed but may be a slip: rules for a pool that no unit is in, movement without earlier years."""
    if isinstance(scheme.allocation, Quotas):
        there = set(rating.standing.grouping.names)
        for name in scheme.allocation.by_pool:
            if name not in there:
                yield FileFault("no_such_pool", str(scheme_path), None, {"pool": name})
    if scheme.movement != Movement() and not any(
        (levels >= 0).any() for levels in rating.inputs.history.years.values()
    ):
        file = scheme_path if history_path is None else history_path
        yield FileFault("no_earlier_levels", str(file))


def _by_name(units: list[str]) -> NDArray[np.intp]:
    """The rows in the order of the units' names, which are unique; codes of digits sort as the numbers they write."""
    length, everything = len(units[0]), "".join(units)
    if everything.isascii() and everything.isdigit() and {*map(len, units)} == {length} and length <= _MOST_DIGITS:
        return np.argsort(np.fromiter(map(int, units), dtype=np.int64, count=len(units)))
    return np.array(sorted(range(len(units)), key=units.__getitem__), dtype=np.intp)


def _inputs(scheme: Scheme, scores: Scores, order: NDArray[np.intp] | None, history_path: Path | None) -> Inputs:
    """The scores as inputs, the units in the `order` given."""
    units, numbers, words = scores.units, dict(scores.numbers), dict(scores.words)
    if order is not None:
        units = [units[row] for row in order]
        numbers = {header: column.take(order) for header, column in numbers.items()}
        words = {header: Labels(labels.codes[order], labels.names) for header, labels in words.items()}
    history = History() if history_path is None else read_history(history_path, scheme, units)
    return Inputs(units, numbers, words, history)


def _placed(fault: InputFault, path: Path, scores: Scores, inputs: Inputs, order: NDArray[np.intp]) -> FileFault:
    """A unit's fault with the line of the file it stands on."""
    facts = {"unit": inputs.units[fault.row], "header": fault.header, **fault.facts}
    return FileFault(fault.code, str(path), scores.line_of(int(order[fault.row])), facts)
