"""The way to the fleet's broker, as terminal and gateway both go it: address, trust and identity, and what goes wrong
there as a stable word. Who renews a certificate only replaces the files: they are read for every connection."""

import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificates
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kiosk.wire.private_files import where_kept

GATEWAY_NAME = "gateway"
"""What the gateway is called at the broker; a terminal is called by its number."""

CONNECT_S = 3.0
"""Longest wait for the broker's side of a TCP and of a TLS handshake."""

_EXPIRED, _HOST_MISMATCH, _ADDRESS_MISMATCH = 10, 62, 64
_DISTRUST = {
    _EXPIRED: "broker-certificate-expired",
    _HOST_MISMATCH: "broker-other-name",
    _ADDRESS_MISMATCH: "broker-other-name",
}
"""By ``verify_code`` of OpenSSL."""


class BrokerSettings(BaseModel):
    """Where the broker is, and who one is there."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    address: str = Field(
        pattern=r"^mqtts?://[^/?#@\s]+:\d{1,5}$",
        description="mqtts://HOST:PORT of the broker; plain mqtt:// only on loopback or a private line",
    )
    authority: Path | None = Field(
        None, description="certificate authority the broker's must be of (PEM); left out, those of the machine"
    )
    certificate: Path | None = Field(
        None,
        description="own certificate; its common name is the terminal's number, of the gateway `gateway`",
    )
    tls_key: Path | None = Field(
        None, description="private key of that certificate, or its name among systemd's credentials"
    )
    password: Path | None = Field(
        None, description="file with the password at the broker, where there is no certificate"
    )
    keepalive_s: int = Field(60, ge=5, le=240, description="seconds of silence after which broker and client ask")

    @field_validator("address")
    @classmethod
    def _has_a_port(cls, address: str) -> str:
        if not urlsplit(address).port:
            raise ValueError("names no port")
        return address

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.secure and (self.authority or self.certificate or self.tls_key):
            raise ValueError("authority, certificate and tls_key go with mqtts only")
        if (self.certificate is None) != (self.tls_key is None):
            raise ValueError("certificate and tls_key go together")
        return self

    @property
    def secure(self) -> bool:
        return self.address.startswith("mqtts:")

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0


class CertificateExpiredError(OSError):
    """One's own; no broker would let it in."""


class CredentialUnusableError(OSError):
    """A file of the settings cannot be read, or is not what it should be."""


class _TidySocket(ssl.SSLSocket):
    """paho leaves a socket open whose handshake did not succeed."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def trust(settings: BrokerSettings) -> ssl.SSLContext | None:
    """None where the way is plain. Raises OSError, of which ``word_of`` knows what to say."""
    if not settings.secure:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslsocket_class = _TidySocket
    if settings.authority is None:
        context.load_default_certs()
        return context
    try:
        context.load_verify_locations(settings.authority)
    except OSError as trouble:
        raise CredentialUnusableError(str(settings.authority)) from trouble
    return context


def identify(context: ssl.SSLContext, settings: BrokerSettings, now: datetime) -> None:
    """Shows one's certificate as it is on disk now. Raises OSError."""
    if settings.certificate is None or settings.tls_key is None:
        return
    try:
        own = load_pem_x509_certificates(settings.certificate.read_bytes())[0]
        context.load_cert_chain(settings.certificate, where_kept(settings.tls_key), password="")
    except (OSError, ValueError) as trouble:
        raise CredentialUnusableError(str(settings.certificate)) from trouble
    if own.not_valid_after_utc < now.astimezone(UTC):
        raise CertificateExpiredError(str(settings.certificate))


def password(settings: BrokerSettings) -> str | None:
    """Raises OSError."""
    if settings.password is None:
        return None
    try:
        return settings.password.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as trouble:
        raise CredentialUnusableError(str(settings.password)) from trouble


def word_of(trouble: OSError) -> str:
    """Why there is no connection."""
    match trouble:
        case CertificateExpiredError():
            return "certificate-expired"
        case CredentialUnusableError():
            return "file-unusable"
        case ssl.SSLCertVerificationError(verify_code=code):
            return _DISTRUST.get(code, "broker-untrusted")
        case ssl.SSLError():
            return "tls-refused"
        case socket.gaierror():
            return "name-unknown"
        case TimeoutError():
            return "timeout"
        case _:
            return "no-link"
