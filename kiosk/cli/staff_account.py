"""``kiosk staff-account``: who of the hall's staff may log in at the gateway's desk, and in which role."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Annotated, NoReturn

import typer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gateway.database import DatabaseUnusableError, open_database
from gateway.desk.accounts import Accounts
from gateway.desk.tables import Role
from gateway.desk.trail import ChainBroken, begin_chain, check_chain
from kiosk.app.system import SystemClock

app = typer.Typer(add_completion=False, no_args_is_help=True)

_CONSOLE = "console"
"""Who did it, in the record."""


class _RoleWord(Enum):
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    TECHNICIAN = "technician"


_Database = Annotated[str, typer.Option("--database", help="the gateway's SQLite file, or its SQLAlchemy URL")]
_Number = Annotated[str, typer.Argument(help="staff number, digits and letters")]
_Role = Annotated[_RoleWord, typer.Option("--role", help="what the account may do")]
_Password = Annotated[
    str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="10 to 128 characters")
]


@app.command()
def add(number: _Number, database: _Database, role: _Role, password: _Password) -> None:
    """Give a member of staff an account."""
    with _accounts(database) as accounts:
        try:
            added = accounts.add(number.upper(), Role[role.name], password, _CONSOLE)
        except ValueError as problem:
            _refuse(f"{problem}.")
    _tell(added, f"{number.upper()} may log in as {role.value}.", f"{number.upper()} has an account already.")


@app.command("role")
def change_role(number: _Number, database: _Database, role: _Role) -> None:
    """Change what an account may do; it is logged out."""
    with _accounts(database) as accounts:
        changed = accounts.set_role(number.upper(), Role[role.name], _CONSOLE)
    _tell(changed, f"{number.upper()} is {role.value} now.", _nobody(number))


@app.command("password")
def change_password(number: _Number, database: _Database, password: _Password) -> None:
    """Give an account a new password, which also unlocks it; it is logged out."""
    with _accounts(database) as accounts:
        try:
            changed = accounts.set_password(number.upper(), password, _CONSOLE)
        except ValueError as problem:
            _refuse(f"{problem}.")
    _tell(changed, f"{number.upper()} has a new password.", _nobody(number))


@app.command()
def disable(number: _Number, database: _Database) -> None:
    """Let an account log in no more; it is logged out, and its entries in the record stay."""
    with _accounts(database) as accounts:
        changed = accounts.set_disabled(number.upper(), True, _CONSOLE)
    _tell(changed, f"{number.upper()} may not log in any more.", _nobody(number))


@app.command()
def enable(number: _Number, database: _Database) -> None:
    """Let a disabled account log in again."""
    with _accounts(database) as accounts:
        changed = accounts.set_disabled(number.upper(), False, _CONSOLE)
    _tell(changed, f"{number.upper()} may log in again.", _nobody(number))


@app.command("list")
def list_accounts(database: _Database) -> None:
    """Every account, its role, and whether it may log in."""
    with _accounts(database) as accounts:
        for each in accounts.all():
            state = "disabled" if each.disabled else "locked" if each.locked else ""
            print(f"{each.staff:<16}  {each.role.value.lower():<10}  {state}".rstrip())


@app.command()
def verify(database: _Database) -> None:
    """Check the desk's record, entry by entry."""
    with _engine(database) as engine, Session(engine) as session, session.begin():
        chain = check_chain(session)
    if isinstance(chain, ChainBroken):
        _refuse(f"The record is broken at entry {chain.entry}: changed, or missing.")
    print(f"The record is whole: {chain.entries} entries.")


@contextmanager
def _accounts(database: str) -> Iterator[Accounts]:
    with _engine(database) as engine:
        begin_chain(engine)
        yield Accounts(engine, SystemClock())


@contextmanager
def _engine(database: str) -> Iterator[Engine]:
    try:
        engine = open_database(database if "://" in database else f"sqlite:///{database}")
    except DatabaseUnusableError as problem:
        _refuse(f"The accounts cannot be opened: {problem}")
    try:
        yield engine
    finally:
        engine.dispose()


def _tell(done: bool, well: str, otherwise: str) -> None:
    if not done:
        _refuse(otherwise)
    print(well)


def _nobody(number: str) -> str:
    return f"{number.upper()} has no account here."


def _refuse(text: str) -> NoReturn:
    print(text[0].upper() + text[1:], file=sys.stderr)
    raise typer.Exit(1)
