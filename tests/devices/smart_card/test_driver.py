"""The driver beyond its contract: all cards and troubles through a real pcscd, and what only a script can do."""

import threading
from pathlib import Path

import pytest
from smartcard import scard

from devices.smart_card.pcsc.driver import PcscReader
from devices.smart_card.pcsc.pcsclite import PcscliteService
from devices.smart_card.pcsc.service import CardConnection, Insertion, Look, Trouble
from devices.smart_card.pcsc.settings import PcscSettings
from kiosk.app.system import SystemClock
from kiosk.ports.clock import CancelSignal
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.id_card import CardUnreadable, NoCard, ReaderFault
from kiosk.ports.smart_card import SocialSecurityCardRead
from simulators.smart_card.pcscd import READER
from tests.devices.smart_card.recordings import RECORDS, Recording, plain
from tests.smart_card_bench import NEVER, PATIENCE_S, SPECIMEN, VirtualReader, patient


@pytest.fixture
def driver(virtual_reader: VirtualReader) -> PcscReader:
    made = PcscReader(patient(PcscSettings(socket=virtual_reader.socket)), SystemClock())
    assert made.wait_until_removed(PATIENCE_S, NEVER)
    return made


@pytest.mark.parametrize("version", ["1.00", "2.00", "3.00"])
@pytest.mark.parametrize("fault", [None, "response-waiting", "wrong-length"])
def test_every_version_in_every_style_of_answers(
    virtual_reader: VirtualReader, driver: PcscReader, version: str, fault: str | None
) -> None:
    virtual_reader.world.set_fault({"kind": fault, "lasting": True})
    virtual_reader.world.insert_card({**SPECIMEN, "version": version})
    reading = driver.read_card(PATIENCE_S, NEVER)
    assert isinstance(reading, SocialSecurityCardRead)
    assert reading.card.version == int(version[0])
    heard = virtual_reader.world.describe({})["heard"]
    assert any(command.startswith("00C0") for command in heard) == (fault == "response-waiting")
    assert (len(heard) > 20) == (fault is not None)


@pytest.mark.parametrize("kind", ["by-short-identifier", "by-number"])
def test_cards_whose_files_open_in_other_ways(virtual_reader: VirtualReader, driver: PcscReader, kind: str) -> None:
    virtual_reader.world.insert_card({**SPECIMEN, "kind": kind})
    assert isinstance(driver.read_card(PATIENCE_S, NEVER), SocialSecurityCardRead)


def test_a_long_name_and_a_rare_character_come_whole(virtual_reader: VirtualReader, driver: PcscReader) -> None:
    name = "阿卜杜热合曼·买买提依明·吐尔逊江·䶮"
    virtual_reader.world.insert_card({**SPECIMEN, "name": name})
    reading = driver.read_card(PATIENCE_S, NEVER)
    assert isinstance(reading, SocialSecurityCardRead)
    assert reading.card.name.value == name


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "mute"}, "card-mute"),
        ({"kind": "garbled", "command": "B2"}, "bad-record"),
        ({"kind": "status", "command": "A4", "status": "6F00"}, "sw-6f00"),
    ],
)
def test_a_card_that_cannot_be_read_says_why(
    virtual_reader: VirtualReader, driver: PcscReader, fault: dict[str, str], reason: str
) -> None:
    virtual_reader.world.set_fault(dict(fault))
    virtual_reader.world.insert_card(dict(SPECIMEN))
    assert driver.read_card(PATIENCE_S, NEVER) == CardUnreadable(reason)


def test_cards_may_be_changed_faster_than_the_reader_looks(virtual_reader: VirtualReader, driver: PcscReader) -> None:
    for name in ("测试一", "测试二", "测试三", "测试四"):
        virtual_reader.world.insert_card({**SPECIMEN, "name": name})
    reading = driver.read_card(PATIENCE_S, NEVER)
    while reading == CardUnreadable("card-gone"):
        reading = driver.read_card(PATIENCE_S, NEVER)
    assert isinstance(reading, SocialSecurityCardRead)
    assert reading.card.name.value == "测试四"


def test_a_slow_card_is_read(virtual_reader: VirtualReader, driver: PcscReader) -> None:
    virtual_reader.world.set_fault({"kind": "slow", "command": "B2", "seconds": 0.3})
    virtual_reader.world.insert_card(dict(SPECIMEN))
    assert isinstance(driver.read_card(PATIENCE_S, NEVER), SocialSecurityCardRead)


def test_a_pin_is_never_tried(virtual_reader: VirtualReader, driver: PcscReader) -> None:
    virtual_reader.world.insert_card({**SPECIMEN, "kind": "pin-protected"})
    driver.read_card(PATIENCE_S, NEVER)
    state = virtual_reader.world.describe({})
    assert state["heard"]
    assert state["pin_tries"] == 3


def test_a_service_that_stops_is_told_and_found_again(virtual_reader: VirtualReader, driver: PcscReader) -> None:
    virtual_reader.world.insert_card(dict(SPECIMEN))
    assert isinstance(driver.read_card(PATIENCE_S, NEVER), SocialSecurityCardRead)
    virtual_reader.world.stop_service({})
    assert driver.read_card(600, NEVER) == ReaderFault("no-service")
    assert driver.wait_until_removed(600, NEVER)
    status = driver.status()
    assert isinstance(status, Unavailable)
    assert status.reason == "no-service"
    assert "pcscd" in status.remedy
    virtual_reader.world.start_service({})
    assert driver.status() == driver.present() == Ready(READER)
    assert isinstance(driver.read_card(PATIENCE_S, NEVER), SocialSecurityCardRead)


def test_a_service_that_starts_anew_unnoticed_is_used_at_once(
    virtual_reader: VirtualReader, driver: PcscReader
) -> None:
    assert driver.read_card(0, NEVER) == NoCard()
    virtual_reader.world.stop_service({})
    virtual_reader.world.start_service({})
    virtual_reader.world.insert_card(dict(SPECIMEN))
    assert isinstance(driver.read_card(PATIENCE_S, NEVER), SocialSecurityCardRead)


def test_a_service_that_stops_ends_the_wait_for_a_card(virtual_reader: VirtualReader, driver: PcscReader) -> None:
    class StopsTheService(threading.Event):
        def is_set(self) -> bool:
            virtual_reader.world.stop_service({})
            return False

    assert driver.read_card(600, StopsTheService()) == ReaderFault("no-service")


def test_a_card_that_someone_else_uses_is_a_fault_of_the_reader(
    virtual_reader: VirtualReader, driver: PcscReader
) -> None:
    virtual_reader.world.insert_card(dict(SPECIMEN))
    other = PcscliteService("", virtual_reader.socket)
    look = other.look(None, 0)
    while isinstance(look, Look) and not look.present:
        look = other.look(look, PATIENCE_S)
    connection = other.connect(READER)
    assert not isinstance(connection, Trouble)
    assert driver.read_card(PATIENCE_S, NEVER) == ReaderFault("reader-in-use")
    connection.close()
    other.close()
    assert isinstance(driver.read_card(PATIENCE_S, NEVER), SocialSecurityCardRead)


@pytest.mark.parametrize(
    ("wanted", "status"), [("", Ready(READER)), ("00 01", Ready("Virtual PCD 00 01")), ("ACS", "no-reader")]
)
def test_the_reader_is_found_by_part_of_its_name(
    virtual_reader: VirtualReader, wanted: str, status: Ready | str
) -> None:
    driver = PcscReader(PcscSettings(reader=wanted, socket=virtual_reader.socket), SystemClock())
    found = driver.status()
    assert (found.reason if isinstance(found, Unavailable) else found) == status


def test_one_process_may_use_two_services(virtual_reader: VirtualReader, driver: PcscReader, tmp_path: Path) -> None:
    nowhere = PcscReader(PcscSettings(socket=tmp_path / "none"), SystemClock())
    assert isinstance(nowhere.status(), Unavailable)
    assert isinstance(driver.status(), Ready)


@pytest.mark.parametrize("flag", [scard.SCARD_STATE_UNKNOWN, scard.SCARD_STATE_UNAVAILABLE])
def test_a_reader_that_is_pulled_out_of_a_running_service_is_gone(
    virtual_reader: VirtualReader, driver: PcscReader, monkeypatch: pytest.MonkeyPatch, flag: int
) -> None:
    def gone(context: int, milliseconds: int, states: list[tuple[str, int]]) -> tuple[int, list[tuple[str, int]]]:
        return scard.SCARD_S_SUCCESS, [(states[0][0], flag | scard.SCARD_STATE_CHANGED)]

    monkeypatch.setattr(scard, "SCardGetStatusChange", gone)
    assert driver.read_card(600, NEVER) == ReaderFault("no-reader")
    assert driver.wait_until_removed(600, NEVER)


class Script:
    """A service with one card in it, whose ``connection`` is given."""

    def __init__(self, connection: CardConnection | Trouble) -> None:
        self._connection = connection

    def reader(self) -> str:
        return "Scripted"

    def look(self, before: Look | None, wait_s: float) -> Look:
        return Look("Scripted", True, False, Insertion(1, 1), 0)

    def connect(self, reader: str) -> CardConnection | Trouble:
        return self._connection

    def close(self) -> None:
        pass


class Held:
    """A card that answers nothing before ``go`` is set."""

    def __init__(self) -> None:
        self.recording = Recording(plain(RECORDS))
        self.asked, self.go, self.closed = threading.Event(), threading.Event(), threading.Event()

    def transmit(self, command: bytes) -> bytes | Trouble:
        self.asked.set()
        self.go.wait(10)
        return self.recording.transmit(command)

    def close(self) -> None:
        self.closed.set()


def test_a_conversation_that_was_given_up_sends_nothing_more() -> None:
    card = Held()

    class GivenUpWhenAsked(threading.Event):
        def is_set(self) -> bool:
            return card.asked.wait(10)

    driver = PcscReader(PcscSettings(), SystemClock(), Script(card))
    assert driver.read_card(600, GivenUpWhenAsked()) == NoCard()
    card.go.set()
    assert card.closed.wait(10)
    assert len(card.recording.heard) == 1


def test_a_card_that_was_given_up_is_read_next_time() -> None:
    card = Held()
    driver = PcscReader(PcscSettings(), SystemClock(), Script(card))
    given_up = threading.Event()
    given_up.set()
    assert driver.read_card(600, given_up) == NoCard()
    card.go.set()
    assert isinstance(driver.read_card(PATIENCE_S, NEVER), SocialSecurityCardRead)
    assert driver.read_card(0, NEVER) == NoCard()


def test_a_service_that_lets_nobody_in_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """As pcscd with polkit answers a user without the right."""
    monkeypatch.setattr(scard, "SCardEstablishContext", lambda _: (scard.SCARD_W_SECURITY_VIOLATION, 0))
    driver = PcscReader(PcscSettings(), SystemClock())
    assert driver.read_card(600, NEVER) == ReaderFault("not-allowed")
    status = driver.status()
    assert isinstance(status, Unavailable)
    assert "polkit" in status.remedy


@pytest.mark.parametrize("trouble", [Trouble.NO_SERVICE, Trouble.NO_READER, Trouble.IN_USE, Trouble.FAILED])
def test_trouble_of_the_reader_is_no_answer_of_the_card(trouble: Trouble) -> None:
    driver = PcscReader(PcscSettings(), SystemClock(), Script(trouble))
    assert driver.read_card(0, NEVER) == ReaderFault(trouble.value)
    assert driver.read_card(0, NEVER) == ReaderFault(trouble.value)


def test_a_card_that_left_while_it_was_read_is_no_reason_to_leave_the_next_one_unread() -> None:
    """The service may be too slow to see one go and the other come."""

    class Left(Held):
        def transmit(self, command: bytes) -> bytes | Trouble:
            return self.recording.transmit(command) if self.go.is_set() else Trouble.CARD_GONE

    card = Left()
    driver = PcscReader(PcscSettings(), SystemClock(), Script(card))
    assert driver.read_card(PATIENCE_S, NEVER) == CardUnreadable("card-gone")
    card.go.set()
    assert isinstance(driver.read_card(PATIENCE_S, NEVER), SocialSecurityCardRead)


def test_a_defect_is_not_swallowed() -> None:
    class Broken(Held):
        def transmit(self, command: bytes) -> bytes | Trouble:
            raise ZeroDivisionError

    card = Broken()
    with pytest.raises(ZeroDivisionError):
        PcscReader(PcscSettings(), SystemClock(), Script(card)).read_card(PATIENCE_S, NEVER)
    assert card.closed.is_set()


def test_the_wait_ends_between_two_looks() -> None:
    """A caller who gives up is heard after one look, whose wait is bounded."""
    waits: list[float] = []

    class Empty(Script):
        def look(self, before: Look | None, wait_s: float) -> Look:
            waits.append(wait_s)
            return Look("Scripted", False, False, Insertion(1, 0), 0)

    class SecondTime:
        count = 0

        def is_set(self) -> bool:
            self.count += 1
            return self.count > 2

        def wait(self, timeout: float | None = None) -> bool:
            raise AssertionError

    cancelled: CancelSignal = SecondTime()
    assert PcscReader(PcscSettings(), SystemClock(), Empty(Trouble.FAILED)).read_card(600, cancelled) == NoCard()
    assert waits == [0, 0.2, 0.2]
