#!/usr/bin/env python3
"""Check published lists without asking anybody: digest, signature, chain, and every star worked out again.

    python verify_list.py [PUBLIC_KEY | keys.json] LIST.json [LIST.json ...]

Beside LIST.json lies its signature LIST.sig.json, beside this script ed25519.py; the key or keys are the office's own.
The rules in the list are followed anew in exact fractions, from totals, points and events (verify_points.py works them
out from raw values). Standard library only. A rule that this script does not know is named, never guessed.
"""

import json
import sys
from fractions import Fraction as Number
from hashlib import sha256
from itertools import groupby
from math import ceil, floor, inf
from pathlib import Path

from ed25519 import verify

KEYS = "pool", "rank_by", "ties", "levels", "rounding", "carry", "bottom", "by_pool", "method", "lit", "requires_total"


class Unit:
    """One unit as it is listed, with its raw values, events, fields and points by name."""

    def __init__(self, listed, row, rules):
        self.listed, self.rules, self.order = listed, rules, [one["code"] for one in rules["levels"]]
        self.before = self.order.index(listed["previous"]) if listed["previous"] else None
        self.total, self.level, self.rank = Number(listed["total"] or 0), None, None
        self.row = {**row, "total": self.total, "previous": self.before, "rank": None}

    def subject(self, name):
        if (place := name.removeprefix("value.")) not in self.row:
            raise LookupError(f"{name}不公开，或者本程序不认识")
        return self.row[place] or (0 if name.startswith("flag.") else self.row[place])

    def holds(self, condition):
        return all(self.tests(key, test) for key, test in condition.items())

    def tests(self, key, test):
        if key in ("any", "not"):
            return any(map(self.holds, test)) if key == "any" else not self.holds(test)
        value, tests = self.subject(key), test if isinstance(test, dict) else {"is": test}
        return value is not None and all(self.passes(key, value, *one) for one in tests.items())

    def passes(self, key, value, word, ask):
        ask = [self.order.index(one) if key == "previous" else one for one in (ask if isinstance(ask, list) else [ask])]
        if word in ("is", "not"):
            same = (value == one if isinstance(one, str) else Number(value) == one for one in ask)
            return any(same) == (word == "is")
        ways = {"at_least": Number.__ge__, "above": Number.__gt__, "at_most": Number.__le__, "below": Number.__lt__}
        return ways[word](Number(value), Number(ask[0]))

    def limit(self):  # what overrides and last year leave: a ceiling, a floor, a set level, steps to drop
        movement, top, before = self.rules.get("movement", {}), len(self.order) - 1, self.before
        effects = [one["effect"] for one in self.rules.get("overrides", []) if self.holds(one["when"])]
        named = {"set": [], "cap": [top], "floor": [0]}
        for kind, word in (entry for one in effects for entry in one.items() if entry[0] in named):
            named[kind] += [self.order.index(word)] if word != "previous" else [] if before is None else [before]
        rise, fall = self.order.index(movement.get("no_previous", self.order[top])), 0
        if before is not None:
            waived = self.holds(movement.get("waive_rise", {"any": []}))
            rise = top if waived else min(top, before + movement.get("max_rise", top))
            fall = max(0, before - movement.get("max_fall", top))
        self.ceiling = min(*named["cap"], max(rise, *named["floor"]))
        self.floor, self.set = min(max(fall, *named["floor"]), self.ceiling), min(named["set"], default=None)
        self.drop = sum(one.get("drop", 0) for one in effects)

    def key(self):  # its place in its pool, smaller is better; where it is not public the published rank stands in
        key = []
        for name in self.rules["allocation"].get("rank_by", ["total"]):
            try:
                value = self.subject(name.removeprefix("-"))
            except LookupError:
                return [*key, (0, self.listed["rank"])]
            key.append((1, 0) if value is None else (0, Number(value) * (1 if name[0] == "-" else -1)))
        return key


def tied(units):
    return [list(group) for _, group in groupby(sorted(units, key=Unit.key), key=Unit.key)]


def places(quota, count, rounding):
    share = Number(quota[:-1]) * count / 100 if str(quota).endswith("%") else Number(quota)
    return {"up": ceil(share), "nearest": floor(share + Number(1, 2))}.get(rounding, floor(share))


def by_quota(units, how, pool, order):  # the levels of one pool by places and lines, from the top down
    plan, own = how["levels"], how.get("by_pool", {}).get(pool, {})
    plan = plan | {level: plan.get(level, {}) | keys for level, keys in own.items()}
    rounding, whole, last = how.get("rounding", "down"), how.get("ties", "include") == "include", 0
    bottom = how.get("bottom", {"quota": 0})
    room = places(bottom["quota"], len(units), bottom.get("rounding", rounding))
    for group in reversed(tied(units)):
        if last >= room or (whole and last + len(group) > room):
            break
        last += len(group)
        for one in group:
            one.ceiling = one.floor
    free, running, carried = [one for one in units if one.set is None], 0, 0
    for level in range(len(order) - 1, 0, -1):
        rule = plan.get(order[level], {"quota": 0, "min": inf})
        room = inf if (quota := rule.get("quota", inf)) == inf else places(quota, len(units), rounding)
        if rounding == "cumulative" and str(quota).endswith("%"):
            before, running = running, running + Number(quota[:-1])
            room = floor(running * len(units) / 100) - floor(before * len(units) / 100)
        room, taken = room + carried, [one for one in free if one.floor == level]
        able = [one for one in free if one.floor < level <= one.ceiling
                and one.total >= rule.get("min", -inf) and one.holds(rule.get("requires", {}))]  # fmt: skip
        for group in tied(able):
            if len(taken) >= room or (not whole and len(taken) + len(group) > room):
                break
            taken += group
        for one in taken:
            one.level = level
        free = [one for one in free if one.level is None]
        carried = max(0, room - len(taken)) if how.get("carry") in (True, "true") and room < inf else 0


def by_lit_stars(units, how, levels):  # named stars: every root that reaches its points lights one
    for one in units:
        lit = sum(one.subject(f"points.{code}") >= line for code, line in how["lit"].items())
        top = len(levels) - (2 if one.total < how.get("requires_total", -inf) else 1)
        earned = max((level for level in range(top + 1) if levels[level]["stars"] <= lit), default=0)
        one.level = max(min(earned, one.ceiling), one.floor)


def rate(edition):  # every unit with the level and rank that follow from the rules; none where it is not rated
    rules = json.loads(edition["scheme"]["rules"], parse_float=Number)
    how, columns = rules["allocation"], {**edition["inputs"]["values"], **edition["inputs"]["events"]}
    if strange := set(how).difference(KEYS):
        raise LookupError(f"定星办法里有本程序不认识的：{'、'.join(sorted(strange))}")
    columns |= {f"unit.{name}": column for name, column in edition["inputs"]["fields"].items()}
    for code, node in edition["points"].items():
        each, most = [one and Number(one) for one in node["units"]], Number(node["most"] or 0)
        columns |= {f"points.{code}": each, f"share.{code}": [one and one / most if most else None for one in each]}
    units, pools = [], {}
    for row, listed in enumerate(edition["units"]):
        units.append(one := Unit(listed, {name: column[row] for name, column in columns.items()}, rules))
        if not any("void" in rule["effect"] and one.holds(rule["when"]) for rule in rules.get("overrides", [])):
            pools.setdefault("/".join(one.row[f"unit.{name}"] for name in how.get("pool", [])), []).append(one)
    for pool, members in pools.items():
        keys = sorted(map(Unit.key, members))
        for one in members:
            one.rank = one.row["rank"] = keys.index(one.key()) + 1
            one.limit()
        by_lit_stars(members, how, rules["levels"]) if "lit" in how else by_quota(members, how, pool, members[0].order)
        for one in members:
            one.level = max(0, (one.level or 0 if one.set is None else one.set) - one.drop)
    return units


def faults(edition):  # the units of which something does not follow; removals that are not lifted are ceilings
    mended = max((one["edition"] for one in edition.get("corrections", [])), default=0)
    for one in rate(edition) if edition["show_scores"] else []:
        level = "" if one.level is None else one.order[one.level]
        own = [taken for taken in edition.get("decisions", []) if taken["unit"] == one.listed["code"]]
        first = own[0]["from"] if own and edition.get("corrections") else level  # corrected inputs give another
        above = [it for it in own if it["sort"] == "removal" and it["edition"] not in (by.get("lifts") for by in own)]
        earned = level if above and ("earned" in one.listed or above[0]["edition"] < mended) else None
        stands = level and min([level, *(taken["to"] for taken in above)], key=one.order.index)
        steps = [first, *(taken[end] for taken in own for end in ("from", "to")), stands]
        level = stands if steps[::2] == steps[1::2] else "?"
        change = None if level not in one.order or one.before is None else one.order.index(level) - one.before
        found = [level, one.rank, change, earned]
        if (said := [one.listed.get(key) for key in ("level", "rank", "change", "earned")]) != found:
            yield f"  {one.listed['code']} {one.listed['name']}：名单写{said}，算出{found}"


def main():
    names, begun, wrong = sys.argv[1:], {}, 0
    keys = {names.pop(0): {}} if names and len(names[0]) == 64 and "." not in names[0] else {}
    if names and names[0].endswith("keys.json"):
        keys = {one["public_key"]: one for one in json.loads(Path(names.pop(0)).read_bytes())["keys"]}
    read = [(path, raw := path.read_bytes(), json.loads(raw), sha256(raw).hexdigest()) for path in map(Path, names)]
    lists = {one[3]: (one[2]["district"]["code"], one[2]["kind"], one[2]["previous_list"]) for one in read}
    for path, raw, edition, digest in sorted(read, key=lambda one: (one[2]["year"], one[2]["edition"])):
        proof, place = json.loads(path.with_suffix(".sig.json").read_bytes()), lists[digest]
        key, found, count = proof["public_key"], list(faults(edition)), len(edition["units"])
        signed = digest == proof["digest"] and verify(bytes.fromhex(key), raw, bytes.fromhex(proof["signature"]))
        signed, revoked = signed and key in (keys or [key]), keys.get(key, {}).get("revoked")
        follows = lists.get(place[2], ())[:2] == place[:2] or begun.setdefault(place[:2], digest) == digest  # begins
        chained = follows and list(lists.values()).count(place) == 1
        stars = f"{count - len(found)}/{count}个对得上" if edition["show_scores"] else "没有重算（得分不公布）"
        words = f"签名{'对' if signed else '不'}得上，上一份{'接' if chained else '不'}得上"
        if revoked and digest not in revoked["editions"]:
            since = f"  公钥自{revoked['since'][:10]}起作废（{revoked['reason']}）"
            found.append(f"{since}，这一份不在那以前发布的里面，不能当真")
        print(f"{path.name}：{words}，星级{stars}", *found, sep="\n")
        wrong += len(found) + (not signed) + (not chained)
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (LookupError, OSError, ValueError, TypeError) as fault:
        sys.exit(f"没有核完：{type(fault).__name__} {fault}")
