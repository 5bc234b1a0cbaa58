"""What people read: the sentence for every code of a fault or a reason, in Chinese, translatable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starrating.wording.file_faults import FILE_FAULTS
from starrating.wording.input_faults import INPUT_FAULTS
from starrating.wording.language import translate
from starrating.wording.scheme_faults import SCHEME_FAULTS
from starrating.wording.sheet_faults import SHEET_FAULTS

SENTENCES: Mapping[str, str] = {**FILE_FAULTS, **INPUT_FAULTS, **SCHEME_FAULTS, **SHEET_FAULTS}


def say(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence for a fault's code with its facts filled in; `KeyError` for a code without a sentence."""
    return translate(SENTENCES[code]).format(**facts)
