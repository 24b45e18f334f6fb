from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from simulators.printer.pace import Pace
from simulators.printer.server import PrinterServer
from tests.simulators.printer.host import Host, Ledger

PlugIn = Callable[..., Host]


@pytest.fixture
def plug_in(tmp_path: Path) -> Iterator[PlugIn]:
    """Starts a printer with the options of ``PrinterServer`` and connects a host to it."""
    hosts: list[Host] = []

    def plug(pace: Pace | None = None, **options: Any) -> Host:
        ledger = Ledger()
        printer = PrinterServer(tmp_path / "out", pace or ledger, **{"dots": 64, "mm_per_second": 100, **options})
        printer.start()
        hosts.append(Host(printer, ledger))
        return hosts[-1]

    yield plug
    for host in hosts:
        host.socket.close()
        host.printer.close()


@pytest.fixture
def host(plug_in: PlugIn) -> Host:
    return plug_in()
