"""The PIN of a member of staff, kept as a scrypt hash (RFC 7914): what the gateway's staff page and, where the site
wants it, its terminals check a typed PIN against.

A PIN of six digits has 20 bits: the hash makes guessing dear, not impossible. A file that holds it is its owner's
alone, and whoever checks counts the tries.
"""

import base64
import hashlib
import hmac
import os
import re
from typing import Annotated

from pydantic import Field

from kiosk.wire.messages import Message

MIN_PIN_DIGITS = 6

_SALT_BYTES = 16
_HASH_BYTES = 32
_COST, _BLOCK, _PARALLEL = 2**15, 8, 3
"""32 MiB and about a quarter of a second."""

_MEMORY = 64 * 1024 * 1024
_PIN = re.compile(rf"[0-9]{{{MIN_PIN_DIGITS},12}}")
_Base64 = Annotated[str, Field(pattern=r"^[0-9A-Za-z+/]{22,43}={1,2}$")]


class StaffPin(Message):
    """``salt`` and ``hash`` in base64."""

    staff: Annotated[str, Field(pattern=r"^[0-9A-Z]{1,16}$")]
    salt: _Base64
    hash: _Base64


def make_staff_pin(staff: str, pin: str) -> StaffPin:
    """Small letters of ``staff`` become capitals. Raises ValueError when ``pin`` is not 6 to 12 digits, or ``staff``
    not 1 to 16 digits and letters."""
    if not _PIN.fullmatch(pin):
        raise ValueError(f"a PIN has {MIN_PIN_DIGITS} to 12 digits")
    salt = os.urandom(_SALT_BYTES)
    return StaffPin(staff=staff.upper(), salt=_text(salt), hash=_text(_scrypt(pin, salt)))


def pin_fits(typed: str, kept: StaffPin | None) -> bool:
    """Takes as long when nobody has the number (``kept`` None), so that numbers cannot be told apart by trying."""
    if not _PIN.fullmatch(typed):
        return False
    if kept is None:
        _scrypt(typed, bytes(_SALT_BYTES))
        return False
    return hmac.compare_digest(_scrypt(typed, base64.b64decode(kept.salt)), base64.b64decode(kept.hash))


def _scrypt(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, maxmem=_MEMORY, dklen=_HASH_BYTES)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
