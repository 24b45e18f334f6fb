"""The hall platform over HTTP (``kiosk.ports.platform``).

Nothing here raises for what the other side does, and nothing here logs. Reasons are stable words: no-link, timeout,
incomplete, oversize, not-http, server-error, not-the-agreed-message, wrong-answer, and the platform's own.
"""

import uuid
from typing import Literal

from kiosk.domain.citizen_number import CitizenNumber
from kiosk.domain.person_name import PersonName
from kiosk.domain.picture import Picture
from kiosk.domain.receipt_number import ReceiptNumber
from kiosk.platform.exchange import NoResponse, exchange
from kiosk.platform.picture import picture_of
from kiosk.platform.settings import PlatformSettings
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

_CHECK_LINK = "check the cable, the address and that the hall platform runs"
_WRONG_ANSWER = PlatformUnavailable("wrong-answer")
_NOT_AGREED = PlatformUnavailable("not-the-agreed-message")


class HttpHallPlatform:
    """Every answer comes within ``settings.total_s``. Safe for several threads; holds no connection."""

    def __init__(self, settings: PlatformSettings, sealer: Sealer, clock: Clock) -> None:
        self._settings = settings
        self._sealer = sealer
        self._clock = clock
        self._freshest: Unavailable | None = None

    def status(self) -> DeviceStatus:
        """Also Unavailable when our clock is off or our key is of another platform."""
        answer = self._ask("GET", "/v1/health", None)
        match answer:
            case HealthMessage():
                return self._judge(answer)
            case PlatformUnavailable(reason) | PlatformRefused(reason):
                return Unavailable(reason, _CHECK_LINK)
            case _:
                return Unavailable(_WRONG_ANSWER.reason, "check the address of the hall platform")

    def present(self) -> DeviceStatus | None:
        """The last question, whoever asked it, had no answer."""
        return self._freshest

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
        return self._ask("POST", path, self._sealer.seal_query(query, str(uuid.uuid4())).data)

    def _ask(
        self, method: Literal["GET", "POST"], path: str, body: bytes | None
    ) -> Answer | PlatformUnavailable | PlatformRefused:
        answer = self._exchange(method, path, body)
        if isinstance(answer, PlatformUnavailable):
            self._freshest = Unavailable(answer.reason, _CHECK_LINK)
        else:
            self._freshest = None
        return answer

    def _exchange(
        self, method: Literal["GET", "POST"], path: str, body: bytes | None
    ) -> Answer | PlatformUnavailable | PlatformRefused:
        settings = self._settings
        response = exchange(
            method, settings.address + path, body, settings.connect_s, settings.total_s, MAX_ANSWER_BYTES
        )
        if isinstance(response, NoResponse):
            return PlatformUnavailable(response.reason)
        if response.status >= 500:
            return PlatformUnavailable("server-error")
        return _agreed(response.status, parse_answer(response.body))

    def _judge(self, health: HealthMessage) -> DeviceStatus:
        if health.gateway_key_id != self._sealer.gateway_key_id:
            return Unavailable("other-gateway", "register this terminal and the platform with each other again")
        if abs((self._clock.now() - health.now).total_seconds()) > MAX_CLOCK_DRIFT_S:
            return Unavailable(CLOCK_DRIFT, "set the terminal's clock: it is more than a minute off")
        return Ready("sandbox" if health.sandbox else "")


def _holder(message: DocumentMessage, picture: Picture) -> CodeHolder | PlatformUnavailable:
    try:
        return CodeHolder(message.document(), picture)
    except ValueError:
        return _NOT_AGREED


def _agreed(status: int, answer: Answer | None) -> Answer | PlatformUnavailable | PlatformRefused:
    """Each message belongs to its status; anything else comes from some other server."""
    match answer:
        case RefusalMessage(reason=reason, final=final) if 400 <= status < 500:
            return PlatformRefused(reason) if final else PlatformUnavailable(reason)
        case ReceiptUnknownMessage() if status == 404:
            return answer
        case None | RefusalMessage() | ReceiptUnknownMessage():
            return _NOT_AGREED
        case _ if status == 200:
            return answer
        case _:
            return _NOT_AGREED
