"""What whoever checks a paper is told: pure. It names nobody."""

import unicodedata
from dataclasses import dataclass
from enum import Enum

from gateway.papers import HallEntry
from kiosk.domain.receipt_number import ReceiptNumber, parse_receipt_number
from kiosk.wire.paper_check import Standing


class PaperState(Enum):
    """ON_ITS_WAY: genuine, but its record has not come yet: the terminal stands without a network."""

    VALID = "valid"
    VOID = "void"
    FORGED = "forged"
    UNKNOWN = "unknown"
    ON_ITS_WAY = "on-its-way"


@dataclass(frozen=True, slots=True)
class PaperFinding:
    """``receipt`` None: no such number can exist. ``entry`` is there when the state is VALID or VOID."""

    state: PaperState
    receipt: ReceiptNumber | None
    entry: HallEntry | None = None


NO_SUCH_NUMBER = PaperFinding(PaperState.UNKNOWN, None)


def find_scanned(receipt: ReceiptNumber, standing: Standing, entry: HallEntry | None) -> PaperFinding:
    """A number that came with its signature: the signature is judged first."""
    match standing:
        case Standing.NOT_OURS:
            return PaperFinding(PaperState.UNKNOWN, receipt)
        case Standing.FORGED:
            return PaperFinding(PaperState.FORGED, receipt)
        case Standing.GENUINE:
            return PaperFinding(PaperState.ON_ITS_WAY, receipt) if entry is None else _known(receipt, entry)


def find_typed(receipt: ReceiptNumber, entry: HallEntry | None) -> PaperFinding:
    """A number that was typed; ``entry`` is None too when the short code was another."""
    return PaperFinding(PaperState.UNKNOWN, receipt) if entry is None else _known(receipt, entry)


def typed_number(text: str) -> ReceiptNumber | None:
    """With or without hyphens and blanks, in capitals or not, from a Chinese keyboard or another."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text[:64]).upper() if c.isascii() and c.isalnum())
    return parse_receipt_number(f"{plain[:2]}-{plain[2:10]}-{plain[10:-6]}-{plain[-6:-1]}-{plain[-1:]}")


def _known(receipt: ReceiptNumber, entry: HallEntry) -> PaperFinding:
    return PaperFinding(PaperState.VALID if entry.void is None else PaperState.VOID, receipt, entry)
