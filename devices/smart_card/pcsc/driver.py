"""The smart-card reader behind pcscd: waits for a card, reads a social-security card, waits for it to leave.

A card that has given an answer is not read again until it was taken out.
"""

import threading
from concurrent.futures import Future, wait

from devices.smart_card.pcsc.pcsclite import PcscliteService
from devices.smart_card.pcsc.reading import read_social_security_card
from devices.smart_card.pcsc.service import CARD_TROUBLES, CardService, Insertion, Look, Trouble
from devices.smart_card.pcsc.settings import PcscSettings
from kiosk.ports.clock import CancelSignal, Clock
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.id_card import CardUnreadable, NoCard, ReaderFault
from kiosk.ports.smart_card import SmartCardReading

_LEAVING_S = 0.8
"""pcscd polls some readers every 0.4 s: so late it may notice that a card has left."""

_REMEDIES = {
    Trouble.NO_SERVICE: "Start pcscd (systemctl enable --now pcscd.socket)",
    Trouble.NOT_ALLOWED: "Let the terminal's user have pcscd (polkit: org.debian.pcsc-lite.access_pcsc, .access_card)",
    Trouble.NO_READER: "Check the reader's cable, that pcsc_scan names it, and the reader in the settings",
}
_DEFAULT_REMEDY = "Unplug the reader, wait ten seconds, plug it in again; restart pcscd if this stays"
_GONE = CardUnreadable(Trouble.CARD_GONE.value)


class PcscReader:
    """``kiosk.ports.smart_card.SmartCardReader`` over a PC/SC service, pcscd unless another is given."""

    def __init__(self, settings: PcscSettings, clock: Clock, service: CardService | None = None) -> None:
        self._settings = settings
        self._clock = clock
        self._service = service or PcscliteService(settings.reader, settings.socket)
        self._answered: Insertion | None = None

    def status(self) -> DeviceStatus:
        reader = self._service.reader()
        if isinstance(reader, Trouble):
            return Unavailable(reader.value, _REMEDIES.get(reader, _DEFAULT_REMEDY))
        return Ready(reader)

    def present(self) -> DeviceStatus | None:
        """pcscd knows it without a word to the reader."""
        return self.status()

    def read_card(self, timeout_s: float, cancelled: CancelSignal) -> SmartCardReading:
        deadline = self._clock.monotonic() + timeout_s
        look = self._service.look(None, 0)
        while isinstance(look, Look) and not (look.present and look.insertion != self._answered):
            left = deadline - self._clock.monotonic()
            if cancelled.is_set() or left <= 0:
                return NoCard()
            look = self._service.look(look, min(left, self._settings.look_s))
        if isinstance(look, Trouble):
            return ReaderFault(look.value)
        reading = CardUnreadable(Trouble.CARD_MUTE.value) if look.mute else self._read(look, cancelled)
        if not (isinstance(reading, ReaderFault | NoCard) or reading == _GONE):
            self._answered = look.insertion
        return reading

    def wait_until_removed(self, timeout_s: float, cancelled: CancelSignal) -> bool:
        deadline = self._clock.monotonic() + timeout_s
        look = self._service.look(None, 0)
        while isinstance(look, Look) and look.present:
            left = deadline - self._clock.monotonic()
            if cancelled.is_set() or left <= 0:
                return False
            look = self._service.look(look, min(left, self._settings.look_s))
        return True

    def close(self) -> None:
        self._service.close()

    def _read(self, look: Look, cancelled: CancelSignal) -> SmartCardReading:
        """Reads in a thread of its own: pcscd cannot be told to stop waiting for a card that says nothing. A thread
        given up sends no further command and ends with the one it waits for."""
        limit = self._clock.monotonic() + self._settings.read_timeout_s
        given_up = threading.Event()
        talk: Future[SmartCardReading | Trouble] = Future()
        threading.Thread(
            target=self._converse, args=(talk, look.reader, limit, given_up), name="smart-card", daemon=True
        ).start()
        while not talk.done():
            left, unwanted = limit - self._clock.monotonic(), cancelled.is_set()
            if unwanted or left <= 0:
                given_up.set()
                return NoCard() if unwanted else CardUnreadable(Trouble.CARD_MUTE.value)
            wait((talk,), min(left, self._settings.look_s))
        outcome = talk.result()
        return self._told(outcome, look, limit) if isinstance(outcome, Trouble) else outcome

    def _converse(
        self, talk: "Future[SmartCardReading | Trouble]", reader: str, limit: float, given_up: threading.Event
    ) -> None:
        try:
            talk.set_result(self._outcome(reader, limit, given_up))
        except BaseException as defect:
            talk.set_exception(defect)

    def _outcome(self, reader: str, limit: float, given_up: threading.Event) -> SmartCardReading | Trouble:
        connection = self._service.connect(reader)
        if isinstance(connection, Trouble):
            return connection

        def transmit(command: bytes) -> bytes | Trouble:
            if given_up.is_set() or self._clock.monotonic() >= limit:
                return Trouble.CARD_MUTE
            return connection.transmit(command)

        try:
            return read_social_security_card(transmit)
        finally:
            connection.close()

    def _told(self, trouble: Trouble, look: Look, limit: float) -> SmartCardReading:
        if trouble not in CARD_TROUBLES:
            return ReaderFault(trouble.value)
        if trouble is Trouble.NO_ANSWER:
            trouble = Trouble.CARD_GONE if self._leaves(look, limit) else Trouble.CARD_MUTE
        return CardUnreadable(trouble.value)

    def _leaves(self, look: Look, limit: float) -> bool:
        """Whether the card of ``look`` is gone, or goes within the time in which that is noticed."""
        limit = min(limit, self._clock.monotonic() + _LEAVING_S)
        now: Look | Trouble = look
        while isinstance(now, Look) and now.insertion == look.insertion:
            left = limit - self._clock.monotonic()
            if left <= 0:
                return False
            now = self._service.look(now, min(left, self._settings.look_s))
        return True
