"""Overrides and movement as written → vetoes, caps, guarantees, and the limits from last year."""

from __future__ import annotations

from starrating.domain.scheme import PREVIOUS, EffectKind, Movement, Override
from starrating.schemes.condition_reader import read_condition
from starrating.schemes.fields import Field
from starrating.schemes.tree import Scalar

EFFECTS = ("void", "set", "cap", "floor", "drop")
MOST_STEPS = 99
MOST_YEARS = 100


def read_override(field: Field) -> Override:
    """One override; what cannot be read of it does nothing."""
    keys = field.keys(("code", "name", "when", "effect"), ("code", "when", "effect"))
    kind, level, steps = EffectKind.DROP, 0, 0
    effect = keys.get("effect")
    if effect is not None:
        kind, level, steps = _read_effect(effect)
    return Override(keys.code(), keys.text("name") or keys.code(), read_condition(keys.get("when")), kind, level, steps)


def _read_effect(field: Field) -> tuple[EffectKind, int, int]:
    keys = field.keys(EFFECTS)
    if len(keys.fields) != 1:
        if keys.field.path not in field.notes.unsound and not keys.strange:
            field.refuse("scheme.one_effect", allowed=tuple(EFFECTS))
        return EffectKind.DROP, 0, 0
    (key,) = keys
    inner = keys.fields[key]
    match key:
        case "void":
            return _read_void(inner), 0, 0
        case "drop":
            return EffectKind.DROP, 0, inner.whole(1, MOST_STEPS) or 0
    return EffectKind(key), _read_level(inner), 0


def _read_void(field: Field) -> EffectKind:
    scalar = field.scalar("scheme.not_void")
    match scalar:
        case Scalar(text="true", plain=True):
            field.notes.written[field.path] = "true"
            return EffectKind.VOID
        case Scalar(text="scored"):
            return EffectKind.VOID_SCORED
        case Scalar(text=text):
            field.refuse("scheme.not_void", text=text)
    return EffectKind.VOID_SCORED


def _read_level(field: Field) -> int:
    """A level's index, or `PREVIOUS`."""
    text = field.text()
    if text is None:
        return 0
    return PREVIOUS if text == "previous" else field.level_named(text) or 0


def read_movement(field: Field | None) -> Movement:
    """How far a level may move from the previous one."""
    if field is None:
        return Movement()
    keys = field.keys(("max_rise", "max_fall", "waive_rise", "no_previous", "look_back"))
    waive, first = keys.get("waive_rise"), keys.get("no_previous")
    return Movement(
        max_rise=keys.whole("max_rise", 0, MOST_STEPS),
        max_fall=keys.whole("max_fall", 0, MOST_STEPS),
        waive_rise=None if waive is None else read_condition(waive),
        no_previous=None if first is None else first.level(),
        look_back=keys.whole_or("look_back", 1, 1, MOST_YEARS),
    )
