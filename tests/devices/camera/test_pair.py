"""Two cameras that look the same way: each frame with the infrared picture of the same moment."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from devices.camera.mjpeg.pair import APART_S, MjpegPair
from devices.camera.mjpeg.settings import MjpegSettings
from kiosk.domain.picture import Frame
from kiosk.ports.camera import CameraSilent
from kiosk.ports.device_status import Ready
from tests.devices.camera.byte_stream import GOOD_HEAD, HEIGHT, WIDTH, ByteStreamCamera, Script, SteadyClock, jpeg, part

PATIENCE_S = 20.0
BRIGHT = Script(GOOD_HEAD + part(jpeg(200)), over_and_over=True)
DARK = Script(GOOD_HEAD + part(jpeg(60)), over_and_over=True)
SILENT = Script(GOOD_HEAD)


@pytest.fixture
def exits() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def pair(exits: ExitStack, second: Script) -> MjpegPair:
    streams = [ByteStreamCamera([script]) for script in (BRIGHT, second)]
    for stream in streams:
        exits.callback(stream.close)
    url, infrared = (stream.url for stream in streams)
    camera = MjpegPair(MjpegSettings(url=url, infrared=infrared, width=WIDTH, height=HEIGHT), SteadyClock())
    exits.callback(camera.stop)
    return camera


def seen(camera: MjpegPair, after: int) -> Frame:
    frame = camera.next_frame(after, PATIENCE_S)
    assert isinstance(frame, Frame), frame
    return frame


def test_a_frame_carries_the_infrared_picture_beside_its_own(exits: ExitStack) -> None:
    camera = pair(exits, DARK)
    camera.start()
    frame = seen(camera, 0)
    while frame.infrared is None:
        frame = seen(camera, frame.sequence)
    assert abs(frame.picture.pixels[0] - 200) < 5
    assert abs(frame.infrared.pixels[0] - 60) < 5
    assert (frame.infrared.width, frame.infrared.height) == (WIDTH, HEIGHT)


def test_without_an_infrared_picture_the_frame_goes_alone_and_that_is_told(
    exits: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = pair(exits, SILENT)
    waits: list[float] = []
    infrared = camera._infrared
    assert infrared is not None
    look = infrared.next_frame

    def watched(after: int, timeout_s: float) -> Frame | CameraSilent:
        waits.append(timeout_s)
        return look(after, timeout_s)

    monkeypatch.setattr(infrared, "next_frame", watched)
    camera.start()
    frame = seen(camera, 0)
    assert frame.infrared is None
    assert sum(waits) == APART_S, "the frame waits no longer for its partner"
    status = camera.status()
    assert isinstance(status, Ready)
    assert "without infrared" in status.detail
