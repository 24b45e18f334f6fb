"""kiosk terminals: the gateway's registry: sites, codes to set terminals up with, revocation."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy import Engine

from gateway.authority import Authority
from gateway.database import DatabaseUnusableError, open_database
from gateway.enrolment import CodeDesk
from gateway.registry import ListedTerminal, Registry, SiteRefused
from kiosk.app.system import SystemClock
from kiosk.wire.keys import KeyUnusable

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The gateway's registry of terminals.")

Database = Annotated[str, typer.Option(help="the gateway's database: file of SQLite, or an SQLAlchemy URL")]
AsJson = Annotated[bool, typer.Option("--json", help="one object a line")]

_SITE_TROUBLE = {
    "not-a-site-code": "a site's code has twelve digits: province, city, county, township, village",
    "parent-unknown": "add the site above it first",
}


@dataclass(frozen=True, slots=True)
class _Books:
    registry: Registry
    engine: Engine


@app.command()
def code(
    terminal: Annotated[str, typer.Option(help="number of the terminal, as site.terminal has it")],
    database: Database,
    key: Annotated[Path, typer.Option(help="the gateway's key file, beside which its authority is")],
    site: Annotated[str | None, typer.Option(help="code of the site it stands at, twelve digits")] = None,
    training: Annotated[bool, typer.Option(help="a training terminal")] = False,
    hours: Annotated[float, typer.Option(min=0.1, max=24 * 31, help="how long the code counts")] = 24.0,
) -> None:
    """Show the code this terminal is set up with, once. A new one takes the place of the one before."""
    if not re.fullmatch(r"[0-9A-Z]{2,8}", terminal):
        _give_up("a terminal's number has 2 to 8 digits or capitals")
    with _opened(database) as books:
        authority = Authority.load_or_create(key, SystemClock().now())
        if isinstance(authority, KeyUnusable):
            _give_up(f"the authority beside {key}: {authority.reason}")
        shown = CodeDesk(books.engine, authority, SystemClock()).show(terminal, site, training, timedelta(hours=hours))
    if shown is None:
        _give_up(f"no site {site}: add it with `kiosk terminals site`")
    typer.echo(shown.text())


@app.command(name="list")
def list_terminals(database: Database, as_json: AsJson = False) -> None:
    """Every key of every terminal: number, site, whether it is in service, how long its certificate counts."""
    with _opened(database) as books:
        listed = books.registry.listed()
    for terminal in listed:
        row = _row(terminal)
        typer.echo(
            json.dumps(row, ensure_ascii=False) if as_json else "  ".join(str(cell or "-") for cell in row.values())
        )


@app.command()
def revoke(
    terminal: Annotated[str, typer.Argument(help="number of the terminal")],
    database: Database,
    because: Annotated[str, typer.Option(help="a word, for example stolen, lost, replaced, closed")] = "withdrawn",
) -> None:
    """Take a terminal out of service, within seconds. Its papers stay what they are."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", because) or len(because) > 48:
        _give_up("say why in one word of small letters")
    with _opened(database) as books:
        count = books.registry.revoke(terminal, because)
    if not count:
        _give_up(f"no terminal {terminal} in service")
    typer.echo(f"Terminal {terminal} is revoked ({because}): {count} key(s).")


@app.command()
def site(
    code: Annotated[str, typer.Argument(help="twelve digits as in the statistics' division codes")],
    name: Annotated[str, typer.Argument(help="what the place is called")],
    database: Database,
) -> None:
    """Add a place of the tree, or name it anew: 省, 市, 县(区), 乡镇(街道), 村(社区)."""
    with _opened(database) as books:
        added = books.registry.add_site(code, name)
    if isinstance(added, SiteRefused):
        _give_up(_SITE_TROUBLE[added.reason])
    typer.echo(f"{added.code} {added.name}")


@app.command()
def sites(database: Database, as_json: AsJson = False) -> None:
    """The tree of sites."""
    with _opened(database) as books:
        found = books.registry.sites()
    for place in found:
        row = {"code": place.code, "parent": place.parent, "level": place.level.name.lower(), "name": place.name}
        text = (
            json.dumps(row, ensure_ascii=False) if as_json else f"{'  ' * (place.level - 1)}{place.code} {place.name}"
        )
        typer.echo(text)


@contextmanager
def _opened(database: str) -> Iterator[_Books]:
    try:
        engine = open_database(database if "://" in database else f"sqlite:///{database}")
    except DatabaseUnusableError as problem:
        _give_up(str(problem))
    try:
        yield _Books(Registry(engine, SystemClock()), engine)
    finally:
        engine.dispose()


def _row(terminal: ListedTerminal) -> dict[str, object]:
    until = terminal.certificate_until
    return {
        "terminal": terminal.registered.terminal,
        "key_id": terminal.registered.key_id,
        "site": terminal.site,
        "training": terminal.registered.training,
        "state": "in-service" if terminal.revoked_because is None else f"revoked-{terminal.revoked_because}",
        "certificate_until": None if until is None else until.date().isoformat(),
    }


def _give_up(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(1)
