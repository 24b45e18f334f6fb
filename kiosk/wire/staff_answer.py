"""The answer to a terminal's challenge: eight digits that the terminal and the hall's staff page work out alike.

Neither asks the other, and neither looks at a clock. Both hold one secret: X25519 (RFC 7748) between the gateway's
sealing key and a key the terminal derives from its signing key by HKDF (RFC 5869), whose public half stands in the
terminal's registration. The answer is HMAC-SHA256 over purpose, terminal number and challenge, cut to eight
digits: guessed right once in a hundred million, and the terminal allows five tries.
"""

import hmac

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.ports.staff_authorisation import StaffPurpose

DIGITS = 8
"""Of a challenge, and of its answer."""

_KEY_PURPOSE = b"kiosk staff key, version 1\n"
_SECRET_PURPOSE = b"kiosk staff secret, version 1\n"
_ANSWER_PURPOSE = b"kiosk staff answer, version 1\n"


def terminal_staff_key(signing_key: Ed25519PrivateKey) -> X25519PrivateKey:
    """Nothing more to keep: it comes from the signing key whenever it is wanted."""
    return X25519PrivateKey.from_private_bytes(_derived(signing_key.private_bytes_raw(), _KEY_PURPOSE))


def secret_at_terminal(signing_key: Ed25519PrivateKey, gateway: X25519PublicKey) -> bytes:
    """``gateway``: the key the terminal seals to (``GatewayKey.public_key``). Raises ValueError when it is no point."""
    own = terminal_staff_key(signing_key)
    return _derived(own.exchange(gateway), _bound(own.public_key(), gateway))


def secret_at_gateway(sealing_key: X25519PrivateKey, terminal: X25519PublicKey) -> bytes:
    """``terminal``: the staff key of its registration. Raises ValueError when it is no point."""
    return _derived(sealing_key.exchange(terminal), _bound(terminal, sealing_key.public_key()))


def staff_answer(secret: bytes, purpose: StaffPurpose, terminal: str, challenge: str) -> str:
    """Eight digits. Raises ValueError when ``challenge`` is not eight digits."""
    if not is_eight_digits(challenge):
        raise ValueError("a challenge has eight digits")
    text = f"{purpose.value}\n{terminal}\n{challenge}".encode()
    number = int.from_bytes(hmac.digest(secret, _ANSWER_PURPOSE + text, "sha256"))
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def is_eight_digits(text: str) -> bool:
    """ASCII digits alone."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def _bound(terminal: X25519PublicKey, gateway: X25519PublicKey) -> bytes:
    return _SECRET_PURPOSE + terminal.public_bytes_raw() + gateway.public_bytes_raw()


def _derived(secret: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=None, info=info).derive(secret)
