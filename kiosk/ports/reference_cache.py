"""What the hall publishes for its terminals to have at hand when the line is down: whole, signed, and dated."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from kiosk.ports.platform import PlatformUnavailable


@dataclass(frozen=True, slots=True)
class HeldBundle:
    """The newest version that is good and in force. Its contents may be shown with ``made_at``'s day (数据日期) only.
    ``set_aside`` is why a newer one that is here is not used: a stable word, None where there is none."""

    name: str
    version: int
    made_at: datetime
    valid_from: date
    content: bytes = field(repr=False)
    set_aside: str | None = None


@dataclass(frozen=True, slots=True)
class NothingHeld:
    """``reason``: never-fetched, not-yet-valid, no-key, storage-..., or what is wrong with all that is here."""

    reason: str


class ReferenceCache(Protocol):
    def held(self, name: str) -> HeldBundle | NothingHeld:
        """Never asks the hall: what is here now."""


@dataclass(frozen=True, slots=True)
class BundleFetched:
    """Bytes as they came, not yet looked at."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BundleUnchanged:
    """The hall's is the one named by the entity tag."""


@dataclass(frozen=True, slots=True)
class BundleUnknown:
    """The hall publishes nothing of this name."""


BundleAnswer = BundleFetched | BundleUnchanged | BundleUnknown | PlatformUnavailable


class BundleSource(Protocol):
    def fetch(self, name: str, entity_tag: str | None) -> BundleAnswer:
        """``entity_tag`` names the version that is here already (RFC 9110, 8.8.3)."""
