"""kiosk scan: reads the codes in picture files: QR Code, PDF417 and Code 128, and checks the papers of terminals."""

import json
import time
from pathlib import Path
from typing import Annotated, Any, assert_never

import typer

from devices.code_scanner.image.driver import CodesFound, ImageScanner, NoCode, PayloadTooLong, PictureUnreadable
from kiosk.app.glance import CONFIG
from kiosk.app.settings import SettingsUnusable, load_settings
from kiosk.wire.keys import KeyUnusable, load_gateway_registration, load_terminal_registration
from kiosk.wire.paper_check import PaperKeys, Standing, check_paper

app = typer.Typer(add_completion=False)

NOTHING_READ = 1
FILE_UNREADABLE = 2
NOT_OURS = 3
FORGED = 4

_EXIT_CODES = {Standing.GENUINE: 0, Standing.NOT_OURS: NOT_OURS, Standing.FORGED: FORGED}
_WORDS = {
    Standing.GENUINE: "genuine; whether it was made void since, the hall's verification page tells",
    Standing.NOT_OURS: "not ours: no paper of a terminal or a gateway whose key is held here",
    Standing.FORGED: "FORGED: the signature does not belong to this number",
}


@app.command()
def scan(
    images: Annotated[list[Path], typer.Argument(help="Picture files.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Check papers of terminals, without a network.")] = False,
    registration: Annotated[
        Path | None,
        typer.Option(help=f"Registration file of the gateway, for --verify; left out, what {CONFIG} here names."),
    ] = None,
) -> None:
    """Read QR, PDF417 and Code 128 codes in pictures.

    Ends with 1 when one holds no acceptable code, 2 when a file is no picture (or the keys cannot be read), and with
    --verify 3 when a code is not of a paper of ours, 4 when one is forged.
    """
    keys = _keys(registration) if verify else None
    if isinstance(keys, str):
        typer.echo(f"No keys to verify with: {keys}", err=True)
        raise typer.Exit(FILE_UNREADABLE)
    scanner = ImageScanner()
    exit_code = max(_scan_one(scanner, image, as_json, keys) for image in images)
    if exit_code:
        raise typer.Exit(exit_code)


def _scan_one(scanner: ImageScanner, image: Path, as_json: bool, keys: PaperKeys | None) -> int:
    start = time.perf_counter()
    outcome = scanner.scan_file(image)
    ms = round((time.perf_counter() - start) * 1000, 2)
    codes = outcome.codes if isinstance(outcome, CodesFound) else ()
    checked = [None if keys is None else _checked(code.text, keys) for code in codes]
    match outcome:
        case CodesFound():
            exit_code, problem = max((_EXIT_CODES[check[1]] for check in checked if check is not None), default=0), None
        case NoCode():
            exit_code, problem = NOTHING_READ, "no code found"
        case PayloadTooLong(size):
            exit_code, problem = NOTHING_READ, f"a code of {size} bytes, longer than any the terminal accepts"
        case PictureUnreadable(reason):
            exit_code, problem = FILE_UNREADABLE, f"cannot be read: {reason}"
        case _:
            assert_never(outcome)
    if as_json:
        line: dict[str, Any] = {
            "file": str(image),
            "payloads": [
                {"text": code.text, "hex": code.payload.hex(), "symbology": code.symbology, "quad": code.quad}
                | ({} if check is None else {"receipt": check[0], "standing": check[1].value})
                for code, check in zip(codes, checked, strict=True)
            ],
            "ms": ms,
        }
        typer.echo(json.dumps(line if problem is None else line | {"problem": problem}, ensure_ascii=False))
    else:
        for code, check in zip(codes, checked, strict=True):
            typer.echo(f"{image}: {code.text if check is None else f'{check[0] or code.text}: {_WORDS[check[1]]}'}")
    if problem is not None:
        typer.echo(f"{image}: {problem}", err=True)
    return exit_code


def _checked(text: str, keys: PaperKeys) -> tuple[str | None, Standing]:
    """The number on the paper, None where the code is of something else."""
    found = check_paper(text, keys)
    return (None, Standing.NOT_OURS) if found is None else (found[0].value, found[1])


def _keys(registration: Path | None) -> PaperKeys | str:
    """By which papers are checked here, or why they cannot be. This terminal's own key counts too, as the gateway may
    have written its file before it knew the terminal."""
    if registration is not None:
        return _published_keys(registration)
    settings = load_settings(CONFIG)
    if isinstance(settings, SettingsUnusable):
        return "; ".join(settings.problems)
    published = _published_keys(settings.platform.registration)
    own = load_terminal_registration(settings.signing_key.with_suffix(".registration.json"))
    if isinstance(published, str) or isinstance(own, KeyUnusable):
        return published
    known = published.terminals.get(own.terminal, ())
    return PaperKeys({**published.terminals, own.terminal: (own.public_key, *known)}, published.gateway)


def _published_keys(registration: Path) -> PaperKeys | str:
    gateway = load_gateway_registration(registration)
    if isinstance(gateway, KeyUnusable):
        return f"{registration}: {gateway.reason}"
    return PaperKeys(gateway.receipt_keys, gateway.certificate_key)
