"""Key files: Ed25519 to sign with (RFC 8032), X25519 to seal to (RFC 7748), as PKCS #8 PEM readable by the owner only.

Also the two registration files that terminal and gateway exchange once, when a terminal is set up.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pydantic import Field

from kiosk.wire.messages import KeyId, Message
from kiosk.wire.private_files import readable_by_others, where_kept, write_once
from kiosk.wire.staff_answer import terminal_staff_key
from kiosk.wire.staff_pin import StaffPin

_RAW_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyUnusable:
    """The file is missing, altered, readable by others or cannot be written; ``reason`` is a stable word."""

    reason: str


@dataclass(frozen=True, slots=True)
class GatewayKey:
    """What a terminal seals to, and by which public keys it can tell genuine papers without a network: receipts by
    those of terminals, by their numbers, certificates by the gateway's own (None in a registration of before).
    ``staff`` may authorise with a PIN; empty where the site does not want that way."""

    key_id: str
    public_key: X25519PublicKey
    receipt_keys: Mapping[str, tuple[Ed25519PublicKey, ...]] = field(default_factory=dict)
    certificate_key: Ed25519PublicKey | None = None
    staff: tuple[StaffPin, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredTerminal:
    """What a gateway knows of a terminal: its number, whether it stands in the virtual hall, and its public key.
    ``staff_key`` is for answers to its challenges, None in a registration of before."""

    terminal: str
    training: bool
    key_id: str
    public_key: Ed25519PublicKey
    staff_key: X25519PublicKey | None = None


class TerminalRegistration(Message):
    """The file a terminal hands to its gateway: ``public_key`` is the raw Ed25519 key, ``staff_key`` the raw X25519
    key, in base64."""

    terminal: Annotated[str, Field(pattern=r"^[0-9A-Z]{2,8}$")]
    training: bool
    key_id: KeyId
    public_key: Annotated[str, Field(max_length=64)]
    staff_key: Annotated[str, Field(max_length=64)] | None = None


class ReceiptKey(Message):
    """Which terminal signs receipts with a key: ``public_key`` is the raw Ed25519 key in base64."""

    terminal: Annotated[str, Field(pattern=r"^[0-9A-Z]{2,8}$")]
    public_key: Annotated[str, Field(max_length=64)]


class GatewayRegistration(Message):
    """The file a gateway hands to its terminals: ``public_key`` is the raw X25519 key in base64. With it come the keys
    of every terminal the gateway knew when it wrote the file, the raw Ed25519 key its certificates are signed with,
    and, where PINs are checked at the terminals, the staff."""

    key_id: KeyId
    public_key: Annotated[str, Field(max_length=64)]
    receipt_keys: tuple[ReceiptKey, ...] = ()
    certificate_key: Annotated[str, Field(max_length=64)] | None = None
    staff: tuple[StaffPin, ...] = ()


def key_id(public_key: Ed25519PublicKey | X25519PublicKey) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public_key.public_bytes_raw()).hexdigest()[:16]


def load_or_create_signing_key(path: Path) -> Ed25519PrivateKey | KeyUnusable:
    """The terminal's own key; made on first use, file mode 0600."""
    key = _load_or_create(path, Ed25519PrivateKey.generate)
    return key if isinstance(key, Ed25519PrivateKey | KeyUnusable) else KeyUnusable("other-kind-of-key")


def load_or_create_sealing_key(path: Path, made: X25519PrivateKey | None = None) -> X25519PrivateKey | KeyUnusable:
    """The gateway's own key; on first use ``made``, or one made here, is written there, file mode 0600."""
    key = _load_or_create(path, X25519PrivateKey.generate if made is None else lambda: made)
    return key if isinstance(key, X25519PrivateKey | KeyUnusable) else KeyUnusable("other-kind-of-key")


def register_terminal(terminal: str, training: bool, signing_key: Ed25519PrivateKey) -> TerminalRegistration:
    public_key = signing_key.public_key()
    return TerminalRegistration(
        terminal=terminal,
        training=training,
        key_id=key_id(public_key),
        public_key=raw_key_text(public_key),
        staff_key=raw_key_text(terminal_staff_key(signing_key).public_key()),
    )


def register_gateway(
    sealing_key: X25519PrivateKey,
    terminals: Iterable[RegisteredTerminal] = (),
    certificate_key: Ed25519PublicKey | None = None,
    staff: tuple[StaffPin, ...] = (),
) -> GatewayRegistration:
    public_key = sealing_key.public_key()
    return GatewayRegistration(
        key_id=key_id(public_key),
        public_key=raw_key_text(public_key),
        receipt_keys=tuple(
            ReceiptKey(terminal=each.terminal, public_key=raw_key_text(each.public_key)) for each in terminals
        ),
        certificate_key=None if certificate_key is None else raw_key_text(certificate_key),
        staff=staff,
    )


def write_registration(path: Path, registration: TerminalRegistration | GatewayRegistration) -> None:
    """Public facts: readable by all, replaced whole, left alone when the file says the same. With the hashes of PINs in
    it, it is its owner's alone. Raises OSError."""
    text = (registration.model_dump_json(indent=1) + "\n").encode()
    if path.exists() and path.read_bytes() == text:
        return
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(0o600 if isinstance(registration, GatewayRegistration) and registration.staff else 0o644)
    unfinished.write_bytes(text)
    unfinished.replace(path)


def load_terminal_registration(path: Path) -> RegisteredTerminal | KeyUnusable:
    try:
        registration = TerminalRegistration.model_validate_json(path.read_bytes())
    except OSError:
        return KeyUnusable("unreadable")
    except ValueError:
        return KeyUnusable("not-a-registration")
    return registered_terminal(registration)


def registered_terminal(registration: TerminalRegistration) -> RegisteredTerminal | KeyUnusable:
    try:
        public_key = signing_key_of(registration.public_key)
        staff_key = registration.staff_key
        staff_public_key = None if staff_key is None else sealing_key_of(staff_key)
    except ValueError:
        return KeyUnusable("not-a-registration")
    if key_id(public_key) != registration.key_id:
        return KeyUnusable("key-id-differs")
    return RegisteredTerminal(
        registration.terminal, registration.training, registration.key_id, public_key, staff_public_key
    )


def load_gateway_registration(path: Path) -> GatewayKey | KeyUnusable:
    """One with the hashes of PINs in it must be its owner's alone."""
    try:
        registration = GatewayRegistration.model_validate_json(path.read_bytes())
        if registration.staff and readable_by_others(path):
            return KeyUnusable("readable-by-others")
        public_key = sealing_key_of(registration.public_key)
        receipt_keys = _published_keys(registration.receipt_keys)
        own = registration.certificate_key
        certificate_key = None if own is None else signing_key_of(own)
    except OSError:
        return KeyUnusable("unreadable")
    except ValueError:
        return KeyUnusable("not-a-registration")
    if key_id(public_key) != registration.key_id:
        return KeyUnusable("key-id-differs")
    return GatewayKey(registration.key_id, public_key, receipt_keys, certificate_key, registration.staff)


def _published_keys(published: Iterable[ReceiptKey]) -> dict[str, tuple[Ed25519PublicKey, ...]]:
    """By terminal number; one that was set up anew has several."""
    keys: dict[str, tuple[Ed25519PublicKey, ...]] = {}
    for each in published:
        keys[each.terminal] = (*keys.get(each.terminal, ()), signing_key_of(each.public_key))
    return keys


def raw_key_text(public_key: Ed25519PublicKey | X25519PublicKey) -> str:
    """The raw key in base64."""
    return base64.b64encode(public_key.public_bytes_raw()).decode()


def signing_key_of(text: str) -> Ed25519PublicKey:
    """The key in ``raw_key_text``. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(_raw(text))


def sealing_key_of(text: str) -> X25519PublicKey:
    """The key in ``raw_key_text``. Raises ValueError."""
    return X25519PublicKey.from_public_bytes(_raw(text))


def _raw(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    if len(raw) != _RAW_KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return raw


def _load_or_create(
    path: Path, generate: Callable[[], Ed25519PrivateKey | X25519PrivateKey]
) -> Ed25519PrivateKey | X25519PrivateKey | KeyUnusable:
    path = where_kept(path)
    try:
        if not path.exists():
            write_once(path, _pem(generate()))
        if readable_by_others(path):
            return KeyUnusable("readable-by-others")
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError:
        return KeyUnusable("unreadable")
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return KeyUnusable("not-a-key")
    return key if isinstance(key, Ed25519PrivateKey | X25519PrivateKey) else KeyUnusable("other-kind-of-key")


def _pem(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
