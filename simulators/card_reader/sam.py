"""The reader's security module: which card lies there, how far it has been read, what each command answers."""

from enum import Enum

from simulators.card_reader.card import Card
from simulators.card_reader.frames import Request, answer_frame

RATES = {0x6000: 115200, 0x6001: 57600, 0x6002: 38400, 0x6003: 19200, 0x6004: 9600}
SAM_NUMBER = bytes.fromhex("05000100E5D6340140E20100D21E0000")
"""05.01-20240101-0000123456-0000007890, synthetic."""

_BASE_LENGTHS = bytes.fromhex("01000400")


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

    def insert(self, card: Card) -> None:
        self._card = card
        self.state = PlateState.CARD_PRESENT

    def remove(self) -> None:
        self._card = None
        self.state = PlateState.IDLE

    def answer(self, request: Request) -> bytes:
        match request.code:
            case 0x10FF:
                self._reset()
                return answer_frame(0x90)
            case 0x11FF:
                return answer_frame(0x90)
            case 0x12FF:
                return answer_frame(0x90, SAM_NUMBER)
            case 0x2001:
                return self._find()
            case 0x2002:
                return self._select()
            case 0x3001:
                return self._read_base()
            case 0x3003:
                return self._read_addresses()
            case code if code in RATES:
                return answer_frame(0x90)
        return answer_frame(0x21)

    def _reset(self) -> None:
        if self._card is not None:
            self.state = PlateState.CARD_PRESENT

    def _find(self) -> bytes:
        if self.state in (PlateState.IDLE, PlateState.READ):
            return answer_frame(0x80)
        self.state = PlateState.FOUND
        return answer_frame(0x9F, bytes(4))

    def _select(self) -> bytes:
        if self.state not in (PlateState.FOUND, PlateState.SELECTED):
            return answer_frame(0x81)
        self.state = PlateState.SELECTED
        return answer_frame(0x90, bytes(8))

    def _open_card(self) -> Card | None:
        return self._card if self.state in (PlateState.SELECTED, PlateState.READ) else None

    def _read_base(self) -> bytes:
        card = self._open_card()
        if card is None:
            return answer_frame(0x41)
        self.state = PlateState.READ
        return answer_frame(0x90, _BASE_LENGTHS + card.text + card.photo)

    def _read_addresses(self) -> bytes:
        card = self._open_card()
        if card is None:
            return answer_frame(0x41)
        return answer_frame(0x90, b"".join(card.addresses)) if card.addresses else answer_frame(0x91)
