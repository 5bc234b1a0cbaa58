"""The commands that make reports: the yearbook of a district or city into a folder."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from starrating.domain.faults import RuleError
from starrating.errors import sentence
from starrating.paper_words import step_text
from starrating.queries.divisions import DivisionRow, path_of
from starrating.queries.yearbook import divisions_called
from starrating.services.brief.files import brief_file
from starrating.services.yearbook.files import ENDINGS, yearbook_file
from starrating.services.yearbook.reading import wanted


@click.command("yearbook")
@click.argument("division")
@click.argument("year", type=int)
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="where the files go")
@click.option("--format", "endings", type=click.Choice(ENDINGS), multiple=True, default=ENDINGS, show_default=True)
@with_appcontext
def make_yearbook(division: str, year: int, folder: Path, endings: tuple[str, ...]) -> None:
    """Write the yearbook of a DIVISION (a city or district, its name or code) and YEAR into a folder."""
    here = _division(division)
    try:
        asked = wanted(here.id, year)
        folder.mkdir(parents=True, exist_ok=True)
        for ending in dict.fromkeys(endings):
            made = yearbook_file(asked, ending, lambda step: click.echo(f"  {step_text(step)}", err=True))
            path = folder / f"{asked.name}.{ending}"
            path.write_bytes(made)
            click.echo(f"已写入：{path}（{len(made):,}字节）")
    except RuleError as refusal:
        raise click.ClickException(sentence(refusal)) from None
    click.echo(f"内容摘要：{asked.digest}")


@click.command("brief")
@click.argument("division")
@click.argument("year", type=int)
@click.argument("quarter", type=click.IntRange(1, 4))
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="where the files go")
@with_appcontext
def make_brief(division: str, year: int, quarter: int, folder: Path) -> None:
    """Write the brief of a DIVISION (its name or code), YEAR and QUARTER as of today into a folder; it is internal."""
    here = _division(division)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending in ENDINGS:
            name, made = brief_file(path_of(here.id), year, quarter, ending)
            target = folder / f"{name}.{ending}"
            target.write_bytes(made)
            click.echo(f"已写入：{target}（{len(made):,}字节）")
    except RuleError as refusal:
        raise click.ClickException(sentence(refusal)) from None


def _division(named: str) -> DivisionRow:
    """The city or district of that name or code."""
    found = divisions_called(named)
    if not found:
        raise click.ClickException(f"没有叫“{named}”的市或区，没有做。请写全名或12位代码。")
    if len(found) > 1:
        codes = "、".join(row.code for row in found)
        raise click.ClickException(f"叫“{named}”的不止一个，没有做。请写代码：{codes}。")
    return found[0]


PAPER_COMMANDS = (make_yearbook, make_brief)
