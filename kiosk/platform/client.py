"""The hall platform over HTTP (``kiosk.ports.platform``).

Nothing here raises for what the other side does, and nothing here logs. Reasons are stable words: those of
``kiosk.platform.trouble``, oversize, not-the-agreed-message, wrong-answer, and the platform's own.
"""

import uuid
from dataclasses import replace
from typing import Literal

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.person_name import PersonName
from kiosk.domain.picture import Picture
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.platform.exchange import NoResponse, Response, exchange
from kiosk.platform.line import Line
from kiosk.platform.picture import picture_of
from kiosk.platform.renewals import Identity, Renewals
from kiosk.platform.settings import PlatformSettings
from kiosk.platform.trouble import remedy_of
from kiosk.ports.clock import Clock
from kiosk.ports.device_status import CLOCK_DRIFT, DeviceStatus, Ready, Unavailable
from kiosk.ports.platform import (
    CodeExpired,
    CodeHolder,
    DeliveryAnswer,
    DocumentBlocked,
    HolderAnswer,
    IdentityPaused,
    LookUpAnswer,
    NameMismatch,
    NoReference,
    NotInRoster,
    PlatformRefused,
    PlatformUnavailable,
    ReceiptUnknown,
    ReferenceAnswer,
    ReferenceFound,
    RosterAnswer,
    RosterFound,
    SealedRecord,
    Stored,
)
from kiosk.wire.envelope import Sealer
from kiosk.wire.messages import (
    MAX_ANSWER_BYTES,
    Answer,
    CodeExpiredMessage,
    DecisionMessage,
    DocumentBlockedMessage,
    DocumentMessage,
    HealthMessage,
    HolderMessage,
    HolderQuery,
    IdentityPausedMessage,
    NameMismatchMessage,
    NoReferenceMessage,
    NotInRosterMessage,
    Query,
    ReceiptUnknownMessage,
    ReferenceMessage,
    ReferenceQuery,
    RefusalMessage,
    RosterEntryMessage,
    RosterQuery,
    StoredMessage,
    parse_answer,
)

MAX_CLOCK_DRIFT_S = 60.0
"""Beyond it the terminal must not sign (E-28)."""

_DATE_STEP_S = 1.0
"""A Date header has no fractions."""

_SAYS_WHY = frozenset({503, 507})
"""Of its own troubles the platform tells these: its database is away, its disk is full."""

_IN_OTHER_WORDS = {"certificate-required": "certificate-refused"}
_WRONG_ANSWER = PlatformUnavailable("wrong-answer")
_BROKEN = PlatformUnavailable("no-link")
_NOT_AGREED = PlatformUnavailable("not-the-agreed-message")


class HttpHallPlatform:
    """Every answer comes within ``settings.total_s``, ``status`` within four times that when key and certificate are
    renewed, or another thread is at it. Safe for several threads; holds no connection. Without ``identity`` nothing is
    renewed."""

    def __init__(
        self, settings: PlatformSettings, sealer: Sealer, clock: Clock, identity: Identity | None = None
    ) -> None:
        self._line = Line.of(settings)
        self._sealer = sealer
        self._clock = clock
        self._renewals = None if identity is None else Renewals(self._line, identity, sealer, clock)
        self._freshest: Unavailable | None = None
        self._drifted = False

    def status(self) -> DeviceStatus:
        """Also Unavailable when our clock is off, our key is of another platform, or the platform took us out of
        service. Asked while nobody is served: then is the time to renew what is due."""
        renewals = self._renewals
        if renewals is not None and renewals.lacking():
            renewals.renew_if_due()
        answer = self._ask("GET", f"/v1/health?key={self._sealer.terminal_key_id}", None)
        if answer == _BROKEN and self._heard_without_certificate():
            self._freshest = _unavailable("certificate-refused")
            return self._freshest
        match answer:
            case HealthMessage():
                status = self._judge(answer)
            case PlatformUnavailable(reason) | PlatformRefused(reason):
                return _unavailable(reason)
            case _:
                return Unavailable(_WRONG_ANSWER.reason, "check the address of the hall platform")
        if renewals is not None and isinstance(status, Ready):
            renewals.renew_if_due()
        self._freshest = status if isinstance(status, Unavailable) else None
        return status

    def present(self) -> DeviceStatus | None:
        """The last question, whoever asked it, had no answer, or one that shows that our clock is off."""
        return self._freshest

    def clock_wrong(self) -> bool:
        """What the platform last said of our clock holds while it says nothing (E-28)."""
        return self._drifted

    def query_roster(self, number: CitizenNumber, name: PersonName, area: str | None = None) -> RosterAnswer:
        answer = self._query("/v1/roster", RosterQuery(number=number.value, name=name.value, area=area))
        match answer:
            case RosterEntryMessage():
                return RosterFound(answer.entry())
            case NotInRosterMessage():
                return NotInRoster()
            case NameMismatchMessage():
                return NameMismatch()
            case DocumentBlockedMessage():
                return DocumentBlocked()
            case IdentityPausedMessage():
                return IdentityPaused()
            case PlatformUnavailable() | PlatformRefused():
                return answer
            case _:
                return _WRONG_ANSWER

    def resolve_code(self, code: bytes, issuer: str) -> HolderAnswer:
        try:
            query = HolderQuery.of(code, issuer)
        except ValueError:
            return CodeExpired()
        answer = self._query("/v1/holders", query)
        match answer:
            case HolderMessage(document=document, picture=text):
                picture = picture_of(text)
                return _NOT_AGREED if picture is None else _holder(document, picture)
            case CodeExpiredMessage():
                return CodeExpired()
            case PlatformUnavailable() | PlatformRefused():
                return answer
            case _:
                return _WRONG_ANSWER

    def fetch_reference(self, number: CitizenNumber, name: PersonName) -> ReferenceAnswer:
        answer = self._query("/v1/references", ReferenceQuery(reference_of=number.value, name=name.value))
        match answer:
            case ReferenceMessage(picture=text):
                picture = picture_of(text)
                return _NOT_AGREED if picture is None else ReferenceFound(picture)
            case NoReferenceMessage():
                return NoReference()
            case PlatformUnavailable() | PlatformRefused():
                return answer
            case _:
                return _WRONG_ANSWER

    def deliver(self, record: SealedRecord) -> DeliveryAnswer:
        answer = self._ask("POST", "/v1/records", record.envelope)
        match answer:
            case DecisionMessage(key=record.key):
                return answer.decision() or _WRONG_ANSWER
            case StoredMessage(key=record.key):
                return Stored()
            case PlatformUnavailable() | PlatformRefused():
                return answer
            case _:
                return _WRONG_ANSWER

    def look_up(self, receipt: ReceiptNumber) -> LookUpAnswer:
        answer = self._ask("GET", f"/v1/receipts/{receipt.value}", None)
        match answer:
            case DecisionMessage():
                decision = answer.decision()
                return decision if decision is not None and decision.receipt == receipt else _WRONG_ANSWER
            case ReceiptUnknownMessage():
                return ReceiptUnknown()
            case PlatformUnavailable() | PlatformRefused():
                return answer
            case _:
                return _WRONG_ANSWER

    def _query(self, path: str, query: Query) -> Answer | PlatformUnavailable | PlatformRefused:
        """With a clock that is known to be off nothing is signed (E-28)."""
        if self._drifted:
            return PlatformUnavailable(CLOCK_DRIFT)
        return self._ask("POST", path, self._sealer.seal_query(query, str(uuid.uuid4())).data)

    def _ask(
        self, method: Literal["GET", "POST"], path: str, body: bytes | None
    ) -> Answer | PlatformUnavailable | PlatformRefused:
        response = exchange(self._line, method, path, body, MAX_ANSWER_BYTES)
        answer = PlatformUnavailable(response.reason) if isinstance(response, NoResponse) else _meant(response)
        if isinstance(answer, PlatformUnavailable):
            self._freshest = _unavailable(answer.reason)
        elif isinstance(response, Response):
            if response.date is not None:
                lead_s = (self._clock.now() - response.date).total_seconds()
                self._drifted = not -MAX_CLOCK_DRIFT_S <= lead_s <= MAX_CLOCK_DRIFT_S + _DATE_STEP_S
            self._freshest = _unavailable(CLOCK_DRIFT) if self._drifted else None
        return answer

    def _heard_without_certificate(self) -> bool:
        """Servers may end a connection over our certificate without a word of it (TLS 1.3 asks for it last)."""
        unshown = self._line.unshown()
        return unshown != self._line and isinstance(
            exchange(unshown, "GET", "/v1/health", None, MAX_ANSWER_BYTES), Response
        )

    def _judge(self, health: HealthMessage) -> DeviceStatus:
        self._drifted = abs((self._clock.now() - health.now).total_seconds()) > MAX_CLOCK_DRIFT_S
        key_trouble = self._key_trouble(health.gateway_key_id)
        if key_trouble is not None:
            return _unavailable(key_trouble)
        if self._drifted:
            return _unavailable(CLOCK_DRIFT)
        if health.standing is not None and health.standing != "active":
            return _unavailable(health.standing)
        return Ready("sandbox" if health.sandbox else "")

    def _key_trouble(self, newest: str) -> str | None:
        if newest == self._sealer.gateway_key_id:
            return None
        return "other-gateway" if self._renewals is None else self._renewals.key_trouble(newest)


def _holder(message: DocumentMessage, picture: Picture) -> CodeHolder | PlatformUnavailable:
    try:
        return CodeHolder(message.document(), picture)
    except ValueError:
        return _NOT_AGREED


def _meant(response: Response) -> Answer | PlatformUnavailable | PlatformRefused:
    """Each message belongs to its status; anything else comes from some other server."""
    status, answer, wait_s = response.status, parse_answer(response.body), response.retry_after_s
    match answer:
        case RefusalMessage(reason=reason, final=False) if status in _SAYS_WHY:
            return PlatformUnavailable(reason, wait_s)
        case _ if status >= 500:
            return PlatformUnavailable("server-error", wait_s)
        case RefusalMessage(reason=reason, final=final) if 400 <= status < 500:
            reason = _IN_OTHER_WORDS.get(reason, reason)
            return PlatformRefused(reason) if final else PlatformUnavailable(reason, wait_s)
        case ReceiptUnknownMessage() if status == 404:
            return answer
        case None | RefusalMessage() | ReceiptUnknownMessage():
            return replace(_NOT_AGREED, retry_after_s=wait_s)
        case _ if status == 200:
            return answer
        case _:
            return replace(_NOT_AGREED, retry_after_s=wait_s)


def _unavailable(reason: str) -> Unavailable:
    return Unavailable(reason, remedy_of(reason))
