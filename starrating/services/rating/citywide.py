"""One change of the scheme that a city's districts share, tried on all of them: nothing of it is stored or remembered.

A district takes part in a change as far as its scheme has what is changed and has not set it otherwise for itself; that
is what a change of a base scheme would do to those that extend it. What it leaves out is told, name by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from starrating.domain.moves import Moves, moves_of
from starrating.domain.rating import Rating
from starrating.domain.scheme import Scheme
from starrating.queries.city_runs import CityRun, city_runs, city_schemes
from starrating.queries.cycles import CycleRow, KeptScheme
from starrating.services.rating.explaining import Wanted, ratings_of
from starrating.services.rating.supposing import Wrong, rated_by, scheme_with, values_up_to_change
from starrating.services.years.scheme_texts import read_kept


class Left(StrEnum):
    """Why a district stays as it is."""

    NO_SCHEME = "no_scheme"
    """It rates no units of the kind."""
    NO_RUN = "no_run"
    SCORES_CHANGED = "scores_changed"
    """Scores were entered after its last trial: that can no longer be worked out."""
    NOTHING = "nothing"
    """Its scheme has nothing of what is changed, or has set it otherwise for itself."""
    REFUSED = "refused"
    """With the change its scheme would not be one, or could not rate its units."""


@dataclass(frozen=True, slots=True)
class Base:
    """The scheme that most of the districts share, which the form shows; `districts` have it word for word."""

    text: str
    scheme: Scheme
    title: str
    districts: int


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed: values by their names, overrides called off; `everywhere` also where a district set its own."""

    values: Mapping[str, str]
    off: Collection[str]
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class OneScheme:
    """A change as it is to one scheme: the scheme on trial (None: none), what is wrong, what it has not (`lacking`) and
    what it has set otherwise (`own`), overrides among them by `off.CODE`."""

    scheme: Scheme | None
    taken: Mapping[str, str]
    """The values of the change that it takes."""
    wrong: tuple[Wrong, ...] = ()
    lacking: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DistrictTried:
    """What the change does to a district: who moves, or why nobody does."""

    cycle: CycleRow
    kind: str
    units: int = 0
    left: Left | None = None
    run: CityRun | None = None
    real: Scheme | None = None
    tried: OneScheme | None = None
    unrated: tuple[Wrong, ...] = ()
    moves: Moves | None = None


def base_of(cycles: Sequence[CycleRow], kind: str) -> Base | None:
    """The scheme that most of a year's districts share; of several the one of the first district. None for none."""
    kept = city_schemes(cycles, kind)
    shared = Counter(kept[one.id].digest for one in cycles if one.id in kept)
    if not shared:
        return None
    digest, count = shared.most_common(1)[0]
    chosen = next(one for one in kept.values() if one.digest == digest)
    return Base(chosen.text, read_kept(chosen.text).scheme, chosen.title, count)


def try_city(cycles: Sequence[CycleRow], kind: str, base: Base, change: Change) -> tuple[DistrictTried, ...]:
    """The change tried on every district of a year, in their order."""
    kept, runs = city_schemes(cycles, kind), city_runs(cycles, kind)
    asked = [
        Wanted(run.id, one, scheme.text, run.input_digest, run.known_to)
        for one in cycles
        if (run := runs.get(one.id)) and (scheme := kept.get(one.id)) and scheme.digest == run.scheme_digest
    ]
    real = ratings_of(kind, asked)
    stands = values_up_to_change(base.text, base.scheme)
    schemes: dict[str, OneScheme] = {}
    found = []
    for one in cycles:
        run, scheme = runs.get(one.id), kept.get(one.id)
        if run is None or scheme is None:
            found.append(DistrictTried(one, kind, left=Left.NO_RUN if scheme else Left.NO_SCHEME))
        elif run.id not in real:
            found.append(DistrictTried(one, kind, left=Left.SCORES_CHANGED, run=run))
        else:
            if scheme.digest not in schemes:
                schemes[scheme.digest] = _changed(scheme, stands, change)
            found.append(_district(one, kind, run, real[run.id], schemes[scheme.digest]))
    return tuple(found)


def _district(cycle: CycleRow, kind: str, run: CityRun, real: Rating, tried: OneScheme) -> DistrictTried:
    units = len(real.inputs)
    if tried.scheme is None:
        left = Left.REFUSED if tried.wrong else Left.NOTHING
        return DistrictTried(cycle, kind, units, left, run, real.scheme, tried)
    after = rated_by(tried.scheme, real)
    if after.rating is None:
        return DistrictTried(cycle, kind, units, Left.REFUSED, run, real.scheme, tried, after.unrated)
    return DistrictTried(cycle, kind, units, None, run, real.scheme, tried, moves=moves_of(real, after.rating))


def _changed(kept: KeptScheme, stands: Mapping[str, str], change: Change) -> OneScheme:
    """The change as it is to one scheme, read once for all districts that have it."""
    scheme = read_kept(kept.text).scheme
    own = values_up_to_change(kept.text, scheme)
    codes = {one.code for one in scheme.overrides}
    lacking = [name for name in change.values if name not in own]
    lacking += [f"off.{code}" for code in change.off if code not in codes]
    otherwise = [name for name in change.values if name in own and own[name] != stands[name]]
    taken = {name: value for name, value in change.values.items()
             if name in own and (change.everywhere or name not in otherwise)}  # fmt: skip
    off = [code for code in change.off if code in codes]
    told = tuple(lacking), () if change.everywhere else tuple(otherwise)
    if not taken and not off:
        return OneScheme(None, {}, (), *told)
    new, wrong = scheme_with(kept.text, scheme, {**own, **taken}, off)
    return OneScheme(new, taken, wrong, *told)
