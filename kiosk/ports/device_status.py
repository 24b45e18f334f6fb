"""How a device is, in one sentence for the technician."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Ready:
    """The device answered; ``detail`` is its model or serial number where it tells one."""

    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The device cannot serve. ``reason`` is a stable word for logs, ``remedy`` what a technician does next."""

    reason: str
    remedy: str


DeviceStatus = Ready | Unavailable

CLOCK_DRIFT = "clock-drift"
"""Reason of ``status`` when the platform answers but our clock is over 60 s off: nothing new may be signed (E-28)."""


@runtime_checkable
class Noticeable(Protocol):
    """A driver that can tell something of its device without a word to it."""

    def present(self) -> DeviceStatus | None:
        """What can be seen at once, from any thread and in the middle of a conversation: ``Unavailable`` when the
        device is surely gone, ``Ready`` when it surely works, None when nothing can be said."""
