"""Whose code is held out, and whether the page that waits can take it. Pure; any bytes get an answer.

Own numbers come first, so that nothing of ours is ever sent to somebody else's platform; then tokens by their form;
what has no known form belongs to the one issuer of the page that declares none.
"""

from dataclasses import dataclass, field

from kiosk.codes.issuers import CodeBook, CodeIssuer, CodeKind, Use
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber, receipt_in_code
from kiosk.domain.turn_number import TurnKind, TurnNumber, parse_turn_number
from kiosk.ports.code_scanner import MAX_CODE_BYTES
from kiosk.wire.paper_check import Standing


@dataclass(frozen=True, slots=True)
class Token:
    """Only ``issuer`` knows what it means. Not to be kept, logged or shown."""

    issuer: CodeIssuer
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """A receipt or certificate; its number tells which. ``genuine`` is None where no key that may sign such a number is
    known here, False where none of them did. ``signature`` is the last part of the code, as it was read."""

    number: ReceiptNumber
    genuine: bool | None
    signature: str


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A code of this issuer, but not one the page can take."""

    issuer: CodeIssuer


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody's code, as far as this terminal knows."""


Recognised = Token | OwnPaper | TurnNumber | Misplaced | Unknown

_PAPERS = {ReceiptKind.ELIGIBILITY: CodeKind.RECEIPT, ReceiptKind.CERTIFICATE: CodeKind.CERTIFICATE}
_TURNS = {TurnKind.APPOINTMENT: CodeKind.APPOINTMENT, TurnKind.TICKET: CodeKind.TICKET}


def recognise(payload: bytes, book: CodeBook, wanted: Use) -> Recognised:
    text = payload.decode("utf-8", "replace").strip().upper()
    receipt = receipt_in_code(text)
    if receipt is not None:
        issuer = book.of_kind(_PAPERS[receipt.kind])
        return _own_paper(text, receipt, book) if wanted in issuer.uses else Misplaced(issuer)
    turn = parse_turn_number(text)
    if turn is not None:
        issuer = book.of_kind(_TURNS[turn.kind])
        return turn if wanted in issuer.uses else Misplaced(issuer)
    return _token(payload, book, wanted)


def _own_paper(text: str, receipt: ReceiptNumber, book: CodeBook) -> OwnPaper:
    signature = text.rsplit("/", 1)[1]
    standing = book.keys.standing(receipt, signature)
    return OwnPaper(receipt, None if standing is Standing.NOT_OURS else standing is Standing.GENUINE, signature)


def _token(payload: bytes, book: CodeBook, wanted: Use) -> Token | Misplaced | Unknown:
    if not 0 < len(payload) <= MAX_CODE_BYTES:
        return Unknown()
    offered = book.tokens_for(wanted)
    formed = [issuer for issuer in book.issuers if issuer.has_form and issuer.fits(payload)]
    takers = [issuer for issuer in formed if issuer in offered]
    if formed:
        return Token(takers[0], payload) if takers else Misplaced(formed[0])
    formless = [issuer for issuer in offered if not issuer.has_form]
    return Token(formless[0], payload) if formless else Unknown()
