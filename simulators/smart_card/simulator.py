"""The smart-card reader of the virtual hall: a card, its faults, its slot and pcscd, moved by control verbs."""

import threading
from typing import Any

from simulators.control import Verb
from simulators.smart_card.card import Card, CardKind, social_security_card
from simulators.smart_card.chip import ATR, Chip
from simulators.smart_card.faults import GET_RESPONSE, Fault, FaultKind, ShortAnswers, exact_length
from simulators.smart_card.pcscd import Pcscd
from simulators.smart_card.slot import Slot

_TOO_LONG_ATR = ATR + bytes(33)
"""Above the 33 bytes that an ATR may have, pcscd takes the card for one that says nothing."""


class SmartCardSimulator:
    """One reader behind ``pcscd``, which is this object's to start and stop; it starts plugged in and empty."""

    def __init__(self, pcscd: Pcscd) -> None:
        self._pcscd = pcscd
        self._hands = threading.Lock()
        """One hand at a time moves card, cable and service."""
        self._card: Card | None = None
        self._slot: Slot | None = None
        self._plugged = True
        self._serving = True
        self._pcscd.start()
        self._lock = threading.Lock()
        """Guards what follows, which the slot's thread shares."""
        self._chip: Chip | None = None
        self._short = ShortAnswers()
        self._fault: Fault | None = None
        self._spared = 0
        self._leaving = threading.Event()
        self._heard: list[str] = []

    @property
    def verbs(self) -> dict[str, Verb]:
        return {
            "insert-card": self.insert_card,
            "remove-card": self.remove_card,
            "swap-card": self.insert_card,
            "fault": self.set_fault,
            "unplug": self.unplug,
            "plug": self.plug,
            "stop-service": self.stop_service,
            "start-service": self.start_service,
            "state": self.describe,
        }

    def close(self) -> None:
        with self._hands:
            self._take_out()
            self._pcscd.close()

    def insert_card(self, request: dict[str, Any]) -> None:
        """Puts a card in, after taking out what is there. Members: the fields of ``card.FIELDS`` and ``kind``."""
        kind = CardKind(request.pop("kind", CardKind.SOCIAL_SECURITY.value))
        card = social_security_card(kind, request)
        with self._hands:
            self._take_out()
            self._put_in(card)

    def remove_card(self, _request: dict[str, Any]) -> None:
        with self._hands:
            self._take_out()

    def set_fault(self, request: dict[str, Any]) -> None:
        """``kind`` names the fault or is null for none; ``lasting`` keeps it beyond one command; ``command`` limits it
        to one instruction (hexadecimal, "B2"), of which the first ``after`` ones are spared; ``status`` is hexadecimal,
        ``seconds`` how slow. ``mute`` stays until another fault or none is set."""
        kind = request["kind"]
        command = request.get("command")
        fault = None
        if kind is not None:
            fault = Fault(
                kind=FaultKind(kind),
                lasting=bool(request.get("lasting", False)),
                command=int(command, 16) if command is not None else None,
                status=bytes.fromhex(request.get("status", "")),
                seconds=float(request.get("seconds", 0)),
            )
        with self._lock:
            self._fault = fault
            self._spared = int(request.get("after", 0))

    def unplug(self, _request: dict[str, Any]) -> None:
        """pcscd starts anew without the reader: vpcd's cannot be pulled out of a running one."""
        with self._hands:
            self._plugged = False
            self._restart()

    def plug(self, _request: dict[str, Any]) -> None:
        with self._hands:
            if not (self._plugged and self._serving):
                self._plugged = self._serving = True
                self._restart()

    def stop_service(self, _request: dict[str, Any]) -> None:
        with self._hands:
            self._serving = False
            self._restart()

    def start_service(self, _request: dict[str, Any]) -> None:
        with self._hands:
            self._serving = True
            self._restart()

    def describe(self, _request: dict[str, Any]) -> dict[str, Any]:
        """Whether a card is ``inserted``, the reader ``plugged`` and pcscd ``serving``; how many ``pin_tries`` the card
        has left (null without a card); the commands heard since the last asking, in hexadecimal."""
        with self._lock:
            heard, self._heard = self._heard, []
            return {
                "inserted": self._chip is not None,
                "plugged": self._plugged,
                "serving": self._serving,
                "pin_tries": self._chip.pin_tries if self._chip is not None else None,
                "heard": heard,
            }

    def answer(self, command: bytes) -> bytes | None:
        """What the slot carries back for ``command``: None for silence, ``ConnectionError`` when the card leaves."""
        with self._lock:
            self._heard.append(command.hex().upper())
            fault = self._fault_at(command)
            if fault is not None and fault.kind is FaultKind.REMOVE:
                self._chip = None
                raise ConnectionResetError("the card was pulled out")
            answer = self._faulty(fault, command)
        if fault is not None and fault.kind is FaultKind.SLOW and self._leaving.wait(fault.seconds):
            return None
        return answer

    def _faulty(self, fault: Fault | None, command: bytes) -> bytes | None:
        kind = fault.kind if fault is not None else None
        if fault is not None and kind is FaultKind.STATUS:
            return fault.status
        if self._chip is None or kind is FaultKind.SILENCE:
            return None
        if command[1] == GET_RESPONSE:
            return self._short.fetch(command[4])
        answer = self._chip.answer(command)
        match kind:
            case FaultKind.RESPONSE_WAITING:
                return self._short.announce(answer)
            case FaultKind.WRONG_LENGTH:
                return exact_length(command, answer)
            case FaultKind.GARBLED:
                return answer[:1] + b"\x7f" + answer[2:]
        return answer

    def _fault_at(self, command: bytes) -> Fault | None:
        fault = self._fault
        if fault is None or not fault.concerns(command):
            return None
        if self._spared > 0:
            self._spared -= 1
            return None
        if not fault.lasting:
            self._fault = None
        return fault

    def _atr(self) -> bytes:
        with self._lock:
            mute = self._fault is not None and self._fault.kind is FaultKind.MUTE
        return _TOO_LONG_ATR if mute else ATR

    def _power(self) -> None:
        with self._lock:
            self._short.clear()
            if self._chip is not None:
                self._chip.power()

    def _put_in(self, card: Card) -> None:
        self._card = card
        with self._lock:
            self._chip = Chip(card)
            self._short.clear()
        self._leaving.clear()
        if self._plugged and self._serving:
            self._slot = Slot(self._pcscd.slot, self._atr, self.answer, self._power)

    def _take_out(self) -> None:
        self._leaving.set()
        slot, self._slot, self._card = self._slot, None, None
        with self._lock:
            self._chip = None
        if slot is not None:
            slot.close()

    def _restart(self) -> None:
        """The service as it now should be, with the card that is in the reader."""
        card = self._card
        self._take_out()
        if self._serving:
            self._pcscd.start(with_reader=self._plugged)
        else:
            self._pcscd.stop()
        if card is not None:
            self._put_in(card)
