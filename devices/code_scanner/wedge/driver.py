"""A code scanner that poses as a keyboard ("wedge"), read through its Linux event node.

The node is grabbed (EVIOCGRAB) from the first look at it until it is closed, so that no key of the scanner reaches a
page or another program. The grab and the opening of a real node are unproven so far: they were written on machines
without one. What follows them, from the raw 24-byte events on, is tested.
"""

import errno
import select
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Protocol

from evdev import InputDevice, InputEvent

from devices.code_scanner.intake import Charset, Framing
from devices.code_scanner.listening import ListeningScanner
from devices.code_scanner.wedge.keys import ENTER, KeyDecoder
from devices.code_scanner.wedge.settings import WedgeSettings
from kiosk.ports.clock import Clock


class EventNode(Protocol):
    """What the driver needs of ``evdev.InputDevice``."""

    def fileno(self) -> int: ...

    def grab(self) -> None: ...

    def read(self) -> Iterable[InputEvent]: ...

    def close(self) -> None: ...


class _GrabbedNode:
    def __init__(self, node: EventNode) -> None:
        self._node = node
        self._decoder = KeyDecoder()
        try:
            node.grab()
        except OSError:
            node.close()
            raise

    def receive(self, wait_s: float) -> bytes:
        ready, _, _ = select.select([self._node], [], [], wait_s)
        with suppress(BlockingIOError):
            events = list(self._node.read()) if ready else []
            if ready and not events:
                raise OSError(errno.ENODEV, "the event node has ended")
            return self._decoder.characters(events)
        return b""

    def close(self) -> None:
        self._node.close()


class WedgeScanner(ListeningScanner):
    """Faults: node-gone, node-busy (grabbed by another program), node-denied."""

    def __init__(
        self, settings: WedgeSettings, clock: Clock, open_node: Callable[[str], EventNode] = InputDevice
    ) -> None:
        super().__init__("node", lambda: _GrabbedNode(open_node(settings.node)), Framing(ENTER), Charset.UTF_8, clock)
