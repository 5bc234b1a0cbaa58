"""How stars were determined, in plain words from the schemes themselves; the list of schemes; how anybody checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from starrating.documents.published_list import day_text, grouped
from starrating.documents.report import Block, Grid, Words
from starrating.domain.scheme import NamedStars, Override, Scheme
from starrating.queries.editions import fingerprint
from starrating.services.publication.list_papers import day_of
from starrating.services.yearbook.facts import KINDS
from starrating.services.yearbook.reading import Source
from starrating.services.yearbook.words import NOUNS, points
from starrating.wording.allocation import (
    bottom_text,
    carry_text,
    level_rules,
    lit_text,
    pool_text,
    rank_text,
    rounding_text,
    ties_text,
)
from starrating.wording.conditions import condition_text
from starrating.wording.outcomes import movement_text, notice_text, override_effect_text

MOST_SCHEMES = 4
"""Of how many schemes the rules are told in full; of more those by which most units were rated."""

CODE = re.compile(r"（(?:flag\.)?[a-z_]+）")
"""A code that only writers of schemes know, as the wording of rules has it."""
HAPPENED = re.compile(r"事件（flag\.[a-z_]+）(?:1次以上)?")


def method(source: Source) -> Iterator[Block]:
    """The rules of each scheme: what is scored, who gets which star, vetoes, movement, rounding, notice."""
    told = _by_size(source)
    yield Words(
        "各项指标按办法得分，逐级相加为总分；在同一个评定范围内按总分排名，依分数线、比例和条件定星级，再按升降幅度的限制、"
        "一票否决和保底等规定调整。计算用分数和整数，中间不取近似，只在办法写明的地方取舍；本报告里的占比和平均数是为了便于阅读才取的近似。"
    )
    for scheme, _ in told[:MOST_SCHEMES]:
        yield Words(scheme.title, "head")
        for text in rules_of(scheme):
            yield Words(text, "item")
    left = told[MOST_SCHEMES:]
    if left:
        yield Words(f"另有{len(left)}份办法，规定见各区的年报，名称和摘要列在“办法目录”里。")


def rules_of(scheme: Scheme) -> Iterator[str]:
    """The rules of a scheme, a sentence each."""
    full = f"，满分{points(scheme.full_score)}分" if scheme.full_score is not None else ""
    leaves = sum(1 for _ in scheme.leaves())
    yield f"指标：共{leaves}项{full}；总分保留{scheme.decimals}位小数。"
    rules = scheme.allocation
    yield f"范围和排名：{pool_text(scheme)}，比{plainly(rank_text(scheme))}。"
    if isinstance(rules, NamedStars):
        yield f"亮星：{lit_text(rules, scheme)}。"
    yield f"分级：{'；'.join(f'{name}，{plainly(rule)}' for name, rule in level_rules(scheme))}。"
    if not isinstance(rules, NamedStars):
        bottom = bottom_text(rules, scheme)
        said = [f"比例算出的名额{rounding_text(rules.rounding)}", f"名额边上总分相同的，{ties_text(rules.ties)}",
                carry_text(carry=rules.carry), *([bottom] if bottom else [])]  # fmt: skip
        yield f"名额：{'；'.join(said)}。"
    if scheme.overrides:
        yield f"否决、限制和保底：{'；'.join(override_plain(one, scheme) for one in scheme.overrides)}。"
    yield f"升降：{plainly(movement_text(scheme.movement, scheme)).rstrip('。')}。"
    yield f"公示：{notice_text(scheme.notice)}。"


def plainly(text: str) -> str:
    """A rule without the codes that only writers of schemes know."""
    return CODE.sub("", HAPPENED.sub("登记的相应事项", text))


def override_plain(override: Override, scheme: Scheme) -> str:
    """What an override does, by its name; its condition too where that says more than the code of an event."""
    when = condition_text(override.when, scheme, within=override.code, codes=False)
    effect = override_effect_text(override, scheme)
    return f"{override.name}，{effect}" if CODE.search(when) else f"{override.name}：{when}，{effect}"


def schemes(source: Source) -> Iterator[Block]:
    """Every scheme with its version and digest, and where it was used."""
    lists = sorted(source.facts.lists, key=lambda one: KINDS.index(one.kind))
    versions = {row.digest: f"{scheme.code}（{scheme.year}年）" for row, scheme in source.schemes}
    found: dict[tuple[str, str, str], list[str]] = {}
    for one in lists:
        found.setdefault((one.kind, one.scheme, one.scheme_digest), []).append(one.district)
    rows = [
        (title, NOUNS[kind], versions.get(digest, str(source.facts.year)), "、".join(districts), grouped(digest, 8))
        for (kind, title, digest), districts in found.items()
    ]
    yield Grid("评定所用的办法", ("办法", "类别", "版本", "使用的区", "摘要（SHA-256）"), rows, (38, 10, 26, 26, 44),
               texts=5)  # fmt: skip


def checking(source: Source) -> Iterator[Block]:
    """The lists that the report rests on, with what anybody checks them by."""
    asked = source.wanted
    heads = asked.heads[asked.year]
    keys = list(dict.fromkeys(fingerprint(head.public_key) for head in heads if head.public_key))
    where = f"在{asked.address}" if asked.address else "在公开的“核验”页"
    yield Words(
        f"本报告的数由下列已发布的名单逐个单位数出，名单的电子原文可以公开下载。{where}交上名单文件，就能看到它与发布的是否一致；"
        "也可以离线计算文件的SHA-256，与下表的摘要比对。"
    )
    if keys:
        yield Words(f"名单用Ed25519签名，公钥指纹{'、'.join(keys)}。")
    rows = [(head.district, NOUNS[head.kind], f"第{head.edition}版", day_text(day_of(head)), grouped(head.digest, 8))
            for head in heads]  # fmt: skip
    yield Grid("本报告依据的名单", ("区", "类别", "版次", "发布日期", "摘要（SHA-256）"), rows, (20, 11, 12, 27, 76),
               texts=5)  # fmt: skip
    yield Words(f"以上名单和本报告其余内容的合并摘要：{grouped(asked.digest, 8)}。内容不变，摘要不变。", "note")


def _by_size(source: Source) -> Sequence[tuple[Scheme, int]]:
    sizes: dict[str, int] = {}
    for one in source.facts.lists:
        sizes[one.scheme_digest] = sizes.get(one.scheme_digest, 0) + len(one.units)
    found = [(scheme, sizes.get(row.digest, 0)) for row, scheme in source.schemes]
    order = {id(scheme): at for at, (_, scheme) in enumerate(source.schemes)}
    most = sorted(found, key=lambda one: -one[1])[:MOST_SCHEMES]
    kept = sorted(most, key=lambda one: order[id(one[0])])
    return [*kept, *(one for one in found if one not in most)]
