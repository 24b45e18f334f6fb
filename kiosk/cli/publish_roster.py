"""``kiosk publish-roster``: an area's roster for the terminals that may hold it while the line is down."""

import tomllib
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError

from gateway.database import DatabaseUnusableError, open_database
from gateway.roster_snapshot import people_of, publish_snapshot
from gateway.settings import GatewaySettings, said
from kiosk.app.system import SystemClock
from kiosk.domain.china_time import CHINA

app = typer.Typer(add_completion=False)


@app.command()
def publish_roster(
    name: Annotated[str, typer.Argument(help="name of the bundle, as in a terminal's [references] roster_snapshot")],
    area: Annotated[str, typer.Argument(help="roster area, as the roster writes it")],
    settings: Annotated[Path, typer.Option(help="the gateway's TOML file; it names the folder of bundles")],
) -> None:
    """Seal the roster of AREA, each entry to its own card. To be run daily: terminals use it for seven days."""
    try:
        gateway = GatewaySettings.model_validate(tomllib.loads(settings.read_text(encoding="utf-8")))
    except ValidationError as problem:
        _give_up(f"{settings}: {said(problem)}")
    except (OSError, ValueError) as problem:
        _give_up(f"{settings}: {problem}")
    if gateway.books.bundles is None:
        _give_up(f"{settings}: no folder of bundles is set, [books] bundles")
    try:
        engine = open_database(gateway.database)
    except DatabaseUnusableError as problem:
        _give_up(str(problem))
    now = SystemClock().now().astimezone(CHINA)
    try:
        people = people_of(engine, area, now, gateway.policy)
        if not people:
            _give_up(f"nobody is in the roster of {area}")
        path = publish_snapshot(gateway.books.bundles, name, people, now)
    except (OSError, ValueError) as trouble:
        _give_up(f"{area}: {trouble}")
    finally:
        engine.dispose()
    typer.echo(f"{path}  {len(people)} people")


def _give_up(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(1)
