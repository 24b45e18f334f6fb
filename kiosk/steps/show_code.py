"""Step: who it is, by a code on a phone held before the camera or a scanner (domain.md 2.3, F-06, F-17, F-25).

A token is opaque and lives a minute: it goes to the platform once and is never kept, parsed or logged. Without the
platform nobody can tell whose it is, so the link is looked at as soon as the page stands.
"""

from dataclasses import dataclass
from enum import Enum

from kiosk.codes.issuers import CodeBook, CodeIssuer, Use
from kiosk.codes.recognise import Misplaced, Token, recognise
from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.identity_document import IdentityDocument
from kiosk.domain.picture import Picture
from kiosk.flow.commands import CheckPlatform, Log, ReadCode, ResolveCode, StopFace
from kiosk.flow.events import CodeAnswered, Event, HolderAnswered, PlatformChecked
from kiosk.flow.machine import Transition
from kiosk.flow.touches import Button, Pressed
from kiosk.ports.code_scanner import CodeSeen, NoCode, ScannerFault
from kiosk.ports.device_status import Unavailable
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
    """``offered`` are the issuers whose codes are taken. ``known`` is the digest of the code that was seen already and
    is not taken again, ``shown`` its issuer where that is known and of no use here."""

    attempt: int
    hint: CodeHint
    offered: tuple[CodeIssuer, ...]
    known: str | None = None
    shown: CodeIssuer | None = None


@dataclass(frozen=True, slots=True)
class ResolvingCode:
    """``tried`` is the page's state before the code of ``issuer`` came, with its digest as the known one."""

    tried: AwaitingCode
    issuer: CodeIssuer


@dataclass(frozen=True, slots=True)
class CodeIdentified:
    issuer: CodeIssuer
    document: IdentityDocument
    picture: Picture


@dataclass(frozen=True, slots=True)
class CodeNotTaken:
    """Three tries came to nothing, or the platform will not take this code."""


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


def begin(offered: tuple[CodeIssuer, ...]) -> Transition[AwaitingCode]:
    return Transition(AwaitingCode(1, CodeHint.FIRST, offered), (CheckPlatform(), ReadCode(TRY_S)))


def advance(state: CodeState, event: Event, book: CodeBook) -> CodeMove:
    match state, event:
        case AwaitingCode(), CodeAnswered(CodeSeen() as code):
            return _on_code(state, code, book)
        case AwaitingCode(), CodeAnswered(NoCode()):
            return _next_try(state, CodeHint.BRIGHTER, "no-code")
        case AwaitingCode(), CodeAnswered(ScannerFault(reason)):
            return Transition(CameraBroken(reason), (StopFace(), _not_taken(reason)))
        case AwaitingCode(), PlatformChecked(Unavailable(reason)):
            return Transition(CodeOffline(), (StopFace(), _not_taken(reason)))
        case AwaitingCode(), Pressed(Button.READ_CARD):
            return Transition(CardWanted(), (StopFace(),))
        case ResolvingCode(issuer=issuer), HolderAnswered(CodeHolder(document, picture)):
            return Transition(CodeIdentified(issuer, document, picture))
        case ResolvingCode(tried), HolderAnswered(CodeExpired()):
            return _next_try(tried, CodeHint.REFRESH, "code-expired")
        case ResolvingCode(), HolderAnswered(PlatformUnavailable(reason)):
            return Transition(CodeOffline(), (_not_taken(reason),))
        case ResolvingCode(), HolderAnswered(PlatformRefused(reason)):
            return Transition(CodeNotTaken(), (_not_taken(reason),))
        case _:
            return Transition(state)


def _on_code(state: AwaitingCode, code: CodeSeen, book: CodeBook) -> CodeMove:
    tried = AwaitingCode(state.attempt, state.hint, state.offered, code.digest)
    match recognise(code.payload, book, Use.IDENTITY):
        case Token(issuer, payload):
            return Transition(ResolvingCode(tried, issuer), (StopFace(), ResolveCode(payload, issuer.id)))
        case Misplaced(issuer):
            return _next_try(tried, CodeHint.OTHER_CODE, f"other-{issuer.id}", issuer)
        case _:
            return _next_try(tried, CodeHint.OTHER_CODE, "other-unknown")


def _next_try(tried: AwaitingCode, hint: CodeHint, reason: str, shown: CodeIssuer | None = None) -> CodeMove:
    if tried.attempt == TRIES:
        return Transition(CodeNotTaken(), (StopFace(), _not_taken(reason)))
    again = AwaitingCode(tried.attempt + 1, hint, tried.offered, tried.known, shown)
    return Transition(again, (_not_taken(reason), ReadCode(TRY_S, tried.known)))


def _not_taken(reason: str) -> Log:
    return Log(AuditEvent(EventName.CODE_NOT_TAKEN, device="camera", reason=reason))
