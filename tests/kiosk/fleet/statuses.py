"""How a terminal of the tests is."""

from dataclasses import replace
from datetime import datetime

from kiosk.domain.china_time import CHINA
from kiosk.ports.fleet_status import DeviceLine, QueueFigures, TerminalStatus

AT = datetime(2026, 11, 27, 9, 0, tzinfo=CHINA)

WELL = TerminalStatus(
    at=AT,
    since=datetime(2026, 11, 27, 7, 30, tzinfo=CHINA),
    version="0.1.0",
    closed_by=None,
    devices=(DeviceLine("id-card", ok=True), DeviceLine("printer", ok=True), DeviceLine("platform", ok=True)),
    queue=QueueFigures(waiting=0, dead=0, oldest_s=None),
    paper="enough",
    paper_left_mm=61_000,
    disk_free_mb=5_120,
)


def closed(by: str, at: datetime = AT) -> TerminalStatus:
    return replace(WELL, at=at, closed_by=by, devices=(DeviceLine("id-card", ok=False, reason="port-gone"),))
