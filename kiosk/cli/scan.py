"""kiosk scan: reads the codes in picture files: QR Code, PDF417 and Code 128."""

import json
import time
from pathlib import Path
from typing import Annotated, Any, assert_never

import typer

from devices.code_scanner.image.driver import CodesFound, ImageScanner, NoCode, PayloadTooLong, PictureUnreadable

app = typer.Typer(add_completion=False)

NOTHING_READ = 1
FILE_UNREADABLE = 2


@app.command()
def scan(
    images: Annotated[list[Path], typer.Argument(help="Picture files.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Read QR, PDF417 and Code 128 codes in pictures.

    Ends with 1 when one holds no acceptable code, 2 when a file is no picture.
    """
    scanner = ImageScanner()
    exit_code = max(_scan_one(scanner, image, as_json) for image in images)
    if exit_code:
        raise typer.Exit(exit_code)


def _scan_one(scanner: ImageScanner, image: Path, as_json: bool) -> int:
    start = time.perf_counter()
    outcome = scanner.scan_file(image)
    ms = round((time.perf_counter() - start) * 1000, 2)
    codes = outcome.codes if isinstance(outcome, CodesFound) else ()
    match outcome:
        case CodesFound():
            exit_code, problem = 0, None
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
                for code in codes
            ],
            "ms": ms,
        }
        typer.echo(json.dumps(line if problem is None else line | {"problem": problem}, ensure_ascii=False))
    for code in () if as_json else codes:
        typer.echo(f"{image}: {code.text}")
    if problem is not None:
        typer.echo(f"{image}: {problem}", err=True)
    return exit_code
