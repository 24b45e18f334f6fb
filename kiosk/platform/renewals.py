"""What a terminal does about keys and certificate while nobody is served: it takes the gateway's newer sealing key, and
renews its own certificate in time."""

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.platform.exchange import NoResponse, exchange
from kiosk.platform.line import Line
from kiosk.ports.clock import Clock
from kiosk.wire.enrolment import (
    RENEWAL_PATH,
    RenewalRequest,
    RenewedMessage,
    certificate_request,
    parse_renewed,
    renewal_due,
    signed_renewal,
)
from kiosk.wire.envelope import Sealer
from kiosk.wire.key_list import KEYS_PATH, KeyListMessage, SealingKey, newest_key
from kiosk.wire.keys import KeyUnusable
from kiosk.wire.messages import MAX_ANSWER_BYTES
from kiosk.wire.private_files import replace_whole
from kiosk.wire.tls_key import load_or_create_tls_key

RENEWAL_PAUSE_S = 600.0
"""Between two tries to renew a certificate."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the terminal is, and by what it knows its gateway: the key that signs lists of sealing keys (None in a
    registration of before), and the file the newest list is kept in."""

    terminal: str
    signing_key: Ed25519PrivateKey
    gateway: Ed25519PublicKey | None
    key_file: Path


def key_file_beside(registration: Path) -> Path:
    return registration.with_suffix(".keys.json")


class Renewals:
    """One caller at a time. What fails is tried again later; the terminal goes on with what it has."""

    def __init__(self, line: Line, identity: Identity, sealer: Sealer, clock: Clock) -> None:
        self._line = line
        self._identity = identity
        self._sealer = sealer
        self._clock = clock
        self._list_number = 0
        self._renew_from: float | None = None
        self._take_kept_key()

    def take_newer_key(self) -> bool:
        """Asks the gateway for its list; whether there was a newer one, rightly signed. It is on the disk before
        anything is sealed to it."""
        response = exchange(self._line, "GET", KEYS_PATH, None, MAX_ANSWER_BYTES)
        if isinstance(response, NoResponse) or response.status != 200:
            return False
        key = self._newer(response.body)
        if key is None:
            return False
        try:
            replace_whole(self._identity.key_file, response.body, 0o644)
        except OSError:
            return False
        self._seal_to(key)
        return True

    def lacking(self) -> bool:
        """The terminal has no certificate yet, or one that is over: shown, it would end every connection."""
        certificate = self._certificate()
        if certificate is None:
            return self._line.certificate is not None
        return certificate.not_valid_after_utc <= self._clock.now()

    def renew_if_due(self) -> None:
        """From two thirds of the certificate's life on, with the same key, asked for by the signing key; at once where
        there is none."""
        key_path, from_s = self._line.key, self._renew_from
        if key_path is None or not self._due() or (from_s is not None and self._clock.monotonic() < from_s):
            return
        self._renew_from = self._clock.monotonic() + RENEWAL_PAUSE_S
        self._renew(key_path)

    def _due(self) -> bool:
        certificate = self._certificate()
        if certificate is None:
            return True
        return renewal_due(certificate.not_valid_before_utc, certificate.not_valid_after_utc, self._clock.now())

    def _renew(self, key_path: Path) -> None:
        tls_key = load_or_create_tls_key(key_path)
        if isinstance(tls_key, KeyUnusable) or self._line.certificate is None:
            return
        who = self._identity
        asked = RenewalRequest(
            terminal_key_id=self._sealer.terminal_key_id,
            request=certificate_request(who.terminal, self._sealer.terminal_key_id, tls_key),
            made_at=self._clock.now(),
        )
        body = signed_renewal(asked, who.signing_key).model_dump_json().encode()
        response = exchange(self._line.unshown(), "POST", RENEWAL_PATH, body, MAX_ANSWER_BYTES)
        answer = None if isinstance(response, NoResponse) else parse_renewed(response.body)
        if isinstance(answer, RenewedMessage):
            _keep(answer.certificate, tls_key.public_key(), self._line.certificate)

    def _certificate(self) -> x509.Certificate | None:
        path = self._line.certificate
        try:
            return None if path is None else x509.load_pem_x509_certificate(path.read_bytes())
        except (OSError, ValueError):
            return None

    def _take_kept_key(self) -> None:
        try:
            kept = self._identity.key_file.read_bytes()
        except OSError:
            return
        key = self._newer(kept)
        if key is not None:
            self._seal_to(key)

    def _newer(self, data: bytes) -> SealingKey | None:
        gateway = self._identity.gateway
        try:
            key = None if gateway is None else newest_key(KeyListMessage.model_validate_json(data), gateway)
        except ValueError:
            return None
        return key if key is not None and key.number > self._list_number else None

    def _seal_to(self, key: SealingKey) -> None:
        self._list_number = key.number
        self._sealer.seal_to(key)


def _keep(pem: str, own: object, path: Path) -> None:
    """A certificate for another key would end every connection."""
    try:
        if x509.load_pem_x509_certificate(pem.encode()).public_key() == own:
            replace_whole(path, pem.encode())
    except (OSError, ValueError):
        return
