"""Envelopes as a forger makes them who knows form and public keys: written from the form, not by ``Sealer``."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.ports.outbox import Record
from kiosk.wire.keys import key_id
from kiosk.wire.record import encode_record, kind_of
from tests.records import START

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PURPOSE = b"kiosk record, version 1\n"


@dataclass(frozen=True, slots=True)
class Parts:
    """What an envelope is made of, each to be replaced by who forges: ``names`` are the header's that signature and
    seal are bound to, ``body`` what is signed."""

    names: dict[str, Any]
    body: dict[str, Any]
    signing_key: Ed25519PrivateKey
    gateway_key: X25519PublicKey

    def signature(self) -> bytes:
        return self.signing_key.sign(_PURPOSE + canonical(self.names) + b"\n" + canonical(self.body))

    def sealed(self, signature: bytes | None = None) -> bytes:
        """Signed and sealed as it should be, or with another ``signature``."""
        signed = self.signature() if signature is None else signature
        return _HPKE.encrypt(signed + canonical(self.body), self.gateway_key, info=canonical(self.names))


def parts(record: Record, terminal: str, signing_key: Ed25519PrivateKey, gateway_key: X25519PublicKey) -> Parts:
    """Those of a genuine envelope."""
    return Parts(
        names={
            "version": 1,
            "suite": "ed25519/hpke-x25519-hkdf-sha256-aes-256-gcm",
            "gateway_key_id": key_id(gateway_key),
            "terminal_key_id": key_id(signing_key.public_key()),
            "terminal": terminal,
            "key": record.key,
            "kind": kind_of(record),
        },
        body={
            "made_at": START.isoformat(),
            "previous": "0" * 64,
            "receipt_code": None,
            "content": encode_record(record).decode(),
        },
        signing_key=signing_key,
        gateway_key=gateway_key,
    )


def envelope(parts: Parts, sealed: bytes | None = None, **header: object) -> bytes:
    """The header over ``sealed`` bytes; members of the header are replaced by ``header`` after all."""
    sealed = parts.sealed() if sealed is None else sealed
    members = {**parts.names, "length": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest(), **header}
    return canonical(members) + b"\n" + sealed


def opened(data: bytes, gateway_key: X25519PrivateKey) -> bytes:
    """Signature and body of an envelope that was sealed to ``gateway_key``: what a gateway could pass on."""
    line, _, sealed = data.partition(b"\n")
    names = {name: value for name, value in json.loads(line).items() if name not in ("length", "sha256")}
    return _HPKE.decrypt(sealed, gateway_key, info=canonical(names))


def resealed(signed: bytes, parts: Parts) -> bytes:
    """Somebody's signature and body, sealed under the names of ``parts``."""
    return envelope(parts, _HPKE.encrypt(signed, parts.gateway_key, info=canonical(parts.names)))


def canonical(members: object) -> bytes:
    return json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
