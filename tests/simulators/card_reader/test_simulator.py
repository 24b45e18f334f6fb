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

from simulators.card_reader.photo import BLANK_PHOTO, HEADER, chip_photo
from simulators.card_reader.simulator import CardReaderSimulator
from simulators.portraits import Image
from tests.devices.id_card import specimens
from tests.simulators.channel import tell

FIND = "AAAAAA966900032001 22"
SELECT = "AAAAAA966900032002 21"
READ = "AAAAAA966900033001 32"
READ_ALL = "AAAAAA966900033010 23"
ADDRESSES = "AAAAAA966900033003 30"
MANAGEMENT = "AAAAAA966900033005 36"
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


@pytest.mark.parametrize(("count", "length"), [(0, 1297), (1, 1809), (2, 2321)])
def test_a_card_is_read_with_its_fingerprints(reader: CardReaderSimulator, ask: Ask, count: int, length: int) -> None:
    expect(ask(READ_ALL), NOT_READ)
    reader.insert_card({**specimens.RESIDENT, "fingerprints": count})
    for request in (FIND, SELECT):
        ask(request)
    frame = ask(READ_ALL)
    assert len(frame) == length
    assert frame[10:16].hex() == f"01000400{count * 512:04x}"
    assert frame[16 : 16 + 256] == specimens.RESIDENT_TEXT
    expect(ask(FIND), NONE)


def test_the_management_number_belongs_to_the_card(reader: CardReaderSimulator, ask: Ask) -> None:
    number = bytes(range(28)).hex()
    expect(ask(MANAGEMENT), NOT_READ)
    reader.insert_card({**specimens.RESIDENT, "management_number": number})
    for request in (FIND, SELECT):
        ask(request)
    frame = ask(MANAGEMENT)
    assert (len(frame), frame[10:-1].hex()) == (39, number)
    others = set()
    for card in (specimens.RESIDENT, specimens.PERMIT):
        reader.swap_card(dict(card))
        for request in (FIND, SELECT):
            ask(request)
        others.add(ask(MANAGEMENT)[10:-1])
    assert len(others) == 2


@pytest.mark.parametrize(
    ("request_frame", "answer"),
    [
        ("AAAAAA96690004 61FF50 CA", OK),
        ("AAAAAA96690004 61FF18 82", OK),
        ("AAAAAA96690004 61FF17 8D", "AAAAAA966900040000 21 25"),
        ("AAAAAA96690003 61FF 9D", "AAAAAA966900040000 21 25"),
    ],
)
def test_the_radio_frame_size_is_taken_from_24_to_255(ask: Ask, request_frame: str, answer: str) -> None:
    expect(ask(request_frame), answer)


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
    ("members", "words"),
    [
        ({"verdict": "pass"}, "no field verdict"),
        ({"kind": "X"}, "no card of kind 'X'"),
        ({"travel_permit": "H0"}, "no field travel_permit"),
        ({"addresses": "one"}, "addresses are a list of at most 4"),
        ({"addresses": ["1", "2", "3", "4", "5"]}, "addresses are a list of at most 4"),
        ({"fingerprints": 3}, "fingerprints is a whole number from 0 to 2"),
        ({"management_number": "00"}, "28 bytes, not 1"),
        ({"portrait": "hopper", "photo": "a.wlt"}, "not both"),
        ({"photo": "nowhere.wlt"}, "nowhere.wlt: No such file"),
        ({"photo": __file__}, "a chip photo has 1024 bytes"),
        ({"delays_ms": {"3001": -1}}, "milliseconds from 0"),
    ],
)
def test_a_card_that_cannot_be_is_refused(reader: CardReaderSimulator, members: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        reader.insert_card({**specimens.RESIDENT, **members})
    assert reader.describe({})["state"] == "idle"


def test_a_photo_may_be_any_1024_bytes(reader: CardReaderSimulator, ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "chip").write_bytes(bytes(range(256)) * 4)
    reader.insert_card({**specimens.RESIDENT, "photo": str(tmp_path / "chip")})
    for request in (FIND, SELECT):
        ask(request)
    assert ask(READ)[14 + 256 : -1] == bytes(range(256)) * 4


def test_the_chip_photo_is_1024_bytes_with_the_real_header() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (126, 102, 3)).astype(np.uint8)
    photo = chip_photo(noise)
    assert len(photo) == len(BLANK_PHOTO) == 1024
    assert photo.startswith(HEADER + b"RIFF")
    with pytest.raises(ValueError, match=r"\(126, 102, 3\)"):
        chip_photo(noise[:100])


def dial(address: str) -> socket.socket:
    scheme, host, port = address.split(":")
    assert (scheme, host) == ("tcp", "127.0.0.1")
    return socket.create_connection((host, int(port)), timeout=10)


@pytest.fixture
def networked() -> Iterator[CardReaderSimulator]:
    reader = CardReaderSimulator(grey, tcp=0)
    reader.plug({})
    yield reader
    reader.close()


def ask_over(host: socket.socket, request: str, length: int) -> bytes:
    host.sendall(bytes.fromhex(request))
    answer = b""
    while len(answer) < length and (data := host.recv(length - len(answer))):
        answer += data
    return answer


def test_a_card_is_read_over_tcp(networked: CardReaderSimulator) -> None:
    networked.insert_card(dict(specimens.RESIDENT))
    with dial(networked.address) as host:
        expect(ask_over(host, FIND, 15), FOUND)
        expect(ask_over(host, SELECT, 19), SELECTED)
        assert ask_over(host, READ, 1295)[-1] == 0x63


def test_one_host_at_a_time_and_the_next_when_it_has_gone(networked: CardReaderSimulator) -> None:
    with dial(networked.address) as first:
        expect(ask_over(first, FIND, 11), NONE)
        with dial(networked.address) as second:
            assert second.recv(1) == b""
        first.sendall(bytes.fromhex(FIND[:10]))
    with dial(networked.address) as third:
        expect(ask_over(third, FIND, 11), NONE)


def test_a_bridge_that_is_unplugged_hangs_up_and_comes_back_at_its_port(networked: CardReaderSimulator) -> None:
    address = networked.address
    with dial(address) as host:
        expect(ask_over(host, FIND, 11), NONE)
        networked.unplug({})
        assert host.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        dial(address)
    assert networked.plug({}) == {"address": address}
    with dial(address) as host:
        expect(ask_over(host, FIND, 11), NONE)


def test_a_cable_pulled_in_an_answer_can_be_plugged_in_again(networked: CardReaderSimulator) -> None:
    networked.set_fault({"kind": "unplug", "at": 5})
    with dial(networked.address) as host:
        assert ask_over(host, FIND, 11) == bytes.fromhex("AAAAAA9669")
    networked.plug({})
    assert networked.describe({})["plugged"]
    with dial(networked.address) as host:
        expect(ask_over(host, FIND, 11), NONE)


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


def test_the_program_serves_tcp_and_lays_its_scenario(tmp_path: Path) -> None:
    scenario = tmp_path / "cards.toml"
    scenario.write_text(
        """
        [[cards]]
        name = "测试一"
        delays_ms = { "2001" = 1 }
        faults = [{ kind = "status", status = "41", command = "3001" }]

        [[cards]]
        kind = "J"
        name = "测试二"
        """,
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "simulators.card_reader", "--tcp", "0", "--scenario", str(scenario)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())["ready"]
        assert tell(ready["control"], {"do": "next-card"}) == {"ok": True, "card": 1, "cards": 2}
        with dial(ready["address"]) as host:
            for request, length in ((FIND, 15), (SELECT, 19)):
                ask_over(host, request, length)
            expect(ask_over(host, READ, 11), NOT_READ)
            assert ask_over(host, READ, 1295)[14:20] == "测试一".encode("utf-16-le")
        assert tell(ready["control"], {"do": "next-card"})["card"] == 2
        assert tell(ready["control"], {"do": "state"})["state"] == "card-present"
        assert "no card is left" in str(tell(ready["control"], {"do": "next-card"})["error"])
        assert "has no rate" in str(
            tell(ready["control"], {"do": "fault", "kind": "wrong-baud", "baud": 9600})["error"]
        )
        process.terminate()


def test_the_program_refuses_a_scenario_it_does_not_understand(tmp_path: Path) -> None:
    scenario = tmp_path / "cards.toml"
    scenario.write_text('[[cards]]\nname = "测试一"\nmood = "good"\n', encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "simulators.card_reader", "--scenario", str(scenario)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr == f"{scenario}: card 1: this card has no field mood\n"
