"""The gateway's present sealing keys, as it publishes them: numbered, and signed with the key its certificates are
signed with, which every terminal has in its registration.

A terminal takes a list only when the signature is right and the number is higher than that of the list it has, so
that neither a stranger nor an old answer can turn it to another key.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from pydantic import AwareDatetime, Field

from kiosk.wire.keys import key_id, raw_key_text, sealing_key_of
from kiosk.wire.messages import KeyId, Message
from kiosk.wire.record import canonical

MOST_KEYS = 32
KEYS_PATH = "/v1/keys"

_PURPOSE = b"kiosk gateway keys, version 1\n"


class PublishedKey(Message):
    """``public_key`` is the raw X25519 key in base64. ``opened_until``: envelopes sealed to it are opened so long; None
    for the key to seal to now."""

    key_id: KeyId
    public_key: Annotated[str, Field(max_length=64)]
    since: AwareDatetime
    opened_until: AwareDatetime | None = None


class KeyList(Message):
    """The newest key first: the one to seal to."""

    number: Annotated[int, Field(ge=1)]
    keys: Annotated[tuple[PublishedKey, ...], Field(min_length=1, max_length=MOST_KEYS, strict=False)]

    def names(self, key_id: str) -> bool:
        return any(each.key_id == key_id for each in self.keys)

    def opens(self, key_id: str, now: datetime) -> bool:
        """Whether what is sealed to the key is opened at ``now``."""
        ends = (each.opened_until for each in self.keys if each.key_id == key_id)
        return any(end is None or now < end for end in ends)


class KeyListMessage(Message):
    """``keys`` is the JSON of a ``KeyList``, whole, so that its signature (raw Ed25519, base64) can be checked."""

    answer: Literal["gateway-keys"] = "gateway-keys"
    keys: Annotated[str, Field(max_length=12_000)]
    signature: Annotated[str, Field(max_length=88)]


@dataclass(frozen=True, slots=True)
class SealingKey:
    """What terminals seal to."""

    key_id: str
    public_key: X25519PublicKey


def publish(keys: KeyList, signing_key: Ed25519PrivateKey) -> KeyListMessage:
    text = canonical(keys.model_dump(mode="json"))
    signature = base64.b64encode(signing_key.sign(_PURPOSE + text)).decode()
    return KeyListMessage(keys=text.decode(), signature=signature)


def published(key: X25519PublicKey, since: datetime, opened_until: datetime | None = None) -> PublishedKey:
    return PublishedKey(key_id=key_id(key), public_key=raw_key_text(key), since=since, opened_until=opened_until)


def signed_list(message: KeyListMessage, gateway: Ed25519PublicKey) -> KeyList | None:
    """None when the list is not signed by ``gateway`` or says what no gateway says."""
    text = message.keys.encode()
    try:
        gateway.verify(base64.b64decode(message.signature, validate=True), _PURPOSE + text)
        return KeyList.model_validate_json(text)
    except (InvalidSignature, ValueError):
        return None


def newest_key(keys: KeyList) -> SealingKey | None:
    """The key to seal to; None when the list says what no gateway says."""
    first = keys.keys[0]
    try:
        public_key = sealing_key_of(first.public_key)
    except ValueError:
        return None
    return SealingKey(first.key_id, public_key) if key_id(public_key) == first.key_id else None
