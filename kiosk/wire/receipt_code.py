"""What lets anybody check a paper: an Ed25519 signature over its number, as QR text and as short code.

A receipt (YL) is signed by its terminal, which issues the number without a network; a certificate (ZM) by the gateway.

The QR text is upper-case URL, number and signature in base32 (RFC 4648, no padding): QR alphanumeric characters only,
so that level M stays within 49 modules (221 characters). The short code is the first 38 bits of the SHA-256 of the
signature: it is checked against the one the platform keeps, the QR against the signer's public key alone.
"""

import base64
import hashlib
import hmac
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber, Verification

MAX_QR_CHARACTERS = 221
"""Alphanumeric capacity of version 8 (49 modules) at level M (GB/T 18284-2000 / ISO/IEC 18004)."""

SHORT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, O, 1, I and L."""

_SHORT_BITS = 38
_SHORT_LENGTH = 8
_PURPOSES = {
    ReceiptKind.ELIGIBILITY: b"kiosk receipt, version 1\n",
    ReceiptKind.CERTIFICATE: b"kiosk certificate, version 1\n",
}
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
_SIGNATURE_TEXT = 103


def verification(receipt: ReceiptNumber, signing_key: Ed25519PrivateKey, url: str) -> Verification:
    """``url`` is the hall's verification address; raises ValueError when the QR would not fit."""
    return verification_of(receipt, sign_number(receipt, signing_key), url)


def verification_of(receipt: ReceiptNumber, signature: str, url: str) -> Verification:
    """As ``verification``, of a signature (base32) that came from the gateway. Raises ValueError, also when it is no
    signature."""
    text = f"{url.upper().rstrip('/')}/{receipt.value}/{signature}"
    if len(text) > MAX_QR_CHARACTERS or not _ALPHANUMERIC.fullmatch(text):
        raise ValueError("the verification address does not fit a receipt's QR")
    return Verification(text, _short_code(_raw_signature(signature)))


def sign_number(receipt: ReceiptNumber, signing_key: Ed25519PrivateKey) -> str:
    """The signature in base32, 103 characters."""
    return base64.b32encode(_sign(receipt, signing_key)).decode().rstrip("=")


def short_code(receipt: ReceiptNumber, signing_key: Ed25519PrivateKey) -> str:
    """Eight characters as 4-4."""
    return _short_code(_sign(receipt, signing_key))


def _short_code(signature: bytes) -> str:
    rest = int.from_bytes(hashlib.sha256(signature).digest()[:5]) >> (40 - _SHORT_BITS)
    characters = ""
    for _ in range(_SHORT_LENGTH):
        rest, index = divmod(rest, len(SHORT_ALPHABET))
        characters += SHORT_ALPHABET[index]
    return f"{characters[:4]}-{characters[4:]}"


def same_code(typed: str, kept: str | None) -> bool:
    """Whether somebody typed the code ``kept`` on the platform, whatever the case, with or without the dash."""
    form = "".join(typed.upper().split()).replace("-", "")
    return kept is not None and hmac.compare_digest(form.encode(), kept.replace("-", "").encode())


def is_signed_by(public_key: Ed25519PublicKey, receipt: ReceiptNumber, signature: str) -> bool:
    """``signature`` in base32 as on the paper; False for any other text."""
    try:
        public_key.verify(_raw_signature(signature), _signed_bytes(receipt))
    except (InvalidSignature, ValueError):
        return False
    return True


def _raw_signature(text: str) -> bytes:
    if len(text) != _SIGNATURE_TEXT:
        raise ValueError("not a signature")
    return base64.b32decode(f"{text}=")


def _sign(receipt: ReceiptNumber, signing_key: Ed25519PrivateKey) -> bytes:
    return signing_key.sign(_signed_bytes(receipt))


def _signed_bytes(receipt: ReceiptNumber) -> bytes:
    return _PURPOSES[receipt.kind] + receipt.value.encode()
