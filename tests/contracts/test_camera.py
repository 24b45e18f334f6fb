"""What every camera driver keeps to, on the virtual hall's camera and on recorded bytes."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from devices.camera.hosted.driver import HostedCamera
from devices.camera.mjpeg.driver import MjpegCamera
from devices.camera.mjpeg.pair import MjpegPair
from devices.camera.mjpeg.settings import MjpegSettings
from kiosk.domain.picture import Frame
from kiosk.ports.camera import Camera, CameraSilent
from kiosk.ports.device_status import Ready
from simulators.camera.__main__ import CameraSimulator
from tests.devices.camera.byte_stream import GOOD_HEAD, ByteStreamCamera, Script, SteadyClock, jpeg, part

MODELS = Path(__file__).parents[2] / "var" / "models"
PATIENCE_S = 20.0


@pytest.fixture(scope="module")
def hall() -> Iterator[str]:
    """The stream of the virtual hall's camera, somebody standing before it."""
    if not (MODELS / "portraits").is_dir():
        pytest.fail(f"{MODELS} holds no training portraits: run kiosk models install --training")
    simulator = CameraSimulator(MODELS, "hopper")
    simulator.server.start()
    yield simulator.server.url
    simulator.server.close()


@pytest.fixture(scope="module")
def recorded() -> Iterator[str]:
    pictures = b"".join(part(jpeg(shade, 640, 480)) for shade in (60, 120))
    stream = ByteStreamCamera([Script(GOOD_HEAD + pictures, over_and_over=True)])
    yield stream.url
    stream.close()


@pytest.fixture(params=["hall", "recorded"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


@pytest.fixture(params=["mjpeg", "pair", "hosted"])
def camera(request: pytest.FixtureRequest, url: str) -> Iterator[Camera]:
    settings = MjpegSettings(url=url, stall_s=10.0, infrared=url if request.param == "pair" else None)
    if request.param == "hosted":
        hosted = HostedCamera(settings, MjpegPair, SteadyClock())
        yield hosted
        hosted.close()
    else:
        driver = (MjpegPair if request.param == "pair" else MjpegCamera)(settings, SteadyClock())
        yield driver
        driver.stop()


def next_frame(camera: Camera, after: int) -> Frame:
    frame = camera.next_frame(after, PATIENCE_S)
    assert isinstance(frame, Frame), frame
    return frame


def test_frames_are_whole_and_in_order(camera: Camera) -> None:
    camera.start()
    frames = [next_frame(camera, 0)]
    while len(frames) < 5:
        frames.append(next_frame(camera, frames[-1].sequence))
    for frame in frames:
        picture = frame.picture
        assert (picture.width, picture.height) == (640, 480)
        assert len(picture.pixels) == 640 * 480 * 3
    assert [frame.sequence for frame in frames] == sorted({frame.sequence for frame in frames})
    assert [frame.at for frame in frames] == sorted(frame.at for frame in frames)


def test_a_frame_stays_as_it_was_while_newer_ones_come(camera: Camera) -> None:
    camera.start()
    first = next_frame(camera, 0)
    before = bytes(first.picture.pixels)
    second = next_frame(camera, next_frame(camera, first.sequence).sequence)
    assert bytes(first.picture.pixels) == before
    assert second.picture.pixels is not first.picture.pixels


def test_a_camera_not_started_is_silent(camera: Camera) -> None:
    assert isinstance(camera.next_frame(0, 0.0), CameraSilent)


def test_it_is_ready_whether_started_or_not(camera: Camera) -> None:
    assert isinstance(camera.status(), Ready)
    camera.start()
    next_frame(camera, 0)
    assert isinstance(camera.status(), Ready)


def test_starting_twice_is_starting_once(camera: Camera) -> None:
    camera.start()
    next_frame(camera, 0)
    threads = threading.active_count()
    camera.start()
    assert threading.active_count() == threads


def test_a_stopped_camera_has_no_frame_left(camera: Camera) -> None:
    camera.start()
    next_frame(camera, 0)
    camera.stop()
    assert isinstance(camera.next_frame(0, 0.0), CameraSilent)


def test_a_stopped_camera_is_ready_for_the_next_session(camera: Camera) -> None:
    camera.start()
    camera.next_frame(0, 10)
    camera.stop()
    assert isinstance(camera.status(), Ready)


def test_sequences_go_on_after_a_restart(camera: Camera) -> None:
    camera.start()
    before = next_frame(camera, 0)
    camera.stop()
    camera.stop()
    camera.start()
    assert next_frame(camera, before.sequence).sequence > before.sequence


def test_stopping_ends_a_wait(camera: Camera) -> None:
    camera.start()
    next_frame(camera, 0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(camera.next_frame, 1_000_000, 600.0)
        camera.stop()
        assert isinstance(waiting.result(), CameraSilent)


def test_nothing_is_left_open(camera: Camera, url: str) -> None:
    port, terminal = urlsplit(url).port, psutil.Process()

    def lines_to_the_camera() -> int:
        processes = (terminal, *terminal.children(recursive=True))
        lines = (line for process in processes for line in process.net_connections("tcp"))
        return sum(1 for line in lines if line.raddr and line.raddr.port == port)

    camera.start()
    next_frame(camera, 0)
    assert lines_to_the_camera() in {1, 2}, "a pair has two"
    camera.stop()
    assert lines_to_the_camera() == 0
    assert "camera mjpeg" not in {thread.name for thread in threading.enumerate()}
