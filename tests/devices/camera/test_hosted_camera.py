"""The camera's own process: it may die, and the terminal goes on; its pictures go with it."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import psutil
import pytest

from devices.camera.hosted.driver import HostedCamera
from devices.camera.hosted.ring import SLOTS
from devices.camera.mjpeg.pair import MjpegPair
from devices.camera.mjpeg.settings import MjpegSettings
from kiosk.domain.picture import Frame
from kiosk.ports.camera import CameraSilent
from kiosk.ports.device_status import Ready, Unavailable
from tests.devices.camera.byte_stream import GOOD_HEAD, HEIGHT, WIDTH, ByteStreamCamera, Script, SteadyClock, jpeg, part
from tests.family import children_running

PATIENCE_S = 20.0
STEADY = Script(GOOD_HEAD + part(jpeg(40)) + part(jpeg(90)) + part(jpeg(200)), over_and_over=True)


class Opened(Protocol):
    def __call__(self, *scripts: Script) -> HostedCamera: ...


@pytest.fixture
def opened() -> Iterator[Opened]:
    with ExitStack() as exits:

        def open_camera(*scripts: Script) -> HostedCamera:
            stream = ByteStreamCamera(list(scripts))
            exits.callback(stream.close)
            settings = MjpegSettings(url=stream.url, width=WIDTH, height=HEIGHT, reconnect_s=0.01)
            camera = HostedCamera(settings, MjpegPair, SteadyClock())
            exits.callback(camera.close)
            return camera

        yield open_camera


def children() -> list[psutil.Process]:
    return children_running("devices.camera.hosted.worker")


def seen(camera: HostedCamera, after: int = 0) -> Frame:
    frame = camera.next_frame(after, PATIENCE_S)
    assert isinstance(frame, Frame), frame
    return frame


def test_pictures_lie_in_shared_memory_and_are_not_copied(opened: Opened) -> None:
    camera = opened(STEADY)
    camera.start()
    pixels = seen(camera).picture.pixels
    assert isinstance(pixels, memoryview)
    maps = Path(f"/proc/{os.getpid()}/maps").read_text(encoding="utf-8")
    assert "memfd:kiosk-camera" in maps


def test_frames_that_are_held_are_never_written_to(opened: Opened) -> None:
    """More are held than there are slots: the camera waits for one to be let go."""
    camera = opened(STEADY)
    camera.start()
    held: list[tuple[Frame, bytes]] = []
    for _ in range(SLOTS):
        frame = seen(camera, held[-1][0].sequence if held else 0)
        held.append((frame, bytes(frame.picture.pixels)))
    last = held[-1][0].sequence
    assert isinstance(camera.next_frame(last, 1.0), CameraSilent)
    assert all(bytes(frame.picture.pixels) == before for frame, before in held)
    held.clear()
    del frame
    assert seen(camera, last).sequence > last


def test_stopping_overwrites_the_pictures_ends_the_process_and_the_next_one_waits(opened: Opened) -> None:
    camera = opened(STEADY)
    camera.start()
    frame = seen(camera)
    (first,) = children()
    assert any(frame.picture.pixels)
    camera.stop()
    assert not any(frame.picture.pixels)
    assert not first.is_running()
    (spare,) = children()
    camera.start()
    assert seen(camera, frame.sequence).sequence > frame.sequence
    assert children() == [spare]


def test_a_crash_is_told_and_another_process_goes_on(opened: Opened) -> None:
    camera = opened(STEADY)
    camera.start()
    frame = seen(camera)
    (victim,) = children()
    victim.kill()
    after = frame.sequence
    while isinstance(newer := camera.next_frame(after, 0.05), Frame):
        after = newer.sequence
    assert newer in {CameraSilent("process-died"), CameraSilent("late")}
    assert seen(camera, after).sequence > after
    assert victim not in children()


def test_one_that_dies_idle_is_replaced_when_it_is_asked(opened: Opened) -> None:
    camera = opened(STEADY)
    assert camera.status() == Ready(f"{WIDTH}x{HEIGHT}")
    (victim,) = children()
    victim.kill()
    victim.wait(10)
    assert camera.status() == Ready(f"{WIDTH}x{HEIGHT}")


def test_what_the_driver_says_comes_through(opened: Opened) -> None:
    refused = Script(b"HTTP/1.0 401 Unauthorized\r\nContent-Type: text/html\r\n\r\n", hold=False)
    camera = opened(refused)
    status = camera.status()
    assert isinstance(status, Unavailable)
    assert (status.reason, "access rights" in status.remedy) == ("camera-refused", True)
    assert camera.present() is None
    camera.start()
    while camera.next_frame(0, 0.05) != CameraSilent("refused"):
        pass
    present = camera.present()
    assert isinstance(present, Unavailable)
    assert present.reason == "camera-refused"


def test_it_leaves_no_core_dump_and_closing_leaves_no_process(opened: Opened) -> None:
    camera = opened(STEADY)
    camera.start()
    seen(camera)
    (child,) = children()
    assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    camera.close()
    assert not children()


def test_the_child_ends_when_the_terminal_is_gone(opened: Opened) -> None:
    camera = opened(replace(STEADY, over_and_over=False))
    assert isinstance(camera.status(), Ready)
    (child,) = children()
    assert camera._process is not None
    camera._process._channel.shutdown(socket.SHUT_RDWR)
    child.wait(10)
    assert not child.is_running()
