"""The main findings as sentences: how many by star, who moved, where, what costs most; every case has its own words.

A sentence is written from the counts that the tables show and from nothing else, so its numbers are theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from starrating.queries.public_lists import PublicUnit
from starrating.services.yearbook.facts import DOWN, FIRST, HELD, LOWEST, STRIPPED, UP, Counts, Facts, Tally
from starrating.services.yearbook.words import NOUNS, below, named, share


def findings(
    facts: Facts, missing: Sequence[str], references: dict[str, tuple[int, ...] | None],
    partly: Sequence[tuple[str, str]] = (),
) -> list[str]:  # fmt: skip
    """The sentences in their order; `references` is kind → the proportion aimed at, lowest level first."""
    told = [coverage(facts, missing), *lists_left(facts, partly)]
    for counts in facts.kinds:
        told.append(stars(facts, counts))
        told += against_reference(facts, counts, references.get(counts.kind))
    for counts in facts.kinds:
        told.append(movement(counts))
    told += furthest(facts)
    told += most_moved(facts)
    told += highest_share(facts)
    return told


def coverage(facts: Facts, missing: Sequence[str]) -> str:
    """Of what the yearbook is; a district that has not published is named and not counted."""
    whole = facts.both
    said = "、".join(f"{NOUNS[one.kind]}{one.whole.units:,}个" for one in facts.kinds)
    if not facts.city:
        return f"{facts.place}{facts.year}年度的评定结果已经发布，共{said}，分布在{len(whole.townships)}个乡镇街道。"
    published = len(whole.districts)
    every = published + len(missing)
    if not missing:
        return f"{facts.place}{every}个区都发布了{facts.year}年度的评定结果，共{said}。"
    return (
        f"{facts.place}{every}个区中，{published}个区发布了{facts.year}年度的评定结果，共{said}。"
        f"没有发布的是{'、'.join(missing)}，本报告的数不含{'这个区' if len(missing) == 1 else '这些区'}。"
    )


def lists_left(facts: Facts, partly: Sequence[tuple[str, str]]) -> list[str]:
    """Which lists are still to be published of districts that published another one: their units are not counted."""
    if not partly:
        return []
    named = "、".join(f"{name}的{NOUNS[kind]}" if facts.city else NOUNS[kind] for name, kind in partly)
    return [f"{named}的评定结果还没有发布，本报告的数不含在内。"]


def stars(facts: Facts, counts: Counts) -> str:
    """How many have each star and which share of the rated that is."""
    noun, whole = NOUNS[counts.kind], counts.whole
    if not whole.rated:
        return f"{noun}{whole.units:,}个，都没有参加评定。"
    ladder = reversed(list(enumerate(facts.names)))
    said = "，".join(
        f"{name}{whole.levels[level]:,}个，占{share(whole.share(level))}" for level, name in ladder
        if whole.levels[level] or level == len(facts.names) - 1
    )  # fmt: skip
    left = f"另有{whole.unrated:,}个未评。" if whole.unrated else ""
    return f"参加评定的{noun}{whole.rated:,}个，其中{said}。{left}"


def against_reference(facts: Facts, counts: Counts, reference: tuple[int, ...] | None) -> list[str]:
    """The shares beside the proportion that the schemes aim at; nothing where they name none, or not the same."""
    whole, names = counts.whole, facts.names
    if reference is None or len(reference) != len(names) or not whole.rated:
        return []
    proportion = "∶".join(str(part) for part in reversed(reference))
    ladder = "、".join(reversed(names))
    gaps = {level: Fraction(whole.levels[level], whole.rated) - Fraction(part, sum(reference))
            for level, part in enumerate(reference)}  # fmt: skip
    away = [(level, gap) for level, gap in sorted(gaps.items(), reverse=True) if share(abs(gap)) != share(Fraction(0))]
    said = "，".join(
        f"{names[level]}{'高' if gap > 0 else '低'}{share(abs(gap)).removesuffix('%')}个百分点" for level, gap in away
    )
    head = f"办法定的比例是{proportion}（{ladder}）"
    return [f"{head}，{NOUNS[counts.kind]}的实际占比与此相比，{said}。" if said
            else f"{head}，{NOUNS[counts.kind]}的实际占比与此一致。"]  # fmt: skip


def movement(counts: Counts) -> str:
    """Who rose, kept and fell against the rating before."""
    whole, noun = counts.whole, NOUNS[counts.kind]
    moves = whole.moves
    first = f"首次评定{moves[FIRST]:,}个"
    if not whole.rated:
        return f"{noun}没有可比的星级。"
    if not whole.compared:
        return f"{noun}是第一次评定，没有上次的星级可比。"
    others = [(HELD, "保持原星级"), (LOWEST, "仍在最低一级")]
    kept = [f"{word}{moves[at]:,}个" for at, word in others if moves[at]] + ([first] if moves[FIRST] else [])
    if not whole.moved:
        return f"与上次评定相比，{noun}没有晋星的，也没有降星和取消星级的；{'，'.join(kept)}。"
    told = [f"晋星{moves[UP]:,}个，降星{moves[DOWN]:,}个，取消星级{moves[STRIPPED]:,}个"]
    return f"与上次评定相比，{noun}{'，'.join([*told, *kept])}。"


def furthest(facts: Facts) -> Iterator[str]:
    """The units that rose and fell by most levels: of few the names, of many how many."""
    changed = [unit for unit in facts.units if unit.level and unit.change]
    for sign, rose, verb in ((1, True, "升"), (-1, False, "降")):
        steps = max((sign * (unit.change or 0) for unit in changed), default=0)
        if steps <= 0:
            if changed:
                yield f"没有{'晋星' if rose else '降星和取消星级'}的村和社区。"
            continue
        those = [unit for unit in changed if unit.change == sign * steps]
        yield f"{verb}得最多的{verb}{steps}级，{_those(facts, those)}。"


def _those(facts: Facts, units: Sequence[PublicUnit]) -> str:
    if len(units) > 3:
        return f"有{len(units):,}个"
    where = [f"{unit.district if facts.city else ''}{unit.township}{unit.name}（{unit.previous}到{unit.level}）"
             for unit in units]  # fmt: skip
    return f"是{'、'.join(where)}"


def most_moved(facts: Facts) -> Iterator[str]:
    """Where most units rose or fell, by township and in a city's by district; equal ones are named together."""
    if not facts.both.whole.compared:
        return
    groups = [("乡镇街道", facts.both.townships)]
    if facts.city:
        groups.insert(0, ("区", facts.both.districts))
    for what, rows in groups:
        most = max(row.moved for row in rows)
        those = [row for row in rows if row.moved == most]
        if not most or len(rows) < 2:
            continue
        names = [(one.above if facts.city else "") + one.name for one in those]
        yield f"按{what}看，星级变动最多的是{named(names)}，{_most(those)}。"


def _most(those: Sequence[Tally]) -> str:
    first = those[0]
    if len(those) > 1:
        return f"各有{first.moved:,}个"
    return f"有{first.moved:,}个（晋星{first.moves[UP]:,}个，降星和取消星级{first.fell:,}个）"


def highest_share(facts: Facts) -> Iterator[str]:
    """Where the highest level has the largest and the smallest share, by the places that are set side by side."""
    rows = facts.both.districts if facts.city else facts.both.townships
    top = len(facts.names) - 1
    shares = [(row.share(top) or Fraction(0), row.name) for row in rows if row.rated]
    if len(shares) < 2:
        return
    most, least = max(shares)[0], min(shares)[0]
    name, what = facts.names[top], below(facts)
    if most == least:
        yield f"各{what}{name}的占比一样，都是{share(most)}。"
        return
    high, low = ([place for one, place in shares if one == wanted] for wanted in (most, least))
    ending = f"最低的是{named(low)}（{share(least)}）" if least else f"{named(low)}没有{name}"
    yield f"{name}占比最高的是{named(high)}（{share(most)}），{ending}。"
