"""`flask demo`: load the demonstration into an empty database and print the accounts to try, once."""

from __future__ import annotations

import sys
import time

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from starrating.domain.faults import RuleError
from starrating.errors import sentence
from starrating.extensions import db


@click.command("demo")
@click.option("--district", default="", help="load one district only, such as 北辰区")
@with_appcontext
def demo(district: str) -> None:
    """Load Tianjin with three years of invented scores (示例) into an empty database."""
    from starrating.demo.history import load_demonstration, size_of

    begun = time.monotonic()
    try:
        with tqdm(total=size_of(district), unit="个", disable=not sys.stderr.isatty()) as bar:

            def progress(done: int, what: str) -> None:
                bar.set_description(what, refresh=False)
                bar.update(done)

            loaded = load_demonstration(district, progress=progress)
    except RuleError as refusal:
        raise click.ClickException(sentence(refusal)) from None
    db.session.remove()
    db.engine.dispose()
    click.echo(
        f"示例数据已装入：村和社区{loaded.units}个，得分{loaded.cells:,}格，用时{time.monotonic() - begun:.0f}秒。"
    )
    click.echo("可以用下面的账号登录。一次性密码只显示这一次，7天内有效，第一次登录要改。")
    for account in loaded.accounts:
        click.echo(f"  {account.name:<10} {account.password}   {account.office}")
