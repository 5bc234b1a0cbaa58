"""The words and masks that the templates about people call."""

from __future__ import annotations

from starrating.domain.masking import masked_name
from starrating.vocabulary import people as say


def shown_words() -> dict[str, object]:
    """What a template about people may call."""
    return {"masked": masked_name, "post_word": say.post_word, "body_word": say.body_word, "how_word": say.how_word,
            "ending_word": say.ending_word, "education_word": say.education_word,
            "candidate_word": say.candidate_word, "standing_word": say.standing_word}  # fmt: skip
