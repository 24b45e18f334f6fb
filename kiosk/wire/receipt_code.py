"""What lets anybody check a receipt: the terminal's Ed25519 signature over its number, as QR text and as short code.

The QR text is upper-case URL, number and signature in base32 (RFC 4648, no padding): QR alphanumeric characters only,
so that level M stays within 49 modules (221 characters). The short code is the first 38 bits of the SHA-256 of the
signature: it is checked against the one the platform keeps, the QR against the terminal's public key alone.
"""

import base64
import hashlib
import hmac
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.domain.receipt_number import ReceiptNumber, Verification, parse_receipt_number

MAX_QR_CHARACTERS = 221
"""Alphanumeric capacity of version 8 (49 modules) at level M (GB/T 18284-2000 / ISO/IEC 18004)."""

SHORT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, O, 1, I and L."""

_SHORT_BITS = 38
_SHORT_LENGTH = 8
_PURPOSE = b"kiosk receipt, version 1\n"
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
_SIGNATURE_TEXT = 103


def verification(receipt: ReceiptNumber, signing_key: Ed25519PrivateKey, url: str) -> Verification:
    """``url`` is the hall's verification address; raises ValueError when the QR would not fit."""
    signature = base64.b32encode(_sign(receipt, signing_key)).decode().rstrip("=")
    text = f"{url.upper().rstrip('/')}/{receipt.value}/{signature}"
    if len(text) > MAX_QR_CHARACTERS or not _ALPHANUMERIC.fullmatch(text):
        raise ValueError("the verification address does not fit a receipt's QR")
    return Verification(text, short_code(receipt, signing_key))


def short_code(receipt: ReceiptNumber, signing_key: Ed25519PrivateKey) -> str:
    """Eight characters as 4-4."""
    rest = int.from_bytes(hashlib.sha256(_sign(receipt, signing_key)).digest()[:5]) >> (40 - _SHORT_BITS)
    characters = ""
    for _ in range(_SHORT_LENGTH):
        rest, index = divmod(rest, len(SHORT_ALPHABET))
        characters += SHORT_ALPHABET[index]
    return f"{characters[:4]}-{characters[4:]}"


def same_code(typed: str, kept: str | None) -> bool:
    """Whether somebody typed the code ``kept`` on the platform, whatever the case, with or without the dash."""
    form = "".join(typed.upper().split()).replace("-", "")
    return kept is not None and hmac.compare_digest(form.encode(), kept.replace("-", "").encode())


def verify_receipt_code(text: str, public_key: Ed25519PublicKey) -> ReceiptNumber | None:
    """The receipt number in a scanned QR text, or None when the terminal of ``public_key`` did not sign it."""
    parts = text.strip().rsplit("/", 2)
    receipt = parse_receipt_number(parts[-2]) if len(parts) == 3 else None
    if receipt is None or len(parts[2]) != _SIGNATURE_TEXT:
        return None
    try:
        public_key.verify(base64.b32decode(f"{parts[2]}="), _PURPOSE + receipt.value.encode())
    except (InvalidSignature, ValueError):
        return None
    return receipt


def _sign(receipt: ReceiptNumber, signing_key: Ed25519PrivateKey) -> bytes:
    return signing_key.sign(_PURPOSE + receipt.value.encode())
