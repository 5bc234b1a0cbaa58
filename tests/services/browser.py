"""Somebody signed in, whose pages are checked against the rules of the house while they are read."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.pages.client import house_client
from tests.web.city import sign_in, token_of

FIELD = re.compile(r'name="([vbr]:[^"]+)"(?:[^>]*? value="([^"]*)")?')
SHOWN = 400
"""So much of a page is told when it is not the one expected."""


def fields_in(page: str) -> dict[str, str]:
    """The fields of a sheet in a page, as a browser would send them."""
    return {html.unescape(name): html.unescape(value) for name, value in FIELD.findall(page)}


class Browser:
    """The pages of one account."""

    def __init__(self, app: Any, name: str) -> None:
        self.client = house_client(app)
        sign_in(self.client, name)

    def get(self, address: str, status: int = 200) -> str:
        """A page that was asked for."""
        return self._page(self.client.get(address), address, status)

    def form(self, address: str) -> dict[str, str]:
        """The fields of the sheet at an address."""
        return fields_in(self.get(address))

    def post(self, address: str, fields: dict[str, str], status: int = 303) -> str:
        """What answers a form."""
        answer = self.client.post(address, data={"csrf_token": token_of(self.client), **fields})
        return self._page(answer, address, status)

    def fill_in(self, address: str, status: int = 302, **fields: Any) -> str:
        """What answers a form that may hold files."""
        data = {"csrf_token": token_of(self.client), **fields}
        return self._page(self.client.post(address, data=data, content_type="multipart/form-data"), address, status)

    def _page(self, answer: Any, address: str, status: int) -> str:
        text = str(answer.get_data(as_text=True))
        assert answer.status_code == status, (address, answer.status_code, text[:SHOWN])
        return text
