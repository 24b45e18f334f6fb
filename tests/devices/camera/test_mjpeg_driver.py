"""Each way a camera can misbehave is a named silence, and the driver comes back by itself."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from pydantic import ValidationError

from devices.camera.mjpeg.driver import MjpegCamera
from devices.camera.mjpeg.settings import MjpegSettings
from kiosk.domain.picture import Frame
from kiosk.ports.camera import CameraSilent
from kiosk.ports.device_status import Ready, Unavailable
from tests.devices.camera.byte_stream import GOOD_HEAD, HEIGHT, WIDTH, ByteStreamCamera, Script, SteadyClock, jpeg, part
from tests.eventually import eventually

GOOD = Script(GOOD_HEAD + part(jpeg(200)) * 2)
SILENT = Script(GOOD_HEAD)
Open = Callable[..., tuple[MjpegCamera, ByteStreamCamera]]


@pytest.fixture
def opened() -> Iterator[Open]:
    with ExitStack() as exits:

        def open_camera(*scripts: Script, stall_s: float = 5.0) -> tuple[MjpegCamera, ByteStreamCamera]:
            stream = ByteStreamCamera(list(scripts))
            exits.callback(stream.close)
            settings = MjpegSettings(url=stream.url, width=WIDTH, height=HEIGHT, stall_s=stall_s, reconnect_s=0.01)
            camera = MjpegCamera(settings, SteadyClock())
            exits.callback(camera.stop)
            return camera, stream

        yield open_camera


def shade(frame: Frame | CameraSilent) -> int:
    assert isinstance(frame, Frame), frame
    return round(sum(frame.picture.pixels) / len(frame.picture.pixels) / 10) * 10


FAULTS = {
    "broken": Script(GOOD_HEAD + part(jpeg(100))[:-300], hold=False),
    "boundary": Script(GOOD_HEAD + part(jpeg(100)).replace(b"--cut", b"--cat")),
    "too-long": Script(GOOD_HEAD + b"--cut\r\nContent-Length: 9999999\r\n\r\n"),
    "head-too-long": Script(GOOD_HEAD + b"--cut\r\nX: " + b"y" * 9000),
    "refused": Script(b"HTTP/1.0 401 Unauthorized\r\nContent-Type: text/html\r\n\r\n", hold=False),
    "no-stream": Script(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", hold=False),
    "broken before the answer": Script(b"", hold=False),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_stream_is_named_dropped_and_dialled_again(opened: Open, fault: str) -> None:
    reason = fault.split(maxsplit=1)[0]
    mended = threading.Event()
    camera, stream = opened(FAULTS[fault], replace(GOOD, gate=mended), stall_s=30.0)
    camera.start()
    stream.wait_for_call(2)
    assert camera.next_frame(0, 0.0) == CameraSilent(reason)
    status = camera.status()
    assert isinstance(status, Unavailable)
    assert status.reason == f"camera-{reason}"
    mended.set()
    assert shade(camera.next_frame(0, 20.0)) == 200


def test_a_stalled_stream_is_dropped_and_dialled_again(opened: Open) -> None:
    mended = threading.Event()
    camera, stream = opened(SILENT, SILENT, replace(GOOD, gate=mended), stall_s=0.1)
    camera.start()
    stream.wait_for_call(2)
    assert camera.next_frame(0, 0.0) == CameraSilent("stalled")
    mended.set()
    assert shade(camera.next_frame(0, 20.0)) == 200


def test_bytes_that_never_become_a_picture_are_a_stall(opened: Open) -> None:
    drip = Script(GOOD_HEAD + b"\r\n", over_and_over=True)
    camera, stream = opened(drip, SILENT, stall_s=0.1)
    camera.start()
    stream.wait_for_call(2)
    silent = camera.next_frame(0, 0.0)
    assert silent in {CameraSilent("stalled"), CameraSilent("head-too-long")}


def test_a_garbled_picture_is_skipped_and_the_stream_kept(opened: Open) -> None:
    camera, stream = opened(Script(GOOD_HEAD + part(b"no picture") + part(jpeg(40))))
    camera.start()
    assert shade(camera.next_frame(0, 20.0)) == 40
    assert stream.calls == 1


def test_a_stream_of_garbled_pictures_is_named(opened: Open) -> None:
    camera, stream = opened(Script(GOOD_HEAD + part(b"no picture"), over_and_over=True), stall_s=0.1)
    camera.start()
    stream.wait_for_call(3)
    assert eventually(lambda: camera.next_frame(0, 0.0) == CameraSilent("garbled"))


def test_of_pictures_that_arrive_together_the_newest_counts(opened: Open) -> None:
    camera, _ = opened(Script(GOOD_HEAD + part(jpeg(40)) + part(jpeg(90))))
    camera.start()
    newest = camera.next_frame(0, 20.0)
    while shade(newest) != 90:
        assert isinstance(newest, Frame)
        newest = camera.next_frame(newest.sequence, 20.0)
    assert isinstance(newest, Frame)
    assert camera.next_frame(newest.sequence, 0.0) == CameraSilent("late")


def test_stopping_overwrites_the_last_frame(opened: Open) -> None:
    camera, _ = opened(Script(GOOD_HEAD + part(jpeg(200))))
    camera.start()
    frame = camera.next_frame(0, 20.0)
    assert shade(frame) == 200
    camera.stop()
    assert shade(frame) == 0


def test_a_camera_that_was_not_started_is_probed(opened: Open) -> None:
    camera, _ = opened(GOOD, FAULTS["refused"])
    assert camera.status() == Ready(f"{WIDTH}x{HEIGHT}")
    status = camera.status()
    assert isinstance(status, Unavailable)
    assert status.reason == "camera-refused"


def test_what_a_running_stream_is_like_is_told_without_dialling(opened: Open) -> None:
    camera, stream = opened(GOOD, FAULTS["refused"])
    assert camera.present() is None, "nothing runs, nothing can be said"
    camera.start()
    assert isinstance(camera.next_frame(0, 10.0), Frame)
    assert camera.present() == Ready(f"{WIDTH}x{HEIGHT}")
    assert camera.status() == Ready(f"{WIDTH}x{HEIGHT}")
    assert stream.calls == 1
    camera.stop()
    assert camera.present() is None


def test_a_probe_beside_the_stream_leaves_it_alone(opened: Open) -> None:
    """A probe that began before the stream and ends after it tells nothing of it and cannot be hung up by it."""
    asked = threading.Event()
    camera, stream = opened(replace(GOOD, gate=asked), GOOD)
    found: list[object] = []
    probe = threading.Thread(target=lambda: found.append(camera.status()))
    probe.start()
    stream.wait_for_call(1)
    camera.start()
    assert isinstance(camera.next_frame(0, 10.0), Frame)
    camera.stop()
    asked.set()
    probe.join(10.0)
    assert found == [Ready(f"{WIDTH}x{HEIGHT}")]


def test_a_stream_that_is_being_begun_is_waited_for_before_it_is_judged(opened: Open) -> None:
    asked = threading.Event()
    camera, stream = opened(replace(GOOD, gate=asked), stall_s=30.0)
    camera.start()
    stream.wait_for_call(1)
    found: list[object] = []
    looking = threading.Thread(target=lambda: found.append(camera.status()))
    looking.start()
    assert camera.present() is None
    asked.set()
    looking.join(10.0)
    assert found == [Ready(f"{WIDTH}x{HEIGHT}")]


def test_an_address_where_nobody_listens_is_unreachable(opened: Open) -> None:
    camera, stream = opened(GOOD)
    stream.close()
    status = camera.status()
    assert isinstance(status, Unavailable)
    assert status.reason == "camera-unreachable"


@pytest.mark.parametrize("url", ["ftp://host/x", "http:///x", "http://user:word@host/x", "host"])
def test_addresses_that_are_no_stream_are_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        MjpegSettings(url=url)


@pytest.mark.parametrize(
    "url",
    [
        "http://camera..hall/stream",
        f"http://{'a' * 64}/stream",
        "http://camera:port/stream",
        "http://127.0.0.1:99999/stream",
        "http://[::1/stream",
        "http://\u2100/stream",
    ],
)
def test_an_address_no_camera_can_have_is_unreachable(url: str) -> None:
    status = MjpegCamera(MjpegSettings(url=url), SteadyClock()).status()
    assert isinstance(status, Unavailable)
    assert status.reason == "camera-unreachable"


def test_a_path_that_cannot_be_asked_for_is_named(opened: Open) -> None:
    _, stream = opened(GOOD)
    camera = MjpegCamera(MjpegSettings(url=stream.url + "/\u6d41"), SteadyClock())
    status = camera.status()
    assert isinstance(status, Unavailable)
    assert status.reason == "camera-broken"
