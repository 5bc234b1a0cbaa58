"""Faulty schemes: the fault's code, what is replaced in the base scheme by what, and a piece of the line at fault."""

LEAF_A = "{code: A, name: 甲, method: direct, max: 60}"
LEAF_B = "{code: B, name: 乙, method: choice, options: {优: 20, 良: 10}}"
LEAF_C = "{code: C, name: 丙, method: cases, start: 20, each: {letter: -1, group: -2}}"
WHEN = "{flag.weak: 1}"
EFFECT = "{cap: three}"
FOLLOWS = "when: {level: none}"
MEASURE = "{measure: talk, within_days: 30}"
QUOTAS = "    five: {quota: 10%, min: 90}\n    three: {quota: 40%}\n"
POOLS = "  bottom: {quota: 10%}\n"
LIT = """\
allocation:
  pool: [district]
  rank_by: [total, points.A]
  levels:
    five: {quota: 10%, min: 90}
    three: {quota: 40%}
  bottom: {quota: 10%}
"""


def leaf(method: str) -> str:
    """Leaf A with another method, worth 60 like the first."""
    return f"{{code: A, name: 甲, {method}, max: 60}}"


def beside(keys: str) -> str:
    """Leaf A with a bonus leaf D after it."""
    return f"{LEAF_A}\n  - {{code: D, name: 丁, kind: bonus, {keys}}}"


Faulty = tuple[str, str, str, str]

SHAPES: list[Faulty] = [
    ("scheme.needs_map", "notice: {days: 5}", "notice: 5", "notice: 5"),
    ("scheme.needs_map", LEAF_A, "甲", "- 甲"),
    ("scheme.needs_list", "[district]", "district", "pool: district"),
    ("scheme.needs_text", "title: 基本方案", "title: [基本方案]", "title:"),
    ("scheme.needs_value", WHEN, "{flag.weak: [[1]]}", "flag.weak"),
    ("scheme.blank", "title: 基本方案", "title:", "title:"),
    ("scheme.blank", "title: 基本方案", "title: null", "title:"),
    ("scheme.blank", "title: 基本方案", 'title: " "', "title:"),
    ("scheme.empty", "options: {优: 20, 良: 10}", "options: {}", "options: {}"),
    ("scheme.empty", "[total, points.A]", "[]", "rank_by"),
    ("scheme.empty", WHEN, "{flag.weak: {}}", "flag.weak"),
    ("scheme.not_number", "full_score: 100", "full_score: 1e2", "full_score"),
    ("scheme.not_number", "full_score: 100", "full_score: 100.", "full_score"),
    ("scheme.not_number", "full_score: 100", "full_score: 1_00", "full_score"),
    ("scheme.not_number", "full_score: 100", "full_score: １００", "full_score"),
    ("scheme.not_number", "full_score: 100", "full_score: .nan", "full_score"),
    ("scheme.not_number", "full_score: 100", "full_score: 0x64", "full_score"),
    ("scheme.not_number", "full_score: 100", "full_score: " + "1" * 61, "full_score"),
    ("scheme.not_number_but_list", "full_score: 100", "full_score: [100]", "full_score"),
    ("scheme.quoted_number", "full_score: 100", 'full_score: "100"', "full_score"),
    ("scheme.not_whole", "year: 2024", "year: 2024.0", "year"),
    ("scheme.out_of_range", "year: 2024", "year: 224", "year"),
    ("scheme.out_of_range", "notice: {days: 5}", "notice: {days: 0}", "notice"),
    ("scheme.out_of_range", "look_back: 2", "look_back: 0", "look_back"),
    ("scheme.out_of_range", "max_rise: 1", "max_rise: -1", "max_rise"),
    ("scheme.out_of_range", "year: 2024", "year: 2024\nprecision: 9", "precision"),
    ("scheme.out_of_range", EFFECT, "{drop: 0}", "drop"),
    ("scheme.out_of_range", "quota: 10%, min", "quota: -1, min", "quota: -1"),
    ("scheme.not_bool", "notice: {days: 5}", "notice: {working_days: yes}", "notice"),
    ("scheme.not_bool", "notice: {days: 5}", "notice: {working_days: 1}", "notice"),
    ("scheme.bad_code", "code: base", "code: base scheme", "base scheme"),
    ("scheme.bad_code", LEAF_A, LEAF_A.replace("code: A", "code: A@Q1"), "A@Q1"),
    ("scheme.bad_code", "letter: -1", "let ter: -1", "let ter"),
    ("scheme.not_a_choice", "for: unit", "for: 书记", "书记"),
    ("scheme.not_a_choice_like", LEAF_A, LEAF_A.replace("direct", "drect"), "drect"),
    ("scheme.named_twice", "[district]", "[district, district]", "pool"),
    ("scheme.unknown_key", "year: 2024", "year: 2024\n年份: 2024", "年份"),
    ("scheme.unknown_key_like", "max: 60", "mx: 60", "mx: 60"),
    ("scheme.misplaced_key", "max: 60}", "max: 60, each: 1}", "each: 1}"),
    ("scheme.misplaced_key", "    name: 组", "    name: 组\n    missing: zero", "missing: zero"),
    ("scheme.misplaced_key", LEAF_A, leaf("method: relative, to: best, each: 1"), "to: best"),
    ("scheme.misplaced_key", MEASURE, "{honour: plaque, within_days: 30}", "honour"),
    ("scheme.misplaced_key", LEAF_A, leaf("method: bands, bands: [{top: 1, points: 60}]"), "top: 1"),
    ("scheme.missing_key", "title: 基本方案\n", "", "format"),
    ("scheme.missing_key", ", max: 60", "", "code: A"),
    ("scheme.missing_key", "start: 20, each: {letter: -1, group: -2}", "start: 20", "code: C"),
    ("scheme.missing_key", LEAF_A, leaf("method: relative, to: place"), "to: place"),
    ("scheme.missing_key", EFFECT + "}", EFFECT + "}\n  - {code: x, name: 甲, when: {}}", "code: x"),
    ("scheme.wrong_format", "format: starrating/1", "format: starrating/2", "format"),
    ("scheme.not_a_pair", LEAF_A, leaf("method: line, at: [[0, 0], [1]]"), "method: line"),
    ("scheme.one_effect", EFFECT, "{cap: three, drop: 1}", "drop: 1"),
    ("scheme.one_effect", EFFECT, "{}", "effect: {}"),
    ("scheme.one_effect", MEASURE, "{honour: a, eligible: b}", "honour"),
    ("scheme.not_void", EFFECT, "{void: false}", "void"),
    ("scheme.not_void", EFFECT, "{void: [true]}", "void"),
    ("scheme.not_quota", "quota: 10%, min", "quota: 一半, min", "一半"),
    ("scheme.not_quota", "quota: 10%, min", "quota: 10% three, min", "10% three"),
    ("scheme.not_quota", "quota: 10%, min", "quota: 1e1%, min", "1e1%"),
    ("scheme.not_whole", "quota: 10%, min", "quota: 2.5, min", "2.5"),
    ("scheme.percent_out_of_range", "quota: 10%, min", "quota: 101%, min", "101%"),
    ("scheme.bottom_of_level", "bottom: {quota: 10%}", "bottom: {quota: 10% of three}", "bottom"),
    ("scheme.bottom_cumulative", "bottom: {quota: 10%}", "bottom: {quota: 10%, rounding: cumulative}", "bottom"),
    ("scheme.lit_without_method", LIT, "allocation: {lit: {A: 50}}\n", "allocation"),
    ("scheme.not_a_choice", LIT, "allocation: {method: 按名额, lit: {A: 50}}\n", "allocation"),
    ("scheme.misplaced_key", LIT, "allocation: {method: lit, lit: {A: 50}, carry: true}\n", "allocation"),
    ("scheme.leaf_and_group", "    name: 组\n", "    name: 组\n    method: value\n", "code: G"),
    ("scheme.neither_leaf_nor_group", ", method: direct, max: 60", "", "code: A"),
    ("scheme.over_without_periods", "max: 60}", "max: 60, over: mean}", "over: mean"),
    ("scheme.blank_label", "优: 20", '"优 ": 20', "优"),
    ("scheme.bands_mixed", LEAF_A, leaf("method: bands, bands: [{from: 5, points: 1}, {to: 3, points: 0}]"), "from: 5"),
    ("scheme.unknown_subject", WHEN, "{星级: 1}", "星级"),
    ("scheme.unknown_subject_like", WHEN, "{flags.weak: 1}", "flags"),
    ("scheme.subject_without_name", WHEN, "{flag: 1}", "{flag: 1}"),
    ("scheme.subject_without_name", "[total, points.A]", "[total, points]", "points]"),
    ("scheme.subject_with_name", WHEN, "{total.A: 1}", "total.A"),
    ("scheme.unknown_operator", WHEN, "{flag.weak: {大于: 1}}", "大于"),
    ("scheme.unknown_operator_like", WHEN, "{flag.weak: {atleast: 1}}", "atleast"),
    ("scheme.one_value", WHEN, "{flag.weak: {at_least: [1, 2]}}", "at_least"),
    ("scheme.unknown_level", EFFECT, "{cap: thre}", "thre}"),
]

RULES: list[Faulty] = [
    ("scheme.unknown_level", FOLLOWS, "when: {level: [none, six]}", "six"),
    ("scheme.unknown_level", FOLLOWS, "when: {streak.six: 1}", "six"),
    ("scheme.unknown_level", FOLLOWS, "when: {leader_streak.six: 1}", "six"),
    ("scheme.unknown_level", "    three: {quota: 40%}", "    thre: {quota: 40%}", "thre:"),
    ("scheme.unknown_level", "quota: 10%, min", "quota: 10% of six, min", "six"),
    ("scheme.unknown_level", "max_rise: 1", "no_previous: six", "six"),
    ("scheme.stars_order", "name: 五星, stars: 5", "name: 五星, stars: 2", "name: 五星"),
    ("scheme.code_twice", "code: B", "code: A", "name: 乙"),
    ("scheme.column_twice", "code: B", "code: C.letter", "code: C, name: 丙"),
    ("scheme.column_is_field", "code: B", "code: district", "name: 乙"),
    ("scheme.column_is_field", "code: B", "code: flag.x", "name: 乙"),
    ("scheme.column_is_field", "code: B", "code: kind", "name: 乙"),
    ("scheme.negative", LEAF_A, beside("scale: -1, method: value"), "scale"),
    ("scheme.not_positive", "max: 60}", "max: 60, weight: 0}", "weight"),
    ("scheme.not_positive", "max: 60}", "max: 60, step: 0}", "step"),
    ("scheme.max_below_min", "max: 60}", "max: 60, min: 61}", "min: 61"),
    ("scheme.max_below_min", "start: 20, each", "start: 20, min: 30, max: 20, each", "min: 30"),
    ("scheme.present_too_many", "    name: 组", "    name: 组\n    present: 3", "present"),
    (
        "scheme.excluded_needs_max",
        LEAF_A,
        beside("method: count, each: 1, missing: exclude"),
        "code: D",
    ),
    ("scheme.root_without_max", LEAF_A, "{code: A, name: 甲, method: value}", "code: A"),
    ("scheme.full_score", "max: 60}", "max: 61}", "full_score"),
    ("scheme.full_needs_max", LEAF_A, beside("method: value, missing: full"), "code: D"),
    ("scheme.unknown_part", "start: 20,", "start: 20, required: {visit: 1},", "visit"),
    (
        "scheme.bands_from_order",
        LEAF_A,
        leaf("method: bands, bands: [{from: 5, points: 1}, {from: 5, points: 0}]"),
        "from: 5",
    ),
    ("scheme.bands_to_order", LEAF_A, leaf("method: bands, bands: [{to: 5, points: 1}, {to: 3, points: 0}]"), "to: 5"),
    (
        "scheme.bands_to_order",
        LEAF_A,
        leaf("method: relative, to: rank, bands: [{top: 0.5, points: 9}, {top: 0.5, points: 5}, {points: 1}]"),
        "top",
    ),
    ("scheme.open_row_not_last", LEAF_A, leaf("method: bands, bands: [{points: 1}, {from: 5, points: 0}]"), "from: 5"),
    ("scheme.top_out_of_range", LEAF_A, leaf("method: relative, to: rank, bands: [{top: 10, points: 9}]"), "top: 10"),
    ("scheme.top_leaves_gap", LEAF_A, leaf("method: relative, to: rank, bands: [{top: 0.5, points: 9}]"), "top: 0.5"),
    ("scheme.line_too_short", LEAF_A, leaf("method: line, at: [[0, 0]]"), "line"),
    ("scheme.line_order", LEAF_A, leaf("method: line, at: [[5, 0], [5, 60]]"), "line"),
    ("scheme.log_needs_positive", LEAF_A, leaf("method: line, at: [[0, 0], [5, 60]], log: true"), "line"),
    ("scheme.of_with_periods", LEAF_A, leaf("method: value, of: flag.a, periods: quarter"), "of: flag.a"),
    ("scheme.of_with_parts", "start: 20,", "start: 20, of: flag.a,", "of: flag.a"),
    ("scheme.not_for_of", LEAF_A, leaf("method: value, of: total"), "of: total"),
    ("scheme.not_for_of", LEAF_A, leaf("method: value, of: rank"), "of: rank"),
    ("scheme.words_need_choice", LEAF_A, leaf("method: value, of: appraisal"), "of: appraisal"),
    ("scheme.words_need_choice", LEAF_A, leaf("method: value, of: previous"), "of: previous"),
    ("scheme.words_need_choice", LEAF_A, leaf("method: value, of: value.B"), "of: value.B"),
    ("scheme.label_not_number", "options: {优: 20, 良: 10}", "of: flag.a, options: {2: 20, 良: 10}", "of: flag.a"),
    (
        "scheme.unknown_level",
        "method: choice, options: {优: 20, 良: 10}",
        "method: choice, of: previous, options: {none: 20, 优: 1}",
        "previous",
    ),
    ("scheme.unknown_node", WHEN, "{points.Z9: 1}", "Z9"),
    ("scheme.unknown_node", "[total, points.A]", "[total, points.Z9]", "Z9"),
    ("scheme.unknown_node", LEAF_A, leaf("method: value, of: share.Z9"), "Z9"),
    ("scheme.no_single_value", WHEN, "{value.G: 1}", "value.G"),
    ("scheme.no_single_value", WHEN, "{value.C: 1}", "value.C"),
    ("scheme.not_a_group", WHEN, "{lowest.A: 1}", "lowest.A"),
    ("scheme.not_before_pools", f"{WHEN}, effect: {EFFECT}", "{total: 1}, effect: {void: true}", "total: 1"),
    ("scheme.not_before_pools", f"{WHEN}, effect: {EFFECT}", "{rank: 1}, effect: {void: scored}", "rank: 1"),
    ("scheme.not_before_allocation", WHEN, "{any: [{level: none}]}", "any"),
    ("scheme.not_before_allocation", "quota: 10%, min: 90", "requires: {change: 1}", "change"),
    ("scheme.not_before_allocation", "max_rise: 1", "waive_rise: {not: {streak.five: 1}}", "streak"),
    ("scheme.test_needs_number", WHEN, '{flag.weak: "1"}', '"1"'),
    ("scheme.test_needs_number", WHEN, "{share.A: {below: 60%}}", "60%"),
    ("scheme.order_needs_number", WHEN, "{unit.grade: {above: 甲}}", "甲}"),
    ("scheme.labels_not_numbers", WHEN, "{value.B: {at_least: 1}}", "value.B"),
    ("scheme.unknown_option", WHEN, "{value.B: 差}", "value.B"),
    ("scheme.not_a_field", WHEN, "{unit.flag.weak: 1}", "unit.flag.weak"),
    ("scheme.not_a_field", "[district]", "[leader.name]", "pool"),
    ("scheme.not_for_rank", "[total, points.A]", "[total, rank]", "rank]"),
    ("scheme.not_for_rank", "[total, points.A]", "[total, -level]", "level]"),
    ("scheme.needs_numeric_subject", "[total, points.A]", "[total, appraisal]", "appraisal"),
    ("scheme.needs_numeric_subject", MEASURE, "{pay_coefficient: {of: level, at: [[0, 0], [1, 1]]}}", "of: level"),
    ("scheme.line_too_short", MEASURE, "{pay_coefficient: {of: total, at: [[0, 0]]}}", "of: total"),
    ("scheme.lit_unknown", LIT, "allocation: {method: lit, lit: {Z: 50}}\n", "allocation"),
    ("scheme.lit_not_root", LIT, "allocation: {method: lit, lit: {B: 50}}\n", "allocation"),
    ("scheme.by_pool_without_pool", "  pool: [district]\n", "  by_pool: {河西区: {five: {quota: 2}}}\n", "by_pool"),
    (
        "scheme.override_twice",
        EFFECT + "}",
        EFFECT + "}\n  - {code: weak, name: 甲, when: {}, effect: {drop: 1}}",
        "name: 甲, when",
    ),
    (
        "scheme.consequence_twice",
        MEASURE + "}",
        MEASURE + "}\n  - {code: talk, name: 甲, for: unit, when: {}, effect: {honour: a}}",
        "name: 甲, for",
    ),
]

Twice = tuple[str, list[tuple[str, str]], str]

TWICE: list[Twice] = [
    (
        "scheme.level_twice",
        [("code: five, name", "code: three, name"), ("    five: {quota: 10%, min: 90}\n", "")],
        "五星",
    ),
    (
        "scheme.number_of_levels",
        [
            ("  - {code: three, name: 三星, stars: 3}\n  - {code: five, name: 五星, stars: 5}\n", ""),
            (EFFECT, "{cap: none}"),
            (LIT, "allocation: {method: lit, lit: {A: 50}}\n"),
        ],
        "levels:",
    ),
    (
        "scheme.level_called_previous",
        [
            ("code: three, name", "code: previous, name"),
            ("three: {quota", "previous: {quota"),
            (EFFECT, "{cap: previous}"),
        ],
        "三星",
    ),
    (
        "scheme.kind_needs_sum",
        [
            ("    name: 组", "    name: 组\n    aggregate: mean"),
            ("name: 乙,", "name: 乙, kind: bonus,"),
            ("full_score: 100\n", ""),
        ],
        "kind: bonus",
    ),
    (
        "scheme.void_needs_points",
        [
            (
                LEAF_A,
                leaf("method: value, of: value.B1")
                + "\n  - {code: B1, name: 一, kind: bonus, method: value, of: points.B}",
            ),
            (WHEN, "{value.A: 1}"),
            (EFFECT, "{void: true}"),
        ],
        "value.A",
    ),
    (
        "scheme.share_without_max",
        [(LEAF_A, LEAF_A + "\n  - {code: E, name: 戊, kind: bonus, method: value}"), (WHEN, "{share.E: 1}")],
        "share.E",
    ),
    (
        "scheme.of_circle",
        [
            (
                LEAF_A,
                leaf("method: value, of: value.D")
                + "\n  - {code: D, name: 丁, kind: bonus, method: value, of: points.A}",
            )
        ],
        "of: value.D",
    ),
    ("scheme.of_circle", [(LEAF_B, "{code: B, name: 乙, method: value, max: 20, of: share.G}")], "share.G"),
    ("scheme.unknown_node_like", [("code: A,", "code: A1,")], "rank_by"),
]
