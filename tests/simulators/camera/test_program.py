"""The camera as a program: it announces itself, obeys its control channel, streams, and leaves when told."""

import http.client
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest

from simulators.camera.__main__ import main
from simulators.camera.stream import BOUNDARY, COLOUR, Link, MjpegServer
from simulators.portraits import Image


@dataclass
class Program:
    process: "subprocess.Popen[str]"
    url: str
    control: str

    def ask(self, **request: Any) -> dict[str, Any]:
        host, port = self.control.split(":")
        with socket.create_connection((host, int(port)), timeout=30) as line, line.makefile("rw") as text:
            text.write(json.dumps(request) + "\n")
            text.flush()
            answer = json.loads(text.readline())
        assert isinstance(answer, dict)
        return answer


@pytest.fixture(scope="module")
def program(models_dir: Path) -> Iterator[Program]:
    command = [sys.executable, "-m", "simulators.camera", "--models", str(models_dir), "--portrait", "none"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())["ready"]
        yield Program(process, ready["address"], ready["control"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def pictures(url: str, count: int) -> list[bytes]:
    """The first parts of the stream, read as its headers tell."""
    where = urlsplit(url)
    line = http.client.HTTPConnection(where.netloc, timeout=30)
    line.request("GET", where.path)
    found = []
    with line.getresponse() as answer:
        assert answer.getheader("Content-Type") == f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        for _ in range(count):
            assert answer.readline() == f"--{BOUNDARY}\r\n".encode()
            assert answer.readline() == b"Content-Type: image/jpeg\r\n"
            length = int(answer.readline().removeprefix(b"Content-Length: "))
            assert answer.readline() == b"\r\n"
            found.append(answer.read(length))
            assert answer.readline() == b"\r\n"
    line.close()
    return found


def test_the_stream_is_of_changing_jpegs(program: Program) -> None:
    first, second = pictures(program.url, 2)
    frame = cv2.imdecode(np.frombuffer(first, np.uint8), cv2.IMREAD_COLOR)
    assert frame is not None
    assert frame.shape == (480, 640, 3)
    assert first != second


def test_verbs_change_the_world(program: Program) -> None:
    assert program.ask(do="person", portrait="hopper") == {"ok": True}
    assert program.ask(do="turn", side="left", degrees=20, seconds=30) == {"ok": True}
    state = program.ask(do="state")
    assert (state["subject"], state["portrait"]) == ("person", "hopper")
    assert program.ask(do="photo", portrait="hopper") == {"ok": True}
    assert program.ask(do="state")["subject"] == "photo"
    assert program.ask(do="nobody") == {"ok": True}
    assert program.ask(do="state")["subject"] == "nobody"


def test_every_act_of_the_citizen_is_a_verb(program: Program) -> None:
    acts = {"turn", "nod", "blink", "beside", "distance", "phone", "light"}
    assert acts < set(program.ask(do="verbs")["verbs"])
    program.ask(do="person", portrait="hopper")
    assert program.ask(do="nod", degrees=15, seconds=30) == {"ok": True}
    assert program.ask(do="blink", times=2, seconds=3) == {"ok": True}
    assert program.ask(do="distance", metres=0.4, seconds=0) == {"ok": True}
    assert program.ask(do="light", level=0.1) == {"ok": True}
    assert program.ask(do="phone", text="YL-1") == {"ok": True}
    assert program.ask(do="beside", portrait="astronaut") == {"ok": True}
    state = program.ask(do="state")
    assert (state["beside"], state["phone"], state["light"]) == ("astronaut", "YL-1", 0.1)
    assert state["metres"] == pytest.approx(0.4, abs=0.01)
    assert program.ask(do="phone", text=None) == {"ok": True}
    assert program.ask(do="beside", portrait=None) == {"ok": True}
    assert program.ask(do="person", portrait="hopper") == {"ok": True}
    state = program.ask(do="state")
    assert (state["beside"], state["phone"], state["light"]) == (None, None, 0.1)
    assert program.ask(do="light", level=1) == {"ok": True}


def test_attackers_and_a_followed_dot_are_verbs(program: Program) -> None:
    assert program.ask(do="bent", portrait="hopper", half_angle=60, axis=90) == {"ok": True}
    assert program.ask(do="state")["subject"] == "bent"
    assert program.ask(do="screen", portrait="hopper", device="phone") == {"ok": True}
    assert program.ask(do="state")["subject"] == "screen"
    assert program.ask(do="person", portrait="hopper") == {"ok": True}
    assert program.ask(do="look", yaw=-14, pitch=11, seconds=0) == {"ok": True}
    state = program.ask(do="state")
    assert state["yaw"] == pytest.approx(-14, abs=1.5)
    assert state["pitch"] == pytest.approx(11, abs=1.5)
    assert program.ask(do="look") == {"ok": True}


def test_the_infrared_camera_sees_the_same_moments_in_grey(program: Program) -> None:
    program.ask(do="screen", portrait="hopper")
    dark = infrared(program)
    program.ask(do="photo", portrait="hopper")
    pale = infrared(program)
    assert dark.shape == pale.shape == (480, 640)
    assert dark[240, 320] < 40
    assert pale[240, 320] > 180


def infrared(program: Program) -> Image:
    """The second picture from now: the first may have been begun before."""
    jpeg = pictures(program.url.replace("/stream", "/infrared"), 2)[1]
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_UNCHANGED), dtype=np.uint8)


@pytest.mark.parametrize("verb", ["turn", "nod", "blink"])
def test_a_movement_needs_no_figures(program: Program, verb: str) -> None:
    program.ask(do="person", portrait="hopper")
    side = {"side": "left"} if verb == "turn" else {}
    assert program.ask(do=verb, **side) == {"ok": True}


@pytest.mark.parametrize(
    "request_",
    [
        {"do": "nod", "degrees": 40},
        {"do": "nod", "degrees": "far"},
        {"do": "blink", "times": "often"},
        {"do": "look", "yaw": 25},
        {"do": "look", "pitch": "down"},
        {"do": "blink", "times": 5, "seconds": 0.2},
        {"do": "beside"},
        {"do": "beside", "portrait": "hopper"},
        {"do": "beside", "portrait": "somebody"},
        {"do": "distance"},
        {"do": "distance", "metres": 5},
        {"do": "light"},
        {"do": "light", "level": -1},
        {"do": "phone"},
        {"do": "phone", "text": ""},
        {"do": "phone", "text": "x" * 400},
    ],
)
def test_what_the_citizen_cannot_do_is_answered(program: Program, request_: dict[str, Any]) -> None:
    program.ask(do="person", portrait="hopper")
    assert program.ask(**request_)["ok"] is False


@pytest.mark.parametrize(
    "request_",
    [
        {"do": "person"},
        {"do": "person", "portrait": "somebody"},
        {"do": "photo", "portrait": ""},
        {"do": "bent", "portrait": "hopper", "half_angle": 90},
        {"do": "bent", "portrait": "hopper", "axis": 100},
        {"do": "screen", "portrait": "hopper", "device": "wall"},
        {"do": "look", "yaw": 5},
        {"do": "turn", "side": "up"},
        {"do": "turn", "side": "left"},
        {"do": "nod"},
        {"do": "blink"},
        {"do": "beside", "portrait": "astronaut"},
        {"do": "beside", "portrait": None},
        {"do": "distance", "metres": 0.5},
        {"do": "phone", "text": "YL-1"},
        {"do": "link", "state": "half"},
        {"do": "pass"},
    ],
)
def test_bad_requests_are_answered(program: Program, request_: dict[str, Any]) -> None:
    program.ask(do="nobody")
    assert program.ask(**request_)["ok"] is False


def test_without_its_files_the_program_says_what_to_install(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--models", str(tmp_path)]) == 1
    assert "install the training files" in capsys.readouterr().err


@pytest.fixture
def server() -> Iterator[MjpegServer]:
    plain = MjpegServer({COLOUR: lambda number: b"%08d" % number}, fps=200)
    plain.start()
    yield plain
    plain.close()


def test_pictures_are_taken_only_while_somebody_looks(server: MjpegServer) -> None:
    assert server.pictures == 0
    numbers = [int(picture) for picture in pictures(server.url, 3)]
    assert numbers == sorted(set(numbers))


def test_a_broken_cable_ends_the_stream_and_refuses_the_next(server: MjpegServer) -> None:
    where = urlsplit(server.url)
    line = http.client.HTTPConnection(where.netloc, timeout=30)
    line.request("GET", where.path)
    with line.getresponse() as answer:
        assert answer.readline()
        server.set_link(Link.DOWN)
        answer.read()
    line.request("GET", where.path)
    with line.getresponse() as answer:
        assert answer.status == http.client.SERVICE_UNAVAILABLE
    line.close()
    server.set_link(Link.UP)
    assert pictures(server.url, 1)


def test_a_silent_cable_sends_nothing_until_it_speaks_again(server: MjpegServer) -> None:
    server.set_link(Link.SILENT)
    where = urlsplit(server.url)
    line = http.client.HTTPConnection(where.netloc, timeout=30)
    line.request("GET", where.path)
    with line.getresponse() as answer:
        assert server.pictures == 0
        server.set_link(Link.UP)
        assert answer.readline() == f"--{BOUNDARY}\r\n".encode()
    line.close()


def test_another_path_is_not_found(server: MjpegServer) -> None:
    where = urlsplit(server.url)
    line = http.client.HTTPConnection(where.netloc, timeout=30)
    line.request("GET", "/secret")
    with line.getresponse() as answer:
        assert answer.status == http.client.NOT_FOUND
        answer.read()
    line.close()
