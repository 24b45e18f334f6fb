"""What carries frames: one protocol for serial ports, TCP bridges and HID reports."""

from typing import Protocol, runtime_checkable


class Transport(Protocol):
    """Every method raises OSError when the device is gone or somebody else has it."""

    def open(self, wait_s: float, /) -> None:
        """Opens a closed transport; gives up after about ``wait_s``."""

    def close(self) -> None:
        """Never raises; harmless when closed."""

    def drain(self) -> None:
        """Drops what has arrived and was not read."""

    def write(self, data: bytes, /) -> None: ...

    def read(self, wait_s: float, /) -> bytes:
        """What has arrived, at once when there is something; empty when nothing came within ``wait_s``."""


@runtime_checkable
class NoticeableTransport(Transport, Protocol):
    """One of which can be seen whether its device is there."""

    def gone(self) -> bool:
        """True when the device is surely away. Returns at once, from any thread, and says no word to the device."""


@runtime_checkable
class RatedTransport(Transport, Protocol):
    """A line on which both ends must agree on a rate. It opens at the wished one."""

    def set_rate(self, baud: int, /) -> None: ...
