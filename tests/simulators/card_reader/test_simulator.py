"""The simulated reader byte by byte, against the frames of the protocol reference."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import serial

from simulators.card_reader.line import Pacer
from simulators.card_reader.photo import BLANK_PHOTO, HEADER, chip_photo
from simulators.card_reader.simulator import CardReaderSimulator
from simulators.portraits import Image
from tests.devices.id_card import specimens

FIND = "AAAAAA966900032001 22"
SELECT = "AAAAAA966900032002 21"
READ = "AAAAAA966900033001 32"
ADDRESSES = "AAAAAA966900033003 30"
FOUND = "AAAAAA966900080000 9F00000000 97"
SELECTED = "AAAAAA9669000C0000 900000000000000000 9C"
NONE = "AAAAAA966900040000 80 84"
OK = "AAAAAA966900040000 90 94"
NOT_READ = "AAAAAA966900040000 41 45"


def grey(_: str) -> Image:
    return np.full((126, 102, 3), 128, np.uint8)


@pytest.fixture
def reader() -> CardReaderSimulator:
    return CardReaderSimulator(grey)


@pytest.fixture
def ask(reader: CardReaderSimulator) -> Callable[[str], bytes]:
    def ask_reader(request: str) -> bytes:
        return b"".join(reply.frame for reply in reader.receive(bytes.fromhex(request)))

    return ask_reader


def expect(answer: bytes, frame: str) -> None:
    assert answer.hex() == bytes.fromhex(frame).hex()


Ask = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("request_frame", "answer"),
    [
        ("AAAAAA9669000310FFEC", OK),
        ("AAAAAA9669000311FFED", OK),
        ("AAAAAA9669000312FFEE", "AAAAAA9669001400009005000100E5D6340140E20100D21E0000E9"),
        (FIND, NONE),
        (SELECT, "AAAAAA966900040000 81 85"),
        (READ, NOT_READ),
        (ADDRESSES, NOT_READ),
        ("AAAAAA9669000360 01 62", OK),
        ("AAAAAA966900032001 21", "AAAAAA966900040000 10 14"),
        ("AAAAAA96690003200022", "AAAAAA966900040000 10 14"),
        ("AAAAAA966900039999 03", "AAAAAA966900040000 21 25"),
        ("AAAAAA9669FFFF", "AAAAAA966900040000 11 15"),
        ("AAAAAA96690002", "AAAAAA966900040000 11 15"),
    ],
)
def test_answers_without_a_card(ask: Ask, request_frame: str, answer: str) -> None:
    expect(ask(request_frame), answer)


def test_a_card_is_found_selected_read_and_not_found_again(reader: CardReaderSimulator, ask: Ask) -> None:
    reader.insert_card(dict(specimens.RESIDENT))
    expect(ask(SELECT), "AAAAAA966900040000 81 85")
    expect(ask(FIND), FOUND)
    expect(ask(READ), NOT_READ)
    expect(ask(SELECT), SELECTED)
    base = ask(READ)
    assert len(base) == 1295
    assert base[:14] == bytes.fromhex("AAAAAA9669050800009001000400")
    assert base[14 : 14 + 256] == specimens.RESIDENT_TEXT
    assert base[-1] == 0x63
    expect(ask(ADDRESSES), "AAAAAA966900040000 91 95")
    expect(ask(FIND), NONE)
    reader.remove_card({})
    expect(ask(ADDRESSES), NOT_READ)
    reader.insert_card(dict(specimens.RESIDENT))
    expect(ask(FIND), FOUND)


def test_a_swapped_card_is_found_in_place_of_the_one_that_was_read(reader: CardReaderSimulator, ask: Ask) -> None:
    reader.insert_card(dict(specimens.RESIDENT))
    for request in (FIND, SELECT, READ):
        ask(request)
    expect(ask(FIND), NONE)
    reader.swap_card({**specimens.RESIDENT, "name": "测试二"})
    expect(ask(FIND), FOUND)
    expect(ask(SELECT), SELECTED)
    assert ask(READ)[14:20] == "测试二".encode("utf-16-le")


def test_appended_addresses(reader: CardReaderSimulator, ask: Ask) -> None:
    reader.insert_card({**specimens.RESIDENT, "addresses": ["江西省赣州市南康区测试街道2号"]})
    for request in (FIND, SELECT):
        ask(request)
    assert ask(ADDRESSES)[-1] == 0x2E


def test_requests_may_come_in_pieces_or_together(reader: CardReaderSimulator) -> None:
    status = bytes.fromhex("AAAAAA9669000311FFED")
    assert [reply.frame for byte in status for reply in reader.receive(bytes([byte]))] == [bytes.fromhex(OK)]
    assert len(reader.receive(b"\x00\xaa" + status + status)) == 2


def test_a_request_that_stops_midway_is_answered_once(reader: CardReaderSimulator) -> None:
    reader.receive(bytes.fromhex("AAAAAA96690003"))
    assert [reply.frame.hex() for reply in reader.receive(b"")] == [bytes.fromhex("AAAAAA966900040000 11 15").hex()]
    assert reader.receive(b"") == []


def test_the_rate_changes_after_the_answer(reader: CardReaderSimulator) -> None:
    (reply,) = reader.receive(bytes.fromhex("AAAAAA9669 0003 6004 67"))
    assert (reply.frame, reply.new_baud) == (bytes.fromhex(OK), 9600)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("lost-first-byte", "AAAA966900040000 90 94"),
        ("bad-checksum", "AAAAAA966900040000 90 CE"),
        ("truncate", "AAAAAA96690004 0000"),
        ("silence", ""),
    ],
)
def test_faults_spoil_one_answer(reader: CardReaderSimulator, ask: Ask, kind: str, answer: str) -> None:
    reader.set_fault({"kind": kind})
    expect(ask("AAAAAA9669000311FFED"), answer)
    expect(ask("AAAAAA9669000311FFED"), OK)


def test_a_lasting_fault_stays_until_taken_away_and_hits_its_command_only(
    reader: CardReaderSimulator, ask: Ask
) -> None:
    reader.set_fault({"kind": "status", "status": "66", "lasting": True, "command": "11FF"})
    for _ in range(2):
        expect(ask("AAAAAA9669000311FFED"), "AAAAAA966900040000 66 62")
        expect(ask(FIND), NONE)
    reader.set_fault({"kind": None})
    expect(ask("AAAAAA9669000311FFED"), OK)


def test_over_long_and_stuck_answers_are_long(reader: CardReaderSimulator, ask: Ask) -> None:
    for kind, least in (("over-long", 5000), ("stuck", 8000), ("garbage-prefix", 20)):
        reader.set_fault({"kind": kind})
        assert len(ask("AAAAAA9669000311FFED")) >= least


def test_an_unknown_field_is_refused(reader: CardReaderSimulator) -> None:
    with pytest.raises(ValueError, match="no field verdict"):
        reader.insert_card({**specimens.RESIDENT, "verdict": "pass"})


def test_paced_bytes_never_run_ahead_of_the_rate() -> None:
    now = 0.0
    sent: list[tuple[float, int]] = []

    def wait(seconds: float) -> bool:
        nonlocal now
        now += seconds
        return False

    Pacer(lambda: now, wait).send(bytes(1295), 115200, lambda data: sent.append((now, len(data))))
    total = 0
    for at, count in sent:
        total += count
        assert total <= at * 11520 + 1e-6
    assert total == 1295
    assert now == pytest.approx(1295 * 10 / 115200, abs=1e-4)


def test_a_pulled_plug_drops_the_rest() -> None:
    sent: list[bytes] = []
    Pacer(lambda: 0.0, lambda _: True).send(bytes(100), 9600, sent.append)
    assert sent == []


def test_the_chip_photo_is_1024_bytes_with_the_real_header() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (126, 102, 3)).astype(np.uint8)
    photo = chip_photo(noise)
    assert len(photo) == len(BLANK_PHOTO) == 1024
    assert photo.startswith(HEADER + b"RIFF")
    with pytest.raises(ValueError, match=r"\(126, 102, 3\)"):
        chip_photo(noise[:100])


@pytest.fixture
def program(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path, str]]:
    link = tmp_path / "reader"
    with subprocess.Popen(
        [sys.executable, "-m", "simulators.card_reader", "--link", str(link), "--models", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())["ready"]
        assert ready["address"] == str(link)
        yield process, link, ready["control"]
        process.terminate()


def tell(control: str, request: dict[str, object]) -> dict[str, object]:
    host, port = control.split(":")
    with socket.create_connection((host, int(port))) as channel, channel.makefile("rw") as lines:
        lines.write(json.dumps(request) + "\n")
        lines.flush()
        answer = json.loads(lines.readline())
        assert isinstance(answer, dict)
        return answer


def test_the_program_serves_plugs_and_ends(program: tuple[subprocess.Popen[str], Path, str]) -> None:
    process, link, control = program
    assert tell(control, {"do": "insert-card", **specimens.RESIDENT}) == {"ok": True}
    assert tell(control, {"do": "insert-card", "portrait": "hopper"})["ok"] is False
    with serial.Serial(str(link), 9600, timeout=0.2) as port:
        port.write(bytes.fromhex(FIND))
        assert port.read(1) == b""
    with serial.Serial(str(link), 115200, timeout=10) as port:
        port.write(bytes.fromhex(FIND))
        answer = port.read(15)
    expect(answer, FOUND)
    assert tell(control, {"do": "state"}) == {
        "ok": True,
        "state": "found",
        "baud": 115200,
        "plugged": True,
        "heard": ["2001"],
    }
    tell(control, {"do": "unplug"})
    assert not link.is_symlink()
    tell(control, {"do": "plug"})
    assert link.is_char_device()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert not link.is_symlink()
