"""The sentences for faults of the units' values: what is wrong and what would be right."""

from __future__ import annotations

from collections.abc import Mapping

from starrating.wording.language import mark as _

INPUT_FAULTS: Mapping[str, str] = {
    "blank_value": _("{unit}的{header}（{name}）没有填，这一项不许空着。请补上；不适用的，请在办法里写明 missing。"),
    "word_not_number": _("{unit}的{header}是“{text}”，办法要拿它比大小，请写成普通的数，例如 12 或 12.5。"),
    "outside_bounds": _("{unit}的{header}是{value}，超出了范围。请填{low}到{high}之间的数。"),
    "off_step": _("{unit}的{header}是{value}，不在步长上。请填{step}的整数倍。"),
    "not_a_count": _("{unit}的{header}是{value}，不是次数。请填 0 以上的整数。"),
    "not_a_mark": _("{unit}的{header}是{value}。做到了填 1，没做到填 0。"),
    "no_such_option": _("{unit}的{header}是“{text}”，办法里没有这一档。请从这些里选：{options}。"),
    "no_band": _("{unit}的{header}是{value}，办法的档次里没有一行接得住它。请核对数值，或给办法加一行不设界的档。"),
    "not_applicable_zero": _("{unit}的{header}（{name}）标了不适用，办法里空着的记0分。请改填0，或写 exclude。"),
    "no_such_pool": _("by_pool 里的“{pool}”没有单位，这一条没有用上。请核对名称是否与得分表一致。"),
    "no_earlier_levels": _("办法对升降有规定，却没有读到任何单位的往年星级，都按没有上年星级评定。请核对 --history。"),
    "output_is_input": _("要写出的文件就是读入的 {input}，写了就把它盖掉了。请换一个文件名。"),
    "nothing_to_check": _("名单里没有能核对的列。除了 unit，至少还要有其中一列：{columns}。"),
    "nothing_to_total": _("{unit}的一级指标全都不计分，合不出总分。请至少填一项，或让办法把它列为未评。"),
}
