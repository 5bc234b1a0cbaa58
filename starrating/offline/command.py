"""What stands on the command line: the commands, their arguments, and what happens when something is wrong."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from starrating.domain.faults import FilesRefused
from starrating.wording.language import translate as _
from starrating.wording.language import use_language

WRONG_INPUT = 2
"""The exit status where an input is wrong and nothing was written."""
_INTERRUPTED = 130
_SMALL_PAGES = "0"
"""Read by NumPy when it is imported: columns that live for one command are not worth the kernel's large pages."""


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit status is 0 for done, 1 for differences found, 2 for wrong input."""
    os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", _SMALL_PAGES)
    use_language(os.environ.get("STARRATING_LANG", "zh"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what a test or an embedding program puts there may be no file
            stream.reconfigure(encoding="utf-8", newline="\n")
    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen)
    except FilesRefused as refused:
        from starrating.offline.report import tell

        tell(refused.faults)
        return WRONG_INPUT
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(chosen: argparse.Namespace) -> int:
    """Load what the command needs, and nothing else, and run it."""
    match chosen.command:
        case "rate":
            from starrating.offline.rate import run as rate_files

            return rate_files(
                chosen.scheme, chosen.scores, history=chosen.history, out=chosen.out, explained=chosen.explain
            )
        case "check":
            from starrating.offline.check import run as check_files

            return check_files(chosen.scheme)
        case "explain":
            from starrating.offline.explain import run as explain_files

            return explain_files(chosen.scheme, chosen.scores, chosen.unit, chosen.history)
        case "compare":
            from starrating.offline.compare import run as compare_files

            return compare_files(chosen.before, chosen.after)
    from starrating.offline.audit import run as audit_files

    return audit_files(chosen.scheme, chosen.scores, chosen.published, history=chosen.history)


class _Usage(argparse.HelpFormatter):
    """The usage line with its head in the reader's language."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _("用法：") if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Speaks the reader's language: headings, and what is wrong with a command line."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, formatter_class=_Usage, add_help=False)
        self.files = self.add_argument_group(_("文件"))
        self.choices = self.add_argument_group(_("选项"))
        self.choices.add_argument("-h", "--help", action="help", help=_("显示这份说明"))

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(
            WRONG_INPUT, _("命令没有写对：{what}。加上 --help 看用法。").format(what=_what_is_wrong(message)) + "\n"
        )


def _what_is_wrong(message: str) -> str:
    """The parser's own message in the reader's language; one that is not known is given as it is."""
    sentences = {
        r"the following arguments are required: (.*)": _("还缺{0}"),
        r"unrecognized arguments: (.*)": _("多出了{0}"),
        r"argument COMMAND: invalid choice: '(.*?)'.*": _("没有{0}这个命令"),
        r"argument (.*): expected one argument": _("{0}后面要写一个值"),
    }
    for pattern, sentence in sentences.items():
        if found := re.fullmatch(pattern, message):
            return sentence.format(*found.groups())
    return message


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m starrating",
        description=_("按办法给村和社区评星定级：离线算分、查办法、讲分数、比结果、核名单。"),
    )
    commands = parser.add_subparsers(dest="command", required=True, title=_("命令"), metavar="COMMAND")
    rate = _command(commands, "rate", _("按办法给一份得分表评定星级"))
    _add_scheme_and_scores(rate)
    rate.choices.add_argument("--out", type=Path, metavar="RATINGS.csv", help=_("结果写到这个文件，不写就打印出来"))
    rate.choices.add_argument("--explain", type=Path, metavar="EXPLAIN.jsonl", help=_("每个单位的算法写到这个文件"))
    check = _command(commands, "check", _("查一份办法：有错全列出来，没错印成一张表"))
    check.files.add_argument("scheme", type=Path, metavar="SCHEME.yaml", help=_("办法"))
    explain = _command(commands, "explain", _("把一个单位的分数和星级一步一步讲清楚"))
    _add_scheme_and_scores(explain)
    unit_help = _("单位，写得分表里 unit 一列的内容")
    explain.choices.add_argument("--unit", required=True, metavar="UNIT", help=unit_help)
    compare = _command(commands, "compare", _("比较两次评定结果：谁变了，为什么"))
    compare.files.add_argument("before", type=Path, metavar="RATINGS_A.csv", help=_("原来的结果"))
    compare.files.add_argument("after", type=Path, metavar="RATINGS_B.csv", help=_("现在的结果"))
    audit = _command(commands, "audit", _("按公布的办法和得分重算一遍，列出名单上对不上的每一行"))
    _add_scheme_and_scores(audit)
    audit.files.add_argument("published", type=Path, metavar="PUBLISHED.csv", help=_("公布的名单"))
    return parser


def _command(commands: argparse._SubParsersAction[_Parser], name: str, what: str) -> _Parser:
    return commands.add_parser(name, help=what, description=what)


def _add_scheme_and_scores(parser: _Parser) -> None:
    parser.files.add_argument("scheme", type=Path, metavar="SCHEME.yaml", help=_("办法"))
    parser.files.add_argument("scores", type=Path, metavar="SCORES.csv", help=_("得分表，也可以是 .parquet"))
    parser.choices.add_argument("--history", type=Path, metavar="HISTORY.csv", help=_("往年星级：unit,year,level"))
