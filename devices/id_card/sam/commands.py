"""The commands of GA/T 467-2019 chapter 7 that a terminal uses, and what an answer to each looks like."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from devices.id_card.sam.frames import Frame
from devices.id_card.sam.statuses import CARD_FOUND, NOTHING_THERE, OK
from devices.id_card.sam.text_block import TEXT_BYTES

PHOTO_BYTES = 1024
BASE_LENGTHS = TEXT_BYTES.to_bytes(2, "big") + PHOTO_BYTES.to_bytes(2, "big")
"""Text and photo are preceded by their lengths."""

ADDRESS_BYTES = 70
_MOST_ADDRESSES = 4
_NUMBERS = range(1, 65)
"""Chip numbers nobody needs; vendors disagree on what they are."""


@dataclass(frozen=True, slots=True)
class Command:
    """``code`` is CMD and PARA as one number, ``answers`` the lengths of data by status of success."""

    code: int
    answers: Mapping[int, Container[int]]

    def answered_by(self, frame: Frame) -> bool:
        """False for the success of another command: an answer that came too late for the one that asked."""
        if frame.status in (OK, CARD_FOUND):
            return len(frame.data) in self.answers.get(frame.status, ())
        return True


RESET = Command(0x10FF, {OK: (0,)})
STATUS = Command(0x11FF, {OK: (0,)})
MODULE_NUMBER = Command(0x12FF, {OK: (16,)})
FIND = Command(0x2001, {CARD_FOUND: _NUMBERS})
SELECT = Command(0x2002, {OK: _NUMBERS})
READ = Command(0x3001, {OK: (len(BASE_LENGTHS) + TEXT_BYTES + PHOTO_BYTES,)})
READ_ADDRESSES = Command(
    0x3003, {OK: range(0, _MOST_ADDRESSES * ADDRESS_BYTES + 1, ADDRESS_BYTES), NOTHING_THERE: (0,)}
)
READ_CHIP_NUMBER = Command(0x3005, {OK: (28,)})

RATES = {115200: 0x6000, 57600: 0x6001, 38400: 0x6002, 19200: 0x6003, 9600: 0x6004}
"""Code of the command that sets the rate of a serial line, by rate."""


def set_rate(baud: int) -> Command:
    """Never to be repeated blindly: the reader may have switched although its answer was lost."""
    return Command(RATES[baud], {OK: (0,)})
