"""The words of a finding's states and effects."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from starrating.domain.spot_checks import Effect, SpotCheckState


def _l(text: str) -> str:
    """Marks a word of a table for translation, which happens when it is said."""
    return text


STATES: Mapping[SpotCheckState, tuple[str, str]] = {
    SpotCheckState.RECORDED: (_l("已记"), "now"),
    SpotCheckState.ANSWER_DUE: (_l("等说明"), "warn"),
    SpotCheckState.ANSWERED: (_l("已说明"), "now"),
    SpotCheckState.COUNTED: (_l("已算数"), "ok"),
    SpotCheckState.WITHDRAWN: (_l("已撤回"), "locked"),
}
"""A state's word and the kind of its tag."""
EFFECTS: Mapping[Effect, str] = {
    Effect.NOTED: _l("只记下"),
    Effect.DEDUCTION: _l("扣分"),
    Effect.VETO: _l("一票否决等事项"),
}


def state_word(state: SpotCheckState) -> tuple[str, str]:
    """The word and the tag of a state."""
    word, kind = STATES[state]
    return str(gettext(word)), kind


def effect_word(effect: Effect) -> str:
    """The word of what a finding is to lead to."""
    return str(gettext(EFFECTS[effect]))
