"""Decides what the headers of the scores mean to a scheme, and which of them must be a mistake."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches

from starrating.domain.faults import FileFault
from starrating.domain.scheme import Scheme
from starrating.interchange.collecting import FaultList, shown
from starrating.interchange.fields import UNIT, Needs
from starrating.interchange.shape import CellKind

_FLAG, _LEADER, _FIELD = "flag.", "leader.", "unit."
_APPRAISAL = "appraisal"
_DIGITS = re.compile("[0-9]+")


def kinds_of(
    header: tuple[str, ...], scheme: Scheme, needs: Needs, faults: FaultList, notices: list[FileFault]
) -> Mapping[str, CellKind]:
    """How the cells under each header are read; `faults` and `notices` tell what is missing or looks mistaken."""
    kinds = dict.fromkeys((*needs.fields, *needs.choices), CellKind.WORD)
    kinds[UNIT] = CellKind.NAME
    kinds.update(dict.fromkeys(needs.numbers, CellKind.NUMBER))
    kinds.update({name: CellKind.NUMBER for name in header if name.startswith(_FLAG)})
    kinds.update({name: CellKind.WORD for name in header if name.startswith(_LEADER) or name == _APPRAISAL})
    strangers = [name for name in header if name not in kinds or name not in (*needs.required, *needs.optional)]
    taken = _note_missing(needs.required, header, strangers, faults)
    _note_absent(needs, header, strangers, faults.file, notices)
    _note_unknown_codes([name for name in strangers if name not in taken], scheme, needs, faults)
    return kinds


def _note_missing(
    required: tuple[str, ...], header: tuple[str, ...], strangers: list[str], faults: FaultList
) -> set[str]:
    """Notes the required columns that are not there; returns the headers that look like one of them."""
    taken: set[str] = set()
    for name in required:
        if name in header:
            continue
        like = _alike(name, strangers)
        if like is None:
            faults.add("missing_column", header=name)
        else:
            faults.add("missing_column_like", header=name, like=shown(like))
            taken.add(like)
    return taken


def _note_absent(
    needs: Needs, header: tuple[str, ...], strangers: list[str], file: str, notices: list[FileFault]
) -> None:
    """Notes the optional columns that are not there, so that nobody wonders why nothing happened."""
    for name in (name for name in needs.optional if name not in header):
        like = _alike(name, [other for other in strangers if other.startswith((_FLAG, _LEADER)) or "." not in other])
        kind = "flag" if name in needs.flags else "leader"
        if like is None:
            notices.append(FileFault(_ABSENT[kind], file, None, {"header": name}))
        else:
            notices.append(FileFault(_ABSENT_LIKE[kind], file, None, {"header": name, "like": shown(like)}))


_ABSENT = {"flag": "no_flag_column", "leader": "no_leader_column"}
_ABSENT_LIKE = {"flag": "no_flag_column_like", "leader": "no_leader_column_like"}


def _alike(name: str, others: list[str]) -> str | None:
    """The header that was probably meant to be `name`."""
    for other in others:
        if _plain(other) == _plain(name):
            return other
    return next(iter(get_close_matches(name, others, 1)), None)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().replace(" ", "").replace("_", "").replace("-", "")


def _note_unknown_codes(strangers: list[str], scheme: Scheme, needs: Needs, faults: FaultList) -> None:
    """Notes headers that look like the code of a value which the scheme does not have."""
    nodes = {node.code: node for node in scheme.nodes()}
    codes = (*needs.numbers, *needs.choices, *nodes)
    shapes = {_shape(code) for code in codes if _DIGITS.search(code)}
    stems = tuple(f"{code}." for code in nodes)
    for name in strangers:
        if name.startswith((_FLAG, _LEADER, _FIELD)) or name == _APPRAISAL:
            continue
        if name in nodes:
            leaf = nodes[name].leaf
            columns = leaf.columns(name) if leaf is not None else ()
            if columns:
                faults.add("column_in_parts", header=name, columns=list(columns))
            else:
                faults.add("column_is_computed", header=name)
        elif "@" in name or name.startswith(stems) or _shape(name) in shapes:
            faults.add("unknown_code_column", header=shown(name))


def _shape(name: str) -> str:
    return _DIGITS.sub("#", name)
