"""A form that comes back: with what is wrong, or not at all where there is nothing for whoever asks."""

from __future__ import annotations

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from starrating.domain.faults import RuleError
from starrating.errors import status_of


def again(refusal: RuleError, page: Callable[[RuleError], str]) -> ResponseReturnValue:
    """The page of a refusal with its status."""
    if status_of(refusal) == 404:
        raise refusal
    return page(refusal), status_of(refusal)
