"""Is this number on a paper genuine? By its signature and the public keys at hand alone, without a network.

What it cannot tell is whether the number was made void since: that the hall's verification page does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber, receipt_in_code
from kiosk.wire.receipt_code import is_signed_by


class Standing(Enum):
    """GENUINE: signed by a key that may sign this number. FORGED: by none of those that may. NOT_OURS: of a terminal
    or a gateway whose keys are not at hand, so that nothing can be said."""

    GENUINE = "genuine"
    FORGED = "forged"
    NOT_OURS = "not-ours"


@dataclass(frozen=True, slots=True)
class PaperKeys:
    """Who may sign: receipts the terminals, by their numbers, certificates the gateway alone."""

    terminals: Mapping[str, tuple[Ed25519PublicKey, ...]]
    gateway: Ed25519PublicKey | None

    def standing(self, receipt: ReceiptNumber, signature: str) -> Standing:
        """``signature``: base32 as in the QR; any other text is a forgery."""
        allowed = self._allowed(receipt)
        if not allowed:
            return Standing.NOT_OURS
        genuine = any(is_signed_by(key, receipt, signature) for key in allowed)
        return Standing.GENUINE if genuine else Standing.FORGED

    def _allowed(self, receipt: ReceiptNumber) -> tuple[Ed25519PublicKey, ...]:
        match receipt.kind:
            case ReceiptKind.ELIGIBILITY:
                return self.terminals.get(receipt.terminal, ())
            case ReceiptKind.CERTIFICATE:
                return () if self.gateway is None else (self.gateway,)


NO_KEYS = PaperKeys({}, None)


def check_paper(text: str, keys: PaperKeys) -> tuple[ReceiptNumber, Standing] | None:
    """The number in a scanned QR text and how it stands; None when the text is no paper's."""
    text = text.strip().upper()
    receipt = receipt_in_code(text)
    return None if receipt is None else (receipt, keys.standing(receipt, text.rsplit("/", 1)[1]))
