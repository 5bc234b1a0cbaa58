"""A second, deliberately naive evaluator of the rating contract.

One unit at a time, plain dicts and loops, every number a Fraction; written from the contract alone and
never from the engine, so that the two can be held against each other. Schemes and inputs are assumed
valid; an input error raises `Refused`.

Where the contract is silent, these readings were taken:

- A group without a default maximum (no base child, or one without a maximum) has no default `min`, even
  where its `max` is written. Every other group, of whatever aggregate, has the default `min` 0.
- `present` counts every child with a result, bonus and penalty too; a group whose base children are all
  excluded but which has a bonus gives that bonus. `lowest` and `highest` look at every child, unscaled.
- In a scaled-up `sum` a base child without a maximum counts 0 among the maxima.
- `over: last` is the last period that has a result; an excluded period does not scale an `over: sum` up.
- `missing: zero` gives 0 points and `full` the maximum, whatever the method (not the value 0).
- A raw value stays text where a method or a test wants a label; a blank `unit.FIELD` has no value.
- `best` with a best of 0 or less: to the letter, a scored void unit better than the best is not equal to it and gets 0;
  under `lower`, with a best above 0, a scored void unit at 0 or less gets `max`.
- A scored void unit's `rank` share may pass 1; only an open row takes it then.
- `share.CODE` of a node whose maximum is 0 has no value.
- The void reason is the first override of either kind that holds.
- All roots of a scored void unit excluded is an input error too.
- A scored void unit's pay line may read its total or points; other void units have none. Void units
  still need `leader.dual_role` for `dual_role`.
- A pay line whose subject has no value does not hold, so a milder entry of its group may apply.
- `by_pool` names a pool as RATINGS prints it; its keys replace single keys of the level's entry, and it
  may open a level that has no entry.
- `bottom` counts set units among the last ranks; a percentage counts them among the rated.
- A closed level passes on what was carried to it less the units its floors placed there.
- `waived` looks at the level before drops. `not` in a test takes a list as none of them.
- Among drops, one that finds the lowest level reached already gives no reason.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.oracle.naive_conditions import holds, subjects_named
from tests.oracle.naive_levels import Pool, Standing, allocation_of, finish, light, rank_key, standing_of, take_bottom
from tests.oracle.naive_methods import on_line
from tests.oracle.naive_points import Row, Sheet
from tests.oracle.naive_scheme import Refused, half_up, is_number, load_scheme, number, printed

__all__ = ["COLUMNS", "Refused", "load_scheme", "rate_naively"]

COLUMNS = ["unit", "status", "total", "rank", "pool"]
COLUMNS += ["level", "previous", "change", "reasons", "consequences"]
Past = dict[str, dict[int, str]]  # unit -> year -> level, of rated years only


def rate_naively(scheme: dict[str, Any], rows: list[Row], history: list[Row]) -> list[Row]:
    past = rated_years(scheme, history)
    back = int(scheme.get("movement", {}).get("look_back", "1"))
    previous: dict[str, str] = {}
    for row in rows:
        year = latest(past.get(row["unit"], {}), int(scheme["year"]), back)
        if year is not None:
            previous[row["unit"]] = past[row["unit"]][year]
    sheet = Sheet(scheme, rows, previous)

    # `void` is decided before pools are formed.
    void_reason = {unit: code for unit in sheet.rows for code in void_by(sheet, unit)}
    rated = [unit for unit in sorted(sheet.rows) if unit not in sheet.void]
    for unit in sheet.rows:
        if sheet.void.get(unit) != "true":
            sheet.later[unit, "total"] = sheet.total(unit)
            for node in sheet.nodes.values():
                sheet.result(unit, node)

    pools: dict[tuple[str, ...], list[str]] = {}
    for unit in rated:
        pools.setdefault(tuple(sheet.pool(unit)), []).append(unit)
    standing: dict[str, Standing] = {}
    for members in pools.values():
        standing.update(rate_pool(sheet, members))

    for unit in rated:
        conclude(sheet, unit, standing[unit], past.get(unit, {}), back)
    return [answer(sheet, unit, standing.get(unit), void_reason.get(unit)) for unit in sorted(sheet.rows)]


def rated_years(scheme: dict[str, Any], history: list[Row]) -> Past:
    past: Past = {}
    for row in history:
        voided = (row.get("voided") or "").strip() == "1"
        if not voided and int(row["year"]) < int(scheme["year"]):
            past.setdefault(row["unit"], {})[int(row["year"])] = row["level"].strip()
    return past


def latest(years: dict[int, str], before: int, back: int) -> int | None:
    """The latest rated year of the last `back` years before that one."""
    for year in range(before - 1, before - back - 1, -1):
        if year in years:
            return year
    return None


def void_by(sheet: Sheet, unit: str) -> list[str]:
    """`void: true` beats `void: scored`; the reason names the first that holds."""
    voids = [override for override in sheet.scheme.get("overrides", []) if "void" in override["effect"]]
    there = [override for override in voids if holds(sheet, unit, override["when"])]
    if not there:
        return []
    sheet.void[unit] = "true" if any(override["effect"]["void"] == "true" for override in there) else "scored"
    return [f"void:{there[0]['code']}"]


def rate_pool(sheet: Sheet, units: list[str]) -> dict[str, Standing]:
    """Rank, then ceilings and floors, then the levels of one pool."""
    keys = {unit: rank_key(sheet, unit) for unit in units}
    for unit in units:  # competition rank by all the keys
        rank = 1 + sum(1 for other in units if keys[other] < keys[unit])
        sheet.later[unit, "rank"] = Fraction(rank)
        sheet.later[unit, "rank_share"] = Fraction(rank, len(units))
    holding = {
        unit: [override for override in sheet.scheme.get("overrides", []) if applies(sheet, unit, override)]
        for unit in units
    }
    standing = {unit: standing_of(sheet, unit, holding[unit]) for unit in units}
    if allocation_of(sheet).get("method") == "lit":
        for unit in units:
            light(sheet, unit, standing[unit])
    else:
        take_bottom(sheet, units, keys, standing)
        Pool(sheet, units, keys, standing).allocate()
    for unit in units:
        finish(standing[unit], [override for override in holding[unit] if "drop" in override["effect"]])
    return standing


def applies(sheet: Sheet, unit: str, override: dict[str, Any]) -> bool:
    return "void" not in override["effect"] and holds(sheet, unit, override["when"])


def conclude(sheet: Sheet, unit: str, one: Standing, years: dict[int, str], back: int) -> None:
    """What exists only after allocation: level, change, streaks."""
    sheet.later[unit, "level"] = sheet.order[one.level]
    before = sheet.previous.get(unit)
    if before is not None:
        sheet.later[unit, "change"] = Fraction(one.level - sheet.order.index(before))
    this = int(sheet.scheme["year"])
    run, ago = [one.level], [0]  # this year, then the rated years before it, until the first gap
    year = latest(years, this, back)
    while year is not None:
        run.append(sheet.order.index(years[year]))
        ago.append(this - year)
        year = latest(years, year, back)
    months = sheet.subject(unit, "leader.months")
    known = months is not None and is_number(months)
    led = [number(months) >= 12 * one for one in ago] if known else []  # in post at the end of each of them
    for position, code in enumerate(sheet.order):
        good, bad = [level >= position for level in run], [level < position for level in run]
        sheet.later[unit, f"streak.{code}"] = in_a_row(good)
        sheet.later[unit, f"streak_below.{code}"] = in_a_row(bad)
        if led:  # a unit of whose leader nothing is known has no streak of a leader's
            sheet.later[unit, f"leader_streak.{code}"] = in_a_row([*map(all, zip(good, led, strict=True))])
            sheet.later[unit, f"leader_streak_below.{code}"] = in_a_row([*map(all, zip(bad, led, strict=True))])


def in_a_row(years: list[bool]) -> Fraction:
    return Fraction(years.index(False) if False in years else len(years))


def answer(sheet: Sheet, unit: str, one: Standing | None, void: str | None) -> Row:
    row = dict.fromkeys(COLUMNS, "")
    row.update(unit=unit, status="void" if one is None else "rated", previous=sheet.previous.get(unit, ""))
    total = sheet.subject(unit, "total")
    if total is not None:
        row["total"] = printed(total, sheet.decimals)
    if one is None:
        row["reasons"] = void or ""
    else:
        row["rank"] = str(sheet.subject(unit, "rank"))
        row["pool"] = "/".join(sheet.pool(unit))
        row["level"] = sheet.order[one.level]
        change = sheet.subject(unit, "change")
        row["change"] = "" if change is None else f"{int(change):+d}" if change else "0"
        row["reasons"] = ";".join(one.reasons)
    row["consequences"] = ";".join(consequences(sheet, unit))
    return row


def consequences(sheet: Sheet, unit: str) -> Iterator[str]:
    """Within a `group` only the last entry that holds applies."""
    holding: list[tuple[str, str]] = []  # (group, what is printed)
    for entry in sheet.scheme.get("consequences", []):
        if entry["for"] == "dual_role" and not passes_dual_role(sheet, unit):
            continue
        if unit in sheet.void and not void_may_have(entry["when"]):
            continue
        shown = effect(sheet, unit, entry) if holds(sheet, unit, entry["when"]) else None
        if shown is not None:
            holding.append((entry.get("group", ""), shown))
    for position, (group, shown) in enumerate(holding):
        if not group or all(later != group for later, _ in holding[position + 1 :]):
            yield shown


def passes_dual_role(sheet: Sheet, unit: str) -> bool:
    return holds(sheet, unit, {"leader.dual_role": "1"})


def void_may_have(when: dict[str, Any]) -> bool:
    """A void unit has no consequences but those whose `when` names `flag` or `unit` subjects only."""
    named = list(subjects_named(when))
    return bool(named) and all(name.startswith(("flag.", "unit.")) for name in named)


def effect(sheet: Sheet, unit: str, entry: dict[str, Any]) -> str | None:
    code: str = entry["code"]
    pay = entry["effect"].get("pay_coefficient")
    if not isinstance(pay, dict):
        return code
    value = sheet.subject(unit, pay["of"])
    if value is None:  # a pay line whose subject has no value does not apply
        return None
    paid = half_up(on_line(pay["at"], number(value)) * number(pay.get("times", "1")), 4)
    text = printed(paid, 4).rstrip("0").rstrip(".")
    return f"{code}={text}"
