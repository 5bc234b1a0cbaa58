"""The sentences for faults of schemes: what is wrong and what would be right."""

from __future__ import annotations

from collections.abc import Mapping

from starrating.wording.language import mark as _
from starrating.wording.scheme_rules import RULE_FAULTS

FILES: Mapping[str, str] = {
    "scheme.file_missing": _("找不到这个文件。请检查路径和文件名。"),
    "scheme.not_a_file": _("这不是一个普通文件。请给出办法的 YAML 文件。"),
    "scheme.file_unreadable": _("文件打不开（{reason}）。请检查路径和读取权限。"),
    "scheme.file_too_big": _("文件超过 {megabytes} MB。办法只写规则，不放数据，请删去多余的内容。"),
    "scheme.file_empty": _("文件是空的。办法从 format: starrating/1 写起。"),
    "scheme.gb18030": _("文件像是 GB18030（GBK）编码。请用“另存为”改存成 UTF-8。"),
    "scheme.not_utf8": _("这一行有不是 UTF-8 编码的字节。请把文件存成 UTF-8。"),
    "scheme.control_character": _("这一行有看不见的字符 {character}。请把它删掉。"),
    "scheme.syntax": _("这一行的 YAML 写法不对。请看缩进是否对齐，冒号是否半角、后面有空格，引号和括号是否成对。"),
    "scheme.special_character": _("值不能以“{character}”开头。请给整个值加上引号。"),
    "scheme.colon": _("这一行的冒号位置不对。请看上一行的冒号后面是否有空格，值里的冒号要加引号。"),
    "scheme.unclosed": _("第 {begun} 行起的引号或括号没有配对。请补上另一半，或看看中间是否少了逗号。"),
    "scheme.indentation": _("这一行没有和同级的行对齐，或冒号后面缺空格。同级的行缩进要一样多。"),
    "scheme.tab": _("这一行用了制表符。YAML 的缩进只用空格，请换成空格。"),
    "scheme.several_documents": _("一个文件里写了几份办法。请删去中间的 ---，或分成几个文件。"),
    "scheme.too_deep": _("嵌套超过 {limit} 层。请减少指标或条件的层数。"),
    "scheme.too_many_nodes": _("内容展开后超过 {limit} 项。请减少条目，或少用 * 引用。"),
    "scheme.alias_loop": _("引用 *{name} 绕回了它自己。请把内容直接写出来。"),
    "scheme.unknown_alias": _("引用了 *{name}，前面却没有 &{name}。请先定义再引用，或把内容直接写出来。"),
    "scheme.tag": _("不能用标签“{tag}”。去掉它，直接写值。"),
    "scheme.merge_key": _("不能用合并键 <<。请把内容直接写出来，或用 extends 从另一个文件继承。"),
    "scheme.key_not_text": _("冒号前面的键应是一个词，这里写成了列表或映射。"),
    "scheme.duplicate_key": _("“{key}”写了两次（另一处在 {first}）。请留下一处。"),
    "scheme.root_not_map": _("办法应由“键: 值”组成，从 format: starrating/1 写起。"),
    "scheme.extends_path": _("extends 写的是“{written}”。请写相对于本文件的路径，如 base.yaml 或 ../base.yaml。"),
    "scheme.extends_missing": _("extends 指向的文件 {base} 不存在。请检查文件名，路径从本文件所在的目录算起。"),
    "scheme.extends_circle": _("extends 绕成了圈：{files}。请去掉其中一处。"),
    "scheme.extends_too_long": _("extends 一层套一层，超过了 {limit} 个文件。请合并其中几个。"),
    "scheme.remove_unknown": _("要去掉的“{name}”在上级文件里没有。请检查名称，或删去这一处。"),
    "scheme.remove_alone": _("去掉“{name}”时只写 code 和 remove: true，不带别的键。"),
}

SHAPES: Mapping[str, str] = {
    "scheme.needs_map": _("“{key}”应写成“键: 值”的映射。"),
    "scheme.needs_list": _("“{key}”应写成列表，如 [甲, 乙]，或每行一项、以“- ”开头。"),
    "scheme.needs_text": _("“{key}”应写一段文字，这里写成了列表或映射。"),
    "scheme.needs_value": _("“{key}”这里应写一个数或一个词，不能再套列表或映射。"),
    "scheme.blank": _("“{key}”没有写值。请写上，或删去这个键；若要写文字 null 或 ~，请加引号。"),
    "scheme.empty": _("“{key}”是空的，至少要有一项。"),
    "scheme.not_number": _(
        "“{key}”应写数，如 60、-0.5；现在是“{text}”。用半角数字，不写科学记数、千分位、正号和单位。"
    ),
    "scheme.not_number_but_list": _("“{key}”应写一个数，如 60，这里写成了列表或映射。"),
    "scheme.quoted_number": _("“{key}”的数“{text}”加了引号。请去掉引号。"),
    "scheme.not_whole": _("“{key}”应写整数，如 3；现在是“{text}”。"),
    "scheme.out_of_range": _("“{key}”应在 {least} 到 {most} 之间；现在是 {text}。"),
    "scheme.not_bool": _("“{key}”只能写 true 或 false，不加引号。"),
    "scheme.bad_code": _(
        "“{key}”里的“{text}”不能作代码。代码由文字、数字和 _ . - 组成，以文字或数字开头，中间没有空格。"
    ),
    "scheme.not_a_choice": _("“{key}”不能写“{text}”，可以写：{allowed}。"),
    "scheme.not_a_choice_like": _("“{key}”不能写“{text}”，是不是“{hint}”？可以写：{allowed}。"),
    "scheme.named_twice": _("“{key}”里“{text}”写了两次。请留下一个。"),
    "scheme.unknown_key": _("不认识键“{text}”。这里可以写：{allowed}。"),
    "scheme.unknown_key_like": _("不认识键“{text}”，是不是“{hint}”？这里可以写：{allowed}。"),
    "scheme.misplaced_key": _("“{key}”不能和 {at} 写在一起。这里可以写：{allowed}。"),
    "scheme.missing_key": _("这里缺少“{missing}”，必须写上。"),
    "scheme.wrong_format": _("format 是“{text}”，本程序只读 {format}。"),
    "scheme.not_a_pair": _("“{key}”的每一点应写成 [值, 分]，如 [60, 0]。"),
    "scheme.one_effect": _("“{key}”要写一种效果，而且只写一种：{allowed}。"),
    "scheme.not_void": _("void 只能写 true（不评）或 scored（参评不定星）。"),
    "scheme.not_quota": _("“{key}”应写百分比（10%）、名额数（12），或从达标者中择优的百分比（10% of 等级代码）。"),
    "scheme.percent_out_of_range": _("“{key}”的百分比应在 0% 到 100% 之间；现在是 {text}。"),
    "scheme.bottom_of_level": _("bottom 的“{key}”只能写百分比（10%）或名额数（2）；现在是“{text}”。"),
    "scheme.bottom_cumulative": _("bottom 的 rounding 不能写 cumulative，可以写：down、nearest、up。"),
    "scheme.lit_without_method": _("写了 lit，却没有 method: lit。请补上 method: lit，或改写 levels。"),
    "scheme.leaf_and_group": _("指标“{code}”既有 method 又有 children。叶子指标只写 method，分组只写 children。"),
    "scheme.neither_leaf_nor_group": _(
        "指标“{code}”没有 method，也没有 children。叶子指标写 method，分组写 children。"
    ),
    "scheme.over_without_periods": _(
        "写了 over，却没有 periods。请写 periods: quarter、month 或名称列表，或删去 over。"
    ),
    "scheme.blank_label": _("“{key}”的选项名不能是空的，前后也不能有空格。"),
    "scheme.bands_mixed": _("“{key}”里 from 和 to 混用了。高者得分高都写 from，低者得分高都写 to。"),
    "scheme.unknown_subject": _("条件里没有“{text}”这种对象。可以写：{allowed}。"),
    "scheme.unknown_subject_like": _("条件里没有“{text}”这种对象，是不是“{hint}”？可以写：{allowed}。"),
    "scheme.subject_without_name": _("“{subject}”后面要写明是哪一个，如 {subject}.{what}。"),
    "scheme.subject_with_name": _("“{subject}”后面不写名称，直接写 {subject}。"),
    "scheme.unknown_operator": _("不认识比较方式“{text}”。可以写：{allowed}，或直接写值。"),
    "scheme.unknown_operator_like": _("不认识比较方式“{text}”，是不是“{hint}”？可以写：{allowed}，或直接写值。"),
    "scheme.one_value": _("“{key}”只能和一个值比较，不能写列表。"),
}

SCHEME_FAULTS: Mapping[str, str] = {**FILES, **SHAPES, **RULE_FAULTS}
