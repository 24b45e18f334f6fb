"""The ID-card reader of the virtual hall: a SAM, its faults and its line, moved by control verbs."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulators.card_reader.card import Card
from simulators.card_reader.faults import HANDS_ON_CARD, UNHEARD, Fault, WrongBaud
from simulators.card_reader.frames import Answer, BadRequest, Request, RequestReader
from simulators.card_reader.line import Line, Reply
from simulators.card_reader.orders import card_from, delay_from, fault_from
from simulators.card_reader.sam import CARD_FOUND, NOT_ON_THE_CARD, OK, RATES, Sam
from simulators.card_reader.scenario import Laid
from simulators.card_reader.wire import PtyWire, TcpWire
from simulators.control import Verb
from simulators.portraits import Image
from simulators.stable_link import StableLink

_CARD_COMMANDS = frozenset({0x2001, 0x2002, 0x3001, 0x3010, 0x3003, 0x3005})
_CARD_ANSWERED = frozenset({OK, CARD_FOUND, NOT_ON_THE_CARD})


class CardReaderSimulator:
    """One reader on one line: a pseudo-terminal, or with ``tcp`` that port of 127.0.0.1 (0 for a free one).

    ``picture_of`` gives the chip picture of a named portrait; ``monotonic`` paces the line at its baud rate,
    None sends at once; ``link`` is kept pointing at the present pseudo-terminal; ``scenario`` is for ``next_card``.
    """

    def __init__(
        self,
        picture_of: Callable[[str], Image],
        baud: int = 115200,
        monotonic: Callable[[], float] | None = None,
        link: Path | None = None,
        tcp: int | None = None,
        scenario: Sequence[Laid] = (),
    ) -> None:
        self._picture_of = picture_of
        self._baud = baud
        self._monotonic = monotonic
        self._link = StableLink(link) if link is not None else None
        self._tcp = tcp
        self._scenario = scenario
        self._next = 0
        self._lock = threading.Lock()
        self._cable = threading.Lock()
        self._sam = Sam()
        self._faults: list[Fault] = []
        self._delays_s: dict[int, float] = {}
        self._requests = RequestReader()
        self._heard: list[str] = []
        self._line: Line | None = None
        self._address = str(link) if link is not None else ""
        if any(isinstance(fault, WrongBaud) for laid in scenario for fault in laid.faults):
            self._need_rate()

    @property
    def address(self) -> str:
        """What a driver opens: the stable link where there is one, else the path or ``tcp:HOST:PORT`` of the present
        line. Empty while a reader without link or port is unplugged."""
        return self._address

    @property
    def verbs(self) -> dict[str, Verb]:
        return {
            "insert-card": self.insert_card,
            "remove-card": self.remove_card,
            "swap-card": self.swap_card,
            "next-card": self.next_card,
            "fault": self.set_fault,
            "delay": self.set_delay,
            "unplug": self.unplug,
            "plug": self.plug,
            "state": self.describe,
        }

    def close(self) -> None:
        self.unplug({})

    def plug(self, _request: dict[str, Any]) -> dict[str, Any]:
        """A fresh pseudo-terminal, as after plugging the USB cable in again; a TCP port stays the same."""
        with self._cable:
            if self._line is None or not self._line.plugged:
                self._take_off()
                self._put_on()
        return {"address": self.address}

    def unplug(self, _request: dict[str, Any]) -> None:
        with self._cable:
            self._take_off()

    def insert_card(self, request: dict[str, Any]) -> None:
        """Lays a card down; for its members see ``card_from``."""
        card = card_from(request, self._picture_of)
        with self._lock:
            self._sam.insert(card)

    def swap_card(self, request: dict[str, Any]) -> None:
        """Takes away what lies there and lays down another card; members as for ``insert_card``."""
        card = card_from(request, self._picture_of)
        with self._lock:
            self._swap(card)

    def remove_card(self, _request: dict[str, Any]) -> None:
        with self._lock:
            self._sam.remove()

    def next_card(self, _request: dict[str, Any]) -> dict[str, Any]:
        """Takes away what lies there and lays down the scenario's next card, whose faults replace all others. Answers
        which ``card`` it is of how many (``cards``)."""
        if self._next == len(self._scenario):
            raise ValueError(f"no card is left: the scenario has {len(self._scenario)}")
        laid = self._scenario[self._next]
        self._next += 1
        with self._lock:
            self._swap(laid.card)
            self._faults = []
            for fault in laid.faults:
                self._let(fault)
        return {"card": self._next, "cards": len(self._scenario)}

    def set_fault(self, request: dict[str, Any]) -> None:
        """The one fault from now on; ``kind`` null is none. For its members see ``fault_from``."""
        fault = fault_from(request, self._picture_of) if request["kind"] is not None else None
        if isinstance(fault, WrongBaud):
            self._need_rate()
        with self._lock:
            self._faults = []
            if fault is not None:
                self._let(fault)

    def set_delay(self, request: dict[str, Any]) -> None:
        """The reader takes ``ms`` milliseconds over ``command`` (hexadecimal), unless the card says otherwise."""
        command, seconds = delay_from(request)
        with self._lock:
            self._delays_s[command] = seconds

    def describe(self, _request: dict[str, Any]) -> dict[str, Any]:
        """``state`` of the plate, ``baud``, ``plugged``, and the codes of the commands heard since the last asking."""
        with self._lock:
            heard, self._heard = self._heard, []
            return {
                "state": self._sam.state.value,
                "baud": self._line.baud if self._line is not None else self._baud,
                "plugged": self._line is not None and self._line.plugged,
                "heard": heard,
            }

    def receive(self, data: bytes) -> list[Reply]:
        """What the line carries back for ``data``; no data means that a request stopped midway."""
        with self._lock:
            if not data:
                incomplete = self._requests.incomplete
                self._requests.clear()
                return [Reply(Answer(0x11).frame)] if incomplete else []
            return [self._reply(request) for request in self._requests.feed(data)]

    def _reply(self, request: Request | BadRequest) -> Reply:
        if isinstance(request, BadRequest):
            return Reply(Answer(request.status).frame)
        self._heard.append(f"{request.code:04X}")
        delay_s = self._delay_s(request.code)
        reply = self._outcome(request)
        return replace(reply, pauses=((0, delay_s), *reply.pauses)) if delay_s else reply

    def _delay_s(self, command: int) -> float:
        card = self._sam.card
        of_card: Mapping[int, float] = card.delays_s if card is not None else {}
        return of_card.get(command, self._delays_s.get(command, 0.0))

    def _outcome(self, request: Request) -> Reply:
        fault = next((fault for fault in self._faults if fault.concerns(request.code)), None)
        if fault is not None and fault.kind in UNHEARD:
            self._spend(fault)
            return fault.strike(Answer(OK))
        answer = self._sam.answer(request)
        reply = Reply(answer.frame) if fault is None else self._struck(fault, request, answer)
        return replace(reply, new_baud=RATES.get(request.code))

    def _struck(self, fault: Fault, request: Request, answer: Answer) -> Reply:
        if fault.kind in HANDS_ON_CARD:
            if not _card_answered(request, answer):
                return Reply(answer.frame)
            self._swap(fault.card)
        self._spend(fault)
        return fault.strike(answer)

    def _spend(self, fault: Fault) -> None:
        if not fault.lasting:
            self._faults.remove(fault)

    def _swap(self, card: Card | None) -> None:
        self._sam.remove()
        if card is not None:
            self._sam.insert(card)

    def _put_on(self) -> None:
        self._requests.clear()
        wire = self._wire()
        self._line = Line(wire, self.receive, self._baud, self._monotonic, self._after_unplugging)
        self._line.start()
        if self._link is not None:
            self._link.point_to(wire.address)
        else:
            self._address = wire.address

    def _take_off(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()
            self._baud = line.baud
            self._after_unplugging()

    def _need_rate(self) -> None:
        if self._tcp is not None:
            raise ValueError("a TCP port has no rate that could be the wrong one")

    def _let(self, fault: Fault | WrongBaud) -> None:
        if isinstance(fault, Fault):
            self._faults.append(fault)
            return
        self._baud = fault.baud
        if self._line is not None:
            self._line.baud = fault.baud

    def _wire(self) -> PtyWire | TcpWire:
        if self._tcp is None:
            return PtyWire()
        wire = TcpWire(self._tcp)
        self._tcp = wire.port
        return wire

    def _after_unplugging(self) -> None:
        if self._link is not None:
            self._link.remove()
        elif self._tcp is None:
            self._address = ""


def _card_answered(request: Request, answer: Answer) -> bool:
    return request.code in _CARD_COMMANDS and answer.status in _CARD_ANSWERED
