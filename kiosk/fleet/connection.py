"""A connection to the fleet's broker: certificates read anew for each, and what goes wrong as a stable word."""

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.x509 import load_pem_x509_certificates
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from kiosk.fleet.settings import FleetSettings

CONNECT_S = 3.0
"""Longest wait for the broker's side of a TCP and of a TLS handshake."""

CERTIFICATE_EXPIRED = "certificate-expired"
FILE_UNUSABLE = "file-unusable"
UNTRUSTED = "broker-untrusted"
_EXPIRED, _HOST_MISMATCH = 10, 62
"""``verify_code`` of OpenSSL."""


class CertificateExpiredError(OSError):
    """The terminal's own; no broker would let it in."""


class CredentialUnusableError(OSError):
    """A file of the settings cannot be read, or is not what it should be."""


def trust(settings: FleetSettings) -> ssl.SSLContext | None:
    """None where the link is plain. Raises OSError, of which ``word_of`` knows what to say."""
    if not settings.secure:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(settings.ca)
    except OSError as trouble:
        raise CredentialUnusableError(str(settings.ca)) from trouble
    return context


def identify(context: ssl.SSLContext, settings: FleetSettings, now: datetime) -> None:
    """Shows the terminal's certificate as it is on disk now: it is renewed while the terminal runs. Raises OSError."""
    if settings.certificate is None or settings.key is None:
        return
    try:
        own = load_pem_x509_certificates(settings.certificate.read_bytes())[0]
        context.load_cert_chain(settings.certificate, settings.key, password="")
    except (OSError, ValueError) as trouble:
        raise CredentialUnusableError(str(settings.certificate)) from trouble
    if own.not_valid_after_utc < now.astimezone(UTC):
        raise CertificateExpiredError(str(settings.certificate))


def password(path: Path | None) -> str | None:
    """Raises OSError."""
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as trouble:
        raise CredentialUnusableError(str(path)) from trouble


def word_of(trouble: OSError) -> str:
    """Why there is no connection."""
    match trouble:
        case CertificateExpiredError():
            return CERTIFICATE_EXPIRED
        case CredentialUnusableError():
            return FILE_UNUSABLE
        case ssl.SSLCertVerificationError(verify_code=code):
            return {_EXPIRED: "broker-certificate-expired", _HOST_MISMATCH: "broker-other-name"}.get(code, UNTRUSTED)
        case ssl.SSLError():
            return "tls-refused"
        case socket.gaierror():
            return "name-unknown"
        case TimeoutError():
            return "timeout"
        case _:
            return "no-link"


class BrokerClient(Client):
    """paho's client, which reads its credentials before every connection and keeps why one failed.

    ``trouble`` is the word of the last try, None once the broker has let it in.
    """

    def __init__(self, settings: FleetSettings, name: str, now: Callable[[], datetime]) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5, userdata=None
        )
        self.trouble: str | None = None
        self._fleet_settings = settings
        self._fleet_name = name
        self._now = now
        self._trust: ssl.SSLContext | None = None
        self.connect_timeout = CONNECT_S
        self.connect_async(settings.host, settings.port, settings.keepalive_s, clean_start=True)

    def reconnect(self) -> MQTTErrorCode:
        try:
            self._take_credentials()
            return super().reconnect()
        except OSError as trouble:
            self.trouble = word_of(trouble)
            raise

    def _take_credentials(self) -> None:
        settings = self._fleet_settings
        if self._trust is None:
            self._trust = trust(settings)
            if self._trust is not None:
                self.tls_set_context(self._trust)
        if self._trust is not None:
            identify(self._trust, settings, self._now())
        self.username_pw_set(self._fleet_name, password(settings.password))


def probe(settings: FleetSettings, now: datetime) -> str | None:
    """Why no connection could be made at this moment; None when broker and terminal shook hands. Nobody is named, so
    that a terminal that is connected stays so."""
    try:
        context = trust(settings)
        if context is not None:
            identify(context, settings, now)
        password(settings.password)
        with socket.create_connection((settings.host, settings.port), CONNECT_S) as plain:
            if context is None:
                return None
            with context.wrap_socket(plain, server_hostname=settings.host) as secure:
                return _refusal(secure)
    except OSError as trouble:
        return word_of(trouble)


def _refusal(secure: Any) -> str | None:
    """With TLS 1.3 a server judges the client's certificate after the handshake: it says so, or waits for a packet."""
    secure.settimeout(0.3)
    try:
        return None if secure.recv(1) else "tls-refused"
    except TimeoutError:
        return None
