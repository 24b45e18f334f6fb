"""Step: who it is, by the electronic social-security card on a phone held before the camera (domain.md 2.3, F-06).

The code is opaque and lives a minute: it goes to the platform once and is never kept, parsed or logged.
"""

from dataclasses import dataclass
from enum import Enum

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.identity_document import IdentityDocument
from kiosk.domain.picture import Picture
from kiosk.domain.receipt_number import receipt_in_code
from kiosk.flow.commands import Log, ReadCode, ResolveCode, StopFace
from kiosk.flow.events import CodeAnswered, Event, HolderAnswered
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed
from kiosk.ports.code_scanner import CodeSeen, NoCode, ScannerFault
from kiosk.ports.platform import CodeExpired, CodeHolder, PlatformRefused, PlatformUnavailable

TRY_S = 60.0
TRIES = 3


class CodeHint(Enum):
    """What the page says before this try."""

    FIRST = "first"
    BRIGHTER = "brighter"
    REFRESH = "refresh"
    OTHER_CODE = "other-code"


@dataclass(frozen=True, slots=True)
class AwaitingCode:
    """``known`` is the digest of the code that was seen already and is not taken again."""

    attempt: int
    hint: CodeHint
    known: str | None = None


@dataclass(frozen=True, slots=True)
class ResolvingCode:
    attempt: int
    known: str


@dataclass(frozen=True, slots=True)
class CodeIdentified:
    document: IdentityDocument
    picture: Picture


@dataclass(frozen=True, slots=True)
class CodeNotTaken:
    """Three tries came to nothing, or the platform will not take this card."""


@dataclass(frozen=True, slots=True)
class CodeOffline:
    """Without the platform nobody can tell whose code it is."""


@dataclass(frozen=True, slots=True)
class CardWanted:
    """The citizen goes back to the identity card."""


@dataclass(frozen=True, slots=True)
class CameraBroken:
    reason: str


CodeState = AwaitingCode | ResolvingCode
CodeResult = CodeIdentified | CodeNotTaken | CodeOffline | CardWanted | CameraBroken
CodeMove = Transition[CodeState | CodeResult]


def begin() -> Transition[AwaitingCode]:
    return Transition(AwaitingCode(1, CodeHint.FIRST), (ReadCode(TRY_S),))


def advance(state: CodeState, event: Event) -> CodeMove:
    match state, event:
        case AwaitingCode(attempt), CodeAnswered(CodeSeen(payload) as code):
            if _is_receipt(payload):
                return _next_try(attempt, CodeHint.OTHER_CODE, code.digest, "receipt-shown")
            return Transition(ResolvingCode(attempt, code.digest), (StopFace(), ResolveCode(payload)))
        case AwaitingCode(attempt, known=known), CodeAnswered(NoCode()):
            return _next_try(attempt, CodeHint.BRIGHTER, known, "no-code")
        case AwaitingCode(), CodeAnswered(ScannerFault(reason)):
            return Transition(CameraBroken(reason), (StopFace(), _not_taken(reason)))
        case AwaitingCode(), Pressed(Button.READ_CARD):
            return Transition(CardWanted(), (StopFace(),))
        case ResolvingCode(), HolderAnswered(CodeHolder(document, picture)):
            return Transition(CodeIdentified(document, picture))
        case ResolvingCode(attempt, known), HolderAnswered(CodeExpired()):
            return _next_try(attempt, CodeHint.REFRESH, known, "code-expired")
        case ResolvingCode(), HolderAnswered(PlatformUnavailable(reason)):
            return Transition(CodeOffline(), (_not_taken(reason),))
        case ResolvingCode(), HolderAnswered(PlatformRefused(reason)):
            return Transition(CodeNotTaken(), (_not_taken(reason),))
        case _:
            return Transition(state)


def _next_try(attempt: int, hint: CodeHint, known: str | None, reason: str) -> CodeMove:
    if attempt == TRIES:
        return Transition(CodeNotTaken(), (StopFace(), _not_taken(reason)))
    return Transition(AwaitingCode(attempt + 1, hint, known), (_not_taken(reason), ReadCode(TRY_S, known)))


def _is_receipt(payload: bytes) -> bool:
    return receipt_in_code(payload.decode("utf-8", "replace")) is not None


def _not_taken(reason: str) -> Log:
    return Log(AuditEvent(EventName.CODE_NOT_TAKEN, device="camera", reason=reason))
