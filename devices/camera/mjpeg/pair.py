"""An RGB camera and an infrared one that look the same way: two streams, joined by time."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from devices.camera.mjpeg.driver import MjpegCamera
from kiosk.domain.picture import Frame
from kiosk.ports.camera import CameraSilent
from kiosk.ports.device_status import DeviceStatus, Ready

if TYPE_CHECKING:
    from devices.camera.mjpeg.settings import MjpegSettings
    from kiosk.ports.clock import Clock

APART_S = 0.06
"""Pictures further apart do not show the same moment."""


class MjpegPair:
    """``kiosk.ports.camera.Camera``: the frames of the first camera, each with the nearest picture of the second.

    A frame waits at most ``APART_S`` for its partner and goes without one then. Without a second camera in the settings
    it is the first one alone. A second camera that gives nothing is told in the detail of ``Ready``: what may be done
    without it is not for a driver to say.
    """

    def __init__(self, settings: MjpegSettings, clock: Clock) -> None:
        self._camera = MjpegCamera(settings, clock)
        self._infrared = None if settings.infrared is None else MjpegCamera(settings, clock, settings.infrared)
        self._seen: deque[Frame] = deque(maxlen=2)

    def status(self) -> DeviceStatus:
        status = self._camera.status()
        return status if self._infrared is None else _of_both(status, self._infrared.status())

    def present(self) -> DeviceStatus | None:
        status = self._camera.present()
        second = None if self._infrared is None else self._infrared.present()
        return status if status is None or second is None else _of_both(status, second)

    def start(self) -> None:
        self._camera.start()
        if self._infrared is not None:
            self._infrared.start()

    def stop(self) -> None:
        self._camera.stop()
        if self._infrared is not None:
            self._infrared.stop()
        self._seen.clear()

    def next_frame(self, after: int, timeout_s: float) -> Frame | CameraSilent:
        frame = self._camera.next_frame(after, timeout_s)
        if self._infrared is None or isinstance(frame, CameraSilent):
            return frame
        partner = self._nearest(frame.at, self._infrared)
        return frame if partner is None else replace(frame, infrared=partner.picture)

    def _nearest(self, at: float, infrared: MjpegCamera) -> Frame | None:
        """Looks at the newest picture first, and waits for the next one only where that is too old."""
        self._look(infrared, 0.0)
        if not self._seen or at - self._seen[-1].at > APART_S:
            self._look(infrared, APART_S)
        near = [seen for seen in self._seen if abs(seen.at - at) <= APART_S]
        return min(near, key=lambda seen: abs(seen.at - at), default=None)

    def _look(self, infrared: MjpegCamera, timeout_s: float) -> None:
        frame = infrared.next_frame(self._seen[-1].sequence if self._seen else 0, timeout_s)
        if isinstance(frame, Frame):
            self._seen.append(frame)


def _of_both(status: DeviceStatus, second: DeviceStatus) -> DeviceStatus:
    if not isinstance(status, Ready):
        return status
    with_it = "and infrared" if isinstance(second, Ready) else f"without infrared: {second.reason}"
    return Ready(f"{status.detail} {with_it}")
