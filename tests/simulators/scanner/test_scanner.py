"""The simulated scanner byte by byte, by an ordinary program on its port."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from simulators.scanner.simulator import ScannerSimulator
from tests.simulators.channel import tell


@pytest.fixture
def scanner() -> Iterator[ScannerSimulator]:
    scanner = ScannerSimulator(baud=115200)
    scanner.plug({})
    yield scanner
    scanner.close()


def heard(scanner: ScannerSimulator, request: dict[str, Any], baud: int = 115200) -> bytes:
    with serial.Serial(scanner.address, baud, timeout=10) as port:
        sent = scanner.scan(request)["sent"]
        assert isinstance(sent, int)
        return bytes(port.read(sent))


@pytest.mark.parametrize(
    ("request_members", "expected"),
    [
        ({"text": "养老"}, "e585bbe880810d"),
        ({"text": "A", "suffix": "crlf"}, "410d0a"),
        ({"text": "A", "suffix": "none"}, "41"),
        ({"hex": "00ff0d"}, "00ff0d0d"),
        ({"hex": 414243}, "4142430d"),
        ({"text": 12345}, "31323334350d"),
        ({"text": "A", "garbage": "aa55"}, "aa55410d"),
        ({"text": "", "suffix": "lf"}, "0a"),
        ({"text": "abcdef", "split": 3, "pause_ms": 1}, "6162636465660d"),
    ],
)
def test_a_scan_sends_code_and_suffix(
    scanner: ScannerSimulator, request_members: dict[str, Any], expected: str
) -> None:
    assert heard(scanner, request_members).hex() == expected


def test_text_is_written_in_the_scanner_s_own_character_set() -> None:
    scanner = ScannerSimulator(charset="gb18030", suffix="lf")
    scanner.plug({})
    assert heard(scanner, {"text": "养老"}, baud=9600).hex() == "d1f8c0cf0a"
    scanner.close()


def test_a_host_at_another_rate_hears_noise(scanner: ScannerSimulator) -> None:
    noise = heard(scanner, {"text": "code"}, baud=9600)
    assert len(noise) == 5
    assert all(byte >= 0x80 for byte in noise)


def test_paced_bytes_never_run_ahead_of_the_rate() -> None:
    scanner = ScannerSimulator(baud=9600, paced=True)
    scanner.plug({})
    with serial.Serial(scanner.address, 9600, timeout=10) as port:
        start = time.monotonic()
        sending = threading.Thread(target=scanner.scan, args=({"text": "x" * 99},))
        sending.start()
        for count in range(1, 101):
            assert len(port.read(1)) == 1
            assert time.monotonic() - start >= count * 10 / 9600
        sending.join()
    scanner.close()


def test_what_nobody_takes_is_lost_and_nobody_waits_for_it(scanner: ScannerSimulator) -> None:
    for _ in range(20):
        scanner.scan({"text": "x" * 1000})
    assert scanner.describe({})["scans"] == 20


@pytest.mark.parametrize(
    ("request_members", "problem"),
    [
        ({}, "either text or hex"),
        ({"text": "a", "hex": "41"}, "either text or hex"),
        ({"text": "a", "verdict": "pass"}, "no verdict"),
        ({"hex": "4"}, "hex"),
        ({"hex": 4e10}, "in quotes"),
        ({"text": True}, "in quotes"),
    ],
)
def test_a_scan_that_cannot_be_is_refused(
    scanner: ScannerSimulator, request_members: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        scanner.scan(request_members)


def test_a_pulled_plug_ends_the_port_and_a_scan_under_way() -> None:
    scanner = ScannerSimulator(baud=9600, paced=True)
    scanner.plug({})
    with serial.Serial(scanner.address, 9600, timeout=10) as port:
        sending = threading.Thread(target=scanner.scan, args=({"text": "x" * 100_000},))
        sending.start()
        port.read(1)
        scanner.unplug({})
        sending.join(10)
        assert not sending.is_alive()
        with pytest.raises(serial.SerialException):
            port.read(4096)
    with pytest.raises(ValueError, match="unplugged"):
        scanner.scan({"text": "a"})
    assert scanner.address == ""
    assert scanner.plug({})["address"] == scanner.address != ""
    scanner.close()


def test_the_program_serves_plugs_and_ends(tmp_path: Path) -> None:
    link = tmp_path / "scanner"
    with subprocess.Popen(
        [sys.executable, "-m", "simulators.scanner", "--link", str(link), "--baud", "115200"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())["ready"]
        assert ready["address"] == str(link)
        with serial.Serial(str(link), 115200, timeout=10) as port:
            assert tell(ready["control"], {"do": "scan", "text": "code"}) == {"ok": True, "sent": 5}
            assert port.read(5) == b"code\r"
        assert tell(ready["control"], {"do": "scan"})["ok"] is False
        assert tell(ready["control"], {"do": "unplug"}) == {"ok": True}
        assert not link.is_symlink()
        assert tell(ready["control"], {"do": "plug"}) == {"ok": True, "address": str(link)}
        assert link.is_char_device()
        assert tell(ready["control"], {"do": "state"}) == {"ok": True, "plugged": True, "baud": 115200, "scans": 1}
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 0
        assert not link.is_symlink()
