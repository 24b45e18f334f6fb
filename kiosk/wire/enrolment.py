"""How a terminal is set up with a gateway, and how it renews its certificate: the messages, the code, the proofs.

The code is shown by the gateway and typed at the terminal. Its first half is a secret that can be used once; its second
half is the beginning of the SHA-256 of the certificate of the gateway's authority. The terminal takes no authority
whose digest does not begin so, and says the secret to no other: who stands between them learns nothing he could use.
Requests are signed with the terminal's signing key, certificate requests with its TLS key: it has both.
"""

import base64
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509.oid import NameOID
from pydantic import AwareDatetime, Field, TypeAdapter

from kiosk.wire.key_list import KeyListMessage
from kiosk.wire.keys import TerminalRegistration
from kiosk.wire.messages import KeyId, Message, RefusalMessage
from kiosk.wire.record import canonical

MAX_ENROLLED_BYTES = 8 * 1024 * 1024
"""The answer carries the keys of every terminal of the gateway."""

MAX_REQUEST_BYTES = 16 * 1024
AUTHORITY_PATH = "/v1/authority"
ENROLMENT_PATH = "/v1/enrolments"
RENEWAL_PATH = "/v1/renewals"
FRESH = timedelta(minutes=5)
"""A request that is older counts no longer."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
_HALF = 16
"""Characters of five bits: 80 bits each half."""

_ENROL_PURPOSE = b"kiosk enrolment, version 1\n"
_RENEW_PURPOSE = b"kiosk renewal, version 1\n"
_Pem = Annotated[str, Field(max_length=4096)]
_Signature = Annotated[str, Field(max_length=88)]


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """``secret`` and ``authority`` have 16 characters each."""

    secret: str
    authority: str

    def text(self) -> str:
        """Eight groups of four, as it is shown and typed."""
        joined = self.secret + self.authority
        return "-".join(joined[place : place + 4] for place in range(0, len(joined), 4))

    def fits(self, authority: x509.Certificate) -> bool:
        return self.authority == fingerprint(authority)

    def __repr__(self) -> str:
        return "EnrolmentCode()"


class EnrolmentRequest(Message):
    """``code`` is the secret half, ``request`` a certificate request (PKCS #10, PEM) for the terminal's TLS key."""

    code: Annotated[str, Field(max_length=_HALF)]
    terminal: TerminalRegistration
    request: _Pem
    made_at: AwareDatetime
    signature: _Signature = ""


class RenewalRequest(Message):
    """``request`` as above; signed with the key of ``terminal_key_id``."""

    terminal_key_id: KeyId
    request: _Pem
    made_at: AwareDatetime
    signature: _Signature = ""


class AuthorityMessage(Message):
    """Who signs the certificates of gateway and terminals (PEM). Anybody may say this: the code proves it."""

    answer: Literal["authority"] = "authority"
    certificate: _Pem


class EnrolledMessage(Message):
    """``certificate`` is the terminal's (PEM); ``gateway`` the text of the gateway's registration file."""

    answer: Literal["enrolled"] = "enrolled"
    certificate: _Pem
    gateway: Annotated[str, Field(max_length=MAX_ENROLLED_BYTES)]
    keys: KeyListMessage


class RenewedMessage(Message):
    answer: Literal["renewed"] = "renewed"
    certificate: _Pem


_ENROLLED: TypeAdapter[EnrolledMessage | RefusalMessage] = TypeAdapter(
    Annotated[EnrolledMessage | RefusalMessage, Field(discriminator="answer")]
)
_RENEWED: TypeAdapter[RenewedMessage | RefusalMessage] = TypeAdapter(
    Annotated[RenewedMessage | RefusalMessage, Field(discriminator="answer")]
)


def make_code(authority: x509.Certificate) -> EnrolmentCode:
    return EnrolmentCode(_base32(os.urandom(10)), fingerprint(authority))


def parse_code(text: str) -> EnrolmentCode | None:
    """As a person types it: in any case, with or without hyphens and blanks, O for 0 and I or L for 1."""
    plain = "".join(text.upper().replace("-", " ").split()).translate(_MISREAD)
    if len(plain) != 2 * _HALF or not set(plain) <= set(_ALPHABET):
        return None
    return EnrolmentCode(plain[:_HALF], plain[_HALF:])


def fingerprint(authority: x509.Certificate) -> str:
    """The first 80 bits of the certificate's SHA-256."""
    return _base32(authority.fingerprint(hashes.SHA256())[:10])


def secret_digest(secret: str) -> str:
    """What a gateway keeps of a code: 80 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def certificate_request(terminal: str, key_id: str, tls_key: EllipticCurvePrivateKey) -> str:
    """For a TLS certificate of terminal number ``terminal`` with signing key ``key_id``; PEM."""
    request = x509.CertificateSigningRequestBuilder().subject_name(terminal_name(terminal, key_id))
    return request.sign(tls_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def terminal_name(terminal: str, key_id: str) -> x509.Name:
    """The subject of a terminal's certificate: its number, and its signing key's id as serial number."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, terminal),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, key_id),
        ]
    )


def key_id_in(certificate: x509.Certificate) -> str | None:
    """The id of the signing key of the terminal this certificate is for; None where it is for no terminal."""
    found = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return str(found[0].value) if len(found) == 1 else None


def signed_enrolment(request: EnrolmentRequest, signing_key: Ed25519PrivateKey) -> EnrolmentRequest:
    return request.model_copy(update={"signature": _signature(_ENROL_PURPOSE, request, signing_key)})


def signed_renewal(request: RenewalRequest, signing_key: Ed25519PrivateKey) -> RenewalRequest:
    return request.model_copy(update={"signature": _signature(_RENEW_PURPOSE, request, signing_key)})


def is_signed(request: EnrolmentRequest | RenewalRequest, public_key: Ed25519PublicKey) -> bool:
    purpose = _ENROL_PURPOSE if isinstance(request, EnrolmentRequest) else _RENEW_PURPOSE
    try:
        public_key.verify(base64.b64decode(request.signature, validate=True), purpose + _signed_part(request))
    except (InvalidSignature, ValueError):
        return False
    return True


def renewal_due(not_before: datetime, not_after: datetime, now: datetime) -> bool:
    """From two thirds of a certificate's life on."""
    return now >= not_before + (not_after - not_before) * 2 / 3


def parse_enrolled(data: bytes) -> EnrolledMessage | RefusalMessage | None:
    """None when these bytes are not exactly one agreed answer."""
    try:
        return _ENROLLED.validate_json(data)
    except ValueError:
        return None


def parse_renewed(data: bytes) -> RenewedMessage | RefusalMessage | None:
    """None when these bytes are not exactly one agreed answer."""
    try:
        return _RENEWED.validate_json(data)
    except ValueError:
        return None


def _signature(purpose: bytes, request: EnrolmentRequest | RenewalRequest, signing_key: Ed25519PrivateKey) -> str:
    return base64.b64encode(signing_key.sign(purpose + _signed_part(request))).decode()


def _signed_part(request: EnrolmentRequest | RenewalRequest) -> bytes:
    return canonical(request.model_dump(mode="json", exclude={"signature"}))


def _base32(data: bytes) -> str:
    number = int.from_bytes(data)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(len(data) * 8 - 5, -1, -5))
