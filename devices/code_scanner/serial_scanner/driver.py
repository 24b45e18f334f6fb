"""A code scanner on a serial port (RS-232 or USB CDC-ACM), which sends every code followed by its suffix."""

import select

import serial

from devices.code_scanner.intake import GIVEN_UP_S, Framing
from devices.code_scanner.listening import ListeningScanner
from devices.code_scanner.serial_scanner.settings import SerialScannerSettings
from kiosk.ports.clock import Clock

_FRAMINGS = {
    "cr": Framing(b"\r", GIVEN_UP_S, gap_ends=False),
    "lf": Framing(b"\n", GIVEN_UP_S, gap_ends=False),
    "crlf": Framing(b"\r\n", GIVEN_UP_S, gap_ends=False),
    "none": Framing(b""),
}


class _Port:
    """The open port, held against every other program."""

    def __init__(self, settings: SerialScannerSettings) -> None:
        self._port = serial.Serial(settings.port, settings.baud, timeout=0, exclusive=True)

    def receive(self, wait_s: float) -> bytes:
        ready, _, _ = select.select([self._port], [], [], wait_s)
        return bytes(self._port.read(max(1, self._port.in_waiting))) if ready else b""

    def close(self) -> None:
        self._port.close()


class SerialScanner(ListeningScanner):
    """Faults: port-gone, port-busy, port-denied."""

    def __init__(self, settings: SerialScannerSettings, clock: Clock) -> None:
        super().__init__("port", lambda: _Port(settings), _FRAMINGS[settings.suffix], settings.charset, clock)
