"""The sentences for spreadsheets: what a file is instead of one, and what is wrong with a sheet or a cell."""

from __future__ import annotations

from collections.abc import Mapping

from starrating.wording.language import mark as _
from starrating.wording.roster_faults import ROSTER_FAULTS

SHEET_FAULTS: Mapping[str, str] = {
    **ROSTER_FAULTS,
    "sheet.none": _("没有选文件，什么都没有读。请选一份表再传。"),
    "sheet.empty": _("文件是空的，什么都没有读。请重新下载或另存一份再传。"),
    "sheet.large": _("文件超过{most} MB，没有读。请按乡镇街道分开下载、分开传。"),
    "sheet.old": _("这是旧格式的表（.xls），没有读。请在Excel或WPS里另存为“.xlsx”再传。"),
    "sheet.locked": _("这份表设了打开密码，读不了。请去掉密码另存一份再传。"),
    "sheet.binary": _("这是二进制格式的表（.xlsb），没有读。请另存为“.xlsx”再传。"),
    "sheet.macro": _("这份表带宏（.xlsm），没有读。请另存为不带宏的“.xlsx”再传。"),
    "sheet.open_document": _("这是ODF格式的表（.ods），没有读。请另存为“.xlsx”再传。"),
    "sheet.other": _("这不是Excel表（.xlsx），没有读。请另存为“.xlsx”再传。"),
    "sheet.external": _("这份表引用了别的文件，没有读。请断开链接、只留数值，另存一份再传。"),
    "sheet.entities": _("文件里有不该有的内容（实体定义），没有读。请用Excel或WPS另存一份再传。"),
    "sheet.broken": _("文件坏了，或不是Excel、WPS存的，没有读。请打开它，另存为“.xlsx”再传。"),
    "sheet.bomb": _("文件展开以后太大，没有读。请删掉用不着的行、列和格式，另存一份再传。"),
    "sheet.extent": _("表太大，没有读：最多{rows}行、{columns}列，第{row}行还有内容。请删掉用不着的行和列再传。"),
    "sheet.slow": _("这份表太久没有读完，停下了，什么都没有写。请按乡镇街道分开传。"),
    "workbook.not_ours": _("这不是从这里下载的填报表，没有读。请先下载填报表，在它上面填。"),
    "workbook.damaged": _("填报表里记着原数的那一页缺了或改过，没有读。请重新下载一份，把数抄过去再传。"),
    "workbook.other_year": _("这份表是别的年度或别的区的，没有读。请到那个年度去传。"),
    "workbook.no_head": _("表里找不到列名那一行（灰色小字，第一格是unit.code），没有读。请不要删它。"),
    "table.ours": _("这是从这里下载的填报表，没有读。请到“把填好的表传上来”那里传。"),
    "table.empty": _("表里没有数据，没有读。要有一行列名，下面一行一个单位。请核对再传。"),
    "table.no_heads": _("前30行里找不到列名那一行（至少两列），没有读。请核对分隔符是不是逗号、分号或制表符。"),
    "table.encoding": _("认不出文字编码，没有读。请另存为“CSV UTF-8”或“.xlsx”再传。"),
    "table.broken": _("CSV的引号不成对，没有读。请用原来的系统重新导出，或另存为“.xlsx”再传。"),
    "cell.no_unit": _("这一行有数，没有写是哪个单位。请补上代码或名称，或删掉这一行。"),
    "cell.name_unknown": _("没有叫“{unit}”的单位，或者不归你填。名称要和系统里一字不差，或改写12位统计代码。"),
    "cell.name_ambiguous": _("叫“{unit}”的不止一个：{places}。请改写12位统计代码。"),
    "cell.named_twice": _("“{unit}”是同一个单位，第一次在{first}。请只留一行。"),
    "cell.unit_not_yours": _("这个单位的这一项不归你填。请删掉这一行，或不选这一列。"),
    "cell.sample": _("样本数“{text}”不是大于0的整数。请填实际回答的人数。"),
    "cell.note": _("办法要求写理由。请在定列那一页写上“记进理由的话”。"),
    "notice.other_sheet": _("“{sheet}”这一页没有读，只读第一页。"),
    "notice.blank": _("有{count}格空着，空着的不动系统里的数。"),
    "cell.key_twice": _("这一列和{first}是同一列（{key}）。请只留一列。"),
    "cell.key_unknown": _("没有“{key}”这一列，或者不归你填。请不要改灰色小字那一行。"),
    "cell.no_code": _("这一行有数，没有统计代码。请把代码补上，或删掉这一行。"),
    "cell.unit_unknown": _("没有代码是“{unit}”的单位，或者不归你填。请核对代码；代码要是文本，不要变成1.2E+11。"),
    "cell.unit_twice": _("代码{unit}重复，第一次在{first}。请只留一行。"),
    "cell.name_differs": _("代码{unit}是“{right}”，这一行写的是“{name}”。是不是只排了一部分列？请核对整行。"),
    "cell.not_yours": _("这一格不归你填，改了也不存。请改回“{text}”。"),
    "cell.error": _("这一格的公式出错了。请改好公式，或直接填数。"),
    "cell.no_value": _("公式无值：公式还没有算过。请用Excel或WPS打开、算好、存一次，或直接填数。"),
    "cell.percent": _("这一格是百分数格式，显示{shown}%，实际存的是{text}。请把格式改成“常规”，再填要报的数。"),
    "cell.moment": _("这一格成了日期（{text}），多半是“1-2”“3/4”这样的写法被改了。请把格式改成“常规”，重新填。"),
    "notice.sheet": _("“{sheet}”这一页不是填报表的页，没有读。"),
    "notice.missing": _("“{sheet}”里少了{count}列（{keys}），这些列当作没有改。"),
    "notice.extra": _("“{sheet}”的{columns}列不是填报表的列，没有读。"),
    "notice.rows": _("“{sheet}”里少了{count}个单位，它们当作没有改。"),
    "notice.formulas": _("“{sheet}”里有{count}格是公式，按表里算好的数读。"),
    "notice.notes": _("“{sheet}”里有{count}处写了理由或说明，那一行没有改动，没有存。"),
    "cell.truth": _("这一格是{text}，不是数也不是选项。请重新填。"),
}
"""The sentence of everything that can be wrong in an uploaded sheet."""
