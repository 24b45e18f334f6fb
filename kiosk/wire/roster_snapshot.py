"""A roster for terminals to have at hand when the line is down: each entry opens with its own card's data alone.

Form: one line of canonical JSON (``_Header``), a line feed, ``people`` pieces of one length, in the order of their
tags. A piece is a tag of 16 bytes and a sealed entry (AES-256-GCM; the header is bound to it). Tag and key are derived
from number and name by scrypt (RFC 7914) with the snapshot's salt, so that whoever holds terminal and disk learns of
nobody what he does not know already. It travels as a bundle (``kiosk.wire.reference``), which the hall signs.
"""

import base64
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import Field

from kiosk.domain.eligibility import RosterEntry
from kiosk.wire.messages import Message, RosterEntryMessage
from kiosk.wire.record import canonical
from kiosk.wire.reference import MAX_BUNDLE_BYTES

_TAG_BYTES, _KEY_BYTES, _SEAL_BYTES, _SALT_BYTES = 16, 32, 16, 16
_COST, _BLOCK, _LANES = 2**10, 8, 1
"""scrypt's N, r and p: a megabyte and 2 ms a guess. Who must guess number and name needs ages, and a roster of ten
thousand is sealed in less than a minute."""

_ONCE = bytes(12)
"""The nonce: no key seals twice."""

_STEP_BYTES = 64
"""Entries are made equally long, lest length tell a state."""


class _Header(Message):
    version: Literal[1] = 1
    salt: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{22}==$")]
    entry_bytes: Annotated[int, Field(ge=_STEP_BYTES, le=4096)]
    people: Annotated[int, Field(ge=0, le=MAX_BUNDLE_BYTES)]


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a roster: ``number`` of 18 characters and ``name`` as they stand on the card."""

    number: str
    name: str
    entry: RosterEntry


def seal_snapshot(people: Iterable[Listed]) -> bytes:
    """Under a salt of its own. Raises ValueError for more people than one bundle holds."""
    entries = [(each, RosterEntryMessage.of(each.entry).model_dump_json().encode()) for each in people]
    longest = max((len(text) for _, text in entries), default=1)
    entry_bytes = -(-longest // _STEP_BYTES) * _STEP_BYTES
    salt = os.urandom(_SALT_BYTES)
    header = _Header(salt=base64.b64encode(salt).decode(), entry_bytes=entry_bytes, people=len(entries))
    line = canonical(header.model_dump()) + b"\n"
    most = (MAX_BUNDLE_BYTES - len(line)) // _piece_bytes(entry_bytes)
    if len(entries) > most:
        raise ValueError(f"{len(entries)} people, and one snapshot holds {most}")
    pieces = []
    for each, text in entries:
        tag, key = _derived(salt, each.number, each.name)
        pieces.append(tag + AESGCM(key).encrypt(_ONCE, text.ljust(entry_bytes), line))
    return line + b"".join(sorted(pieces))


def find_in_snapshot(content: bytes, number: str, name: str) -> RosterEntry | None:
    """None for who is not in it, and whatever the bytes when they are no snapshot."""
    text, separator, _ = content.partition(b"\n")
    try:
        header = _Header.model_validate_json(text)
    except ValueError:
        return None
    line, size = text + separator, _piece_bytes(header.entry_bytes)
    if len(content) != len(line) + header.people * size:
        return None
    tag, key = _derived(base64.b64decode(header.salt), number, name)
    for at in range(len(line), len(content), size):
        if content.startswith(tag, at):
            return _opened(key, content[at + _TAG_BYTES : at + size], line)
    return None


def _opened(key: bytes, sealed: bytes, line: bytes) -> RosterEntry | None:
    try:
        text = AESGCM(key).decrypt(_ONCE, sealed, line)
        return RosterEntryMessage.model_validate_json(text).entry()
    except (InvalidTag, ValueError):
        return None


def _piece_bytes(entry_bytes: int) -> int:
    return _TAG_BYTES + entry_bytes + _SEAL_BYTES


def _derived(salt: bytes, number: str, name: str) -> tuple[bytes, bytes]:
    """Tag and key. A number never holds a line feed, so that no two pairs are alike."""
    made = Scrypt(salt, _TAG_BYTES + _KEY_BYTES, _COST, _BLOCK, _LANES).derive(f"{number}\n{name}".encode())
    return made[:_TAG_BYTES], made[_TAG_BYTES:]
