"""`rate`: rates a file of scores by a scheme and writes the ratings, and the explanations where they are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from starrating.domain.explain import explain
from starrating.domain.faults import FileFault, FilesRefused
from starrating.interchange.explanations import explanation_lines
from starrating.interchange.ratings import rating_chunks
from starrating.interchange.writing import write_all
from starrating.offline.progress import Progress
from starrating.offline.report import tell
from starrating.offline.results import rating_columns
from starrating.offline.working import RATED, RatedFiles, rate_files

_SHOWN_EVERY = 1000
"""Explanations written between two steps of the progress bar."""


def run(
    scheme: Path, scores: Path, *, history: Path | None = None, out: Path | None = None, explained: Path | None = None
) -> int:
    """Rate and write; the exit status is 0. Raises `FilesRefused`, and then nothing was written."""
    inputs = [path for path in (scheme, scores, history) if path is not None]
    _refuse_overwriting(inputs, [path for path in (out, explained) if path is not None])
    with Progress() as progress:
        rated = rate_files(scheme, scores, history, keep_all=explained is not None, progress=progress)
        files: dict[Path | None, Iterable[str]] = {}
        if explained is not None:
            files[explained] = _explanations(rated, progress)
        files[out] = rating_chunks(rating_columns(rated.rating, rated.by_name))
        write_all(files)
    tell(rated.notices)
    return 0


def _explanations(rated: RatedFiles, progress: Progress) -> Iterator[str]:
    units = len(rated.rating.inputs)
    lines = explanation_lines(rated.scheme, explain(rated.rating, range(units)))
    for number, line in enumerate(lines):
        if number % _SHOWN_EVERY == 0:
            progress.reach(RATED + (100 - RATED) * number // units)
        yield line


def _refuse_overwriting(inputs: Sequence[Path], outputs: Sequence[Path]) -> None:
    """An output that is also an input, or another output, would be lost."""
    faults = [
        FileFault("written_twice", str(output))
        for position, output in enumerate(outputs)
        if any(output.absolute() == other.absolute() for other in outputs[:position])
    ]
    faults += [
        FileFault("output_is_input", str(output), 1, {"input": str(path)})
        for output in outputs
        for path in inputs
        if output.exists() and path.exists() and output.samefile(path)
    ]
    if faults:
        raise FilesRefused(faults)
