"""Invented data for the style guide (示例): names, figures and addresses that stand in for what a view would pass."""

from __future__ import annotations

from typing import Any

HIGHEST, SECOND, THIRD, LOWEST = range(4)
LEVELS = ("五星", "四星", "三星", "无星")
LONGEST = "白庙村农工商联合公司（村委会）"
DIGEST = "9757c30722d4bd7e541887cf0e0adcf828672edf8be2b5d05230717a5f272c30"

FULL = ("五星名额已满", "")
SHORT = ("党建得分率86%，不足90%", "rule")
CAPPED = ("软弱涣散封顶三星", "rule")
VETO = ("安全责任事故（一票否决）", "veto")

# In the order of KEYS; levels count from the highest, a movement is its kind and its steps.
RESULT = (
    ("第一街", "宜兴埠镇", "98.38", "25.00", "88.2", 0, 1, ("up", 1), None, 3),
    ("姚庄子村", "西堤头镇", "97.21", "25.00", "83.2", 0, 1, ("up", 1), None, 3),
    ("第十街", "宜兴埠镇", "96.98", "25.00", "86.5", 0, 0, ("held", 0), None, 3),
    ("季庄子村", "西堤头镇", "96.52", "24.50", "91.8", 0, 0, ("held", 0), None, 3),
    ("上河头村", "双口镇", "95.18", "23.50", "86.8", 0, 1, ("up", 1), None, 3),
    ("小杨庄村", "大张庄镇", "94.74", "25.00", "83.4", 0, 0, ("held", 0), None, 3),
    ("吕庄村", "大张庄镇", "94.62", "24.00", "86.5", 0, 1, ("up", 1), None, 3),
    ("王秦庄村", "北仓镇", "94.28", "24.50", "84.6", 0, 1, ("up", 1), None, 3),
    ("南麻疸村", "大张庄镇", "94.17", "24.00", "96.3", 0, 1, ("up", 1), None, 3),
    ("李家房子村", "青光镇", "94.04", "24.00", "91.1", 0, 1, ("up", 1), None, 3),
    ("张湾村", "双街镇", "93.92", "21.50", "90.7", 1, 1, ("held", 0), SHORT, 1),
    ("辛侯庄村", "西堤头镇", "93.59", "24.50", "81.5", 0, 2, ("up", 2), None, 3),
    ("北孙庄村", "大张庄镇", "93.46", "24.50", "87.6", 0, 1, ("up", 1), None, 3),
    ("霍咀村", "天穆镇", "93.40", "23.50", "86.6", 1, 1, ("held", 0), FULL, 1),
    (LONGEST, "天穆镇", "93.25", "24.50", "90.9", 1, 1, ("held", 0), FULL, 1),
    ("北仓村", "北仓镇", "92.89", "22.00", "87.0", 3, 2, ("stripped", 1), VETO, 3),
    ("小韩庄村", "大张庄镇", "92.44", "20.50", "86.2", 1, 0, ("down", 1), SHORT, 2),
    ("西堤头村", "西堤头镇", "92.42", "24.50", "78.5", 1, 1, ("held", 0), FULL, 1),
    ("下河头村", "双口镇", "92.40", "23.00", "85.2", 1, 2, ("up", 1), FULL, 1),
    ("下殷庄村", "大张庄镇", "92.36", "23.50", "84.8", 2, 1, ("down", 1), CAPPED, 1),
    ("刘房子村", "天穆镇", "92.32", "25.00", "87.9", 1, 1, ("held", 0), FULL, 1),
    ("西赵庄村", "双街镇", "92.25", "24.50", "85.3", 1, 0, ("down", 1), FULL, 2),
    ("南王平村", "大张庄镇", "92.20", "25.00", "89.1", 1, 2, ("up", 1), FULL, 1),
    ("新建村", "双口镇", "92.19", "24.50", "94.1", 1, None, ("first", 0), FULL, 2),
)
KEYS = ("name", "town", "total", "party", "content", "level", "before", "moved", "reason", "follows")
QUOTA = {
    "kind": "quota",
    "title": "五星线",
    "facts": ("名额12个，已满", "末位进线：北孙庄村93.46分", "首位落线：霍咀村93.40分", "差0.06分"),
}
LAST_IN, FIRST_OUT = 13, 14


def result_rows(count: int) -> list[dict[str, Any]]:
    """`count` rated units, with the line of the highest level where it falls."""
    rows: list[dict[str, Any]] = []
    for place in range(1, count + 1):
        row = dict(zip(KEYS, RESULT[(place - 1) % len(RESULT)], strict=True))
        rows.append({"rank": place, "mark": {LAST_IN: "in", FIRST_OUT: "out"}.get(place, ""), **row})
        if place == LAST_IN:
            rows.append(QUOTA)
    return rows


PUBLIC = (
    ("勤俭村", "120113100206", 1, 1, ("held", 0)),
    ("霍咀村", "120113100207", 1, 1, ("held", 0)),
    (LONGEST, "120113100208", 1, 2, ("up", 1)),
    ("刘房子村", "120113100211", 1, 1, ("held", 0)),
    ("吴咀村", "120113100212", 1, 1, ("held", 0)),
    ("郭辛庄村农工商联合公司（村委会）", "120113100215", 1, 2, ("up", 1)),
    ("闫街村", "120113100201", 2, 2, ("held", 0)),
    ("马庄村", "120113100202", 2, 1, ("down", 1)),
    ("南仓村", "120113100203", 2, 3, ("up", 1)),
    ("柳滩村", "120113100205", 2, 2, ("held", 0)),
    ("王庄村", "120113100213", None, None, ("", 0)),
    ("天穆村", "120113100204", 3, 2, ("stripped", 1)),
)


def public_rows(count: int) -> list[dict[str, Any]]:
    """`count` units as the public list shows them: no scores."""
    keys = ("name", "code", "level", "before", "moved")
    return [{"order": place + 1, **dict(zip(keys, PUBLIC[place % len(PUBLIC)], strict=True))} for place in range(count)]


STEPS = (
    {"name": "起草", "date": "11月3日确认", "state": "done"},
    {"name": "评分", "date": "11月9日至12月25日", "state": "now"},
    {"name": "复核", "date": "12月28日至1月8日", "state": "next"},
    {"name": "审定", "date": "1月11日", "state": "next"},
    {"name": "公示", "date": "1月15日起5个工作日", "state": "next"},
    {"name": "发布", "date": "2月26日", "state": "next"},
)
TOWNS = (
    ("大张庄镇", 4, 13, 12, 2),
    ("双口镇", 3, 9, 7, 2),
    ("双街镇", 1, 6, 6, 2),
    ("北仓镇", 0, 6, 6, 1),
    ("小淀镇", 0, 0, 3, 2),
)
TOWN_ROWS = [dict(zip(("town", *LEVELS, "all"), (*town, sum(town[1:])), strict=True)) for town in TOWNS]
TOWN_CHOICES = (("", "全部9个镇"), ("tianmu", "天穆镇"), ("beicang", "北仓镇"), ("xiaodian", "小淀镇"))
EVENTS = (
    {"title": "对V3.1人居环境扣3分有异议，回执号BC2026-0117", "note": "1月16日10:05，村民网上提出，附照片2张"},
    {"title": "派天穆镇核查", "note": "1月16日14:20，陈秀兰"},
    {"title": "现场核查，3处属实，维持扣3分", "note": "1月19日16:40，天穆镇李敏，附核查单"},
    {"title": "答复已送达，对答复不服可在1月26日前申诉", "note": "1月19日17:02", "next": True},
)
FILES = (
    {"name": "三资平台年末收入表.pdf", "size": "312 KB", "href": "#files", "state": "done"},
    {"name": "清理后照片.jpg", "size": "1.8 MB", "state": "sending"},
    {"name": "现场视频.mp4", "size": "46 MB", "state": "refused", "why": "不收视频，请换成照片"},
)
LEAVES = (
    {"kind": "group", "title": "V1 党组织建设", "points": "23.50", "full": "25", "lost": "-1.50"},
    {
        "code": "V1.1",
        "name": "两委班子健全团结、按期换届",
        "value": "健全",
        "how": "健全、团结、按期换届，得满分",
        "by": "区委组织部",
        "points": "5.00",
        "full": "5",
    },
    {
        "code": "V1.2",
        "name": "三会一课、组织生活",
        "value": "缺1次",
        "how": "应开32次，缺1次扣0.5分",
        "by": "天穆镇",
        "points": "5.50",
        "full": "6",
        "lost": "-0.50",
    },
    {
        "code": "V1.5",
        "name": "党风廉政",
        "value": "0人次",
        "how": "没有人受处理，得满分",
        "by": "区纪委监委",
        "points": "5.00",
        "full": "5",
    },
    {"kind": "group", "title": "V2 乡村发展", "points": "18.00", "full": "20", "lost": "-2.00"},
    {
        "code": "V2.1",
        "name": "村集体经营性收入",
        "value": "46.2万元",
        "how": "在30至50万元一档，得6分",
        "by": "区农业农村委",
        "points": "6.00",
        "full": "8",
        "lost": "-2.00",
    },
    {
        "code": "V2.4",
        "name": "耕地保护、粮食任务",
        "value": "不适用",
        "how": "本村没有耕地，这项不计，按满分计",
        "by": "区农业农村委",
        "points": "4.00",
        "full": "4",
    },
    {"kind": "total", "title": "总分", "points": "93.40", "full": "100", "lost": "-6.60"},
)
REASONS = (
    "总分93.40分，在北辰区123个村里第14名。",
    "五星名额12个，给到第13名（第11名因党建得分率不足没有进）。末位进线的是93.46分，本村差0.06分，没有进五星。",
    "四星线80分、名额49个，本村都够，定四星。去年也是四星，所以是保星。",
)
COLOURS = tuple(
    tuple(pair.split())
    for pair in [
        "ink-1 #1B2530",
        "ink-2 #46525E",
        "ink-3 #5F6B76",
        "line-3 #7A8690",
        "line-2 #B9C3CA",
        "line-1 #DDE3E7",
        "bg-2 #E9EDEF",
        "bg-1 #F5F7F8",
        "bar #15323C",
        "accent #0E5A70",
        "accent-2 #0A4356",
        "accent-bg #E4F0F3",
        "accent-line #A5C9D3",
        "ok #1E6B3A",
        "warn #A8430A",
        "err #B3123A",
        "conf #5F3B99",
        "star-5 #7D2B14",
        "star-4 #C8821F",
        "star-3 #F2D491",
        "star-2 #F9EBCB",
        "star-edge #8A6A2C",
    ]
)
CELLS = tuple(
    tuple(cell.split("|"))
    for cell in [
        "46.2||已存",
        "|none|没填",
        "|inapplicable|不适用",
        "0||零",
        "46.2|focus|焦点",
        "41.0|saving|在存",
        "41.0|saved|刚存",
        "三|refused|未收",
        "38.0|conflict|冲突",
        "0/2|returned|退回",
        "1|locked|锁定",
        "1|waiting|待传",
        "3|range|选中一块",
        "0|range|选中一块",
        "健全|choice|选项",
    ]
)

NAV = (
    ("", "首页:kit"),
    ("本年评定", "办法与指标 评分进度 评分录入::12 复核 审定:result 公示与异议::3 发布:list"),
    ("常年管理", "单位:unit 人员与任职 述职评议 整改台账::18 结果运用::9"),
    ("查看", "图表 留痕"),
    ("管理", "账号与分工 工作日历"),
)
"""By group: label, page and count of each item."""


def nav_item(text: str, here: str) -> dict[str, Any]:
    """One link of the side navigation."""
    label, page, count = (*text.split(":"), "", "")[:3]
    return {
        "label": label,
        "href": f"/styleguide/{page}".removesuffix("kit"),
        "count": count,
        "current": page == here,
    }


def shell(path: str, *, large: dict[str, Any]) -> dict[str, Any]:
    """The shell of a district administrator."""
    here = path.removeprefix("/styleguide/") or "kit"
    return {
        "sample": True,
        "home": "/styleguide/",
        "places": (("北辰区", "#main"), ("2026年度", "#main")),
        "search": "/styleguide/",
        "todo": {"count": 7, "href": "#main"},
        "large": large,
        "open": (
            ("北辰区2026年度评定结果公示", "#main", "1月21日止"),
            ("2025年度各区星级名单", "/styleguide/list", "16个区已发布"),
            ("核验一份名单是不是原件", "#main", "摘要、签名"),
        ),
        "person": {"name": "王海燕", "office": "北辰区委组织部", "href": "#main"},
        "leave": "/styleguide/",
        "nav": [{"title": title, "items": [nav_item(text, here) for text in items.split()]} for title, items in NAV],
        "public_nav": [
            ("公示", "#main", False),
            ("名单", "/styleguide/list", True),
            ("核验", "#main", False),
            ("办法", "#main", False),
        ],
        "foot": (
            "中共天津市北辰区委组织部、天津市北辰区民政局",
            "本页所有分数与星级均为示例，与真实村、社区无关",
            "办公电话：022-0000 0000（工作日9:00至17:00）",
        ),
    }
