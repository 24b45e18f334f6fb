"""``kiosk print``: a paper from a JSON document to a printer, a file of its bytes, or a picture."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, assert_never

import cv2
import numpy as np
import typer
from pydantic import ValidationError
from PySide6.QtGui import QGuiApplication

from devices.printer.escpos.address import FORMS
from devices.printer.escpos.driver import EscposPrinter
from devices.printer.escpos.settings import EscposSettings
from devices.printer.escpos_raster import page_bytes
from devices.printer.fonts import FontProblem
from devices.printer.page import Bits, LayoutProblem
from devices.printer.render import RollWidth, render
from kiosk.app.system import SystemClock
from kiosk.documents.paper_document import NotAPaper, paper_from_json
from kiosk.domain.paper import Paper
from kiosk.ports.printer import NotPrinted, Printed, PrintUnknown, PrintVerdict

app = typer.Typer(add_completion=False)

_EXIT_NOT_PRINTED, _EXIT_UNKNOWN = 1, 3


@dataclass(frozen=True, slots=True)
class _Result:
    """``verdict``: printed, not-printed, unknown, or written for a file or picture."""

    verdict: str
    count: int
    reason: str = ""


@app.command()
def print_document(
    document: Annotated[Path, typer.Argument(help="Paper as JSON.", exists=True, dir_okay=False, readable=True)],
    to: Annotated[str, typer.Option("--to", help=f"{FORMS}, file:PATH (ESC/POS bytes) or png:PATH (picture).")],
    width: Annotated[int, typer.Option(help="Paper roll in millimetres: 80 or 58.", min=58, max=80)] = 80,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of words.")] = False,
) -> None:
    """Print a paper; exit code 0 printed or written, 1 not printed, 3 unknown."""
    paper = paper_from_json(document.read_bytes())
    if isinstance(paper, NotAPaper):
        raise typer.BadParameter(f"not a paper: {', '.join(paper.places)}", param_hint="DOCUMENT")
    roll = _roll(width)
    application = QGuiApplication.instance() or QGuiApplication(["kiosk", "-platform", "offscreen"])
    started = time.monotonic()
    job = "slip" if paper.number is None else paper.number.value
    result = _print(paper, to, roll, job)
    milliseconds = round((time.monotonic() - started) * 1000)
    del application
    _report(result, job, milliseconds, as_json)


def _roll(width: int) -> RollWidth:
    match width:
        case 80 | 58:
            return width
        case _:
            raise typer.BadParameter("80 or 58", param_hint="--width")


def _print(paper: Paper, to: str, width: RollWidth, job: str) -> _Result:
    scheme, _, rest = to.partition(":")
    match scheme:
        case "file":
            return _written(paper, Path(rest), width, page_bytes)
        case "png":
            return _written(paper, Path(rest), width, _png)
        case _:
            return _to_printer(paper, to, width, job)


def _to_printer(paper: Paper, to: str, width: RollWidth, job: str) -> _Result:
    try:
        settings = EscposSettings(address=to, paper_width=width)
    except ValidationError:
        raise typer.BadParameter(f"{FORMS}, file:PATH or png:PATH", param_hint="--to") from None
    printer = EscposPrinter(settings, SystemClock())
    try:
        return _of_verdict(printer.print(paper, job))
    finally:
        printer.close()


def _of_verdict(verdict: PrintVerdict) -> _Result:
    match verdict:
        case Printed(count):
            return _Result("printed", count)
        case NotPrinted(reason):
            return _Result("not-printed", 0, reason)
        case PrintUnknown(reason):
            return _Result("unknown", 0, reason)
        case _:
            assert_never(verdict)


def _written(paper: Paper, path: Path, width: RollWidth, form: Callable[[Bits], bytes]) -> _Result:
    dots = render(paper, width)
    match dots:
        case FontProblem():
            return _Result("not-printed", 0, f"{dots.fault.value}: {dots.remedy}")
        case LayoutProblem():
            return _Result("not-printed", 0, dots.fault.value)
    data = form(dots)
    try:
        path.write_bytes(data)
    except OSError as problem:
        return _Result("not-printed", 0, f"cannot write {path}: {problem.strerror}")
    return _Result("written", len(data))


def _png(dots: Bits) -> bytes:
    return cv2.imencode(".png", np.where(dots, 0, 255).astype(np.uint8))[1].tobytes()


def _report(result: _Result, job: str, milliseconds: int, as_json: bool) -> None:
    if as_json:
        line = {"verdict": result.verdict, "job": job, "bytes": result.count, "ms": milliseconds}
        print(json.dumps(line | ({"reason": result.reason} if result.reason else {})))
    else:
        reason = f" ({result.reason})" if result.reason else ""
        print(f"{job}: {result.verdict}{reason}, {result.count} bytes, {milliseconds} ms")
    if result.verdict == "not-printed":
        raise typer.Exit(_EXIT_NOT_PRINTED)
    if result.verdict == "unknown":
        raise typer.Exit(_EXIT_UNKNOWN)
