"""``kiosk gateway-keys``: the keys that records are sealed to, and the certificates of the fleet's broker."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from gateway.authority import Authority, authority_file
from gateway.sealing_keys import OPENED_DAYS, listed_keys, rotate
from kiosk.app.system import SystemClock
from kiosk.wire.broker import GATEWAY_NAME
from kiosk.wire.key_list import KeyList
from kiosk.wire.keys import KeyUnusable
from kiosk.wire.private_files import replace_whole

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The keys of the hall: records are sealed to them.")

Key = Annotated[Path, typer.Option(help="the gateway's key file, beside which the others stand")]


@app.command(name="list")
def list_keys(key: Key) -> None:
    """The newest first: id, since when, how long what is sealed to it is opened."""
    _show(listed_keys(key))


@app.command(name="rotate")
def rotate_keys(
    key: Key,
    days: Annotated[int, typer.Option(min=1, help="days the key before is still opened")] = OPENED_DAYS,
) -> None:
    """Make a new key. Terminals take it at their next self-check; what waits in their queues still opens."""
    try:
        _show(rotate(key, SystemClock().now(), days))
    except OSError as trouble:
        _give_up(f"{trouble.filename}: {trouble.strerror}")


@app.command()
def broker(
    key: Key,
    name: Annotated[list[str], typer.Option(help="host name or address of the broker; repeatable")],
    out: Annotated[Path, typer.Option(help="folder for authority, certificates and keys")],
) -> None:
    """Make what mosquitto and the gateway show each other. Run it again before 265 days are over."""
    now = SystemClock().now()
    try:
        out.mkdir(parents=True, exist_ok=True)
        authority = Authority.load_or_create(key, now)
        if isinstance(authority, KeyUnusable):
            _give_up(authority.reason)
        made = (
            authority.serve_as(out / "broker", tuple(name), now),
            authority.speak_as(out / GATEWAY_NAME, GATEWAY_NAME, now),
        )
        replace_whole(out / "authority.crt", authority_file(key).read_bytes(), 0o644)
    except OSError as trouble:
        _give_up(f"{trouble.filename}: {trouble.strerror}")
    for files in made:
        if isinstance(files, KeyUnusable):
            _give_up(files.reason)
        typer.echo(f"{files.certificate}  {files.key}")
    typer.echo(out / "authority.crt")


def _show(keys: KeyList | KeyUnusable) -> None:
    if isinstance(keys, KeyUnusable):
        _give_up(keys.reason)
    for each in keys.keys:
        until = "now sealed to" if each.opened_until is None else f"opened until {each.opened_until:%Y-%m-%d}"
        typer.echo(f"{each.key_id}  since {each.since:%Y-%m-%d}  {until}")


def _give_up(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(1)
