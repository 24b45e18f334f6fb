"""``kiosk staff-pin``: who of the staff may allow a new number at this terminal."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from offline_cache.settings import StorageSettings
from offline_cache.staff_authorisation import keep_staff_pin
from offline_cache.store import Store

app = typer.Typer(add_completion=False)


@app.command()
def staff_pin(
    staff: Annotated[str, typer.Argument(help="staff number, 1 to 16 digits")],
    database: Annotated[Path, typer.Option(help="the terminal's database file", exists=True, dir_okay=False)],
    pin: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="6 to 12 digits; asked for")
    ],
) -> None:
    """Set the PIN of a staff number at this terminal. Only its hash is kept."""
    if not (staff.isascii() and staff.isdigit()):
        _give_up("a staff number typed at a terminal has digits alone")
    store = Store(database, StorageSettings(path=database).max_bytes)
    try:
        trouble = keep_staff_pin(store, staff, pin)
    except ValueError as problem:
        _give_up(str(problem))
    finally:
        store.close()
    if trouble is not None:
        _give_up(trouble.reason)
    print(f"Staff number {staff} has a new PIN at this terminal.")


def _give_up(reason: str) -> NoReturn:
    print(f"No PIN was set: {reason}", file=sys.stderr)
    raise typer.Exit(1)
