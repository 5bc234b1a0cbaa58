"""Which columns a scheme reads of the scores: raw values, the unit's fields, events, what is known of the leader."""

from __future__ import annotations

from dataclasses import dataclass

from starrating.domain.conditions import About
from starrating.domain.methods import Relative
from starrating.domain.scheme import Bearer, Scheme
from starrating.domain.subjects import subjects_of

UNIT = "unit"
KIND = "kind"
_DUAL_ROLE = "leader.dual_role"


@dataclass(frozen=True, slots=True)
class Needs:
    """The headers a scheme reads, by what stands under them; `groups` are the fields that may not be blank."""

    numbers: tuple[str, ...]
    choices: tuple[str, ...]
    fields: tuple[str, ...]
    groups: tuple[str, ...]
    flags: tuple[str, ...]
    leader: tuple[str, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """The headers without which the units cannot be rated."""
        return tuple(dict.fromkeys((UNIT, *self.fields, *self.numbers, *self.choices)))

    @property
    def optional(self) -> tuple[str, ...]:
        """The headers whose absence means that nothing happened or nothing is known."""
        return (*self.flags, *self.leader)


def needs_of(scheme: Scheme) -> Needs:
    """All that a scheme reads of the scores, in the order in which it names it."""
    leaves = [(node.leaf.takes_text, node.leaf.columns(node.code)) for node in scheme.leaves() if node.leaf is not None]
    subjects = list(dict.fromkeys(subjects_of(scheme)))
    leader = [str(subject) for subject in subjects if subject.about in (About.LEADER, About.APPRAISAL)]
    if any(entry.bearer is Bearer.DUAL_ROLE for entry in scheme.consequences):
        leader.append(_DUAL_ROLE)
    return Needs(
        numbers=tuple(header for text, headers in leaves if not text for header in headers),
        choices=tuple(header for text, headers in leaves if text for header in headers),
        fields=fields_needed(scheme),
        groups=_groups(scheme),
        flags=tuple(str(subject) for subject in subjects if subject.about is About.FLAG),
        leader=tuple(dict.fromkeys(leader)),
    )


def fields_needed(scheme: Scheme) -> tuple[str, ...]:
    """The unit's fields a scheme reads: `kind`, those of pools and comparisons, and every `unit.FIELD` it names."""
    named = (subject.name for subject in subjects_of(scheme) if subject.about is About.UNIT)
    return tuple(dict.fromkeys([*_groups(scheme), *named]))


def _groups(scheme: Scheme) -> tuple[str, ...]:
    """The fields that put a unit among others: its kind, its pool, those it is compared with."""
    fields = [KIND] if scheme.applies_to else []
    fields += scheme.allocation.pool
    for node in scheme.leaves():
        if node.leaf is not None and isinstance(node.leaf.method, Relative):
            fields += node.leaf.method.within or ()
    return tuple(dict.fromkeys(fields))
