"""Random worlds run through the naive evaluator."""

from typing import Any

import pytest
import yaml

from tests.oracle.naive import Refused, rate_naively
from tests.oracle.naive_scheme import Node, is_base, is_number, limits, number, scale_of, walk
from tests.oracle.worlds import World, random_world


@pytest.mark.slow
def test_three_hundred_worlds_are_rated() -> None:
    refused = []
    for seed in range(300):
        world = random_world(seed)
        check_scheme(world)
        try:
            rated = rate_naively(world.scheme, world.rows, world.history)
        except Refused as why:
            refused.append((seed, str(why)))
        else:
            assert [row["unit"] for row in rated] == sorted(row["unit"] for row in world.rows)
    assert len(refused) < 30, refused


def test_the_same_seed_gives_the_same_world() -> None:
    assert random_world(7) == random_world(7)
    assert random_world(7) != random_world(8)


def check_scheme(world: World) -> None:
    """The checks that a scheme passes when it is loaded, as far as a tree can fail them.

    It is read by libyaml, and here once more by the reader in Python alone.
    """
    scheme = world.scheme
    same_words(yaml.safe_load(world.scheme_text), scheme)
    codes = [node["code"] for node in walk(scheme["indicators"])]
    assert len(codes) == len(set(codes))
    for node in walk(scheme["indicators"]):
        low, high = limits(node)
        assert low is None or high is None or low <= high, (world.seed, node["code"])
        assert node.get("missing") != "full" or high is not None
        if node.get("aggregate", "sum") != "sum":
            assert all(is_base(child) for child in node["children"])
        elif "children" in node:
            check_sum(node["children"])
    check_sum(scheme["indicators"])
    if "full_score" in scheme:
        roots = [root for root in scheme["indicators"] if is_base(root)]
        assert sum((limits(root)[1] or 0) * scale_of(root) for root in roots) == number(scheme["full_score"])


def check_sum(children: list[Node]) -> None:
    """A child that may be excluded must have a maximum above 0 where it stands in a `sum`."""
    for child in children:
        if may_be_excluded(child):
            assert (limits(child)[1] or 0) > 0, child["code"]


def may_be_excluded(node: Node) -> bool:
    if "children" not in node:
        return bool(node.get("missing") == "exclude")
    safe = sum(1 for child in node["children"] if not may_be_excluded(child))
    return safe < int(node.get("present", "1"))


def same_words(typed: Any, text: Any) -> None:
    """What YAML makes of the file: words are words and numbers are numbers."""
    if isinstance(text, dict):
        assert [str(key) for key in typed] == list(text)
        for key in typed:
            same_words(typed[key], text[str(key)])
    elif isinstance(text, list):
        for one, other in zip(typed, text, strict=True):
            same_words(one, other)
    elif is_number(text):
        assert isinstance(typed, int | float)
    else:
        assert typed == text or (isinstance(typed, bool) and text in ("true", "false"))
