"""How fast a certificate becomes a printer's bytes, beside Pillow and python-escpos, and how it leaves for the printer.

``python -m benchmarks.printing`` takes the sample certificate and prints, with the limit where there is one:

* encode: dots to ESC/POS bytes, ours (bands, blank rows fed, trimmed, masked) against python-escpos's
  ``bitImageRaster`` on the same dots;
* render and encode: ours from the document against Pillow, which draws the very same texts, rules, code and seal at the
  same places with the same fonts, and python-escpos;
* bytes of ours over those of python-escpos, and what a printer with a proven font saves by lines sent as text;
* over TCP, with the simulator at its real speed: milliseconds from the command to the first byte of the page, and time
  from it to the last row on paper over rows ÷ head speed;
* memory before and after 1,000 documents in a row.

Both sides take turns of a tenth of a second, and medians of a go are compared. What our side caches between two papers
(measures and dots of characters) it caches here too: a terminal lives for months.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from escpos.printer import Dummy
from PIL import Image
from PySide6.QtGui import QGuiApplication

from benchmarks.pillow_paper import PillowPaper
from benchmarks.print_in_text import in_text, line_seconds
from benchmarks.print_line import Line, measure_line
from devices.printer.escpos_raster import encode
from devices.printer.fonts import FontProblem, load_fonts
from devices.printer.grid import GRID_80
from devices.printer.layout import lay_out
from devices.printer.page import Bits, Page
from devices.printer.rasterise import rasterise
from kiosk.documents.paper_document import paper_from_json
from kiosk.domain.paper import Paper

SAMPLE = Path("docs/papers/certificate.json")
ROUNDS = 20
DOCUMENTS = 1000
WARM_UP = 500
SERIAL_BAUD = 115_200
PEER_PROFILE = "TM-T20II"
"""576 dots."""

TURN_S = 0.1
ENCODE_LIMIT, WHOLE_LIMIT, BYTES_LIMIT = 100.0, 8.0, 0.60
FIRST_BYTE_LIMIT_MS, HEAD_LIMIT = 30.0, 1.05
LEAK_LIMIT_MIB = 2.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Median milliseconds of both sides."""

    ours: float
    peer: float

    @property
    def ratio(self) -> float:
        return self.peer / self.ours


def take_turns(ours: Callable[[], object], peer: Callable[[], object], rounds: int) -> Pair:
    """Each turn is as many goes as last ``TURN_S``, the same for both; the first turn of each is not counted."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for work, taken in zip((ours, peer), times, strict=True):
            taken.append(_one_turn(work))
    return Pair(*(median(taken[1:]) for taken in times))


def _one_turn(work: Callable[[], object]) -> float:
    """Milliseconds a go."""
    began, goes = time.perf_counter(), 0
    while (lasted := time.perf_counter() - began) < TURN_S:
        work()
        goes += 1
    return lasted * 1000 / goes


def our_bytes(dots: Bits) -> bytes:
    return b"".join(command.data for command in encode(dots))


def peer_encode(picture: Image.Image) -> Dummy:
    printer = Dummy(profile=PEER_PROFILE)
    printer.image(picture, impl="bitImageRaster", center=False)
    return printer


def memory_of_documents(paper: Paper, count: int) -> tuple[float, float]:
    """MiB that this process alone holds, before and after ``count`` documents; those before them fill caches."""
    for _ in range(WARM_UP):
        encode(dots_of(paper))
    before = _own_mib()
    for _ in range(count):
        encode(dots_of(paper))
    return before, _own_mib()


def page_of(paper: Paper) -> Page:
    page = lay_out(paper, GRID_80)
    assert isinstance(page, Page), page
    return page


def dots_of(paper: Paper) -> Bits:
    return rasterise(page_of(paper))


def _own_mib() -> float:
    return float(psutil.Process().memory_full_info().uss) / 2**20


def report(encoding: Pair, whole: Pair, sizes: tuple[int, int], line: Line, memory: tuple[float, float]) -> list[str]:
    """Prints everything; the limits that are broken."""
    share, grown = sizes[0] / sizes[1], memory[1] - memory[0]
    print(f"encode            ours {encoding.ours:6.2f} ms  python-escpos          {encoding.peer:6.1f} ms", end="")
    print(f"  ratio {encoding.ratio:5.0f}x  limit {ENCODE_LIMIT:.0f}x")
    print(f"render + encode   ours {whole.ours:6.2f} ms  Pillow + python-escpos {whole.peer:6.1f} ms", end="")
    print(f"  ratio {whole.ratio:5.1f}x  limit {WHOLE_LIMIT:.0f}x")
    print(f"bytes             ours {sizes[0]:6}     python-escpos          {sizes[1]:6}", end="")
    print(f"     {share:4.0%}    limit {BYTES_LIMIT:.0%}")
    print(
        f"over TCP          first byte after {line.first_byte_ms:.1f} ms, limit {FIRST_BYTE_LIMIT_MS:.0f} ms;", end=""
    )
    print(f" finished at {line.over_head:.3f}x of {line.rows} rows ÷ head speed, limit {HEAD_LIMIT}x")
    print(f"1,000 documents   memory {memory[0]:.1f} MiB before, {memory[1]:.1f} after, limit {LEAK_LIMIT_MIB} more")
    kept = {
        "encode": encoding.ratio >= ENCODE_LIMIT,
        "render + encode": whole.ratio >= WHOLE_LIMIT,
        "bytes": share <= BYTES_LIMIT,
        "first byte": line.first_byte_ms <= FIRST_BYTE_LIMIT_MS,
        "head-bound": line.over_head <= HEAD_LIMIT,
        "memory": grown <= LEAK_LIMIT_MIB,
    }
    return [what for what, good in kept.items() if not good]


def report_text(page: Page) -> None:
    found = in_text(page)
    dots, mixed = (line_seconds(count, SERIAL_BAUD) for count in (found.dots, found.mixed))
    print(f"with a font       {found.lines} lines as text: {mixed:.2f} s at {SERIAL_BAUD} baud, all dots {dots:.2f} s")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.printing", description="Times papers and their way out."
    )
    parser.add_argument("--sample", type=Path, default=SAMPLE, help="document as JSON")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(sys.argv[:1])
    problem = load_fonts()
    if isinstance(problem, FontProblem):
        print(problem.remedy)
        return 1
    paper = paper_from_json(options.sample.read_bytes())
    assert isinstance(paper, Paper), paper
    dots, drawn = dots_of(paper), PillowPaper(page_of(paper))
    picture = drawn.paint()
    encoding = take_turns(lambda: encode(dots), lambda: peer_encode(picture), options.rounds)
    whole = take_turns(lambda: encode(dots_of(paper)), lambda: peer_encode(drawn.paint()), options.rounds)
    sizes = len(our_bytes(dots)), len(peer_encode(picture).output)
    with tempfile.TemporaryDirectory(prefix="kiosk-benchmark-") as folder:
        line = measure_line(paper, Path(folder))
    memory = memory_of_documents(paper, options.documents)
    report_text(page_of(paper))
    del application
    broken = report(encoding, whole, sizes, line, memory)
    print(*(f"BROKEN {what}" for what in broken), "" if broken else "all limits kept", sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
