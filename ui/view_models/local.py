"""What belongs to the screen alone: an opened side page, language, contrast, and a rating not yet sent."""

from dataclasses import dataclass, field, replace
from enum import Enum

from kiosk.ports.speaker import Language


class SidePage(Enum):
    """Pages that the engine knows nothing of; its own step waits behind them."""

    LANGUAGE = "language"
    HELP = "help"
    LEAVE = "leave"
    FULL_NOTICE = "full_notice"
    UNAVAILABLE = "unavailable"
    WAYS = "ways"
    NO_SLIP = "no_slip"
    DEVICES = "devices"
    PAPER_CHANGE = "paper_change"


@dataclass(frozen=True, slots=True)
class Open:
    page: SidePage


@dataclass(frozen=True, slots=True)
class Close:
    pass


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: Language


@dataclass(frozen=True, slots=True)
class ContrastChosen:
    contrast: bool


@dataclass(frozen=True, slots=True)
class GradeChosen:
    grade: int


@dataclass(frozen=True, slots=True)
class TagToggled:
    tag: str


@dataclass(frozen=True, slots=True)
class KeyTyped:
    """One key of the keypad; never more than ``limit`` characters stand."""

    character: str = field(repr=False)
    limit: int


@dataclass(frozen=True, slots=True)
class KeyErased:
    pass


@dataclass(frozen=True, slots=True)
class HideToggled:
    """The digits on the keypad page are covered, or shown again."""


@dataclass(frozen=True, slots=True)
class KeysCleared:
    """Everything typed is taken back."""


@dataclass(frozen=True, slots=True)
class LettersToggled:
    """The keypad shows letters instead of digits, or digits again."""


LocalEvent = (
    Open
    | Close
    | LanguageChosen
    | ContrastChosen
    | GradeChosen
    | TagToggled
    | KeyTyped
    | KeyErased
    | KeysCleared
    | HideToggled
    | LettersToggled
)


@dataclass(frozen=True, slots=True)
class Local:
    """``grade`` 0 is none; ``typed`` stands on the keypad page, covered when ``hidden``; ``letters`` are on
    its keys. The default is what every
    citizen finds."""

    page: SidePage | None = None
    language: Language = Language.CHINESE
    contrast: bool = False
    grade: int = 0
    tags: tuple[str, ...] = ()
    typed: str = field(default="", repr=False)
    hidden: bool = False
    letters: bool = False

    def next_step(self) -> "Local":
        """What outlives a step: how the citizen wants the screen."""
        return Local(None, self.language, self.contrast)


def advance(local: Local, event: LocalEvent) -> Local:
    match event:
        case Open(page):
            return replace(local, page=page)
        case Close():
            return replace(local, page=None)
        case LanguageChosen(language):
            return replace(local, language=language)
        case ContrastChosen(contrast):
            return replace(local, contrast=contrast)
        case GradeChosen(grade):
            return replace(local, grade=grade, tags=local.tags if grade == local.grade else ())
        case TagToggled(tag):
            kept = tuple(t for t in local.tags if t != tag)
            return replace(local, tags=kept if tag in local.tags else (*local.tags, tag))
        case KeyTyped(character, limit):
            return replace(local, typed=(local.typed + character)[:limit])
        case KeyErased():
            return replace(local, typed=local.typed[:-1])
        case KeysCleared():
            return replace(local, typed="")
        case HideToggled():
            return replace(local, hidden=not local.hidden)
        case LettersToggled():
            return replace(local, letters=not local.letters)
