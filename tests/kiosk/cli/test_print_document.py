"""``kiosk print``: words, JSON and exit codes for every destination."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import pytest
import zxingcpp
from PySide6.QtGui import QGuiApplication
from typer.testing import CliRunner

from devices.printer.a4.settings import A4CupsSettings
from kiosk.cli import print_document
from kiosk.cli.print_document import app
from kiosk.documents.paper_document import paper_to_json
from simulators.printer.personality import CLONE
from simulators.printer.server import PrinterServer
from tests.eventually import eventually
from tests.kiosk.documents.specimens import NUMBER, VERIFICATION, specimens

RUNNER = CliRunner()


class NoPace:
    def wait(self, seconds: float) -> None:
        pass


@pytest.fixture
def document(tmp_path: Path, qapp: QGuiApplication) -> str:
    path = tmp_path / "paper.json"
    path.write_bytes(paper_to_json(specimens()["pending"]))
    return str(path)


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[PrinterServer]:
    server = PrinterServer(tmp_path / "papers", NoPace())
    server.start()
    yield server
    server.close()


def test_over_tcp(document: str, simulator: PrinterServer) -> None:
    result = RUNNER.invoke(app, [document, "--to", f"tcp://{simulator.address}", "--json"])
    answer = json.loads(result.output)
    assert result.exit_code == 0
    assert answer.keys() == {"verdict", "job", "bytes", "ms"}
    assert (answer["verdict"], answer["job"]) == ("printed", NUMBER.value)
    assert answer["bytes"] > 10_000
    picture = cv2.imread(str(simulator.mechanism.papers[0]), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [VERIFICATION.qr_text]


def test_not_printed_has_its_reason_and_exit_code(document: str, simulator: PrinterServer) -> None:
    simulator.fault("paper-out")
    result = RUNNER.invoke(app, [document, "--to", f"tcp://{simulator.address}", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.output)["reason"] == "media-empty"


def test_unknown_has_an_exit_code_of_its_own(document: str, simulator: PrinterServer) -> None:
    simulator.fault("cover-open", after_rows=300)
    result = RUNNER.invoke(app, [document, "--to", f"tcp://{simulator.address}"])
    assert result.exit_code == 3
    assert "unknown (cover-open)" in result.output


@pytest.mark.parametrize(("width", "dots"), [("80", 576), ("58", 384)])
def test_as_a_picture(document: str, tmp_path: Path, width: str, dots: int) -> None:
    target = tmp_path / "paper.png"
    result = RUNNER.invoke(app, [document, "--to", f"png:{target}", "--width", width, "--json"])
    assert json.loads(result.output)["verdict"] == "written"
    picture = cv2.imread(str(target), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert picture.shape[1] == dots


def test_as_bytes(document: str, tmp_path: Path) -> None:
    target = tmp_path / "paper.bin"
    assert RUNNER.invoke(app, [document, "--to", f"file:{target}"]).exit_code == 0
    data = target.read_bytes()
    assert data.startswith(b"\x1b@")
    assert data.endswith(b"\x1dVB\x00")


def test_as_a_sheet(document: str, tmp_path: Path) -> None:
    target = tmp_path / "paper.pdf"
    assert RUNNER.invoke(app, [document, "--to", f"pdf:{target}"]).exit_code == 0
    assert target.read_bytes().startswith(b"%PDF")


def test_a_clone_by_its_profile(document: str, tmp_path: Path) -> None:
    clone = PrinterServer(tmp_path / "papers", NoPace(), personality=CLONE)
    clone.start()
    result = RUNNER.invoke(app, [document, "--to", f"tcp://{clone.address}", "--profile", "snbc", "--json"])
    assert json.loads(result.output)["verdict"] == "printed"
    assert eventually(lambda: len(clone.mechanism.papers) == 1), "its word comes before its last rows"
    clone.close()


def test_a_queue_that_is_not_there(document: str) -> None:
    result = RUNNER.invoke(app, [document, "--to", "cups-raw:no-such-queue", "--json"])
    assert (result.exit_code, json.loads(result.output)["reason"]) == (1, "unreachable")


def test_a_file_that_cannot_be_written(document: str, tmp_path: Path) -> None:
    result = RUNNER.invoke(app, [document, "--to", f"png:{tmp_path / 'absent' / 'paper.png'}"])
    assert result.exit_code == 1
    assert "cannot write" in result.output


@pytest.mark.parametrize("server", ["/run/no-such-folder/cups.sock", "127.0.0.1:1"])
def test_a_sheet_without_cups_is_unreachable(document: str, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_document, "A4CupsSettings", partial(A4CupsSettings, server=server))
    result = RUNNER.invoke(app, [document, "--to", "cups:hall", "--json"])
    assert (result.exit_code, json.loads(result.output)["reason"]) == (1, "unreachable")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--to", "lpt:1"],
        ["--to", "tcp://"],
        ["--to", "cups:no such queue"],
        ["--to", "serial:/dev/ttyS0?baud=12"],
        ["--to", "tcp://127.0.0.1:9100", "--profile", "elsewhere.toml"],
        ["--to", "tcp://127.0.0.1:9100", "--profile", "epson-t88iii"],
        ["--to", "png:x.png", "--width", "76"],
    ],
)
def test_wrong_arguments(document: str, arguments: list[str]) -> None:
    assert RUNNER.invoke(app, [document, *arguments]).exit_code == 2


def test_what_is_no_paper(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"hall": 1}')
    assert RUNNER.invoke(app, [str(path), "--to", "png:x.png"]).exit_code == 2
