"""The envelope a record travels in: signed by the terminal (Ed25519), then sealed to the gateway (HPKE, RFC 9180).

Form: one line of canonical JSON (``Header``), a line feed, the sealed bytes. Sealed are the 64 bytes of the signature
and the body: the content, the terminal's clock and the digest of the envelope before it. Signed are the header's names
and the SHA-256 of the body. Signature and seal both cover the header's names, so that neither key, kind nor terminal
can be changed, and a record signed for one gateway cannot be sealed again to another. Everything in the header is free
of personal data: it is all the terminal can read.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from pydantic import Field

from kiosk.domain.case import VoidedNumber
from kiosk.domain.day_summary import DaySummary
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber
from kiosk.ports.clock import Clock
from kiosk.ports.outbox import Record
from kiosk.wire import keys
from kiosk.wire.key_list import SealingKey
from kiosk.wire.messages import CertificateQuery, HolderQuery, KeyId, Message, Query, ReferenceQuery, RosterQuery, Word
from kiosk.wire.moment import Moment
from kiosk.wire.receipt_code import short_code
from kiosk.wire.record import canonical, encode_record, kind_of
from kiosk.wire.record_messages import MAX_CROP_BYTES

SUITE = "ed25519-sha256/hpke-x25519-hkdf-sha256-aes-256-gcm"
EARLIER_SUITE = "ed25519/hpke-x25519-hkdf-sha256-aes-256-gcm"
"""Signs the body itself, which hashes a picture twice more. Records that wait in a terminal since then are taken."""

QUERY_KINDS: dict[str, type[Query]] = {
    "roster-query": RosterQuery,
    "holder-query": HolderQuery,
    "reference-query": ReferenceQuery,
    "certificate-query": CertificateQuery,
}
MAX_HEADER_BYTES = 1024
MAX_ENVELOPE_BYTES = MAX_CROP_BYTES * 2
"""A case with the longest picture in base64, its facts and its header."""

FIRST = "0" * 64
"""The previous digest of a terminal's first record."""

HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
SIGNATURE_BYTES = 64
_PURPOSE = b"kiosk record, version 1\n"

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Header(Message):
    """The names, which signature and seal are bound to, and length and SHA-256 of the sealed bytes: a truncated request
    shows before a key is kept."""

    version: Literal[1] = 1
    suite: Annotated[str, Field(max_length=64)]
    gateway_key_id: KeyId
    terminal_key_id: KeyId
    terminal: Annotated[str, Field(pattern=r"^[0-9A-Z]{2,8}$")]
    key: Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,64}$")]
    kind: Word
    length: Annotated[int, Field(ge=1, le=MAX_ENVELOPE_BYTES)]
    sha256: Digest

    def names(self) -> bytes:
        return canonical(self.model_dump(exclude={"length", "sha256"}))


class Body(Message):
    """``content`` is the canonical JSON of a record or a query, whole, so that its digest can be taken."""

    made_at: Moment
    previous: Digest
    receipt_code: Annotated[str, Field(max_length=9)] | None
    replacement_code: Annotated[str, Field(max_length=9)] | None = None
    content: Annotated[str, Field(max_length=MAX_ENVELOPE_BYTES)]


class EnvelopeProblem(Enum):
    """Why an envelope was not opened. ``DAMAGED`` may be well at the next try; the others will not by themselves."""

    DAMAGED = "damaged"
    NOT_AN_ENVELOPE = "not-an-envelope"
    UNKNOWN_SUITE = "unknown-suite"
    OTHER_GATEWAY = "other-gateway"
    UNKNOWN_TERMINAL = "unknown-terminal"
    NOT_SEALED_FOR_US = "not-sealed-for-us"
    FORGED = "forged"
    BAD_CONTENT = "bad-content"


@dataclass(frozen=True, slots=True)
class EnvelopeRefused:
    problem: EnvelopeProblem


@dataclass(frozen=True, slots=True)
class SealedEnvelope:
    """``digest`` is the SHA-256 of ``data``, the link of the next record's chain."""

    data: bytes
    digest: str


class Sealer:
    """Signs as ``terminal`` and seals to ``gateway``, later to its newer keys. Safe for use by several threads."""

    def __init__(self, terminal: str, signing_key: Ed25519PrivateKey, gateway: keys.GatewayKey, clock: Clock) -> None:
        self._terminal = terminal
        self._signing_key = signing_key
        self._terminal_key_id = keys.key_id(signing_key.public_key())
        self._sealing = (gateway.key_id, gateway.public_key)
        self._clock = clock

    @property
    def gateway_key_id(self) -> str:
        return self._sealing[0]

    @property
    def terminal_key_id(self) -> str:
        return self._terminal_key_id

    def seal_to(self, key: SealingKey) -> None:
        """From now on; what is sealed already stays as it is, and is opened with the key before."""
        self._sealing = (key.key_id, key.public_key)

    def seal_record(self, record: Record, previous: str) -> SealedEnvelope:
        """``previous`` is the digest of the terminal's record before this one, ``FIRST`` when there is none.

        Raises ValueError for a record beyond the bounds of the wire.
        """
        codes = {"receipt_code": None if isinstance(record, DaySummary) else self._code(record.receipt)}
        if isinstance(record, VoidedNumber) and record.replaced_by is not None:
            codes["replacement_code"] = self._code(record.replaced_by)
        return self._seal(record.key, kind_of(record), encode_record(record), previous, codes)

    def seal_query(self, query: Query, key: str) -> SealedEnvelope:
        """``key`` makes this asking unlike every other; queries stand outside the chain."""
        kind = next(kind for kind, query_type in QUERY_KINDS.items() if isinstance(query, query_type))
        return self._seal(key, kind, canonical(query.model_dump(mode="json")), FIRST, {"receipt_code": None})

    def _code(self, receipt: ReceiptNumber) -> str | None:
        """Of a certificate the gateway knows the code better: it signed the number."""
        return None if receipt.kind is ReceiptKind.CERTIFICATE else short_code(receipt, self._signing_key)

    def _seal(
        self, key: str, kind: str, content: bytes, previous: str, codes: Mapping[str, str | None]
    ) -> SealedEnvelope:
        gateway_key_id, gateway_key = self._sealing
        names = {
            "version": 1,
            "suite": SUITE,
            "gateway_key_id": gateway_key_id,
            "terminal_key_id": self._terminal_key_id,
            "terminal": self._terminal,
            "key": key,
            "kind": kind,
        }
        bound = canonical(names)
        body = _body(content, {"made_at": self._clock.now().isoformat(), "previous": previous, **codes})
        signature = self._signing_key.sign(signed(SUITE, bound, body))
        sealed = HPKE.encrypt(signature + body, gateway_key, info=bound)
        header = Header.model_validate({**names, "length": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()})
        data = canonical(header.model_dump()) + b"\n" + sealed
        return SealedEnvelope(data, hashlib.sha256(data).hexdigest())


def signed(suite: str, bound: bytes, body: bytes) -> bytes:
    """``bound`` names the suite as well, so that a signature of one is none of the other."""
    return _PURPOSE + bound + b"\n" + (body if suite == EARLIER_SUITE else hashlib.sha256(body).digest())


def _body(content: bytes, members: Mapping[str, str | None]) -> bytes:
    """The canonical JSON of ``members`` and, as the first of them, ``content``: that is canonical JSON already, so
    quotes and backslashes are all that is to be escaped in it."""
    text = content.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b"".join((b'{"content":"', text, b'",', canonical(members)[1:]))


def read_header(data: bytes) -> Header | EnvelopeProblem:
    """The header, once length and digest of what follows it are right."""
    line, separator, sealed = data[: MAX_HEADER_BYTES + 1].partition(b"\n")
    sealed = data[len(line) + 1 :]
    if not separator:
        return EnvelopeProblem.DAMAGED
    try:
        header = Header.model_validate_json(line)
    except ValueError:
        return EnvelopeProblem.NOT_AN_ENVELOPE
    if header.length != len(sealed):
        return EnvelopeProblem.DAMAGED
    if not hmac.compare_digest(header.sha256, hashlib.sha256(sealed).hexdigest()):
        return EnvelopeProblem.DAMAGED
    return header
