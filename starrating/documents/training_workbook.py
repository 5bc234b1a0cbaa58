"""The heads and widths of the lists of training and growth, which are Chinese whoever takes them out."""

from __future__ import annotations

SHEET = "名单"
MISSING = (("人员编号", 10), ("姓名（遮盖）", 14), ("区", 14), ("乡镇街道", 18), ("村社区", 24), ("职务", 14),
           ("已有学时", 10), ("要满学时", 10))  # fmt: skip
"""Who has not been to a round."""
RESERVE = (("人员编号", 10), ("姓名（遮盖）", 14), ("区", 14), ("乡镇街道", 18), ("村社区", 24), ("培养方向", 10),
           ("到了哪一步", 16), ("谁推荐的", 20), ("推荐的日子", 12), ("超龄", 8))  # fmt: skip
"""The reserve list."""
WORKERS = (("人员编号", 10), ("姓名（遮盖）", 14), ("区", 14), ("乡镇街道", 18), ("村社区", 24), ("从哪天起", 12),
           ("到哪天止", 12), ("怎么招的", 12), ("来源", 12), ("合同、岗位等级", 20), ("为什么离岗", 14))  # fmt: skip
"""Party affairs workers."""
GROWTH = (("人员编号", 10), ("姓名（遮盖）", 14), ("乡镇街道", 18), ("现在的阶段", 24), ("从哪天起", 12),
          ("哪个机关定的", 24), ("文号", 24))  # fmt: skip
"""Where people stand on the path of growth."""
