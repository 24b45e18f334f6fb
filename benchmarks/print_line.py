"""One paper on its way to a printer of real speed: when its first byte leaves, and when its last row is on paper."""

import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from devices.printer.escpos.driver import EscposPrinter
from devices.printer.escpos.settings import EscposSettings
from kiosk.app.system import SystemClock
from kiosk.cli.demo.hall import Hall
from kiosk.domain.paper import Paper
from kiosk.ports.printer import Printed
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.store import Store

MM_A_SECOND = 200.0
ROWS_A_MM = 8
PAPERS = 5
STORE_BYTES = 1 << 24
_RASTER = b"\x1dv0"


@dataclass(frozen=True, slots=True)
class Line:
    """Medians of several papers. ``first_byte_ms`` from the command to the page's first byte on the wire; ``over_head``
    from there to the printer's word that the last of ``rows`` is on paper, over what the head alone needs for them."""

    first_byte_ms: float
    over_head: float
    rows: int


@dataclass
class Tap:
    """Passes bytes on between terminal and printer, and notes when the page's first one came by."""

    printer: tuple[str, int]
    first_byte: float | None = None
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def start(self) -> None:
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                terminal, _ = self._listener.accept()
                printer = socket.create_connection(self.printer)
            except OSError:
                return
            threading.Thread(target=self._pass, args=(terminal, printer, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(printer, terminal, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, outward: bool) -> None:
        try:
            while data := source.recv(4096):
                if outward and self.first_byte is None and _RASTER in data:
                    self.first_byte = time.monotonic()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return


def measure_line(paper: Paper, folder: Path) -> Line:
    """Prints on the simulator, a process of its own; the first paper is not counted."""
    with Hall(folder) as hall:
        program = hall.start("printer", "simulate", "printer", "--speed", f"{MM_A_SECOND:g}", "--out", str(folder))
        host, _, port = program.address.removeprefix("tcp://").partition(":")
        tap = Tap((host, int(port)))
        tap.start()
        journal = DurablePrintJournal(Store(folder / "terminal.sqlite", STORE_BYTES))
        printer = EscposPrinter(EscposSettings(address=f"tcp://127.0.0.1:{tap.port}"), SystemClock(), journal)
        firsts: list[float] = []
        overs: list[float] = []
        rows = 0
        for number in range(PAPERS + 1):
            before = program.do("state")["rows"]
            tap.first_byte, began = None, time.monotonic()
            verdict = printer.print(paper, f"paper-{number}")
            ended = time.monotonic()
            assert isinstance(verdict, Printed), verdict
            assert tap.first_byte is not None
            rows = program.do("state")["rows"] - before
            firsts.append((tap.first_byte - began) * 1000)
            overs.append((ended - tap.first_byte) / (rows / ROWS_A_MM / MM_A_SECOND))
        printer.close()
        tap.close()
    return Line(median(firsts[1:]), median(overs[1:]), rows)
