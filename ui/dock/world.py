"""What the dock asks of the virtual hall, and who may come into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Visitor:
    """A made-up person with a card. ``words`` is one line to choose them by; ``card`` holds the fields that a card
    reader's verbs take, ``social_card`` those of the smart-card reader's; ``permits`` are specimens of other cards by
    their letter; ``face`` and ``other_face`` name portraits: theirs, and one that is not theirs."""

    words: str
    number: str
    card: Mapping[str, str]
    social_card: Mapping[str, str]
    permits: Mapping[str, Mapping[str, str]]
    face: str
    other_face: str


@dataclass(frozen=True, slots=True)
class Obeyed:
    """``answer`` is what the program told about it."""

    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """The program runs and will not; ``reason`` is its own words."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotThere:
    """The program does not answer."""


Answer = Obeyed | Refused | NotThere


class World(Protocol):
    """Calls block, at most some seconds, and come from several threads."""

    def do(self, program: str, verb: str, arguments: Mapping[str, Any]) -> Answer: ...

    def code_of(self, number: str, issuer: str) -> str | Refused | NotThere:
        """What the phone of this person shows now: the text of the code of ``issuer``."""
