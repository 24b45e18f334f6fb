"""The reader's security module: which card lies there, how far it has been read, what each command answers."""

from enum import Enum

from simulators.card_reader.card import Card
from simulators.card_reader.frames import Answer, Request

RATES = {0x6000: 115200, 0x6001: 57600, 0x6002: 38400, 0x6003: 19200, 0x6004: 9600}
SAM_NUMBER = bytes.fromhex("05000100E5D6340140E20100D21E0000")
"""05.01-20240101-0000123456-0000007890, synthetic."""

OK = 0x90
CARD_FOUND = 0x9F
NOT_ON_THE_CARD = 0x91
NO_CARD = 0x80
NOT_SELECTED = 0x81
NOT_READ = 0x41
BAD_COMMAND = 0x21

_BASE_LENGTHS = bytes.fromhex("01000400")
_RADIO_FRAME_BYTES = range(24, 256)


class PlateState(Enum):
    IDLE = "idle"
    CARD_PRESENT = "card-present"
    FOUND = "found"
    SELECTED = "selected"
    READ = "read"


class Sam:
    """Answers commands. A card once read is not found again until it has been taken away."""

    def __init__(self) -> None:
        self.state = PlateState.IDLE
        self._card: Card | None = None

    @property
    def card(self) -> Card | None:
        return self._card

    def insert(self, card: Card) -> None:
        self._card = card
        self.state = PlateState.CARD_PRESENT

    def remove(self) -> None:
        self._card = None
        self.state = PlateState.IDLE

    def answer(self, request: Request) -> Answer:
        match request.code:
            case 0x10FF:
                self._reset()
                return Answer(OK)
            case 0x11FF:
                return Answer(OK)
            case 0x12FF:
                return Answer(OK, SAM_NUMBER)
            case 0x2001:
                return self._find()
            case 0x2002:
                return self._select()
            case 0x3001:
                return self._read_base()
            case 0x3010:
                return self._read_base_with_fingerprints()
            case 0x3003:
                return self._read_addresses()
            case 0x3005:
                return self._read_management_number()
            case 0x61FF:
                return Answer(OK if _is_radio_frame_size(request.data) else BAD_COMMAND)
            case code if code in RATES:
                return Answer(OK)
        return Answer(BAD_COMMAND)

    def _reset(self) -> None:
        if self._card is not None:
            self.state = PlateState.CARD_PRESENT

    def _find(self) -> Answer:
        if self.state in (PlateState.IDLE, PlateState.READ):
            return Answer(NO_CARD)
        self.state = PlateState.FOUND
        return Answer(CARD_FOUND, bytes(4))

    def _select(self) -> Answer:
        if self.state not in (PlateState.FOUND, PlateState.SELECTED):
            return Answer(NOT_SELECTED)
        self.state = PlateState.SELECTED
        return Answer(OK, bytes(8))

    def _open_card(self) -> Card | None:
        return self._card if self.state in (PlateState.SELECTED, PlateState.READ) else None

    def _read_base(self) -> Answer:
        card = self._open_card()
        if card is None:
            return Answer(NOT_READ)
        self.state = PlateState.READ
        return Answer(OK, _BASE_LENGTHS + card.text + card.photo)

    def _read_base_with_fingerprints(self) -> Answer:
        card = self._open_card()
        if card is None:
            return Answer(NOT_READ)
        self.state = PlateState.READ
        lengths = _BASE_LENGTHS + len(card.fingerprints).to_bytes(2, "big")
        return Answer(OK, lengths + card.text + card.photo + card.fingerprints)

    def _read_addresses(self) -> Answer:
        card = self._open_card()
        if card is None:
            return Answer(NOT_READ)
        return Answer(OK, b"".join(card.addresses)) if card.addresses else Answer(NOT_ON_THE_CARD)

    def _read_management_number(self) -> Answer:
        card = self._open_card()
        return Answer(NOT_READ) if card is None else Answer(OK, card.management_number)


def _is_radio_frame_size(data: bytes) -> bool:
    return len(data) == 1 and data[0] in _RADIO_FRAME_BYTES
