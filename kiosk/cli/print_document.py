"""``kiosk print``: a paper from a JSON document to a printer, a file of its bytes, or a picture."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar, assert_never

import cv2
import numpy as np
import typer
from pydantic import ValidationError
from PySide6.QtGui import QGuiApplication

from devices.printer.a4.drawing import PdfDocument
from devices.printer.a4.driver import A4CupsPrinter
from devices.printer.a4.pdf import paper_pdf
from devices.printer.a4.settings import A4CupsSettings
from devices.printer.escpos.address import FORMS
from devices.printer.escpos.driver import EscposPrinter
from devices.printer.escpos.profile import DEFAULT
from devices.printer.escpos.settings import EscposSettings
from devices.printer.escpos_raster import page_bytes
from devices.printer.fonts import FontProblem
from devices.printer.page import Bits, LayoutProblem
from devices.printer.render import RollWidth, render_strips
from kiosk.app.system import SystemClock
from kiosk.documents.paper_document import NotAPaper, paper_from_json
from kiosk.domain.paper import Paper
from kiosk.ports.printer import NotPrinted, Printed, Printer, PrintUnknown, PrintVerdict

app = typer.Typer(add_completion=False)

DESTINATIONS = f"png:PATH (picture), file:PATH (ESC/POS bytes), pdf:PATH (A4), {FORMS}, cups:QUEUE (A4)"

_EXIT_NOT_PRINTED, _EXIT_UNKNOWN = 1, 3
_KNIFE_ROWS = 24
Rendered = TypeVar("Rendered", tuple[Bits, ...], PdfDocument)


@dataclass(frozen=True, slots=True)
class _Result:
    """``verdict``: printed, not-printed, unknown, or written for a file or picture."""

    verdict: str
    count: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Roll:
    """``profile`` is what the printer can do: a name of the table, or a file."""

    width: RollWidth
    profile: str


@app.command()
def print_document(
    document: Annotated[Path, typer.Argument(help="Paper as JSON.", exists=True, dir_okay=False, readable=True)],
    to: Annotated[str, typer.Option("--to", help=f"{DESTINATIONS}.")],
    width: Annotated[int, typer.Option(help="Paper roll in millimetres: 80 or 58.", min=58, max=80)] = 80,
    profile: Annotated[str, typer.Option(help="What the printer can: as printer.profile in the settings.")] = DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of words.")] = False,
) -> None:
    """Print a paper; exit code 0 printed or written, 1 not printed, 3 unknown."""
    paper = paper_from_json(document.read_bytes())
    if isinstance(paper, NotAPaper):
        raise typer.BadParameter(f"not a paper: {', '.join(paper.places)}", param_hint="DOCUMENT")
    roll = _Roll(_width(width), profile)
    application = QGuiApplication.instance() or QGuiApplication(["kiosk", "-platform", "offscreen"])
    started = time.monotonic()
    job = "slip" if paper.number is None else paper.number.value
    result = _print(paper, to, roll, job)
    milliseconds = round((time.monotonic() - started) * 1000)
    del application
    _report(result, job, milliseconds, as_json)


def _width(width: int) -> RollWidth:
    match width:
        case 80 | 58:
            return width
        case _:
            raise typer.BadParameter("80 or 58", param_hint="--width")


def _print(paper: Paper, to: str, roll: _Roll, job: str) -> _Result:
    scheme, _, rest = to.partition(":")
    match scheme:
        case "file":
            return _written(Path(rest), render_strips(paper, roll.width), _bytes)
        case "png":
            return _written(Path(rest), render_strips(paper, roll.width), _png)
        case "pdf":
            return _written(Path(rest), paper_pdf(paper), lambda document: document.data)
        case _:
            return _to_printer(_printer(to, roll), paper, job)


def _printer(to: str, roll: _Roll) -> Printer:
    try:
        if to.startswith("cups:"):
            return A4CupsPrinter(A4CupsSettings(queue=to.removeprefix("cups:")), SystemClock())
        return EscposPrinter(EscposSettings(address=to, paper_width=roll.width, profile=roll.profile), SystemClock())
    except ValidationError as trouble:
        names = {"address": f"--to: {DESTINATIONS}", "queue": f"--to: {DESTINATIONS}", "profile": "--profile"}
        error = trouble.errors()[0]
        raise typer.BadParameter(f"{names[str(error['loc'][0])]}: {error['msg']}") from None


def _to_printer(printer: Printer, paper: Paper, job: str) -> _Result:
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


def _written(
    path: Path, rendered: Rendered | FontProblem | LayoutProblem, form: Callable[[Rendered], bytes]
) -> _Result:
    if isinstance(rendered, FontProblem):
        return _Result("not-printed", 0, f"{rendered.fault.value}: {rendered.remedy}")
    if isinstance(rendered, LayoutProblem):
        return _Result("not-printed", 0, rendered.fault.value)
    data = form(rendered)
    try:
        path.write_bytes(data)
    except OSError as problem:
        return _Result("not-printed", 0, f"cannot write {path}: {problem.strerror}")
    return _Result("written", len(data))


def _bytes(strips: tuple[Bits, ...]) -> bytes:
    return b"".join(page_bytes(strip) for strip in strips)


def _png(strips: tuple[Bits, ...]) -> bytes:
    """One picture; where the knife falls between strips there is a dashed line."""
    parts: list[Bits] = []
    for strip in strips:
        if parts:
            parts.append(_knife(strip.shape[1]))
        parts.append(strip)
    dots = np.concatenate(parts)
    return cv2.imencode(".png", np.where(dots, 0, 255).astype(np.uint8))[1].tobytes()


def _knife(width: int) -> Bits:
    gap = np.zeros((2 * _KNIFE_ROWS, width), dtype=np.bool_)
    gap[_KNIFE_ROWS] = np.arange(width) // 12 % 2 == 0
    return gap


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
