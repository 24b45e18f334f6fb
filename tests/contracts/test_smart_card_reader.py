"""What every smart-card reader owes its caller, held over the virtual reader behind a real pcscd and over recorded
exchanges with cards."""

import threading
from collections.abc import Iterator
from datetime import date
from typing import Protocol

import pytest

from devices.smart_card.pcsc.driver import PcscReader
from devices.smart_card.pcsc.service import CardConnection, Insertion, Look, Trouble
from devices.smart_card.pcsc.settings import PcscSettings
from kiosk.app.system import SystemClock
from kiosk.domain.identity_document import Sex
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.id_card import CardContradictory, CardUnreadable, NoCard, ReaderFault, WrongCard
from kiosk.ports.smart_card import IssuerNeeded, SmartCardReader, SocialSecurityCardRead
from tests.devices.smart_card.recordings import OF_CARD, RECORDS, SELECT_EF06, Recording, by_contacts, plain
from tests.smart_card_bench import NEVER, PATIENCE_S, SPECIMEN, VirtualReader

READING_COMMANDS = {"A4", "B2", "C0"}


class Bench(Protocol):
    """A reader under test and the hand that moves cards and cables."""

    reader: SmartCardReader

    def put_in(self, card: str) -> None:
        """One of CARDS, ``silent`` which stops answering, or ``leaving`` which is pulled out while it is read."""

    def take_out(self) -> None: ...

    def unplug(self) -> None: ...

    def plug(self) -> None: ...

    def heard(self) -> list[str]:
        """Commands that reached cards, in hexadecimal."""

    def close(self) -> None: ...


CARDS: dict[str, dict[str, str]] = {
    "holder": SPECIMEN,
    "contradictory": {**SPECIMEN, "birth": "19491230"},
    "bank": {**SPECIMEN, "kind": "bank"},
    "protected": {**SPECIMEN, "kind": "pin-protected"},
    "silent": SPECIMEN,
    "leaving": SPECIMEN,
}
FAULTS = {"silent": "silence", "leaving": "remove"}
RECORDED_CARDS = {
    "holder": by_contacts(RECORDS),
    "contradictory": plain({**RECORDS, "0D": "0D0419491230"}),
    "bank": {},
    "protected": {**plain({tag: RECORDS[tag] for tag in OF_CARD}), SELECT_EF06: "9000", "00B2080000": "6982"},
    "silent": plain(RECORDS),
    "leaving": plain(RECORDS),
}


class SimulatedBench:
    """The virtual card through vpcd, pcscd and libpcsclite."""

    def __init__(self, virtual: VirtualReader) -> None:
        self._world = virtual.world
        settings = PcscSettings(socket=virtual.socket)
        self.reader: SmartCardReader = PcscReader(settings, SystemClock())
        assert self.reader.wait_until_removed(PATIENCE_S, NEVER)

    def put_in(self, card: str) -> None:
        self._world.set_fault({"kind": FAULTS.get(card), "command": "B2", "after": 3})
        self._world.insert_card(dict(CARDS[card]))

    def take_out(self) -> None:
        self._world.remove_card({})

    def unplug(self) -> None:
        self._world.unplug({})

    def plug(self) -> None:
        self._world.plug({})

    def heard(self) -> list[str]:
        heard: list[str] = self._world.describe({})["heard"]
        return heard

    def close(self) -> None:
        self.reader.close()


class RecordedService:
    """``CardService`` whose card is a recording."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._plugged = True
        self._card: str | None = None
        self._changes = 0
        self.heard: list[str] = []

    def move(self, card: str | None, *, plugged: bool = True) -> None:
        with self._changed:
            self._plugged = plugged
            if card != self._card:
                self._card = card
                self._changes += 1
            self._changed.notify_all()

    def reader(self) -> str | Trouble:
        return "Recorded 00 00" if self._plugged else Trouble.NO_READER

    def look(self, before: Look | None, wait_s: float) -> Look | Trouble:
        with self._changed:
            if before is not None:
                self._changed.wait_for(
                    lambda: not self._plugged or self._changes != before.insertion.change, timeout=wait_s
                )
            if not self._plugged:
                return Trouble.NO_READER
            return Look("Recorded 00 00", self._card is not None, False, Insertion(1, self._changes), 0)

    def connect(self, reader: str) -> CardConnection | Trouble:
        assert self._card is not None
        return RecordedConnection(self, self._card, RECORDED_CARDS[self._card])

    def wait_for_another_card(self, card: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self._card != card, timeout=10)

    def close(self) -> None:
        pass


class RecordedConnection:
    def __init__(self, service: RecordedService, card: str, answers: dict[str, str]) -> None:
        self._service = service
        self._card = card
        self._recording = Recording(answers)

    def transmit(self, command: bytes) -> bytes | Trouble:
        answer = self._recording.transmit(command)
        self._service.heard.append(self._recording.heard[-1])
        if len(self._recording.heard) > 5 and self._card == "leaving":
            self._service.move(None)
            return Trouble.NO_ANSWER
        if len(self._recording.heard) > 5 and self._card == "silent":
            self._service.wait_for_another_card("silent")
            return Trouble.NO_ANSWER
        return answer

    def close(self) -> None:
        pass


class RecordedBench:
    def __init__(self) -> None:
        self._service = RecordedService()
        self.reader: SmartCardReader = PcscReader(PcscSettings(), SystemClock(), self._service)

    def put_in(self, card: str) -> None:
        self._service.move(card)

    def take_out(self) -> None:
        self._service.move(None)

    def unplug(self) -> None:
        self._service.move(None, plugged=False)

    def plug(self) -> None:
        self._service.move(None)

    def heard(self) -> list[str]:
        heard, self._service.heard = self._service.heard, []
        return heard

    def close(self) -> None:
        self._service.move(None)
        self.reader.close()


@pytest.fixture(params=["simulated", "recorded"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    made: Bench
    if request.param == "simulated":
        made = SimulatedBench(request.getfixturevalue("virtual_reader"))
    else:
        made = RecordedBench()
    yield made
    made.close()


def read(bench: Bench) -> object:
    return bench.reader.read_card(PATIENCE_S, NEVER)


def test_a_working_reader_tells_its_name(bench: Bench) -> None:
    status = bench.reader.status()
    assert isinstance(status, Ready)
    assert status.detail.endswith("00 00")


def test_a_social_security_card_is_read_whole(bench: Bench) -> None:
    bench.put_in("holder")
    reading = read(bench)
    assert isinstance(reading, SocialSecurityCardRead)
    card = reading.card
    assert (card.name.value, card.number.value) == ("测试人甲", "11010519491231002X")
    assert (card.sex, card.ethnicity_code, card.card_number) == (Sex.FEMALE, "01", "T00000001")
    assert (card.area_code, card.version) == ("360700", 3)
    assert (card.issued_on, card.valid_to) == (date(2020, 1, 1), date(2030, 1, 1))
    for secret in ("测试人甲", "11010519491231002X", "T00000001"):
        assert secret not in repr(reading)


@pytest.mark.parametrize(
    ("card", "answer"),
    [
        ("bank", WrongCard()),
        ("protected", IssuerNeeded()),
        ("contradictory", CardContradictory("birth-date")),
        ("leaving", CardUnreadable("card-gone")),
        ("silent", CardUnreadable("card-mute")),
    ],
)
def test_what_is_wrong_with_a_card_is_told_and_the_next_card_is_read(bench: Bench, card: str, answer: object) -> None:
    bench.put_in(card)
    assert read(bench) == answer
    bench.take_out()
    assert bench.reader.wait_until_removed(PATIENCE_S, NEVER)
    bench.put_in("holder")
    assert isinstance(read(bench), SocialSecurityCardRead)


@pytest.mark.parametrize("card", ["holder", "bank", "protected", "contradictory", "leaving"])
def test_no_pin_is_tried_and_nothing_is_written(bench: Bench, card: str) -> None:
    bench.put_in(card)
    read(bench)
    heard = bench.heard()
    assert heard
    assert {command[2:4] for command in heard} <= READING_COMMANDS


def test_an_empty_reader_is_no_card(bench: Bench) -> None:
    assert bench.reader.read_card(0, NEVER) == NoCard()


def test_a_caller_may_give_up(bench: Bench) -> None:
    given_up = threading.Event()
    given_up.set()
    assert bench.reader.read_card(600, given_up) == NoCard()
    bench.put_in("holder")
    assert isinstance(read(bench), SocialSecurityCardRead)
    assert not bench.reader.wait_until_removed(600, given_up)


def test_a_caller_may_give_up_a_card_that_says_nothing(bench: Bench) -> None:
    class GivesUpDuringTheReading(threading.Event):
        def is_set(self) -> bool:
            if any(command.startswith("00B2") for command in bench.heard()):
                self.set()
            return super().is_set()

    bench.put_in("silent")
    assert bench.reader.read_card(600, GivesUpDuringTheReading()) == NoCard()


def test_a_card_put_in_later_is_seen(bench: Bench) -> None:
    class PutsIn(threading.Event):
        laid = False

        def is_set(self) -> bool:
            if not self.laid:
                self.laid = True
                bench.put_in("holder")
            return False

    assert isinstance(bench.reader.read_card(600, PutsIn()), SocialSecurityCardRead)


@pytest.mark.parametrize("card", ["holder", "bank", "contradictory"])
def test_a_card_left_behind_is_not_read_again_and_its_removal_is_noticed(bench: Bench, card: str) -> None:
    bench.put_in(card)
    first = read(bench)
    assert bench.heard()
    assert bench.reader.read_card(0, NEVER) == NoCard()
    assert not bench.heard()
    assert not bench.reader.wait_until_removed(0, NEVER)

    class TakesOut(threading.Event):
        def is_set(self) -> bool:
            bench.take_out()
            return False

    assert bench.reader.wait_until_removed(600, TakesOut())
    bench.put_in(card)
    assert read(bench) == first


def test_a_card_never_read_is_also_seen_to_leave(bench: Bench) -> None:
    bench.put_in("holder")

    class Sees(threading.Event):
        """Given up as soon as the card is seen."""

        def is_set(self) -> bool:
            return True

    assert any(not bench.reader.wait_until_removed(0, Sees()) for _ in range(100_000))
    bench.take_out()
    assert bench.reader.wait_until_removed(PATIENCE_S, NEVER)


def test_a_reader_that_is_gone_is_a_fault_until_it_is_back(bench: Bench) -> None:
    assert isinstance(bench.reader.status(), Ready)
    bench.unplug()
    assert isinstance(read(bench), ReaderFault)
    status = bench.reader.status()
    assert isinstance(status, Unavailable)
    assert status.remedy
    assert bench.reader.wait_until_removed(600, NEVER)
    bench.plug()
    bench.put_in("holder")
    assert isinstance(read(bench), SocialSecurityCardRead)


def test_after_close_it_opens_again(bench: Bench) -> None:
    bench.reader.close()
    bench.reader.close()
    bench.put_in("holder")
    assert isinstance(read(bench), SocialSecurityCardRead)
