"""The commands of the web application: `create-admin`, `import-units`, `verify-audit`, `sweep-evidence` and more."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext
from tqdm import tqdm

from starrating.commands.boundaries import BOUNDARY_COMMANDS
from starrating.commands.papers import PAPER_COMMANDS
from starrating.commands.people import PEOPLE_COMMANDS
from starrating.domain.faults import RuleError
from starrating.errors import sentence, sentence_of_row
from starrating.queries.editions import every_edition, proof_of, signature_holds, text_of
from starrating.services.accounts.accounts import create_first_administrator
from starrating.services.audit import verify_chain
from starrating.services.clock import now
from starrating.services.consequences.cases import check_cases
from starrating.services.decisions.case_restating import wrong_restated
from starrating.services.divisions.divisions import import_divisions
from starrating.services.divisions.rows import ImportRefused, read_divisions
from starrating.services.editions.signing import create_key, key_file, revoke_key
from starrating.services.upkeep.evidence_upkeep import damaged, sweep
from starrating.services.upkeep.sheet_checks import check_sheets

FAULTS_SHOWN = 100


def register(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (create_admin, import_units, verify_audit, sweep_evidence, verify_evidence, create_signing_key,
                    revoke_signing_key, verify_editions, export_editions, check_consequences,
                    *BOUNDARY_COMMANDS, *PEOPLE_COMMANDS, *PAPER_COMMANDS):  # fmt: skip
        app.cli.add_command(command)


@click.command("create-admin")
@click.argument("name")
@with_appcontext
def create_admin(name: str) -> None:
    """Create an administrator of the city and print a one-time password, good for seven days."""
    try:
        made = create_first_administrator(name)
    except RuleError as refusal:
        raise click.ClickException(sentence(refusal)) from None
    click.echo(f"账号：{made.name}")
    click.echo(f"一次性密码：{made.password}")
    click.echo("首次登录须修改密码；7天内有效。密码只显示这一次。")


@click.command("import-units")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), default="2000-01-01", show_default=True,
              help="the first day of units that are new")  # fmt: skip
@with_appcontext
def import_units(file: Path, valid_from: datetime) -> None:
    """Import the divisions and units of a city from a CSV FILE: code,name,parent,level,kind. All rows or none."""
    day: date = valid_from.date()
    try:
        rows = read_divisions(file)
        with tqdm(total=len(rows), desc=file.name, unit="行", disable=not sys.stderr.isatty()) as bar:
            done = import_divisions(rows, day, None, progress=bar.update)
    except ImportRefused as refused:
        for fault in refused.faults[:FAULTS_SHOWN]:
            click.echo(f"{file.name}:{fault.line}: {sentence_of_row(fault)}", err=True)
        raise click.ClickException(f"没有导入任何数据：共{len(refused.faults)}处错误。") from None
    if done.nothing:
        click.echo("文件中的内容都已在库中，没有变化。")
    else:
        click.echo(
            f"已导入：新增区划{done.divisions_added}个、更名{done.divisions_renamed}个；"
            f"新增村和社区{done.units_added}个、更名{done.units_renamed}个。"
        )


@click.command("verify-audit")
@with_appcontext
def verify_audit() -> None:
    """Read the whole trail and say whether its chain holds."""
    report = verify_chain()
    if report.broken_at is not None:
        raise click.ClickException(f"留痕链在第{report.broken_at}条断开。")
    click.echo(f"留痕链完整：{report.events}条，末条摘要{report.last_hash}")


@click.command("sweep-evidence")
@click.option("--hours", type=click.IntRange(min=1), default=24, show_default=True, help="leave what is younger")
@with_appcontext
def sweep_evidence(hours: int) -> None:
    """Remove stored files that no evidence speaks of: what an interrupted upload left behind."""
    found = sweep(now() - timedelta(hours=hours))
    click.echo(f"清掉没有主的文件{len(found)}个，共{sum(one.size for one in found)}字节。")


@click.command("verify-evidence")
@with_appcontext
def verify_evidence() -> None:
    """Read every evidence file and say which are missing or changed."""
    found = list(damaged())
    for row in found:
        click.echo(f"{row.id} {row.sha256} {row.name}", err=True)
    if found:
        raise click.ClickException(f"{len(found)}件佐证缺失或被改动。")
    click.echo("佐证都在，内容和收的时候一样。")


@click.command("create-signing-key")
@with_appcontext
def create_signing_key() -> None:
    """Make the key that signs published lists in SIGNING_KEY_FILE; a file that is there is never overwritten."""
    try:
        public_key = create_key()
    except RuleError as refusal:
        raise click.ClickException(sentence(refusal)) from None
    click.echo(f"签名密钥已存入：{key_file()}（只有本程序的用户能读，请另存一份备份，不要放进数据库的备份里）")
    click.echo(f"公钥：{public_key}")
    click.echo("第一次用它发布以后，公钥出现在公开的核验页上。")


@click.command("revoke-signing-key")
@click.argument("public_key")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True,
              help="the first day on which it no longer counts")  # fmt: skip
@click.option("--reason", required=True, help="why, for the public")
@with_appcontext
def revoke_signing_key(public_key: str, since: datetime, reason: str) -> None:
    """Say to the public that a key no longer counts from a day on; it cannot be taken back."""
    try:
        revoke_key(public_key.strip().lower(), since.date(), reason)
    except RuleError as refusal:
        raise click.ClickException(sentence(refusal)) from None
    click.echo(
        f"记下了：公钥{public_key}自{since:%Y-%m-%d}起作废。公开的公钥页和核验页已经写明；以前发布的名单不受影响。"
    )
    click.echo("请把SIGNING_KEY_FILE改成新的文件名，建一把新的密钥，再发布。")


@click.command("verify-editions")
@with_appcontext
def verify_editions() -> None:
    """Read every published list and say whether its digest, its signature and its chain hold."""
    wrong = count = 0
    for edition in every_edition():
        count += 1
        if edition.revoked or not (signature_holds(edition) and edition.follows):
            wrong += 1
            click.echo(f"{edition.year} {edition.district} {edition.kind} 第{edition.edition}版对不上", err=True)
    if wrong:
        raise click.ClickException(f"{count}份名单中有{wrong}份对不上（没有签名的也在内）。")
    click.echo(f"{count}份名单的摘要、签名和接续都对得上。")


@click.command("export-editions")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def export_editions(folder: Path) -> None:
    """Write every published list and its signature into a FOLDER, as the public pages give them out."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for edition in every_edition():
        name = f"starrating-{edition.year}-{edition.district_code}-{edition.kind}-{edition.edition}"
        (folder / f"{name}.json").write_bytes(text_of(edition).encode())
        (folder / f"{name}.sig.json").write_bytes(proof_of(edition))
        count += 1
    click.echo(f"写出{count}份名单和它们的签名：{folder}")


@click.command("check-consequences")
@with_appcontext
def check_consequences() -> None:
    """Read every case of what follows from a star, and every sheet of pay and reward money: all of it follows again."""
    found, sheets, restated = check_cases(), check_sheets(), wrong_restated()
    for case_id in found.changed:
        click.echo(f"第{case_id}件的事实链和它的摘要对不上", err=True)
    for case_id in found.underived:
        click.echo(f"第{case_id}件按它的事实链重算不成立", err=True)
    for sheet_id in sheets.pay:
        click.echo(f"第{sheet_id}份待遇表和它的摘要对不上，或重算不是这个数", err=True)
    for sheet_id in sheets.funds:
        click.echo(f"第{sheet_id}份奖励资金分配表和它的摘要对不上，或重算不是这个数", err=True)
    for key in restated:
        click.echo(f"更正以后的第{key}份事实和它的摘要或评定结果对不上", err=True)
    if found.changed or found.underived:
        raise click.ClickException(f"{found.count}件里有{len({*found.changed, *found.underived})}件不对。")
    if restated:
        raise click.ClickException(f"更正以后的事实有{len(restated)}份不对。")
    if sheets.pay or sheets.funds:
        raise click.ClickException(f"{sheets.count}份表里有{len(sheets.pay) + len(sheets.funds)}份不对。")
    click.echo(f"{found.count}件结果运用的事实链和摘要都对得上，按它重算都成立。")
    click.echo(f"{sheets.count}份待遇表、奖励资金分配表的摘要都对得上，按它重算都是这个数。")
