"""What a terminal does about keys and certificate while nobody is served: it takes the gateway's newer sealing key, and
renews its own certificate in time."""

import threading
from contextlib import suppress
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
from kiosk.wire.key_list import KEYS_PATH, KeyList, KeyListMessage, newest_key, signed_list
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
    """Safe for several threads: one at a time asks. What fails is tried again later; the terminal goes on with what it
    has."""

    def __init__(self, line: Line, identity: Identity, sealer: Sealer, clock: Clock) -> None:
        self._line = line
        self._identity = identity
        self._sealer = sealer
        self._clock = clock
        self._lock = threading.Lock()
        self._known: KeyList | None = None
        self._renew_from: float | None = None
        self._take_kept_key()

    def key_trouble(self, newest: str) -> str | None:
        """Why the gateway, whose newest key it says is ``newest``, would not open what the terminal seals; None when it
        will. A newer list is fetched, and is on the disk before anything is sealed to its key; where it cannot be
        fetched or kept, the terminal goes on with its key as long as the newest list it knows names that."""
        with self._lock:
            if newest == self._sealer.gateway_key_id:
                return None
            fetched = self._fetched()
            if isinstance(fetched, bytes):
                self._take(fetched)
                if self._known is None or not self._known.names(newest):
                    return "other-gateway"
            if self._known is not None and self._known.opens(self._sealer.gateway_key_id, self._clock.now()):
                return None
            return "other-gateway" if isinstance(fetched, bytes) else fetched.reason

    def _fetched(self) -> bytes | NoResponse:
        """The gateway's list; empty where it has none."""
        response = exchange(self._line, "GET", KEYS_PATH, None, MAX_ANSWER_BYTES)
        if isinstance(response, NoResponse):
            return response
        if response.status >= 500:
            return NoResponse("server-error")
        return response.body if response.status == 200 else b""

    def _take(self, data: bytes) -> None:
        keys = self._signed(data)
        if keys is None or (self._known is not None and keys.number < self._known.number):
            return
        self._known, key = keys, newest_key(keys)
        if key is None or key.key_id == self._sealer.gateway_key_id:
            return
        with suppress(OSError):
            replace_whole(self._identity.key_file, data, 0o644)
            self._sealer.seal_to(key)

    def lacking(self) -> bool:
        """The terminal has no certificate yet, or one that is over: shown, it would end every connection."""
        certificate = self._certificate()
        if certificate is None:
            return self._line.certificate is not None
        return certificate.not_valid_after_utc <= self._clock.now()

    def renew_if_due(self) -> None:
        """From two thirds of the certificate's life on, with the same key, asked for by the signing key; at once where
        there is none. While another thread is at it there is nothing to do."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            key_path, from_s = self._line.key, self._renew_from
            if key_path is None or not self._due() or (from_s is not None and self._clock.monotonic() < from_s):
                return
            self._renew_from = self._clock.monotonic() + RENEWAL_PAUSE_S
            self._renew(key_path)
        finally:
            self._lock.release()

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
        with suppress(OSError):
            self._known = self._signed(self._identity.key_file.read_bytes())
        key = None if self._known is None else newest_key(self._known)
        if key is not None:
            self._sealer.seal_to(key)

    def _signed(self, data: bytes) -> KeyList | None:
        gateway = self._identity.gateway
        try:
            return None if gateway is None else signed_list(KeyListMessage.model_validate_json(data), gateway)
        except ValueError:
            return None


def _keep(pem: str, own: object, path: Path) -> None:
    """A certificate for another key would end every connection."""
    try:
        if x509.load_pem_x509_certificate(pem.encode()).public_key() == own:
            replace_whole(path, pem.encode())
    except (OSError, ValueError):
        return
