"""Addresses as they stand on paper: from the setting, never from what a request says of its host."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for


def address_of(endpoint: str, **values: Any) -> str:
    """A whole address under `PUBLIC_ADDRESS`, empty where the office has not said what that is."""
    base = str(current_app.config.get("PUBLIC_ADDRESS") or "")
    return base + url_for(endpoint, **values) if base else ""
