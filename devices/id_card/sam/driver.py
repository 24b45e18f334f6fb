"""The identity-card reader of GA/T 467-2019: find, select, read, wait for removal.

The reader's own module does all cryptography; the host sees the text in clear and the photo sealed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeGuard, assert_never

from devices.id_card.sam import commands, statuses
from devices.id_card.sam.address import HidAddress, SerialPath, TcpAddress, parse_address
from devices.id_card.sam.commands import Command
from devices.id_card.sam.frames import Frame
from devices.id_card.sam.hid_reports import HidReports
from devices.id_card.sam.link import READER_TROUBLES, LinkTrouble, SamLink
from devices.id_card.sam.serial_line import SerialLine
from devices.id_card.sam.settings import SamSettings
from devices.id_card.sam.tcp_bridge import TcpBridge
from devices.id_card.sam.text_block import TEXT_BYTES, parse_address_records, parse_text_block
from devices.id_card.sam.transport import Transport
from kiosk.domain.china_time import CHINA
from kiosk.domain.identity_document import ChipPhoto, ForeignPermit, IdentityDocument, ResidencePermit
from kiosk.ports.clock import CancelSignal, Clock
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.id_card import CardRead, CardReading, CardUnreadable, NoCard, PermitRead, ReaderFault, WrongCard

_PROMISE_S = 3.0
"""Longest time any answer takes beyond waiting for a card."""

_REMEDIES = {
    LinkTrouble.GONE: "Check the reader's cable and the port in the settings",
    LinkTrouble.SILENT: "Check the reader's power and that the port in the settings is its own",
    LinkTrouble.NOISE: "Check that the port in the settings is the reader's, then change the cable",
}
_DEFAULT_REMEDY = "Unplug the reader, wait ten seconds, plug it in again; replace it if this stays"


@dataclass(frozen=True, slots=True)
class StepTimes:
    """Milliseconds of the three commands of one read; waiting for a card is not counted, nor are appended addresses."""

    find_ms: float
    select_ms: float
    read_ms: float

    @property
    def total_ms(self) -> float:
        return self.find_ms + self.select_ms + self.read_ms


@dataclass(frozen=True, slots=True)
class ChipNumber:
    """The management number of the card's body (卡体管理号): who made it, its serial number, its data number. It tells
    one card from every other, so it is kept out of logs."""

    issuer: bytes = field(repr=False)
    serial: bytes = field(repr=False)
    data: bytes = field(repr=False)


class SamReader:
    """``kiosk.ports.id_card.IdCardReader`` over ``SamLink``.

    ``transport`` stands in for the one of ``settings.port``; ``wait`` stands still for so many seconds.
    """

    def __init__(
        self,
        settings: SamSettings,
        clock: Clock,
        *,
        transport: Transport | None = None,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._link = SamLink(transport or _transport(settings), settings, clock, wait)
        self._last_steps: StepTimes | None = None

    @property
    def last_steps(self) -> StepTimes | None:
        """Times of the last ``read_card``; None when it did not get as far as the card's text."""
        return self._last_steps

    def status(self) -> DeviceStatus:
        limit = self._clock.monotonic() + _PROMISE_S
        status = self._status(limit)
        if isinstance(status, Unavailable) and status.reason in statuses.RESET_MAY_HELP and self._reset(limit):
            return self._status(limit)
        return status

    def present(self) -> DeviceStatus | None:
        return _unavailable(LinkTrouble.GONE) if self._link.gone() else None

    def reset(self) -> DeviceStatus:
        """Starts the reader's module anew and tells how it is then. A card on the plate can be read again."""
        limit = self._clock.monotonic() + _PROMISE_S
        answer = self._ask(commands.RESET, limit)
        return self._status(limit) if _succeeded(answer) else _unavailable(answer)

    def read_card(self, timeout_s: float, cancelled: CancelSignal) -> CardReading:
        self._last_steps = None
        deadline = self._clock.monotonic() + timeout_s
        limit = deadline + _PROMISE_S
        reading = self._look(deadline, limit, cancelled)
        if _reset_may_help(reading) and self._reset(limit):
            return self._look(deadline, limit, cancelled)
        return reading

    def read_chip_number(self) -> ChipNumber | CardUnreadable | WrongCard | ReaderFault:
        """Of the card that ``read_card`` has read, as long as it lies there."""
        answer = self._ask(commands.READ_CHIP_NUMBER, self._clock.monotonic() + _PROMISE_S)
        if _succeeded(answer):
            return ChipNumber(answer.data[:4], answer.data[4:12], answer.data[12:])
        return _after_found(answer)

    def wait_until_removed(self, timeout_s: float, cancelled: CancelSignal) -> bool:
        deadline = self._clock.monotonic() + timeout_s
        while self._card_present(deadline + self._settings.command_timeout_s):
            left = deadline - self._clock.monotonic()
            if left <= 0 or cancelled.wait(min(left, self._settings.poll_interval_s)):
                return False
        return True

    def close(self) -> None:
        self._link.close()

    def _ask(self, command: Command, limit: float) -> Frame | LinkTrouble:
        long = command is commands.READ
        return self._link.exchange(
            command, self._settings.read_timeout_s if long else self._settings.command_timeout_s, limit
        )

    def _timed(self, command: Command, limit: float) -> tuple[Frame | LinkTrouble, float]:
        start = self._clock.monotonic()
        answer = self._ask(command, limit)
        return answer, (self._clock.monotonic() - start) * 1000

    def _status(self, limit: float) -> DeviceStatus:
        answer = self._ask(commands.STATUS, limit)
        return Ready(self._module_number(limit)) if _succeeded(answer) else _unavailable(answer)

    def _module_number(self, limit: float) -> str:
        """As vendors print it; empty when the module tells none."""
        answer = self._ask(commands.MODULE_NUMBER, limit)
        if not _succeeded(answer):
            return ""
        kind, maker = (int.from_bytes(answer.data[at : at + 2], "little") for at in (0, 2))
        day, first, second = (int.from_bytes(answer.data[at : at + 4], "little") for at in (4, 8, 12))
        return f"{kind:02d}.{maker:02d}-{day:08d}-{first:010d}-{second:010d}"

    def _reset(self, limit: float) -> bool:
        return _succeeded(self._ask(commands.RESET, limit))

    def _look(self, deadline: float, limit: float, cancelled: CancelSignal) -> CardReading:
        """Looks for a card until there is one, or something else to tell."""
        while True:
            found, find_ms = self._timed(commands.FIND, limit)
            if isinstance(found, LinkTrouble) or found.status != statuses.NO_CARD:
                break
            left = deadline - self._clock.monotonic()
            if cancelled.wait(max(0.0, min(left, self._settings.poll_interval_s))):
                return NoCard()
            if left < self._settings.poll_interval_s:
                return NoCard()
        return self._read_found(find_ms, limit) if _succeeded(found) else _before_found(found)

    def _read_found(self, find_ms: float, limit: float) -> CardReading:
        selected, select_ms = self._timed(commands.SELECT, limit)
        if isinstance(selected, Frame) and selected.status == statuses.NOT_SELECTED:
            selected, select_ms = self._timed(commands.SELECT, limit)
        if not _succeeded(selected):
            return _after_found(selected)
        answer, read_ms = self._timed(commands.READ, limit)
        if not _succeeded(answer):
            return _after_found(answer)
        self._last_steps = StepTimes(find_ms, select_ms, read_ms)
        reading = _card_files(answer.data, self._clock.now().astimezone(CHINA).date())
        if isinstance(reading, CardRead) and self._settings.read_appended_address:
            return replace(reading, addresses=self._appended_addresses(limit))
        return reading

    def _appended_addresses(self, limit: float) -> tuple[str, ...]:
        """Newest first; none too when the card's answer cannot be understood, which does not spoil the rest."""
        answer = self._ask(commands.READ_ADDRESSES, limit)
        return parse_address_records(answer.data) if _succeeded(answer) else ()

    def _card_present(self, limit: float) -> bool:
        """A card that has been read answers for its addresses; one that has not is found. A reader that answers neither
        cannot tell, and nobody is kept waiting for it."""
        answer = self._ask(commands.READ_ADDRESSES, limit)
        if isinstance(answer, Frame) and answer.status in (statuses.OK, statuses.NOTHING_THERE):
            return True
        found = self._ask(commands.FIND, limit)
        return isinstance(found, Frame) and found.status != statuses.NO_CARD


def _transport(settings: SamSettings) -> Transport:
    match parse_address(settings.port):
        case SerialPath(path):
            return SerialLine(path, settings.baud)
        case TcpAddress(host, port):
            return TcpBridge(host, port)
        case HidAddress() as address:
            return HidReports(address)
        case address:
            assert_never(address)


def _succeeded(answer: Frame | LinkTrouble) -> TypeGuard[Frame]:
    return isinstance(answer, Frame) and answer.status in (statuses.OK, statuses.CARD_FOUND)


def _card_files(data: bytes, today: date) -> CardReading:
    if not data.startswith(commands.BASE_LENGTHS):
        return CardUnreadable("unexpected-lengths")
    files = data[len(commands.BASE_LENGTHS) :]
    document, photo = parse_text_block(files[:TEXT_BYTES], today), ChipPhoto(files[TEXT_BYTES:])
    match document:
        case IdentityDocument():
            return CardRead(document, photo)
        case ResidencePermit() | ForeignPermit():
            return PermitRead(document, photo)
        case _:
            return document


def _unavailable(answer: Frame | LinkTrouble) -> Unavailable:
    if isinstance(answer, LinkTrouble):
        return Unavailable(answer.value, _REMEDIES.get(answer, _DEFAULT_REMEDY))
    return Unavailable(statuses.trouble_word(answer.status), _DEFAULT_REMEDY)


def _before_found(answer: Frame | LinkTrouble) -> CardUnreadable | WrongCard | ReaderFault:
    """With no card known to be there, whatever is wrong with the line is the reader's."""
    if isinstance(answer, LinkTrouble):
        return ReaderFault(answer.value)
    if answer.status in statuses.SLIPS:
        return ReaderFault(statuses.trouble_word(answer.status))
    return _refusal(answer.status)


def _after_found(answer: Frame | LinkTrouble) -> CardUnreadable | WrongCard | ReaderFault:
    if isinstance(answer, Frame):
        return _refusal(answer.status)
    return ReaderFault(answer.value) if answer in READER_TROUBLES else CardUnreadable(answer.value)


def _refusal(status: int) -> CardUnreadable | WrongCard | ReaderFault:
    if status == statuses.NOT_AN_IDENTITY_CARD:
        return WrongCard()
    if status in statuses.DEVICE_FAULTS:
        return ReaderFault(statuses.DEVICE_FAULTS[status])
    return CardUnreadable(statuses.trouble_word(status))


def _reset_may_help(reading: CardReading) -> bool:
    return isinstance(reading, CardUnreadable | ReaderFault) and reading.reason in statuses.RESET_MAY_HELP
