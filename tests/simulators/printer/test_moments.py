"""Faults strike at the moment they are set to, and power that goes leaves what a citizen could tear off."""

import numpy as np
import pytest

from simulators.printer.__main__ import verbs
from simulators.printer.agenda import Agenda, Moment, Progress, moment_of
from tests.eventually import eventually
from tests.simulators.printer.conftest import PlugIn
from tests.simulators.printer.host import CLEAR, CUT, Host, job_end, raster

JOB = raster(*[b"\xff"] * 50) + CUT + job_end(b"0000")
AUTO_STATUS = b"\x1da\x0f"


def do(host: Host, verb: str, **request: object) -> None:
    verbs(host.printer)[verb](request)


def names(host: Host) -> list[str]:
    return [path.name for path in host.printer.mechanism.papers]


@pytest.mark.parametrize(
    ("request_", "moment"),
    [
        ({}, Moment()),
        ({"after_rows": 3}, Moment(Progress.ROWS, 3)),
        ({"after_bytes": 5}, Moment(Progress.BYTES, 5)),
        ({"at": "cut"}, Moment(Progress.CUTS_BEGUN, 1)),
        ({"at": "after-cut"}, Moment(Progress.CUTS_DONE, 1)),
    ],
)
def test_a_moment_is_read_from_a_request(request_: dict[str, object], moment: Moment) -> None:
    assert moment_of(request_) == moment


@pytest.mark.parametrize("request_", [{"at": "lunch"}, {"after_rows": 1, "at": "cut"}, {"after_bytes": "x"}])
def test_a_moment_that_is_none_is_refused(request_: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"at is|either|invalid literal"):
        moment_of(request_)


def test_an_agenda_runs_each_entry_once_when_it_is_due() -> None:
    agenda, ran = Agenda(), list[str]()
    agenda.advance(Progress.ROWS, 10)
    agenda.add(Moment(Progress.ROWS, 3), lambda: ran.append("third row"))
    agenda.add(Moment(Progress.BYTES, 2), lambda: ran.append("second byte"))
    assert agenda.until_next(Progress.ROWS, 100) == 3
    agenda.advance(Progress.ROWS, 2)
    assert ran == []
    agenda.advance(Progress.ROWS, 5)
    agenda.advance(Progress.ROWS, 5)
    assert ran == ["third row"]


@pytest.mark.parametrize(("at", "papers"), [("cut", 0), ("after-cut", 1)])
def test_a_cutter_sticks_before_or_after_the_paper_fell(host: Host, at: str, papers: int) -> None:
    do(host, "cutter", at=at)
    host.ask(AUTO_STATUS, 4)
    assert host.ask(JOB, 4).hex(" ") == "18 08 00 0f"
    assert len(names(host)) == papers
    do(host, "cover-close")
    assert host.ask(b"", 11)[4:] == b"\x37\x220000\x00"
    assert len(names(host)) == 1


def test_paper_ends_after_so_many_bytes(host: Host) -> None:
    do(host, "paper-out", after_bytes=30)
    host.ask(AUTO_STATUS, 4)
    assert host.ask(JOB, 4).hex(" ") == "18 00 0f 0f"
    assert host.printer.mechanism.rows_printed <= 30 - len(AUTO_STATUS) - 8


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ({"after_rows": 20}, ["paper-001-torn.png"]),
        ({"at": "cut"}, ["paper-001-torn.png"]),
        ({"at": "after-cut"}, ["paper-001.png"]),
        ({"after_bytes": 8}, []),
    ],
)
def test_power_that_goes_leaves_what_was_on_paper(host: Host, moment: dict[str, object], expected: list[str]) -> None:
    do(host, "power-off", **moment)
    host.socket.sendall(JOB)
    assert eventually(lambda: host.printer.state()["powered"] is False and names(host) == expected)
    printed = host.printer.mechanism.rows_printed
    do(host, "power-on")
    with pytest.raises(ConnectionResetError):
        host.socket.recv(1)
    again = Host(host.printer, host.pace)
    assert again.ask(job_end(b"1111"), 7) == b"\x37\x221111\x00"
    assert host.printer.mechanism.rows_printed == printed
    again.socket.close()


def test_a_torn_strip_shows_every_row_that_was_burnt_and_no_more(host: Host) -> None:
    do(host, "power-off", after_rows=20)
    host.socket.sendall(JOB)
    assert eventually(lambda: len(names(host)) == 1)
    assert host.paper().shape == (20, 64)
    assert np.count_nonzero(host.paper() == 0) == 20 * 8


def test_the_next_paper_after_a_power_cut_begins_clean(host: Host) -> None:
    do(host, "power-off", after_rows=20)
    host.socket.sendall(b"\x1b3\xff" + JOB)
    assert eventually(lambda: len(names(host)) == 1)
    do(host, "power-on")
    again = Host(host.printer, host.pace)
    again.ask(b"\n" + raster(b"\xff") + CUT + job_end(b"0000"), 7)
    assert again.paper().shape == (30 + 1 + 96, 64)
    again.socket.close()


def test_without_power_nothing_is_heard_and_nobody_is_told(host: Host) -> None:
    do(host, "power-off")
    do(host, "power-off")
    host.socket.sendall(b"\x10\x04\x01")
    host.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        host.socket.recv(1)
    do(host, "speak")
    with pytest.raises(TimeoutError):
        host.socket.recv(1)
    do(host, "power-on")
    do(host, "power-on")


def test_power_goes_while_the_printer_waits_for_paper(host: Host) -> None:
    do(host, "paper-out", after_rows=10)
    host.socket.sendall(JOB)
    assert eventually(lambda: host.printer.mechanism.stopped)
    do(host, "power-off")
    assert names(host) == ["paper-001-torn.png"]
    do(host, "paper-in")
    do(host, "power-on")
    assert host.printer.mechanism.rows_printed == 10


@pytest.mark.parametrize("verb", ["unplug", "reset"])
@pytest.mark.parametrize("moment", [{"after_rows": 5}, {"at": "cut"}, {"after_bytes": 70}])
def test_a_link_that_breaks_does_not_stop_the_paper(host: Host, verb: str, moment: dict[str, object]) -> None:
    do(host, verb, **moment)
    host.socket.sendall(raster(*[b"\xff"] * 50) + CUT + b"\n" * 10)
    with pytest.raises(ConnectionResetError):
        host.socket.recv(1)
    assert eventually(lambda: names(host) == ["paper-001.png"])
    do(host, "plug")
    again = Host(host.printer, host.pace)
    assert again.ask(b"\x10\x04\x01", 1) == b"\x12"
    again.socket.close()


def test_a_broken_link_is_felt_although_the_buffer_is_full(plug_in: PlugIn) -> None:
    host = plug_in(buffer=64)
    do(host, "paper-out")
    host.socket.sendall(raster(*[b"\xff"] * 200))
    assert host.ask(b"", 0) == b""
    assert eventually(lambda: host.printer.bytes_received > 64)
    do(host, "reset")
    with pytest.raises(ConnectionResetError):
        host.socket.recv(1)


def test_clearing_inside_a_picture_drops_the_picture(host: Host) -> None:
    """What a page does that was not masked: its own dots are commands."""
    rows = [b"\xff" * 8] * 20 + [CLEAR[:8], CLEAR[8:] + b"\xff" * 6] + [b"\x00" * 8] * 20
    do(host, "cover-open")
    assert host.ask(raster(*rows), 3) == b"\x37\x25\x00"
    do(host, "cover-close")
    host.ask(job_end(b"0000"), 7)
    assert host.printer.mechanism.rows_printed == 0
    assert host.printer.state()["unknown"] > 0


def test_a_picture_can_ask_for_status_and_open_a_drawer(host: Host) -> None:
    dots = b"\x10\x04\x02\x10\x14\x01\x00\x01"
    assert host.ask(raster(dots) + b"\x1dV\x00" + job_end(b"0000"), 8) == b"\x12\x37\x220000\x00"
    assert host.printer.pulses == 1
    assert np.packbits(host.paper()[0] == 0).tobytes() == dots
