"""The camera that looks at the citizen."""

from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.picture import Frame
from kiosk.ports.device_status import DeviceStatus


@dataclass(frozen=True, slots=True)
class CameraSilent:
    """No new frame came in time; ``reason`` says whether the link broke or only stalled."""

    reason: str


class Camera(Protocol):
    def status(self) -> DeviceStatus: ...

    def start(self) -> None:
        """Begins to deliver frames; without effect when already started. A dead link shows as ``CameraSilent``."""

    def stop(self) -> None:
        """Ends delivery and overwrites the last frame."""

    def next_frame(self, after: int, timeout_s: float) -> Frame | CameraSilent:
        """The newest frame whose sequence is greater than ``after``, waiting up to ``timeout_s`` for one."""
