"""How a paper is answered: the file, or the page that waits for it at the same address, behind the same guard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from starrating.paper_words import ended_text, step_text
from starrating.services import jobs
from starrating.services.publication.orders import OF_STRANGERS, Order, at_hand, begin, is_ready, progress

WAIT = "wait"
"""The part of an address that asks how far the file is, not for the file."""
Answer = Callable[[bytes], Response]


def to_the_office(order: Order, name: str, answer: Answer) -> ResponseReturnValue:
    """A paper for whoever is signed in; `name` is what its file is called, `answer` how it is sent."""
    return _answer(order, name, answer, jobs.MOST, lambda: {"frame": "base.html"})


def to_everybody(
    order: Order, name: str, answer: Answer, frame: Callable[[], Mapping[str, Any]]
) -> ResponseReturnValue:
    """A paper for everybody, who may start less at once; `frame` gives the frame around public pages."""
    return _answer(order, name, answer, OF_STRANGERS, lambda: {**frame(), "frame": "public_base.html"})


def _answer(
    order: Order, name: str, answer: Answer, most: int, frame: Callable[[], Mapping[str, Any]]
) -> ResponseReturnValue:
    if WAIT in request.args:
        return _waiting(order, name, frame())
    content = at_hand(order)
    if content is not None:
        return answer(content)
    begin(order, most)
    return redirect(_address(**{WAIT: "1"}), 303)


def _waiting(order: Order, name: str, frame: Mapping[str, Any]) -> Response:
    """How far it is. The file is asked for where it always is: what may be seen is asked again there."""
    found = progress(order)
    working = found.state == "working"
    page = render_template(
        "ordered.html", name=name, ending=order.ending, working=working, step=step_text(found.step),
        made=not working and is_ready(order), fault=ended_text(found, kept=False), here=_address(**{WAIT: "1"}),
        file=_address(), **frame,
    )  # fmt: skip
    answer = make_response(page)
    answer.cache_control.no_store = True
    return answer


def _address(**more: str) -> str:
    """The address that was asked for, with or without the part that waits."""
    given: dict[str, Any] = {key: values for key, values in request.args.lists() if key != WAIT}
    return url_for(str(request.endpoint), **{**given, **(request.view_args or {}), **more})
