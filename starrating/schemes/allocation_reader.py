"""`allocation` as written → quotas and lines, or named stars."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from starrating.domain.figures import plain
from starrating.domain.inputs import decimal
from starrating.domain.scheme import (
    TOTAL_DESCENDING,
    Allocation,
    LevelRule,
    NamedStars,
    Quota,
    Quotas,
    RankKey,
    Rounding,
    Ties,
)
from starrating.schemes.condition_reader import read_condition, read_subject
from starrating.schemes.fields import Field, Keys
from starrating.schemes.tree import Scalar

SHARED_KEYS = ("pool", "rank_by")
QUOTA_KEYS = (*SHARED_KEYS, "ties", "levels", "rounding", "carry", "bottom", "by_pool")
LIT_KEYS = (*SHARED_KEYS, "method", "lit", "requires_total")
MOST_PLACES = 10**9

_SHARE = re.compile(r"([0-9.]+)%(?: +of +(\S+))?")


def read_allocation(field: Field | None) -> Allocation:
    """The allocation; one that opens no level where it cannot be read."""
    if field is None:
        return Quotas({})
    written = field.entries()
    if "method" in written:
        return _read_lit(field)
    if "lit" in written and "levels" not in written:
        field.notes.unsound.add(field.path)
        written["lit"].refuse("scheme.lit_without_method")
        return NamedStars({})
    return _read_quotas(field)


def _read_lit(field: Field) -> NamedStars:
    keys = field.keys(LIT_KEYS, ("lit",), elsewhere=QUOTA_KEYS, at="method: lit")
    keys.fields["method"].word(("lit",))
    return NamedStars(
        lit=keys.numbers("lit"),
        requires_total=keys.number("requires_total"),
        pool=keys.texts("pool", may_be_empty=True),
        rank_by=_read_rank(keys),
    )


def _read_quotas(field: Field) -> Quotas:
    keys = field.keys(QUOTA_KEYS, ("levels",), elsewhere=LIT_KEYS, at="levels")
    rules = _read_rules(keys.get("levels"), {})
    rounding = keys.choice("rounding", Rounding.DOWN)
    bottom, bottom_rounding = _read_bottom(keys.get("bottom"), rounding)
    pools = keys.fields["by_pool"].entries() if "by_pool" in keys else {}
    return Quotas(
        levels=rules,
        pool=keys.texts("pool", may_be_empty=True),
        rank_by=_read_rank(keys),
        ties=keys.choice("ties", Ties.INCLUDE),
        rounding=rounding,
        carry=keys.flag("carry", False),
        bottom=bottom,
        bottom_rounding=bottom_rounding,
        by_pool={pool: _read_rules(inner, rules) for pool, inner in pools.items()},
    )


def _read_rank(keys: Keys) -> tuple[RankKey, ...]:
    if "rank_by" not in keys:
        return TOTAL_DESCENDING
    ranks: list[RankKey] = []
    for item in keys.items("rank_by"):
        text = item.text()
        subject = None if text is None else read_subject(item, text.removeprefix("-").strip())
        # A faulty key keeps its place, so that the others keep theirs.
        ranks.append(TOTAL_DESCENDING[0] if subject is None or text is None else RankKey(subject, text.startswith("-")))
    return tuple(ranks)


def _read_rules(field: Field | None, inherited: dict[int, LevelRule]) -> dict[int, LevelRule]:
    """The rules of the levels named, over those inherited."""
    rules = dict(inherited)
    if field is None:
        return rules
    entries = field.entries()
    for code, inner in entries.items():
        index = inner.level_named(code)
        rule = _read_rule(inner, rules.get(index if index is not None else -1, LevelRule()))
        if index is not None:
            rules[index] = rule
    return rules


def _read_rule(field: Field, rule: LevelRule) -> LevelRule:
    keys = field.keys(("quota", "min", "requires"))
    if "quota" in keys:
        rule = replace(rule, quota=_read_quota(keys.fields["quota"], of_level=True))
    if "min" in keys:
        rule = replace(rule, least=keys.number("min"))
    if "requires" in keys:
        rule = replace(rule, requires=read_condition(keys.get("requires")))
    return rule


def _read_bottom(field: Field | None, rounding: Rounding) -> tuple[Quota | None, Rounding]:
    default: Rounding = Rounding.DOWN if rounding is Rounding.CUMULATIVE else rounding
    if field is None:
        return None, default
    keys = field.keys(("quota", "rounding"), ("quota",))
    quota = _read_quota(keys.fields["quota"], of_level=False) if "quota" in keys else None
    own = keys.choice("rounding", default)
    if own is Rounding.CUMULATIVE:
        keys.fields["rounding"].refuse("scheme.bottom_cumulative")
    return quota, own


def _read_quota(field: Field, *, of_level: bool) -> Quota | None:
    """`10%`, `10% of four` or a number of places; a percentage may stand in quotes."""
    scalar = field.scalar("scheme.not_quota")
    if scalar is None:
        return None
    if "%" in scalar.text:
        return _read_share(field, scalar, of_level=of_level)
    if decimal(scalar.text) is None:
        field.refuse("scheme.not_quota", text=scalar.text)
        return None
    places = field.whole(0, MOST_PLACES)
    return None if places is None else Quota(places=places)


def _read_share(field: Field, scalar: Scalar, *, of_level: bool) -> Quota | None:
    found = _SHARE.fullmatch(scalar.text.strip())
    percent = decimal(found[1]) if found else None
    if found is None or percent is None:
        field.refuse("scheme.not_quota", text=scalar.text)
        return None
    if percent > 100:
        field.refuse("scheme.percent_out_of_range", text=scalar.text)
        return None
    if found[2] is None:
        field.notes.written[field.path] = f'"{plain(percent)}%"'
        return Quota(share=Fraction(percent, 100))
    if not of_level:
        field.refuse("scheme.bottom_of_level", text=scalar.text)
        return None
    level = field.level_named(found[2])
    field.notes.written[field.path] = f'"{plain(percent)}% of {found[2]}"'
    return None if level is None else Quota(share=Fraction(percent, 100), of=level)
