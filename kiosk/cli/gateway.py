"""``kiosk gateway``: the reference hall gateway."""

import sys
import tomllib
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from devices.photo_decoder.maker.driver import MakerPhotoDecoder
from devices.photo_decoder.maker.settings import MakerDecoderSettings
from devices.photo_decoder.training.driver import TrainingPhotoDecoder
from gateway.app import GatewayNotConfiguredError, check_configured, create_app, publish_registration, server_files
from gateway.control import Control, ShiftedClock, sandbox_verbs
from gateway.renewal import Renewal
from gateway.server import Place, WorkersFailedError, serve, serve_by_workers
from gateway.settings import GatewaySettings, said
from kiosk.app.system import SystemClock
from kiosk.ports.photo_decoder import PhotoDecoder

app = typer.Typer(add_completion=False)


@app.command()
def gateway(
    settings: Annotated[Path | None, typer.Option(help="TOML file of every option; a flag goes before it")] = None,
    database: Annotated[str | None, typer.Option(help="file of an SQLite database, or an SQLAlchemy URL")] = None,
    key: Annotated[Path | None, typer.Option(help="the gateway's key file, made on first start")] = None,
    terminal: Annotated[list[Path] | None, typer.Option(help="registration file of a terminal; repeatable")] = None,
    sandbox: Annotated[bool, typer.Option(help="serve made-up people to training terminals only")] = False,
    portraits: Annotated[Path | None, typer.Option(help="sandbox: folder of training portraits")] = None,
    policy: Annotated[Path | None, typer.Option(help="TOML file of what decisions rest on")] = None,
    host: Annotated[str | None, typer.Option(help="address to listen on, 127.0.0.1 when left out")] = None,
    port: Annotated[int | None, typer.Option(help="port to listen on, 8321 when left out, 0 for a free one")] = None,
    workers: Annotated[int | None, typer.Option(help="processes on the one port; several with PostgreSQL")] = None,
    tls_name: Annotated[
        list[str] | None, typer.Option(help="serve https under this host name or address; repeatable")
    ] = None,
    photo_decoder: Annotated[
        Path | None, typer.Option(help="TOML file of the maker's decoder that shows staff a card's sealed portrait")
    ] = None,
    control: Annotated[int | None, typer.Option(help="sandbox: port of a control channel, 0 for a free one")] = None,
) -> None:
    """Answer terminals: roster, records, receipts. Prints its address and registration file as one JSON line."""
    flags = {
        "database": database if database is None or "://" in database else f"sqlite:///{database}",
        "key": key,
        "terminals": tuple(terminal) if terminal else None,
        "sandbox": sandbox or None,
        "portraits": portraits,
        "policy": None if policy is None else _toml(policy),
        "host": host,
        "port": port,
        "workers": workers,
        "tls": {"names": tls_name} if tls_name else None,
    }
    try:
        values = {} if settings is None else _toml(settings)
        chosen = GatewaySettings.model_validate(
            values | {name: value for name, value in flags.items() if value is not None}
        )
        if control is not None and not chosen.sandbox:
            raise GatewayNotConfiguredError("--control goes with --sandbox only")
        _serve(chosen, control, _decoder(photo_decoder, chosen.sandbox))
    except (GatewayNotConfiguredError, WorkersFailedError, OSError, tomllib.TOMLDecodeError) as problem:
        _give_up(str(problem))
    except ValidationError as problem:
        _give_up(said(problem))


def _serve(settings: GatewaySettings, control: int | None, decoder: PhotoDecoder | None) -> None:
    tls = settings.tls
    renewal = None if tls is None else Renewal(settings.key, tls.names, SystemClock())
    place = Place(settings.host, settings.port, server_files(settings, SystemClock()), renewal)
    if settings.workers > 1:
        check_configured(settings, SystemClock())
        make_app = partial(create_app, settings, SystemClock(), decoder)
        serve_by_workers(make_app, settings.workers, place, publish_registration(settings))
        return
    clock = ShiftedClock(SystemClock())
    application = create_app(settings, clock, decoder)
    with ExitStack() as stack:
        channel = None if control is None else stack.enter_context(Control(sandbox_verbs(clock), control))
        address = None if channel is None else channel.address
        serve(application, place, publish_registration(settings), address)


def _decoder(options: Path | None, sandbox: bool) -> PhotoDecoder | None:
    """The sandbox's cards have portraits that need no maker's library."""
    if options is not None:
        return MakerPhotoDecoder(MakerDecoderSettings.model_validate(_toml(options)), SystemClock())
    return TrainingPhotoDecoder() if sandbox else None


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _give_up(reason: str) -> NoReturn:
    print(f"The gateway cannot start: {reason}", file=sys.stderr)
    raise typer.Exit(1) from None
