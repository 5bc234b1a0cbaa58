"""The sentences that are kept with values from tables of other systems."""

from __future__ import annotations

from starrating.domain.scheme import Indicator
from starrating.wording.language import translate


def sampled(node: Indicator, size: int, note: str = "") -> str:
    """Why a value of a survey stands: what was asked, how many answered, and the note that came with the table."""
    told = translate("{name}，样本{count}人").format(name=node.name, count=size)
    return translate("{sentence}；{note}").format(sentence=told, note=note) if note else told
