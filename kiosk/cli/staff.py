"""``kiosk staff``: who of the hall's staff may authorise at terminals, by number and PIN."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.staff import StaffFile, StaffFileUnusable, load_staff
from kiosk.wire.staff_pin import make_staff_pin

app = typer.Typer(add_completion=False, no_args_is_help=True)

_File = Annotated[Path, typer.Option("--file", help="the staff file, <the gateway's key>.staff.json")]


@app.command("set")
def set_pin(
    number: Annotated[str, typer.Argument(help="staff number, digits and letters")],
    file: _File,
    pin: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="6 to 12 digits")],
) -> None:
    """Give a member of staff a PIN, or a new one, which also unlocks the number. Start the gateway again afterwards,
    and give terminals its new registration."""
    known = _loaded(file)
    try:
        new = make_staff_pin(number, pin)
    except ValueError:
        print("A staff number has 1 to 16 digits and letters, a PIN 6 to 12 digits.", file=sys.stderr)
        raise typer.Exit(1) from None
    others = tuple(each for each in known.staff if each.staff != new.staff)
    _write(file, known.model_copy(update={"staff": (*others, new)}))
    print(f"{new.staff} has a PIN now.")


@app.command()
def remove(number: Annotated[str, typer.Argument(help="staff number")], file: _File) -> None:
    """Take a member of staff out. Start the gateway again afterwards, and give terminals its new registration."""
    known = _loaded(file)
    others = tuple(each for each in known.staff if each.staff != number.upper())
    if others == known.staff:
        print(f"There is no {number} here.", file=sys.stderr)
        raise typer.Exit(1)
    _write(file, known.model_copy(update={"staff": others}))
    print(f"{number} is out.")


@app.command()
def terminals(
    file: _File,
    check: Annotated[bool, typer.Option("--check-pins/--no-pins", help="whether terminals get the PINs' hashes")],
) -> None:
    """Say whether terminals may check PINs themselves; without, staff use the gateway's staff page. Start the gateway
    again afterwards, and give terminals its new registration."""
    _write(file, _loaded(file).model_copy(update={"at_terminals": check}))
    print("Terminals check PINs." if check else "Terminals know no PINs.")


def _loaded(file: Path) -> StaffFile:
    staff = load_staff(file)
    if isinstance(staff, StaffFileUnusable):
        print(f"{file}: {staff.reason}", file=sys.stderr)
        raise typer.Exit(1)
    return staff


def _write(file: Path, staff: StaffFile) -> None:
    """Whole or not at all, its owner's alone."""
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(staff.model_dump_json(indent=1) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)
