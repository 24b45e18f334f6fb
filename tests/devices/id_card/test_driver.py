"""The driver on a bad line and with bad cards: recovery first, then a typed answer."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.id_card.sam.driver import ChipNumber, SamReader
from devices.id_card.sam.settings import SamSettings
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.id_card import CardRead, CardReading, CardUnreadable, NoCard, ReaderFault, WrongCard
from simulators.card_reader.simulator import CardReaderSimulator
from tests.devices.id_card.conftest import made_up_picture
from tests.devices.id_card.specimens import RESIDENT


class ShiftedClock:
    """The machine's monotonic time plus what ``advance`` has added."""

    def __init__(self) -> None:
        self._shift = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic() + self._shift

    def advance(self, seconds: float) -> None:
        self._shift += seconds


class SkippedWait:
    """A cancel signal nobody sets; waiting on it moves the clock instead of standing still."""

    def __init__(self, clock: ShiftedClock) -> None:
        self._clock = clock
        self.waits: list[float] = []

    def is_set(self) -> bool:
        return False

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.waits.append(timeout)
        self._clock.advance(timeout)
        return False


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
def never(clock: ShiftedClock) -> SkippedWait:
    return SkippedWait(clock)


def reader_on(simulator: CardReaderSimulator, clock: ShiftedClock, patience_s: float = 0.6) -> SamReader:
    settings = SamSettings(
        port=simulator.address,
        command_timeout_s=patience_s,
        read_timeout_s=patience_s,
        gap_timeout_s=patience_s / 2,
    )
    return SamReader(settings, clock)


def read_with(
    simulator: CardReaderSimulator, clock: ShiftedClock, fault: dict[str, object], patience_s: float = 0.6
) -> tuple[CardReading, list[str]]:
    simulator.insert_card(dict(RESIDENT))
    simulator.set_fault(fault)
    reader = reader_on(simulator, clock, patience_s)
    try:
        reading = reader.read_card(30, SkippedWait(clock))
    finally:
        reader.close()
    return reading, simulator.describe({})["heard"]


@pytest.mark.parametrize("command", ["2001", "2002", "3001"])
@pytest.mark.parametrize(
    "kind", ["garbage-prefix", "lost-first-byte", "bad-checksum", "truncate", "over-long", "silence", "stuck"]
)
def test_one_bad_answer_is_got_over(
    simulator: CardReaderSimulator, clock: ShiftedClock, kind: str, command: str
) -> None:
    reading, heard = read_with(simulator, clock, {"kind": kind, "command": command})
    assert isinstance(reading, CardRead)
    tolerated = kind in ("garbage-prefix", "lost-first-byte")
    assert heard.count(command) == (1 if tolerated else 2)


@pytest.mark.parametrize("status", ["10", "11", "24"])
def test_a_slip_of_the_module_is_repeated(simulator: CardReaderSimulator, clock: ShiftedClock, status: str) -> None:
    reading, heard = read_with(simulator, clock, {"kind": "status", "status": status, "command": "3001"})
    assert isinstance(reading, CardRead)
    assert heard.count("3001") == 2


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("bad-checksum", CardUnreadable("bad-checksum")),
        ("truncate", CardUnreadable("truncated")),
        ("over-long", CardUnreadable("bad-length")),
        ("silence", ReaderFault("no-answer")),
        ("stuck", ReaderFault("noise")),
    ],
)
def test_a_line_that_stays_bad_is_tried_three_times(
    simulator: CardReaderSimulator, clock: ShiftedClock, kind: str, answer: CardReading
) -> None:
    reading, heard = read_with(simulator, clock, {"kind": kind, "command": "3001", "lasting": True}, 0.3)
    assert reading == answer
    assert heard.count("3001") == 3


@pytest.mark.parametrize("kind", ["bad-checksum", "truncate", "over-long", "silence", "stuck"])
def test_a_bad_line_before_any_card_is_the_reader_s_fault(
    simulator: CardReaderSimulator, clock: ShiftedClock, kind: str
) -> None:
    reading, _ = read_with(simulator, clock, {"kind": kind, "lasting": True}, 0.3)
    assert isinstance(reading, ReaderFault)


@pytest.mark.parametrize(
    ("command", "status", "answer"),
    [
        ("3001", "31", CardUnreadable("card-rejects-reader")),
        ("3001", "32", CardUnreadable("reader-rejects-card")),
        ("3001", "33", CardUnreadable("message-check")),
        ("3001", "41", CardUnreadable("read")),
        ("3001", "47", CardUnreadable("random-number")),
        ("3001", "80", CardUnreadable("card-gone")),
        ("3001", "90", CardUnreadable("unexpected-answer")),
        ("3001", "3F", CardUnreadable("status-3f")),
        ("3001", "10", CardUnreadable("repeated-in-vain")),
        ("3001", "40", WrongCard()),
        ("2002", "40", WrongCard()),
        ("2001", "40", WrongCard()),
        ("2002", "81", CardUnreadable("select")),
        ("2001", "60", ReaderFault("self-test")),
        ("2001", "66", ReaderFault("not-authorised")),
        ("3001", "66", ReaderFault("not-authorised")),
        ("2001", "21", ReaderFault("command-refused")),
        ("2001", "31", CardUnreadable("card-rejects-reader")),
    ],
)
def test_statuses_of_the_module(
    simulator: CardReaderSimulator, clock: ShiftedClock, command: str, status: str, answer: CardReading
) -> None:
    reading, _ = read_with(simulator, clock, {"kind": "status", "status": status, "command": command, "lasting": True})
    assert reading == answer


def test_a_select_that_fails_once_is_repeated(simulator: CardReaderSimulator, clock: ShiftedClock) -> None:
    reading, heard = read_with(simulator, clock, {"kind": "status", "status": "81", "command": "2002"})
    assert isinstance(reading, CardRead)
    assert heard == ["2001", "2002", "2002", "3001"]


def test_looks_are_at_least_300_ms_apart_and_end_in_time(
    simulator: CardReaderSimulator, clock: ShiftedClock, never: SkippedWait
) -> None:
    reader = reader_on(simulator, clock)
    start = clock.monotonic()
    assert reader.read_card(20, never) == NoCard()
    assert 20 <= clock.monotonic() - start <= 23
    reader.close()
    assert all(wait >= 0.3 for wait in never.waits[:-1])
    assert simulator.describe({})["heard"] == ["2001"] * len(never.waits)
    assert 50 <= len(never.waits) <= 67


def test_steps_are_timed(simulator: CardReaderSimulator, clock: ShiftedClock, never: SkippedWait) -> None:
    reader = reader_on(simulator, clock)
    assert reader.last_steps is None
    simulator.insert_card(dict(RESIDENT))
    reader.read_card(5, never)
    steps = reader.last_steps
    assert steps is not None
    assert steps.total_ms == steps.find_ms + steps.select_ms + steps.read_ms > 0
    reader.read_card(0, never)
    reader.close()
    assert reader.last_steps is None


def test_a_reader_plugged_in_again_works_again(tmp_path: Path, clock: ShiftedClock, never: SkippedWait) -> None:
    simulator = CardReaderSimulator(made_up_picture, link=tmp_path / "reader")
    reader = reader_on(simulator, clock)
    assert reader.status() == Unavailable("port-gone", "Check the reader's cable and the port in the settings")
    simulator.plug({})
    assert isinstance(reader.status(), Ready)
    simulator.unplug({})
    assert reader.read_card(5, never) == ReaderFault("port-gone")
    simulator.plug({})
    simulator.insert_card(dict(RESIDENT))
    assert isinstance(reader.read_card(5, never), CardRead)
    simulator.unplug({})
    assert reader.wait_until_removed(1, never), "a reader that cannot tell keeps nobody waiting"
    reader.close()
    simulator.close()


def test_status_of_a_broken_module(simulator: CardReaderSimulator, clock: ShiftedClock) -> None:
    simulator.set_fault({"kind": "status", "status": "60", "lasting": True})
    reader = reader_on(simulator, clock)
    status = reader.status()
    reader.close()
    assert isinstance(status, Unavailable)
    assert status.reason == "self-test"


def test_a_module_that_tells_no_number_is_ready_all_the_same(
    simulator: CardReaderSimulator, clock: ShiftedClock
) -> None:
    simulator.set_fault({"kind": "status", "status": "21", "command": "12FF"})
    reader = reader_on(simulator, clock)
    assert reader.status() == Ready("")
    reader.close()


def test_a_paced_line_carries_a_whole_card(clock: ShiftedClock) -> None:
    simulator = CardReaderSimulator(made_up_picture, monotonic=time.monotonic)
    simulator.plug({})
    simulator.insert_card({**RESIDENT, "portrait": "gradient"})
    reader = SamReader(SamSettings(port=simulator.address), clock)
    reading = reader.read_card(5, threading.Event())
    reader.close()
    simulator.close()
    assert isinstance(reading, CardRead)
    assert reading.photo.data[8:12] == b"RIFF"


OTHER = {**RESIDENT, "name": "测试丙", "address": "江西省赣州市测试区测试路9号"}


@pytest.mark.parametrize("at", [None, 0, 1, 7, 300, 1294])
def test_a_card_pulled_in_the_middle_of_its_answer(
    simulator: CardReaderSimulator, clock: ShiftedClock, at: int | None
) -> None:
    simulator.insert_card(dict(RESIDENT))
    place = {} if at is None else {"at": at}
    simulator.set_fault({"kind": "card-pulled", "command": "3001", **place})
    reader = reader_on(simulator, clock)
    reading = reader.read_card(5, SkippedWait(clock))
    assert isinstance(reading, CardUnreadable)
    assert reader.read_card(0, SkippedWait(clock)) == NoCard()
    assert reader.wait_until_removed(1, SkippedWait(clock))
    reader.close()


@pytest.mark.parametrize(("command", "reason"), [("2001", "select"), ("2002", "read")])
def test_a_card_pulled_between_two_commands(
    simulator: CardReaderSimulator, clock: ShiftedClock, command: str, reason: str
) -> None:
    reading, _ = read_with(simulator, clock, {"kind": "card-pulled", "command": command})
    assert reading == CardUnreadable(reason)


@pytest.mark.parametrize("command", ["2001", "2002", "3001"])
def test_a_card_swapped_in_the_middle_of_a_read_is_never_taken_for_the_other(
    simulator: CardReaderSimulator, clock: ShiftedClock, command: str
) -> None:
    simulator.insert_card(dict(RESIDENT))
    simulator.set_fault({"kind": "card-swapped", "command": command, "card": dict(OTHER)})
    reader = reader_on(simulator, clock)
    first = reader.read_card(5, SkippedWait(clock))
    assert isinstance(first, CardUnreadable), "half of each is no card"
    second = reader.read_card(5, SkippedWait(clock))
    reader.close()
    assert isinstance(second, CardRead)
    assert second.document.name.value == OTHER["name"]
    assert second.document.address == OTHER["address"]


def test_a_card_swapped_between_two_reads_of_one_session(simulator: CardReaderSimulator, clock: ShiftedClock) -> None:
    reader = reader_on(simulator, clock)
    names = []
    for card in (RESIDENT, OTHER, RESIDENT):
        simulator.swap_card(dict(card))
        reading = reader.read_card(5, SkippedWait(clock))
        assert isinstance(reading, CardRead)
        names.append(reading.document.name.value)
        assert not reader.wait_until_removed(0, SkippedWait(clock))
    reader.close()
    assert names == [RESIDENT["name"], OTHER["name"], RESIDENT["name"]]


def test_a_card_swapped_unseen_keeps_the_plate_taken(simulator: CardReaderSimulator, clock: ShiftedClock) -> None:
    simulator.insert_card(dict(RESIDENT))
    reader = reader_on(simulator, clock)
    reader.read_card(5, SkippedWait(clock))
    simulator.swap_card(dict(OTHER))
    assert not reader.wait_until_removed(0, SkippedWait(clock))
    reader.close()


def read_addresses(simulator: CardReaderSimulator, clock: ShiftedClock, wished: bool) -> CardReading:
    settings = SamSettings(port=simulator.address, command_timeout_s=0.2, read_appended_address=wished)
    reader = SamReader(settings, clock)
    reading = reader.read_card(5, SkippedWait(clock))
    reader.close()
    return reading


MOVED = ("江西省赣州市南康区测试街道2号", "江西省赣州市测试街1号")


def test_appended_addresses_are_asked_for_where_it_is_set(simulator: CardReaderSimulator, clock: ShiftedClock) -> None:
    simulator.insert_card({**RESIDENT, "addresses": list(MOVED)})
    reading = read_addresses(simulator, clock, True)
    assert isinstance(reading, CardRead)
    assert reading.addresses == MOVED
    assert MOVED[0] not in repr(reading)
    simulator.swap_card({**RESIDENT, "addresses": list(MOVED)})
    reading = read_addresses(simulator, clock, False)
    assert isinstance(reading, CardRead)
    assert reading.addresses == ()
    assert simulator.describe({})["heard"].count("3003") == 1


def test_a_card_whose_holder_never_moved(simulator: CardReaderSimulator, clock: ShiftedClock) -> None:
    simulator.insert_card(dict(RESIDENT))
    reading = read_addresses(simulator, clock, True)
    assert isinstance(reading, CardRead)
    assert reading.addresses == ()
    simulator.swap_card({**RESIDENT, "addresses": list(MOVED)})
    simulator.set_fault({"kind": "status", "status": "90", "command": "3003"})
    reading = read_addresses(simulator, clock, True)
    assert isinstance(reading, CardRead), "90 without data is another way to say so"
    assert reading.addresses == ()


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": "41"}, {"kind": "silence"}, {"kind": "truncate"}, {"kind": "bad-checksum"}]
)
def test_appended_addresses_that_fail_do_not_spoil_the_read(
    simulator: CardReaderSimulator, clock: ShiftedClock, fault: dict[str, object]
) -> None:
    simulator.insert_card({**RESIDENT, "addresses": list(MOVED)})
    simulator.set_fault({**fault, "command": "3003", "lasting": True})
    reading = read_addresses(simulator, clock, True)
    assert isinstance(reading, CardRead)
    assert reading.addresses == ()


NUMBER = "01020304" + "1122334455667788" + "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF"


def test_the_number_of_the_card_s_body(simulator: CardReaderSimulator, clock: ShiftedClock) -> None:
    simulator.insert_card({**RESIDENT, "management_number": NUMBER})
    reader = reader_on(simulator, clock)
    assert reader.read_chip_number() == CardUnreadable("read"), "not before the card is read"
    reader.read_card(5, SkippedWait(clock))
    number = reader.read_chip_number()
    reader.close()
    assert isinstance(number, ChipNumber)
    assert (number.issuer + number.serial + number.data).hex().upper() == NUMBER
    assert (len(number.issuer), len(number.serial), len(number.data)) == (4, 8, 16)
    assert repr(number) == "ChipNumber()"


@pytest.mark.parametrize("status", ["24", "60", "66"])
@pytest.mark.parametrize("command", ["2001", "2002", "3001"])
def test_a_module_that_lost_its_way_is_reset_once(
    simulator: CardReaderSimulator, clock: ShiftedClock, status: str, command: str
) -> None:
    _, heard = read_with(simulator, clock, {"kind": "status", "status": status, "command": command, "lasting": True})
    assert heard.count("10FF") == 1
    assert heard.index("10FF") < len(heard) - 1, "and the card is asked for again"


@pytest.mark.parametrize("status", ["60", "66"])
def test_a_reset_that_helps_is_no_trouble(simulator: CardReaderSimulator, clock: ShiftedClock, status: str) -> None:
    fault: dict[str, object] = {"kind": "status", "status": status, "command": "3001"}
    reading, heard = read_with(simulator, clock, fault)
    assert isinstance(reading, CardRead)
    assert heard == ["2001", "2002", "3001", "10FF", "2001", "2002", "3001"]


def test_a_reset_by_hand(simulator: CardReaderSimulator, clock: ShiftedClock) -> None:
    simulator.insert_card(dict(RESIDENT))
    reader = reader_on(simulator, clock)
    reader.read_card(5, SkippedWait(clock))
    assert reader.reset() == Ready("05.01-20240101-0000123456-0000007890")
    assert isinstance(reader.read_card(0, SkippedWait(clock)), CardRead)
    simulator.set_fault({"kind": "status", "status": "23", "command": "10FF"})
    status = reader.reset()
    reader.close()
    assert isinstance(status, Unavailable)
    assert status.reason == "command-refused"


def test_a_bridge_that_restarted_between_two_sessions_costs_nobody_a_try(clock: ShiftedClock) -> None:
    simulator = CardReaderSimulator(made_up_picture, tcp=0)
    simulator.plug({})
    reader = reader_on(simulator, clock)
    assert isinstance(reader.status(), Ready)
    simulator.unplug({})
    simulator.plug({})
    assert isinstance(reader.status(), Ready)
    reader.close()
    simulator.close()
