"""The identity-card reader of GA/T 467-2019 on a serial port: find, select, read, wait for removal.

The reader's own module does all cryptography; the host sees the text in clear and the photo sealed.
"""

from dataclasses import dataclass

from devices.id_card.sam import statuses
from devices.id_card.sam.frames import Frame
from devices.id_card.sam.link import READER_TROUBLES, Command, LinkTrouble, SerialLink
from devices.id_card.sam.settings import SamSettings
from devices.id_card.sam.text_block import TEXT_BYTES, parse_text_block
from kiosk.domain.identity_document import ChipPhoto, IdentityDocument
from kiosk.ports.clock import CancelSignal, Clock
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.id_card import CardRead, CardReading, CardUnreadable, NoCard, ReaderFault, WrongCard

_PHOTO_BYTES = 1024
_BASE_LENGTHS = TEXT_BYTES.to_bytes(2, "big") + _PHOTO_BYTES.to_bytes(2, "big")

_REMEDIES = {
    LinkTrouble.GONE: "Check the reader's cable and the port in the settings",
    LinkTrouble.SILENT: "Check the reader's power and that its rate is the one in the settings",
    LinkTrouble.NOISE: "Check that the reader's rate is the one in the settings",
}
_DEFAULT_REMEDY = "Unplug the reader, wait ten seconds, plug it in again; replace it if this stays"


@dataclass(frozen=True, slots=True)
class StepTimes:
    """Milliseconds of the three commands of one read; waiting for a card is not counted."""

    find_ms: float
    select_ms: float
    read_ms: float

    @property
    def total_ms(self) -> float:
        return self.find_ms + self.select_ms + self.read_ms


class SamReader:
    """``kiosk.ports.id_card.IdCardReader`` over ``SerialLink``."""

    def __init__(self, settings: SamSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._link = SerialLink(settings, clock)
        self._status = Command(0x11FF, settings.command_timeout_s)
        self._number = Command(0x12FF, settings.command_timeout_s)
        self._find = Command(0x2001, settings.command_timeout_s)
        self._select = Command(0x2002, settings.command_timeout_s)
        self._read = Command(0x3001, settings.read_timeout_s)
        self._addresses = Command(0x3003, settings.command_timeout_s)
        self._last_steps: StepTimes | None = None

    @property
    def last_steps(self) -> StepTimes | None:
        """Times of the last ``read_card``; None when it did not get as far as the card's text."""
        return self._last_steps

    def status(self) -> DeviceStatus:
        answer = self._link.exchange(self._status, self._clock.monotonic() + self._settings.command_timeout_s)
        if isinstance(answer, LinkTrouble):
            return Unavailable(answer.value, _REMEDIES.get(answer, _DEFAULT_REMEDY))
        if answer.status != statuses.OK:
            return Unavailable(statuses.trouble_word(answer.status), _DEFAULT_REMEDY)
        return Ready(self._serial_number())

    def read_card(self, timeout_s: float, cancelled: CancelSignal) -> CardReading:
        self._last_steps = None
        deadline = self._clock.monotonic() + timeout_s
        limit = deadline + self._settings.read_timeout_s
        while True:
            found, find_ms = self._timed(self._find, limit)
            if not (isinstance(found, Frame) and found.status == statuses.NO_CARD):
                break
            left = deadline - self._clock.monotonic()
            if cancelled.wait(max(0.0, min(left, self._settings.poll_interval_s))):
                return NoCard()
            if left < self._settings.poll_interval_s:
                return NoCard()
        if isinstance(found, LinkTrouble):
            return ReaderFault(found.value)
        if found.status != statuses.CARD_FOUND:
            return _refusal(found.status)
        return self._read_found(find_ms, limit)

    def wait_until_removed(self, timeout_s: float, cancelled: CancelSignal) -> bool:
        deadline = self._clock.monotonic() + timeout_s
        while self._card_present(deadline + self._settings.command_timeout_s):
            left = deadline - self._clock.monotonic()
            if left <= 0 or cancelled.wait(min(left, self._settings.poll_interval_s)):
                return False
        return True

    def close(self) -> None:
        self._link.close()

    def _serial_number(self) -> str:
        """The module's number as vendors print it; empty when it tells none."""
        limit = self._clock.monotonic() + self._settings.command_timeout_s
        answer = self._link.exchange(self._number, limit)
        if isinstance(answer, LinkTrouble) or answer.status != statuses.OK or len(answer.data) != 16:
            return ""
        kind, maker = (int.from_bytes(answer.data[at : at + 2], "little") for at in (0, 2))
        day, first, second = (int.from_bytes(answer.data[at : at + 4], "little") for at in (4, 8, 12))
        return f"{kind:02d}.{maker:02d}-{day:08d}-{first:010d}-{second:010d}"

    def _timed(self, command: Command, limit: float) -> tuple[Frame | LinkTrouble, float]:
        start = self._clock.monotonic()
        answer = self._link.exchange(command, limit)
        return answer, (self._clock.monotonic() - start) * 1000

    def _read_found(self, find_ms: float, limit: float) -> CardReading:
        selected, select_ms = self._timed(self._select, limit)
        if isinstance(selected, Frame) and selected.status == statuses.NOT_SELECTED:
            selected, select_ms = self._timed(self._select, limit)
        if isinstance(selected, LinkTrouble) or selected.status != statuses.OK:
            return _after_found(selected)
        answer, read_ms = self._timed(self._read, limit)
        if isinstance(answer, LinkTrouble) or answer.status != statuses.OK:
            return _after_found(answer)
        self._last_steps = StepTimes(find_ms, select_ms, read_ms)
        return _card_files(answer.data)

    def _card_present(self, limit: float) -> bool:
        """A card that has been read answers for its addresses; one that has not is found. A reader that answers neither
        cannot tell, and nobody is kept waiting for it."""
        answer = self._link.exchange(self._addresses, limit)
        if isinstance(answer, Frame) and answer.status in (statuses.OK, statuses.NOTHING_THERE):
            return True
        found = self._link.exchange(self._find, limit)
        return isinstance(found, Frame) and found.status != statuses.NO_CARD


def _card_files(data: bytes) -> CardReading:
    if len(data) != len(_BASE_LENGTHS) + TEXT_BYTES + _PHOTO_BYTES or not data.startswith(_BASE_LENGTHS):
        return CardUnreadable("unexpected-lengths")
    files = data[len(_BASE_LENGTHS) :]
    document = parse_text_block(files[:TEXT_BYTES])
    if isinstance(document, IdentityDocument):
        return CardRead(document, ChipPhoto(files[TEXT_BYTES:]))
    return document


def _after_found(answer: Frame | LinkTrouble) -> CardReading:
    if isinstance(answer, Frame):
        return _refusal(answer.status)
    return ReaderFault(answer.value) if answer in READER_TROUBLES else CardUnreadable(answer.value)


def _refusal(status: int) -> WrongCard | ReaderFault | CardUnreadable:
    if status == statuses.NOT_AN_IDENTITY_CARD:
        return WrongCard()
    if status in statuses.DEVICE_FAULTS:
        return ReaderFault(statuses.DEVICE_FAULTS[status])
    return CardUnreadable(statuses.trouble_word(status))
