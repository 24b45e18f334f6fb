"""``kiosk gateway``: the reference hall gateway."""

import sys
import tomllib
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from gateway.app import GatewayNotConfiguredError, create_app, publish_registration
from gateway.control import Control, ShiftedClock, sandbox_verbs
from gateway.server import serve
from gateway.settings import DecisionPolicy, GatewaySettings
from kiosk.app.system import SystemClock

app = typer.Typer(add_completion=False)


@app.command()
def gateway(
    database: Annotated[str, typer.Option(help="file of an SQLite database, or an SQLAlchemy URL")],
    key: Annotated[Path, typer.Option(help="the gateway's key file, made on first start")],
    terminal: Annotated[list[Path] | None, typer.Option(help="registration file of a terminal; repeatable")] = None,
    sandbox: Annotated[bool, typer.Option(help="serve made-up people to training terminals only")] = False,
    portraits: Annotated[Path | None, typer.Option(help="sandbox: folder of training portraits")] = None,
    policy: Annotated[Path | None, typer.Option(help="TOML file of what decisions rest on")] = None,
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on, 0 for a free one")] = 8321,
    control: Annotated[int | None, typer.Option(help="sandbox: port of a control channel, 0 for a free one")] = None,
) -> None:
    """Answer terminals: roster, records, receipts. Prints its address and registration file as one JSON line."""
    try:
        settings = GatewaySettings(
            database=database if "://" in database else f"sqlite:///{database}",
            key=key,
            terminals=tuple(terminal or ()),
            sandbox=sandbox,
            portraits=portraits,
            policy=_policy(policy),
        )
        if control is not None and not sandbox:
            raise GatewayNotConfiguredError("--control goes with --sandbox only")
        clock = ShiftedClock(SystemClock())
        application = create_app(settings, clock)
        with ExitStack() as stack:
            channel = None if control is None else stack.enter_context(Control(sandbox_verbs(clock), control))
            address = None if channel is None else channel.address
            serve(application, host, port, publish_registration(settings), address)
    except (GatewayNotConfiguredError, OSError, ValidationError, tomllib.TOMLDecodeError) as problem:
        print(f"The gateway cannot start: {problem}", file=sys.stderr)
        raise typer.Exit(1) from None


def _policy(path: Path | None) -> DecisionPolicy:
    if path is None:
        return DecisionPolicy()
    return DecisionPolicy.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
