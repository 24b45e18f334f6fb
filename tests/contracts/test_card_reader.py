"""What every ID-card reader owes its caller: over the simulated reader on two lines, over recorded byte streams on a
pseudo-terminal, and over the same streams in HID reports."""

import os
import select
import threading
import tty
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest

from devices.id_card.sam.address import HidAddress
from devices.id_card.sam.driver import SamReader
from devices.id_card.sam.hid_reports import HidReports
from devices.id_card.sam.settings import SamSettings
from kiosk.app.system import SystemClock
from kiosk.domain.identity_document import DocumentKind, ForeignPermit, ResidencePermit
from kiosk.ports.clock import Clock
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.id_card import CardContradictory, CardRead, IdCardReader, NoCard, PermitRead, ReaderFault
from simulators.card_reader.simulator import CardReaderSimulator
from tests.devices.id_card import specimens
from tests.devices.id_card.conftest import made_up_picture
from tests.devices.id_card.fake_hid import FakeHidDevice


class Bench(Protocol):
    """A reader under test and the hand that moves cards and cables."""

    reader: IdCardReader

    def lay(self, card: str) -> None: ...

    def take_away(self) -> None: ...

    def unplug(self) -> None: ...

    def close(self) -> None: ...


CARDS: dict[str, dict[str, Any]] = {
    "resident": specimens.RESIDENT,
    "contradictory": {**specimens.RESIDENT, "birth": "19491230"},
    "permit": specimens.PERMIT,
    "foreign": specimens.FOREIGN,
    "foreign-2017": specimens.FOREIGN_2017,
}


class SimulatedBench:
    def __init__(self, clock: Clock, tcp: int | None = None) -> None:
        self._simulator = CardReaderSimulator(made_up_picture, tcp=tcp)
        self._simulator.plug({})
        self.reader: IdCardReader = SamReader(SamSettings(port=self._simulator.address), clock)

    def lay(self, card: str) -> None:
        self._simulator.swap_card(dict(CARDS[card]))

    def take_away(self) -> None:
        self._simulator.remove_card({})

    def unplug(self) -> None:
        self._simulator.unplug({})

    def close(self) -> None:
        self.reader.close()
        self._simulator.close()


def bridged_bench(clock: Clock) -> SimulatedBench:
    return SimulatedBench(clock, tcp=0)


def _base(text: bytes, check: str) -> bytes:
    return bytes.fromhex("AAAAAA9669050800009001000400") + text + specimens.PHOTO + bytes.fromhex(check)


_CONTRADICTORY = specimens.RESIDENT_TEXT[:50] + b"0" + specimens.RESIDENT_TEXT[51:]

RECORDED_CARDS = {
    "resident": _base(specimens.RESIDENT_TEXT, "63"),
    "contradictory": _base(_CONTRADICTORY, "62"),
    "permit": _base(specimens.PERMIT_TEXT, "A1"),
    "foreign": _base(specimens.FOREIGN_TEXT, "4C"),
    "foreign-2017": _base(specimens.FOREIGN_2017_TEXT, "3F"),
}
NO_CARD = bytes.fromhex("AAAAAA96690004000080 84")
FAILED = bytes.fromhex("AAAAAA9669000400004145")


class Recording:
    """Answers each request with the bytes the protocol reference shows for it."""

    def __init__(self) -> None:
        self._answers = {
            "11FF": bytes.fromhex("AAAAAA9669000400009094"),
            "12FF": bytes.fromhex("AAAAAA9669001400009005000100E5D6340140E20100D21E0000E9"),
        }
        self.take_away()

    def lay(self, card: str) -> None:
        self._answers |= {
            "2001": bytes.fromhex("AAAAAA9669000800009F0000000097"),
            "2002": bytes.fromhex("AAAAAA9669000C00009000000000000000009C"),
            "3001": RECORDED_CARDS[card],
            "3003": FAILED,
        }

    def take_away(self) -> None:
        self._answers |= {
            "2001": NO_CARD,
            "2002": bytes.fromhex("AAAAAA9669000400008185"),
            "3001": FAILED,
            "3003": FAILED,
        }

    def answer(self, request: bytes) -> bytes:
        command = request[7:9].hex().upper()
        answer = self._answers[command]
        if command == "3001" and answer != FAILED:
            self._answers |= {"2001": NO_CARD, "3003": bytes.fromhex("AAAAAA9669000400009195")}
        return answer


class RecordedBench:
    """The recording on a pseudo-terminal."""

    def __init__(self, clock: Clock) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._recording = Recording()
        self.lay, self.take_away = self._recording.lay, self._recording.take_away
        self._wake, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._play, name="recorded-reader")
        self._plugged = True
        self.reader: IdCardReader = SamReader(SamSettings(port=os.ttyname(self._slave)), clock)
        self._thread.start()

    def unplug(self) -> None:
        if self._plugged:
            self._plugged = False
            os.write(self._stop, b"x")
            self._thread.join()
            for descriptor in (self._master, self._slave, self._wake, self._stop):
                os.close(descriptor)

    def close(self) -> None:
        self.reader.close()
        self.unplug()

    def _play(self) -> None:
        heard = b""
        while True:
            ready, _, _ = select.select([self._master, self._wake], [], [])
            if self._wake in ready:
                return
            heard += os.read(self._master, 64)
            while len(heard) >= 10:
                request, heard = heard[:10], heard[10:]
                os.write(self._master, self._recording.answer(request))


class HidBench:
    """The recording behind a device object such as the HID library gives, in reports of 64 bytes."""

    def __init__(self, clock: Clock) -> None:
        self._recording = Recording()
        self.lay, self.take_away = self._recording.lay, self._recording.take_away
        self._device = FakeHidDevice(self._recording.answer)
        settings = SamSettings(port="hid:2B8B:2721")
        transport = HidReports(HidAddress(0x2B8B, 0x2721, None), lambda: self._device)
        self.reader: IdCardReader = SamReader(settings, clock, transport=transport)

    def unplug(self) -> None:
        self._device.present = False

    def close(self) -> None:
        self.reader.close()


@pytest.fixture(
    params=[SimulatedBench, bridged_bench, RecordedBench, HidBench], ids=["simulated", "bridged", "recorded", "hid"]
)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    make: Callable[[Clock], Bench] = request.param
    made = make(SystemClock())
    yield made
    made.close()


@pytest.fixture
def never() -> threading.Event:
    return threading.Event()


def test_a_working_reader_tells_its_number(bench: Bench) -> None:
    assert bench.reader.status() == Ready("05.01-20240101-0000123456-0000007890")


def test_a_resident_card_is_read_whole(bench: Bench, never: threading.Event) -> None:
    bench.lay("resident")
    reading = bench.reader.read_card(5, never)
    assert isinstance(reading, CardRead)
    assert reading.document.number.value == "11010519491231002X"
    assert reading.document.name.value == "测试人甲"
    assert reading.document.authority == "赣州市公安局章贡分局"
    assert reading.photo.data == specimens.PHOTO
    assert "测试人甲" not in repr(reading)
    assert "11010519491231002X" not in repr(reading)


def test_a_residence_permit_is_read_whole(bench: Bench, never: threading.Event) -> None:
    bench.lay("permit")
    reading = bench.reader.read_card(5, never)
    assert isinstance(reading, PermitRead)
    assert isinstance(reading.document, ResidencePermit)
    assert reading.document.number.value == "810000199001010019"
    assert reading.photo.data == specimens.PHOTO
    assert "测试乙" not in repr(reading)


@pytest.mark.parametrize(
    ("card", "kind", "number"),
    [
        ("foreign", DocumentKind.FOREIGN_PERMANENT_2023, "931586198001010028"),
        ("foreign-2017", DocumentKind.FOREIGN_PERMANENT_2017, "PAK110180010106"),
    ],
)
def test_a_foreign_permit_is_read_whole(
    bench: Bench, never: threading.Event, card: str, kind: DocumentKind, number: str
) -> None:
    bench.lay(card)
    reading = bench.reader.read_card(5, never)
    assert isinstance(reading, PermitRead)
    assert isinstance(reading.document, ForeignPermit)
    assert (reading.document.kind, reading.document.number.value) == (kind, number)
    assert number not in repr(reading)
    assert "ZHENGJIAN" not in repr(reading)


def test_a_card_swapped_in_one_session_is_the_new_card(bench: Bench, never: threading.Event) -> None:
    numbers = []
    for card in ("resident", "permit", "resident"):
        bench.lay(card)
        reading = bench.reader.read_card(5, never)
        assert isinstance(reading, CardRead | PermitRead)
        numbers.append(reading.document.number.value)
    assert numbers == ["11010519491231002X", "810000199001010019", "11010519491231002X"]


def test_a_card_against_itself_is_told_by_its_field(bench: Bench, never: threading.Event) -> None:
    bench.lay("contradictory")
    assert bench.reader.read_card(5, never) == CardContradictory("birth-date")


def test_an_empty_plate_is_no_card(bench: Bench, never: threading.Event) -> None:
    assert bench.reader.read_card(0, never) == NoCard()


def test_a_caller_may_give_up(bench: Bench) -> None:
    given_up = threading.Event()
    given_up.set()
    assert bench.reader.read_card(600, given_up) == NoCard()
    bench.lay("resident")
    bench.reader.read_card(5, threading.Event())
    assert not bench.reader.wait_until_removed(600, given_up)


def test_a_card_laid_down_later_is_seen(bench: Bench) -> None:
    class LaysDown(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            bench.lay("resident")
            return False

    assert isinstance(bench.reader.read_card(600, LaysDown()), CardRead)


def test_a_card_left_behind_is_not_read_again_and_its_removal_is_noticed(bench: Bench, never: threading.Event) -> None:
    bench.lay("resident")
    assert isinstance(bench.reader.read_card(5, never), CardRead)
    assert bench.reader.read_card(0, never) == NoCard()
    assert not bench.reader.wait_until_removed(0, never)

    class TakesAway(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            bench.take_away()
            return False

    assert bench.reader.wait_until_removed(600, TakesAway())
    bench.lay("resident")
    assert isinstance(bench.reader.read_card(5, never), CardRead)


def test_a_card_never_read_is_also_seen_to_leave(bench: Bench, never: threading.Event) -> None:
    bench.lay("resident")
    assert not bench.reader.wait_until_removed(0, never)
    bench.take_away()
    assert bench.reader.wait_until_removed(5, never)


def test_a_reader_that_is_gone_is_a_fault(bench: Bench, never: threading.Event) -> None:
    assert isinstance(bench.reader.status(), Ready)
    bench.unplug()
    assert isinstance(bench.reader.read_card(5, never), ReaderFault)
    status = bench.reader.status()
    assert isinstance(status, Unavailable)
    assert status.remedy


def test_after_close_it_opens_again(bench: Bench, never: threading.Event) -> None:
    bench.reader.close()
    bench.reader.close()
    bench.lay("resident")
    assert isinstance(bench.reader.read_card(5, never), CardRead)
