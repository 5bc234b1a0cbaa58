"""The commands about people: the keys that seal their numbers, and forgetting what is kept long enough."""

from __future__ import annotations

from datetime import timedelta

import click
from flask.cli import with_appcontext

from starrating.domain.faults import RuleError
from starrating.errors import sentence
from starrating.services.objections.objectors import forget_objectors, objectors_due
from starrating.services.people import vault
from starrating.services.upkeep.key_rotation import rotate, waiting
from starrating.services.upkeep.retention import LATE, due, last_ran, purge
from starrating.services.working_days import today

AHEAD = 30
"""Days ahead that `check-purge` looks."""


@click.command("create-personal-key")
@with_appcontext
def create_personal_key() -> None:
    """Make a key that seals people's numbers from now on, in PERSONAL_KEY_FILE; older keys stay."""
    try:
        name = vault.add_key()
    except RuleError as refusal:
        raise click.ClickException(sentence(refusal)) from None
    click.echo(f"密钥{name}已存入：{vault.key_file()}（只有本程序的用户能读，请另存一份备份，不要放进数据库的备份里）")


@click.command("rotate-personal-key")
@click.option("--new", is_flag=True, help="make a new key first")
@click.option("--drop-old", is_flag=True, help="take the keys that nothing needs any more out of the file")
@with_appcontext
def rotate_personal_key(new: bool, drop_old: bool) -> None:
    """Seal every number with the current key again. Can be stopped at any time and run again."""
    try:
        if new:
            click.echo(f"新密钥：{vault.add_key()}")
        total, done = waiting(), 0
        with click.progressbar(length=total, label="重新加密") as bar:
            done = rotate(bar.update)
        click.echo(f"重新加密{done}个号码，都用密钥{vault.key_ring().current}。")
        if drop_old and not waiting():
            gone = vault.keep_only_current()
            if waiting():  # somebody stored a number with an old key just before it was taken out
                vault.put_back(gone)
                click.echo("这时有人用旧密钥存了号码，旧密钥放回文件里了，什么都没有丢。请过一会儿再跑一次。")
                return
            click.echo(f"旧密钥从文件里取下{len(gone)}把，存进旁边带日期的文件。更早的数据库备份还要用它们，请另存好。")
    except RuleError as refusal:
        raise click.ClickException(sentence(refusal)) from None


@click.command("purge-people")
@click.option("--dry-run", is_flag=True, help="only say what is due")
@with_appcontext
def purge_people(dry_run: bool) -> None:
    """Forget the numbers and names of people whose last post ended long enough ago; posts stay without a name."""
    found = due() if dry_run else purge()
    done = "到期" if dry_run else "已清除"
    told = objectors_due() if dry_run else forget_objectors()
    click.echo(f"{done}：办结已久的异议里个人的姓名和联系方式{told.names}件，附的材料{told.files}件。")
    click.echo(f"{done}：号码和更正要求{len(found.numbers)}人，姓名等资料{len(found.names)}人。")
    if dry_run:
        for key in sorted({*found.numbers, *found.names}):
            click.echo(f"人员{key}：{'姓名等资料和号码' if key in found.names else '号码'}")


@click.command("check-purge")
@click.pass_context
@with_appcontext
def check_purge(context: click.Context) -> None:
    """Say when purge-people last ran, what is due, and what will be; exit 1 where it did not run for long."""
    ran, found, later = last_ran(), due(), due(today() + timedelta(days=AHEAD))
    click.echo("还从来没有清除过。" if ran.days is None else f"上一次清除是{ran.days}天以前。")
    click.echo(f"到期：号码和更正要求{len(found.numbers)}人，姓名等资料{len(found.names)}人。")
    coming = {*later.numbers, *later.names} - {*found.numbers, *found.names}
    click.echo(f"{AHEAD}天以内还会到期：{len(coming)}人。")
    if ran.late:
        click.echo(f"超过{LATE}天没有清除，请查定时任务。", err=True)
        context.exit(1)


PEOPLE_COMMANDS = (create_personal_key, rotate_personal_key, purge_people, check_purge)
