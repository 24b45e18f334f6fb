"""The ID-card reader of the virtual hall: a SAM, its faults and its serial line, moved by control verbs."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulators.card_reader.card import LAYOUTS, Card, address_record, text_block
from simulators.card_reader.faults import Fault, FaultKind
from simulators.card_reader.frames import BadRequest, Request, RequestReader, answer_frame
from simulators.card_reader.line import PtyLine, Reply, StableLink
from simulators.card_reader.photo import BLANK_PHOTO, chip_photo
from simulators.card_reader.sam import RATES, Sam
from simulators.control import Verb
from simulators.portraits import Image


class CardReaderSimulator:
    """One reader on one line.

    ``picture_of`` gives the chip picture of a named portrait; ``monotonic`` paces the line at its baud rate,
    None sends at once; ``link`` is kept pointing at the present pseudo-terminal.
    """

    def __init__(
        self,
        picture_of: Callable[[str], Image],
        baud: int = 115200,
        monotonic: Callable[[], float] | None = None,
        link: Path | None = None,
    ) -> None:
        self._picture_of = picture_of
        self._baud = baud
        self._monotonic = monotonic
        self._link = StableLink(link) if link is not None else None
        self._lock = threading.Lock()
        self._sam = Sam()
        self._fault: Fault | None = None
        self._requests = RequestReader()
        self._heard: list[str] = []
        self._line: PtyLine | None = None

    @property
    def address(self) -> str:
        """The path a driver opens: the stable link where there is one. Empty while unplugged without a link."""
        if self._link is not None:
            return str(self._link.path)
        return self._line.path if self._line is not None else ""

    @property
    def verbs(self) -> dict[str, Verb]:
        return {
            "insert-card": self.insert_card,
            "remove-card": self.remove_card,
            "swap-card": self.swap_card,
            "fault": self.set_fault,
            "unplug": self.unplug,
            "plug": self.plug,
            "state": self.describe,
        }

    def close(self) -> None:
        self.unplug({})

    def plug(self, _request: dict[str, Any]) -> dict[str, Any]:
        """A fresh pseudo-terminal, as after plugging the USB cable in again."""
        if self._line is None:
            self._requests.clear()
            self._line = PtyLine(self.receive, self._baud, self._monotonic)
            self._line.start()
            if self._link is not None:
                self._link.point_to(self._line.path)
        return {"address": self.address}

    def unplug(self, _request: dict[str, Any]) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()
            self._baud = line.baud
            if self._link is not None:
                self._link.remove()

    def insert_card(self, request: dict[str, Any]) -> None:
        """Lays a card down. Members: the fields of its layout, ``kind`` (the type character), ``portrait``
        (a name; without one the photo is blank) and ``addresses`` (appended ones, newest first)."""
        card = self._card(request)
        with self._lock:
            self._sam.insert(card)

    def swap_card(self, request: dict[str, Any]) -> None:
        """Takes away what lies there and lays down another card; members as for ``insert_card``."""
        card = self._card(request)
        with self._lock:
            self._sam.remove()
            self._sam.insert(card)

    def remove_card(self, _request: dict[str, Any]) -> None:
        with self._lock:
            self._sam.remove()

    def set_fault(self, request: dict[str, Any]) -> None:
        """``kind`` names the fault or is null for none; ``lasting`` keeps it beyond one answer; ``status`` and
        ``command`` are hexadecimal, as in the protocol."""
        kind = request["kind"]
        command = request.get("command")
        fault = None
        if kind is not None:
            fault = Fault(
                kind=FaultKind(kind),
                lasting=bool(request.get("lasting", False)),
                status=int(request.get("status", "00"), 16),
                command=int(command, 16) if command is not None else None,
            )
        with self._lock:
            self._fault = fault

    def describe(self, _request: dict[str, Any]) -> dict[str, Any]:
        """``state`` of the plate, ``baud``, ``plugged``, and the codes of the commands heard since the last asking."""
        with self._lock:
            heard, self._heard = self._heard, []
            return {
                "state": self._sam.state.value,
                "baud": self._line.baud if self._line is not None else self._baud,
                "plugged": self._line is not None,
                "heard": heard,
            }

    def receive(self, data: bytes) -> list[Reply]:
        """What the line carries back for ``data``; no data means that a request stopped midway."""
        with self._lock:
            if not data:
                incomplete = self._requests.incomplete
                self._requests.clear()
                return [Reply(answer_frame(0x11))] if incomplete else []
            return [self._reply(request) for request in self._requests.feed(data)]

    def _reply(self, request: Request | BadRequest) -> Reply:
        if isinstance(request, BadRequest):
            return Reply(answer_frame(request.status))
        self._heard.append(f"{request.code:04X}")
        fault = self._fault
        if fault is None or not fault.concerns(request.code):
            return Reply(self._sam.answer(request), RATES.get(request.code))
        if not fault.lasting:
            self._fault = None
        if fault.kind is FaultKind.STATUS:
            return Reply(answer_frame(fault.status))
        return Reply(fault.apply(self._sam.answer(request)))

    def _card(self, request: dict[str, Any]) -> Card:
        kind = request.pop("kind", " ")
        portrait = request.pop("portrait", None)
        addresses = tuple(address_record(address) for address in request.pop("addresses", ()))
        unknown = set(request) - {name for _, _, name in LAYOUTS[kind]}
        if unknown:
            raise ValueError(f"this card has no field {', '.join(sorted(unknown))}")
        photo = chip_photo(self._picture_of(portrait)) if portrait is not None else BLANK_PHOTO
        return Card(text_block(kind, request), photo, addresses)
