"""The sentences for what does not make sense in a scheme that is written as it should be."""

from __future__ import annotations

from collections.abc import Mapping

from starrating.wording.language import mark as _

LEVELS: Mapping[str, str] = {
    "scheme.unknown_level": _("没有等级“{level}”。levels 里有：{allowed}。"),
    "scheme.level_twice": _("等级代码“{code}”用了两次（另一处在 {first}）。每个等级要有自己的代码。"),
    "scheme.number_of_levels": _("levels 有 {found} 级。应有 2 到 {most} 级，从低到高写。"),
    "scheme.level_called_previous": _("等级代码不能叫 previous，这个词指上一年的等级。请换一个。"),
    "scheme.stars_order": _(
        "等级“{upper}”的 stars 是 {stars}，比前一级“{lower}”的 {fewer} 少。levels 从低到高写，stars 不能往下减。"
    ),
}

TREE: Mapping[str, str] = {
    "scheme.code_twice": _("指标代码“{code}”用了两次（另一处在 {first}）。每个指标要有自己的代码。"),
    "scheme.column_twice": _(
        "数据列“{column}”同时属于两个指标（另一处在 {first}）。请改其中一个的代码、部分名或时段名。"
    ),
    "scheme.column_is_field": _("数据列“{column}”与单位的信息列同名。请给指标换一个代码。"),
    "scheme.negative": _("“{key}”不能小于 0；现在是 {value}。"),
    "scheme.not_positive": _("“{key}”要大于 0；现在是 {value}。"),
    "scheme.max_below_min": _(
        "指标“{code}”的最高分 {high} 低于最低分 {low}。请改 max 或 min，没有写的由计分方法得出。"
    ),
    "scheme.kind_needs_sum": _(
        "“{code}”是 {kind}，而上级用 {aggregate} 合成。加分项和扣分项只能放在 aggregate: sum 里。"
    ),
    "scheme.present_too_many": _("present 是 {present}，而下级指标只有 {children} 个。请写 1 到 {children}。"),
    "scheme.excluded_needs_max": _(
        "“{code}”可能不计入合计，最高分要大于 0，才能按比例折算。请写大于 0 的 max，或改 missing。"
    ),
    "scheme.root_without_max": _("一级指标“{code}”没有最高分，核对不了 full_score。请写 max，或删去 full_score。"),
    "scheme.full_score": _("full_score 写的是 {written}，一级指标的满分合计是 {found}（{parts}）。请改一致。"),
}

LEAVES: Mapping[str, str] = {
    "scheme.full_needs_max": _("“{code}”写了 missing: full，却没有最高分。请写 max。"),
    "scheme.unknown_part": _("required 里的“{part}”不在 each 里。each 里有：{allowed}。"),
    "scheme.bands_from_order": _("from 应从高到低写：{above} 后面不能是 {below}。"),
    "scheme.bands_to_order": _("应从小到大写：{above} 后面不能是 {below}。"),
    "scheme.open_row_not_last": _("只有最后一行可以不写 {limit}。请给这一行补上，或移到最后。"),
    "scheme.top_out_of_range": _("top 是名次占总数的比例，应大于 0、不超过 1；现在是 {top}。前 10% 写 0.1。"),
    "scheme.top_leaves_gap": _(
        "最后一行的 top 是 {top}，名次在它之后的没有分。请加一行只写 points 的，或把 top 写到 1。"
    ),
    "scheme.line_too_short": _("折线至少要两点；现在有 {points} 点。如 [[60, 0], [100, 10]]。"),
    "scheme.line_order": _("折线的点要按值从小到大写：{left} 后面不能是 {right}。"),
    "scheme.log_needs_positive": _("log: true 时各点的值都要大于 0；现在有 {x}。"),
    "scheme.of_with_periods": _("“{code}”的值取自 {subject}，一年只有一个，不能写 periods。请删去 periods 或 of。"),
    "scheme.of_with_parts": _("“{code}”分部分填报，不能再写 of。请删去 of，或换一种 method。"),
    "scheme.not_for_of": _("of 不能写 {subject}。可以写：{allowed}。"),
    "scheme.of_circle": _("“{code}”的值绕回了它自己：{circle}。请改其中一处 of。"),
    "scheme.words_need_choice": _("{subject} 是文字，不能这样计分。请用 method: choice 给每个选项写分。"),
    "scheme.label_not_number": _("{subject} 是数，选项“{label}”却不是数。选项写成数，或改用 bands。"),
}

CONDITIONS: Mapping[str, str] = {
    "scheme.unknown_node": _("{subject} 里的“{code}”不是指标。请检查代码。"),
    "scheme.unknown_node_like": _("{subject} 里的“{code}”不是指标，是不是“{hint}”？"),
    "scheme.no_single_value": _("{subject} 没有单一的值：“{code}”是分组，或分时段、分部分填报。请改用 points.{code}。"),
    "scheme.share_without_max": _(
        "{subject} 要除以最高分，“{code}”却没有大于 0 的最高分。请给它写 max，或改用 points.{code}。"
    ),
    "scheme.not_a_field": _("“{field}”不是单位的信息列。事件写 flag.名称，负责人写 leader.名称，等次写 appraisal。"),
    "scheme.not_a_group": _("{subject} 看的是下级指标，“{code}”却没有下级。请改用 points.{code}。"),
    "scheme.not_before_pools": _("{subject} 此时还没有。void 的条件只能用：{allowed}。"),
    "scheme.not_before_allocation": _("{subject} 定级以后才有，只能写在 consequences 里。这里可以用：{allowed}。"),
    "scheme.void_needs_points": _("{subject} 取自得分，而 void 在计分之前判定。请改用不来自得分的值。"),
    "scheme.test_needs_number": _("{subject} 是数，不能和“{value}”比较。请写不加引号的数，90% 写成 0.9。"),
    "scheme.order_needs_number": _(
        "{subject} 是文字，{operator} 要和数比较；现在是“{value}”。请写不加引号的数，或直接写值。"
    ),
    "scheme.labels_not_numbers": _("{subject} 的选项是文字，不能比大小。请直接写选项：{allowed}。"),
    "scheme.unknown_option": _("{subject} 没有选项“{value}”。选项有：{allowed}。"),
}

ALLOCATION: Mapping[str, str] = {
    "scheme.not_for_rank": _("不能按 {subject} 排名。可以按：{allowed}。"),
    "scheme.needs_numeric_subject": _("{subject} 不是数，这里要写数，如 total、points.指标代码、flag.事件名。"),
    "scheme.lit_unknown": _("lit 里的“{code}”不是指标。一级指标有：{allowed}。"),
    "scheme.lit_not_root": _("lit 里的“{code}”不是一级指标，只有一级指标能点亮星。一级指标有：{allowed}。"),
    "scheme.by_pool_without_pool": _(
        "写了 by_pool，却没有分池。请在 pool 里写分池的信息列，如 [district]，或删去 by_pool。"
    ),
}

OTHERS: Mapping[str, str] = {
    "scheme.override_twice": _("overrides 里代码“{code}”用了两次（另一处在 {first}）。每一条要有自己的代码。"),
    "scheme.consequence_twice": _("consequences 里代码“{code}”用了两次（另一处在 {first}）。每一条要有自己的代码。"),
}

RULE_FAULTS: Mapping[str, str] = {**LEVELS, **TREE, **LEAVES, **CONDITIONS, **ALLOCATION, **OTHERS}
