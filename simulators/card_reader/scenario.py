"""A scenario: cards that are laid on the reader one after the other, each with what goes wrong with it.

A TOML file of ``[[cards]]`` tables. Their members are those of the verb ``insert-card``; ``faults`` is a list of what
the verb ``fault`` takes; ``photo`` counts from the file's folder.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulators.card_reader.card import Card
from simulators.card_reader.faults import Fault, WrongBaud
from simulators.card_reader.orders import card_from, fault_from
from simulators.portraits import Image


@dataclass(frozen=True, slots=True)
class Laid:
    card: Card
    faults: tuple[Fault | WrongBaud, ...]


def load_scenario(path: Path, picture_of: Callable[[str], Image]) -> tuple[Laid, ...]:
    """Raises ValueError, naming the file and the card, for anything the reader does not know."""
    try:
        scenario = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as trouble:
        raise ValueError(f"{path}: {trouble.strerror}") from trouble
    except ValueError as trouble:
        raise ValueError(f"{path}: {trouble}") from trouble
    cards = scenario.pop("cards", None)
    if scenario or not isinstance(cards, list) or not cards:
        raise ValueError(f"{path}: a scenario is a list of [[cards]] and nothing else")
    return tuple(
        _laid(members, f"{path}: card {number}", path.parent, picture_of) for number, members in enumerate(cards, 1)
    )


def _laid(members: dict[str, Any], place: str, folder: Path, picture_of: Callable[[str], Image]) -> Laid:
    try:
        faults = members.pop("faults", [])
        card = card_from(_beside(members, folder), picture_of)
        return Laid(card, tuple(fault_from(fault, picture_of) for fault in faults))
    except (ValueError, TypeError, AttributeError, KeyError) as trouble:
        raise ValueError(f"{place}: {trouble}") from trouble


def _beside(members: dict[str, Any], folder: Path) -> dict[str, Any]:
    return {**members, "photo": str(folder / members["photo"])} if "photo" in members else members
