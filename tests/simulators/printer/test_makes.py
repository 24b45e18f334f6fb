"""What tells one make of printer from another: answers it gives, and answers it never gives."""

from simulators.printer.mechanism import Roll
from simulators.printer.personality import CLONE
from simulators.printer.presenter import Presenter
from tests.eventually import eventually
from tests.simulators.printer.conftest import PlugIn
from tests.simulators.printer.host import CLEAR, CUT, Gate, Host, job_end, raster

ONLINE, OFFLINE = b"\x12", b"\x1a"
FULL_STATUS = b"\x10\x04\x14"
EJECTOR_STATUS = b"\x1de\x06"


def test_an_epson_tells_who_it_is(host: Host) -> None:
    assert host.ask(b"\x1dI\x42", 7) == b"\x5fEPSON\x00"
    assert host.ask(b"\x1dI\x43", 9) == b"\x5fTM-T88V\x00"
    assert host.ask(b"\x1dI\x01\x1dI\x02\x1dI\x03", 3) == b"\x20\x03\x01"


def test_a_clone_answers_status_and_nothing_else(plug_in: PlugIn) -> None:
    clone = plug_in(personality=CLONE)
    assert clone.ask(b"\x10\x04\x02\x10\x04\x03\x10\x04\x04", 3) == b"\x12\x12\x12"
    assert clone.ask(b"\x1da\x0f", 4).hex(" ") == "10 00 00 0f"
    assert clone.is_silent(CLEAR + b"\x1dI\x42" + job_end(b"0000"), ONLINE)
    assert clone.ask(raster(b"\xff") + CUT + b"\x1dr\x01", 1) == b"\x00"
    assert eventually(lambda: len(clone.printer.mechanism.papers) == 1)
    assert clone.paper().shape == (97, 64)


def test_a_clone_keeps_what_it_was_told_to_drop(plug_in: PlugIn) -> None:
    clone = plug_in(personality=CLONE)
    clone.printer.fault("paper-out")
    clone.socket.sendall(raster(b"\xff") + CLEAR + b"\x10\x05\x02")
    assert clone.is_silent(b"", OFFLINE)
    clone.printer.fault("paper-in")
    clone.ask(CUT + b"\x1dr\x01", 1)
    assert eventually(lambda: len(clone.printer.mechanism.papers) == 1)
    assert (clone.paper()[0, :8] == 0).all()


def test_a_clone_answers_before_the_paper_is_there(plug_in: PlugIn) -> None:
    gate = Gate()
    clone = plug_in(gate, personality=CLONE)
    clone.printer.fault("paper-out", after_rows=3)
    assert clone.ask(raster(*[b"\xff"] * 100) + CUT + b"\x1dr\x01", 1) == b"\x00"
    gate.open.set()
    assert eventually(lambda: clone.ask(b"\x10\x04\x01", 1) == OFFLINE)
    assert clone.printer.mechanism.rows_printed == 3


def test_what_a_clone_took_in_dies_with_the_power(plug_in: PlugIn) -> None:
    gate = Gate()
    clone = plug_in(gate, personality=CLONE)
    clone.ask(raster(*[b"\xff"] * 100) + CUT + b"\x1dr\x01", 1)
    clone.printer.power_off()
    gate.open.set()
    clone.printer.power_on()
    again = Host(clone.printer, clone.pace)
    again.ask(raster(b"\xff") + CUT + b"\x1dr\x01", 1)
    assert eventually(lambda: len(clone.printer.mechanism.papers) == 1)
    assert clone.paper().shape[0] == 97
    again.socket.close()


def test_an_epson_answers_when_the_paper_is_there(plug_in: PlugIn) -> None:
    gate = Gate()
    epson = plug_in(gate)
    epson.socket.sendall(raster(b"\xff") + job_end(b"0000"))
    assert epson.is_silent(b"", ONLINE)
    gate.open.set()
    assert epson.ask(b"", 7) == b"\x37\x220000\x00"


def test_an_error_waits_for_the_technician_and_for_the_host(host: Host) -> None:
    host.printer.fault("cutter")
    host.socket.sendall(b"\x10\x05\x01")
    assert host.is_silent(b"", OFFLINE)
    host.printer.fault("mend")
    assert host.is_silent(b"", OFFLINE)
    host.socket.sendall(b"\x10\x05\x01")
    assert host.is_silent(b"", ONLINE)


def test_recovery_goes_on_with_the_job_or_drops_it(host: Host) -> None:
    for command, rows in ((b"\x10\x05\x01", 10), (b"\x10\x05\x02", 4)):
        before = host.printer.mechanism.rows_printed
        host.printer.fault("jam", after_rows=4)
        host.ask(b"\x1da\x0f", 4)
        host.ask(raster(*[b"\xff"] * 10), 4)
        host.printer.fault("mend")
        host.ask(command, 4)
        host.ask(job_end(b"0000"), 7)
        assert host.printer.mechanism.rows_printed - before == rows


def test_a_hot_head_goes_on_by_itself(host: Host) -> None:
    host.printer.fault("hot", after_rows=3)
    host.ask(b"\x1da\x0f", 4)
    assert host.ask(raster(*[b"\xff"] * 10), 4).hex(" ") == "18 40 00 0f"
    host.printer.fault("cool")
    assert host.ask(job_end(b"0000"), 11).hex(" ") == "10 00 00 0f 37 22 30 30 30 30 00"
    assert host.printer.mechanism.rows_printed == 10


def test_the_pulse_of_a_drawer_can_be_forbidden(host: Host) -> None:
    pulse = b"\x10\x14\x01\x00\x01"
    host.ask(pulse + job_end(b"0000"), 7)
    host.ask(b"\x1d(D\x05\x00\x14\x01\x00\x02\x00" + job_end(b"0000"), 7)
    host.ask(pulse + job_end(b"0000"), 7)
    assert host.printer.pulses == 1
    assert host.printer.state()["unknown"] == 0


def test_no_presenter_no_full_status(host: Host) -> None:
    assert host.is_silent(FULL_STATUS, ONLINE)


def test_a_ticket_in_the_mouth_is_seen_until_it_is_taken(plug_in: PlugIn) -> None:
    kiosk = plug_in(presenter=Presenter())
    assert kiosk.ask(FULL_STATUS, 6).hex(" ") == "10 0f 00 00 00 00"
    kiosk.ask(raster(b"\xff") + CUT + job_end(b"0000"), 7)
    assert kiosk.ask(FULL_STATUS, 6).hex(" ") == "10 0f 20 00 00 00"
    assert kiosk.ask(EJECTOR_STATUS, 1) == b"\x08"
    kiosk.printer.fault("ticket-take")
    assert kiosk.ask(FULL_STATUS, 6).hex(" ") == "10 0f 00 00 00 00"
    assert kiosk.printer.state()["presenter"]["taken"] == kiosk.printer.state()["papers"]


def test_a_ticket_is_retracted_or_ejected_by_the_host_and_pushed_out_by_the_next(plug_in: PlugIn) -> None:
    kiosk = plug_in(presenter=Presenter())
    ticket = raster(b"\xff") + CUT
    kiosk.ask(ticket + b"\x1de\x02" + ticket + b"\x1de\x05" + ticket + ticket + job_end(b"0000"), 7)
    first, second, third, fourth = kiosk.printer.state()["papers"]
    presenter = kiosk.printer.state()["presenter"]
    assert (presenter["retracted"], presenter["ejected"]) == ([first], [second, third])
    assert (presenter["mouth"], presenter["taken"]) == (fourth, [])


def test_attentive_citizens_leave_no_ticket(plug_in: PlugIn) -> None:
    kiosk = plug_in(presenter=Presenter(attentive=True))
    kiosk.ask(raster(b"\xff") + CUT + job_end(b"0000"), 7)
    assert kiosk.ask(EJECTOR_STATUS, 1) == b"\x00"


def test_automatic_full_status_tells_when_the_ticket_goes(plug_in: PlugIn) -> None:
    kiosk = plug_in(presenter=Presenter())
    assert kiosk.ask(b"\x1d\xe0\x0f" + raster(b"\xff") + CUT, 6).hex(" ") == "10 0f 20 00 00 00"
    kiosk.printer.fault("ticket-take")
    assert kiosk.ask(b"", 6).hex(" ") == "10 0f 00 00 00 00"


def test_a_full_presenter_stops_the_printer(plug_in: PlugIn) -> None:
    kiosk = plug_in(presenter=Presenter())
    kiosk.ask(raster(b"\xff") + CUT + job_end(b"0000"), 7)
    kiosk.printer.fault("presenter-full")
    assert kiosk.ask(b"\x10\x04\x01", 1) == OFFLINE
    assert kiosk.ask(FULL_STATUS, 6).hex(" ") == "10 0f 20 00 40 00"
    kiosk.printer.fault("presenter-emptied")
    assert kiosk.ask(b"\x10\x04\x01", 1) == ONLINE


def test_a_roll_gets_low_and_ends_and_a_fresh_one_begins(plug_in: PlugIn) -> None:
    host = plug_in(roll=Roll(mm=20, near_end_mm=5))
    host.ask(b"\x1da\x0f", 4)
    assert host.ask(raster(*[b"\xff"] * 200), 8).hex(" ") == "10 00 03 0f 18 00 0f 0f"
    assert host.printer.state()["paper_left_mm"] == 0
    assert (host.printer.state()["rows"], host.printer.state()["rows_hanging"]) == (160, 160)
    host.printer.fault("paper-in")
    assert host.ask(job_end(b"0000"), 11).hex(" ") == "10 00 00 0f 37 22 30 30 30 30 00"
    assert host.printer.state()["paper_left_mm"] == 15


def test_a_presenter_tells_how_much_paper_is_left(plug_in: PlugIn) -> None:
    kiosk = plug_in(presenter=Presenter(), roll=Roll(mm=5100))
    assert kiosk.ask(b"\x1d\xe1", 5) == b"510cm"


def test_what_was_taken_back_is_out_of_reach(plug_in: PlugIn) -> None:
    kiosk = plug_in(presenter=Presenter())
    kiosk.ask(raster(b"\xff") + CUT + b"\x1de\x02" + raster(b"\xff") + CUT + job_end(b"0000"), 7)
    state = kiosk.printer.state()
    assert state["within_reach"] == state["papers"][1:]
