"""``kiosk unlock-staff``: after too many wrong answers staff may be asked again."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from offline_cache.settings import StorageSettings
from offline_cache.staff_authorisation import unlock_staff
from offline_cache.store import Store

app = typer.Typer(add_completion=False)


@app.command()
def unlock(
    database: Annotated[Path, typer.Option(help="the terminal's database file", exists=True, dir_okay=False)],
) -> None:
    """Let staff numbers and challenges be answered at this terminal again; it may run meanwhile, and logs it."""
    store = Store(database, StorageSettings(path=database).max_bytes)
    trouble = unlock_staff(store)
    store.close()
    if trouble is not None:
        print(f"The terminal is not unlocked: {trouble.reason}", file=sys.stderr)
        raise typer.Exit(1)
    print("Staff may be asked again at this terminal.")
