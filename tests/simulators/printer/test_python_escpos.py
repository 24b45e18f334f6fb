"""python-escpos as an independent judge: what it sends must come out as the picture it was given."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from escpos.printer import Network
from PIL import Image

from simulators.printer.font import character_dots
from simulators.printer.line import NARROW, WIDE
from simulators.printer.server import PrinterServer
from tests.eventually import eventually
from tests.simulators.printer.host import Ledger

Picture = npt.NDArray[np.uint8]


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[PrinterServer]:
    printer = PrinterServer(tmp_path / "out", Ledger(), dots=576)
    printer.start()
    yield printer
    printer.close()


@pytest.fixture
def escpos(printer: PrinterServer) -> Iterator[Network]:
    host, port = printer.address.split(":")
    network = Network(host, int(port), timeout=10)
    yield network
    network.close()


def picture(rows: int, columns: int) -> Picture:
    """A tenth of it black at random, with a frame that shows every lost edge."""
    dots = np.random.default_rng(rows).random((rows, columns)) < 0.1
    dots[[0, -1]] = dots[:, [0, -1]] = True
    return np.where(dots, 0, 255).astype(np.uint8)


def only_paper(printer: PrinterServer) -> Picture:
    assert eventually(lambda: len(printer.mechanism.papers) == 1)
    paper = cv2.imread(str(printer.mechanism.papers[0]), cv2.IMREAD_GRAYSCALE)
    assert paper is not None
    return paper.astype(np.uint8)


@pytest.mark.parametrize("rows", [24, 100, 1200])
@pytest.mark.parametrize("columns", [576, 200])
@pytest.mark.parametrize("mode", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_its_three_ways_of_sending_a_picture_print_that_picture(
    printer: PrinterServer, escpos: Network, mode: str, columns: int, rows: int
) -> None:
    given = picture(rows, columns)
    escpos.image(Image.fromarray(given), impl=mode, fragment_height=480)
    escpos.cut()
    paper = only_paper(printer)
    assert np.array_equal(paper[:rows, :columns], given)
    assert (paper[rows:] == 255).all()
    assert (paper[:, columns:] == 255).all()
    assert printer.state()["unknown"] == 0


@pytest.mark.parametrize("mode", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_half_density_is_twice_as_wide_and_high(printer: PrinterServer, escpos: Network, mode: str) -> None:
    given = picture(48, 96)
    escpos.image(
        Image.fromarray(given), impl=mode, high_density_horizontal=False, high_density_vertical=mode == "bitImageColumn"
    )
    escpos.cut()
    down = 1 if mode == "bitImageColumn" else 2
    expected = given.repeat(down, axis=0).repeat(2, axis=1)
    assert np.array_equal(only_paper(printer)[: 48 * down, :192], expected)


def test_text_takes_its_lines_of_double_height_and_is_told(printer: PrinterServer, escpos: Network) -> None:
    given = picture(30, 300)
    escpos.set(align="center", bold=True, double_height=True)
    escpos.textln("Receipt")
    escpos.textln("社保参保证明")
    escpos.image(Image.fromarray(given))
    escpos.cut()
    paper = only_paper(printer)
    assert np.array_equal(paper[96:126, :300], given)
    assert printer.state()["text"] == ["Receipt", "社保参保证明"]
    assert printer.state()["unknown"] == 0


def test_its_chinese_comes_out(printer: PrinterServer, escpos: Network) -> None:
    said = "社保参保证明 2026"
    escpos.textln(said)
    escpos.cut()
    cells = [character_dots(character, NARROW if character.isascii() else WIDE) for character in said]
    line = np.concatenate(cells, axis=1)
    assert np.array_equal(only_paper(printer)[:24, : line.shape[1]] == 0, line)
    assert printer.state()["text"] == [said]


def test_it_reads_the_status(printer: PrinterServer, escpos: Network) -> None:
    assert escpos.is_online()
    assert escpos.paper_status() == 2
    printer.fault("paper-out")
    assert escpos.paper_status() == 0
