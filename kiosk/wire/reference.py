"""What the hall publishes for its terminals (site profile, guides, questions, catalogue): a signed bundle.

Form: one line of canonical JSON (``BundleHeader``), one line with the signature in base64, the content. The
signature is the hall's, with the key of its certificates, over the header, which names length and SHA-256 of the
content.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, Field

from kiosk.wire.messages import Message, Word
from kiosk.wire.record import canonical

MAX_BUNDLE_BYTES = 4 * 1024 * 1024
"""Of the content: guides and questions of a province as text, no pictures."""

MAX_SIGNED_BYTES = MAX_BUNDLE_BYTES + 2048
"""With header and signature."""

_PURPOSE = b"hall bundle, version 1\n"


class BundleHeader(Message):
    name: Word
    version: Annotated[int, Field(ge=1, le=2**53)]
    made_at: AwareDatetime
    valid_from: date
    length: Annotated[int, Field(ge=0, le=MAX_BUNDLE_BYTES)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class BundleProblem(Enum):
    """Why bytes are no bundle to be used. DAMAGED may be well at the next fetching."""

    DAMAGED = "damaged"
    NOT_A_BUNDLE = "not-a-bundle"
    FORGED = "forged"
    OTHER_NAME = "other-name"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Proven to be the hall's."""

    name: str
    version: int
    made_at: AwareDatetime
    valid_from: date
    content: bytes = field(repr=False)


def sign_bundle(bundle: Bundle, signing_key: Ed25519PrivateKey) -> bytes:
    """The same bundle gives the same bytes at every worker. Raises ValueError for a name or length beyond bounds."""
    header = BundleHeader(
        name=bundle.name,
        version=bundle.version,
        made_at=bundle.made_at,
        valid_from=bundle.valid_from,
        length=len(bundle.content),
        sha256=hashlib.sha256(bundle.content).hexdigest(),
    )
    line = canonical(header.model_dump(mode="json"))
    signature = base64.b64encode(signing_key.sign(_PURPOSE + line))
    return line + b"\n" + signature + b"\n" + bundle.content


def open_bundle(data: bytes, name: str, public_key: Ed25519PublicKey) -> Bundle | BundleProblem:
    """Never raises, whatever the bytes. ``name`` is what was asked for: no bundle stands in for another."""
    line, _, rest = data.partition(b"\n")
    signature, _, content = rest.partition(b"\n")
    try:
        header = BundleHeader.model_validate_json(line)
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        return BundleProblem.NOT_A_BUNDLE
    if base64.b64encode(raw) != signature:
        return BundleProblem.NOT_A_BUNDLE
    if header.length != len(content) or not hmac.compare_digest(header.sha256, hashlib.sha256(content).hexdigest()):
        return BundleProblem.DAMAGED
    try:
        public_key.verify(raw, _PURPOSE + line)
    except InvalidSignature:
        return BundleProblem.FORGED
    if header.name != name:
        return BundleProblem.OTHER_NAME
    return Bundle(header.name, header.version, header.made_at, header.valid_from, content)


def entity_tag(data: bytes) -> str:
    """Of signed bytes, as in ETag and If-None-Match: both sides work it out."""
    return f'"{hashlib.sha256(data).hexdigest()}"'
