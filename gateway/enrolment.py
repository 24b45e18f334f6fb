"""Setting terminals up: one-time codes, certificates, renewals (``kiosk.wire.enrolment``)."""

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import APIRouter, Request, Response
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from gateway.authority import Authority
from gateway.registry import record_of
from gateway.registry_tables import EnrolmentCodeRecord, SiteRecord, TerminalRecord
from gateway.sealing_keys import SealingKeys
from kiosk.domain.china_time import CHINA
from kiosk.ports.clock import Clock
from kiosk.wire.enrolment import (
    AUTHORITY_PATH,
    ENROLMENT_PATH,
    FRESH,
    MAX_REQUEST_BYTES,
    RENEWAL_PATH,
    AuthorityMessage,
    EnrolledMessage,
    EnrolmentCode,
    EnrolmentRequest,
    RenewalRequest,
    RenewedMessage,
    is_signed,
    make_code,
    secret_digest,
)
from kiosk.wire.key_list import KEYS_PATH
from kiosk.wire.keys import GatewayRegistration, KeyUnusable, RegisteredTerminal, registered_terminal, signing_key_of
from kiosk.wire.messages import Message, RefusalMessage

TRIES = 5
"""Wrong codes in a row, after which a new code must be shown."""


class CodeDesk:
    """Shows codes. A new one for a terminal number takes the place of the one before."""

    def __init__(self, engine: Engine, authority: Authority, clock: Clock) -> None:
        self._engine = engine
        self._authority = authority
        self._clock = clock

    def show(self, terminal: str, site: str | None, training: bool, life: timedelta) -> EnrolmentCode | None:
        """The only time the code can be read; None when there is no such site."""
        code = make_code(self._authority.certificate)
        with Session(self._engine) as session, session.begin():
            if site is not None and session.get(SiteRecord, site) is None:
                return None
            session.merge(
                EnrolmentCodeRecord(
                    terminal=terminal,
                    digest=secret_digest(code.secret),
                    site=site,
                    training=training,
                    expires_at=self._clock.now().astimezone(CHINA) + life,
                    wrong=0,
                    used_by=None,
                )
            )
        return code


class Enrolments:
    """Safe for several threads and several processes. ``registration`` makes the file that terminals hold, as of
    now."""

    def __init__(
        self,
        engine: Engine,
        authority: Authority,
        keys: SealingKeys,
        clock: Clock,
        registration: Callable[[], GatewayRegistration],
    ) -> None:
        self._engine = engine
        self._authority = authority
        self._keys = keys
        self._clock = clock
        self._registration = registration

    def authority(self) -> AuthorityMessage:
        pem = self._authority.certificate.public_bytes(serialization.Encoding.PEM)
        return AuthorityMessage(certificate=pem.decode())

    def enrol(self, request: EnrolmentRequest) -> EnrolledMessage | RefusalMessage:
        """The same terminal may ask again with the same code while it counts: its answer may have been lost."""
        terminal, now = registered_terminal(request.terminal), self._now()
        if isinstance(terminal, KeyUnusable):
            return _refused(terminal.reason)
        if not is_signed(request, terminal.public_key):
            return _refused("forged")
        if abs(now - request.made_at) > FRESH:
            return _refused("clock-drift")
        wanted = _wanted(request.request)
        if wanted is None:
            return _refused("bad-certificate-request")
        with Session(self._engine) as session, session.begin():
            code = session.get(EnrolmentCodeRecord, terminal.terminal, with_for_update=True)
            refused = _judge(code, request, terminal, now)
            if refused is not None:
                return _refused(refused)
            assert code is not None
            record = session.get(TerminalRecord, terminal.key_id)
            if record is not None and record.revoked_because is not None:
                return _refused("revoked")
            if record is not None and (record.terminal, record.training) != (terminal.terminal, terminal.training):
                return _refused("key-of-other-terminal")
            if record is None:
                record = record_of(terminal, code.site, now)
                session.add(record)
            record.site = code.site
            code.used_by = terminal.key_id
            certificate = self._issue(record, wanted, now)
        return EnrolledMessage(
            certificate=certificate, gateway=self._registration().model_dump_json(), keys=self._keys.message()
        )

    def renew(self, request: RenewalRequest) -> RenewedMessage | RefusalMessage:
        now = self._now()
        wanted = _wanted(request.request)
        with Session(self._engine) as session, session.begin():
            record = session.get(TerminalRecord, request.terminal_key_id)
            if record is None:
                return RefusalMessage(reason="unknown-terminal", final=False)
            if not is_signed(request, signing_key_of(record.public_key)):
                return _refused("forged")
            if record.revoked_because is not None:
                return RefusalMessage(reason="revoked", final=False)
            if abs(now - request.made_at) > FRESH:
                return RefusalMessage(reason="clock-drift", final=False)
            if wanted is None:
                return _refused("bad-certificate-request")
            return RenewedMessage(certificate=self._issue(record, wanted, now))

    def _issue(self, record: TerminalRecord, wanted: x509.CertificateSigningRequest, now: datetime) -> str:
        pem = self._authority.issue(wanted, record.terminal, record.key_id, now)
        issued = x509.load_pem_x509_certificate(pem.encode())
        record.certificate_serial = f"{issued.serial_number:x}"
        record.certificate_until = issued.not_valid_after_utc.astimezone(CHINA)
        return pem

    def _now(self) -> datetime:
        return self._clock.now().astimezone(CHINA)


def router(enrolments: Enrolments, keys: SealingKeys) -> APIRouter:
    """What a terminal needs of the gateway besides its services."""
    routes = APIRouter()

    @routes.get(AUTHORITY_PATH)
    def authority() -> Response:
        return _answer(enrolments.authority())

    @routes.get(KEYS_PATH)
    def sealing_keys() -> Response:
        return _answer(keys.message())

    @routes.post(ENROLMENT_PATH)
    async def enrol(request: Request) -> Response:
        try:
            asked = EnrolmentRequest.model_validate_json(await _body(request))
        except ValueError:
            return _answer(_refused("not-a-request"))
        return _answer(await run_in_threadpool(enrolments.enrol, asked))

    @routes.post(RENEWAL_PATH)
    async def renew(request: Request) -> Response:
        try:
            asked = RenewalRequest.model_validate_json(await _body(request))
        except ValueError:
            return _answer(_refused("not-a-request"))
        return _answer(await run_in_threadpool(enrolments.renew, asked))

    return routes


def _judge(
    code: EnrolmentCodeRecord | None, request: EnrolmentRequest, terminal: RegisteredTerminal, now: datetime
) -> str | None:
    """Why ``code`` does not let this terminal in, None when it does. A wrong one is counted."""
    if code is None:
        return "code-wrong"
    if code.wrong >= TRIES:
        return "code-locked"
    if not hmac.compare_digest(code.digest, secret_digest(request.code)):
        code.wrong += 1
        return "code-wrong"
    if code.used_by not in (None, terminal.key_id):
        return "code-used"
    if code.expires_at.replace(tzinfo=code.expires_at.tzinfo or CHINA) <= now:
        return "code-expired"
    return None if code.training == terminal.training else "training-differs"


def _wanted(text: str) -> x509.CertificateSigningRequest | None:
    """The certificate request, when whoever made it has the key, and the key is of the agreed kind."""
    try:
        request = x509.load_pem_x509_csr(text.encode())
        key = request.public_key()
        good = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
        return request if good and request.is_signature_valid else None
    except ValueError:
        return None


async def _body(request: Request) -> bytes:
    """Empty when it is longer than any request."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_REQUEST_BYTES:
            return b""
    return bytes(body)


def _refused(reason: str) -> RefusalMessage:
    return RefusalMessage(reason=reason, final=True)


def _answer(message: Message) -> Response:
    status = 422 if isinstance(message, RefusalMessage) else 200
    return Response(message.model_dump_json(), status, media_type="application/json")
