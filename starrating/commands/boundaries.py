"""The commands that bring in the office's own file of boundaries, and take it out."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from starrating.domain.faults import RuleError
from starrating.errors import sentence
from starrating.services.divisions.boundaries import bring_in, take_out
from starrating.services.divisions.boundary_file import LARGEST


@click.command("import-boundaries")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--approval", required=True, help="the map approval number (审图号), as it is printed on the map")
@click.option("--property", "name", default="code", show_default=True, help="which property holds a district's code")
@with_appcontext
def import_boundaries(file: Path, approval: str, name: str) -> None:
    """Draw the districts in the outlines of an approved map: a GeoJSON FILE in degrees. All of it or nothing."""
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError:
        raise click.ClickException(f"{file}读不出来，没有导入，原来的照旧。请让运行程序的账号能读它。") from None
    try:
        done = bring_in(content, approval, name)
    except RuleError as refusal:
        raise click.ClickException(sentence(refusal)) from None
    click.echo(f"{'已导入' if done.new else '这份文件已经在用，没有变化'}：{done.districts}个区，审图号{done.approval}")
    click.echo(f"文件摘要：{done.digest}")
    if done.missing:
        click.echo(f"文件里没有界线的区：{'、'.join(done.missing)}。图下面会写明，数在表里；补齐以后再导入一次。")


@click.command("remove-boundaries")
@with_appcontext
def remove_boundaries() -> None:
    """Draw no boundaries any more: the tile map stays."""
    number = take_out()
    if number is None:
        click.echo("没有导入过区界文件，没有变化。")
    else:
        click.echo(f"已去掉审图号{number}的区界文件，方格图照旧。")


BOUNDARY_COMMANDS = (import_boundaries, remove_boundaries)
