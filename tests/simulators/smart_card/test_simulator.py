"""The virtual card byte by byte on vpcd's wire, against ISO/IEC 7816-4 and the files of LD/T 32; and its program."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psutil
import pytest

from simulators.control import ControlServer
from simulators.smart_card import pcscd as pcscd_module
from simulators.smart_card.__main__ import main
from simulators.smart_card.pcscd import Pcscd, PcscdUnavailableError
from simulators.smart_card.simulator import SmartCardSimulator
from tests.devices.smart_card.recordings import NAME, RECORDS, SELECT_EF05, SELECT_EF06, SELECT_SSSE, by_contacts, plain
from tests.smart_card_bench import SPECIMEN, VirtualReader

ATR = "3B6D0000" + b"SSE TRAINING!".hex().upper()
POWER_OFF, POWER_ON, GET_ATR = "00", "01", "04"
SELECT_PBOC = "00A4040008A000000333010101"


class PlayedVpcd(Pcscd):
    """vpcd's end of the wire, without pcscd."""

    def start(self, *, with_reader: bool = True) -> None:
        self.stop()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.settimeout(10)
        if with_reader:
            self._listener.bind(os.fspath(self.slot))
            self._listener.listen()

    def stop(self) -> None:
        if hasattr(self, "_listener"):
            self._listener.close()
        super().stop()

    def accept(self) -> socket.socket:
        card, _ = self._listener.accept()
        card.settimeout(10)
        return card


class Host:
    """What vpcd sends and hears."""

    def __init__(self, card: socket.socket) -> None:
        self.card = card

    def send(self, message: str) -> None:
        data = bytes.fromhex(message)
        self.card.sendall(len(data).to_bytes(2, "big") + data)

    def ask(self, message: str) -> str:
        self.send(message)
        length = int.from_bytes(self._exactly(2), "big")
        return self._exactly(length).hex().upper()

    def hears_hanging_up(self) -> bool:
        return self.card.recv(1) == b""

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self.card.recv(size - len(data))
            assert part, "the card hung up"
            data += part
        return data


class Hall:
    def __init__(self, vpcd: PlayedVpcd) -> None:
        self.vpcd = vpcd
        self.world = SmartCardSimulator(vpcd)
        self._hosts: list[Host] = []

    def insert(self, **members: Any) -> Host:
        self.world.insert_card({**SPECIMEN, **members})
        self._hosts.append(Host(self.vpcd.accept()))
        return self._hosts[-1]

    def close(self) -> None:
        self.world.close()
        for host in self._hosts:
            host.card.close()


@pytest.fixture
def hall() -> Iterator[Hall]:
    with tempfile.TemporaryDirectory() as folder:
        made = Hall(PlayedVpcd(Path(folder)))
        yield made
        made.close()


def test_powering_is_not_answered_and_the_atr_is(hall: Hall) -> None:
    host = hall.insert()
    host.send(POWER_ON)
    assert host.ask(GET_ATR) == ATR
    host.send(POWER_OFF)
    assert host.ask(GET_ATR) == ATR


def test_every_record_of_both_files(hall: Hall) -> None:
    host = hall.insert()
    holder = False
    for command, answer in plain(RECORDS).items():
        if command == "00B2080000" and not holder:
            host.ask(SELECT_EF06)
            holder = True
        if command == "00B2010000":
            host.ask(SELECT_EF05)
        assert host.ask(command) == answer, command


def test_answers_that_wait_and_lengths_that_must_be_named(hall: Hall) -> None:
    """The recording of a T=0 card mixes both: 61xx for the application, 6Cxx for records."""
    host = hall.insert()
    recorded = by_contacts(RECORDS)
    hall.world.set_fault({"kind": "response-waiting", "lasting": True})
    assert host.ask(SELECT_SSSE) == recorded[SELECT_SSSE]
    assert host.ask("00C0000013") == recorded["00C0000013"]
    assert host.ask("00C0000013") == "6985"
    host.ask(SELECT_EF06)
    assert host.ask("00B2090000") == "6120"
    assert host.ask("00C0000002") == "091E611E"
    assert host.ask("00C000001E") == NAME + "9000"
    hall.world.set_fault({"kind": "wrong-length", "lasting": True})
    assert host.ask("00B2080000") == recorded["00B2080000"]
    assert host.ask("00B2080014") == recorded["00B2080014"]


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("social-security", {SELECT_SSSE: "6F", SELECT_PBOC: "6A82", SELECT_EF06: "9000", "00B2083000": "0812"}),
        ("bank", {SELECT_SSSE: "6A82", SELECT_EF06: "6A82", SELECT_PBOC: "6F", "00B2083000": "6986"}),
        ("pin-protected", {SELECT_SSSE: "6F", SELECT_EF05: "9000", "00B2070000": "0709", "00B2083000": "6982"}),
        ("by-short-identifier", {SELECT_SSSE: "6F", SELECT_EF06: "6A82", "00B2080000": "6986", "00B2083000": "0812"}),
        ("by-number", {SELECT_SSSE: "6F", SELECT_EF06: "9000", "00B2080000": "6A86", "00B2010400": "0812"}),
    ],
)
def test_kinds_of_cards(hall: Hall, kind: str, answers: dict[str, str]) -> None:
    host = hall.insert(kind=kind)
    for command, beginning in answers.items():
        assert host.ask(command).startswith(beginning), command


@pytest.mark.parametrize(("version", "fourth"), [("1.00", "0B01"), ("2.00", "0A01"), ("3.00", "0A01")])
def test_the_number_of_a_record_depends_on_the_version(hall: Hall, version: str, fourth: str) -> None:
    host = hall.insert(version=version)
    host.ask(SELECT_SSSE)
    host.ask(SELECT_EF06)
    assert host.ask("00B2040400").startswith(fourth)


def test_strange_commands_are_refused(hall: Hall) -> None:
    host = hall.insert()
    host.ask(SELECT_SSSE)
    assert host.ask("00D6000001FF") == "6D00"
    assert host.ask("0084") == "6700"
    assert host.ask("0084000008") == "00" * 8 + "9000"
    assert host.ask("00B2080000") == "6986"
    assert host.ask("00B2083800") == "6A82"
    host.ask(SELECT_EF06)
    assert host.ask("00B2770000") == host.ask("00B2630400") == "6A83"


def test_power_makes_the_card_forget_what_was_selected_but_not_its_pin(hall: Hall) -> None:
    host = hall.insert()
    assert host.ask("0020000003888888") == "63C2"
    host.ask(SELECT_SSSE)
    host.ask(SELECT_EF06)
    host.send(POWER_ON)
    assert host.ask("00B2080000") == "6986"
    assert host.ask("0020000003888888") == "63C1"
    assert host.ask("0020000003888888") == "6983"
    state = hall.world.describe({})
    assert state["pin_tries"] == 0
    assert state["heard"].count("0020000003888888") == 3
    assert hall.world.describe({})["heard"] == []


def test_faults_strike_one_command_after_others_were_spared(hall: Hall) -> None:
    host = hall.insert()
    hall.world.set_fault({"kind": "status", "status": "6F00", "command": "B2", "after": 1})
    assert host.ask(SELECT_SSSE).startswith("6F")
    host.ask(SELECT_EF06)
    assert host.ask("00B2080000").startswith("0812")
    assert host.ask("00B2080000") == "6F00"
    assert host.ask("00B2080000").startswith("0812")


def test_a_silent_card_answers_again_and_a_mute_one_has_no_atr(hall: Hall) -> None:
    host = hall.insert()
    hall.world.set_fault({"kind": "silence"})
    host.send(SELECT_SSSE)
    assert host.ask(SELECT_SSSE).startswith("6F")
    hall.world.set_fault({"kind": "mute"})
    assert len(host.ask(GET_ATR)) // 2 > 33


def test_a_slow_card_may_be_pulled_out_meanwhile(hall: Hall) -> None:
    host = hall.insert()
    hall.world.set_fault({"kind": "slow", "seconds": 600})
    host.send(SELECT_SSSE)
    hall.world.remove_card({})
    assert host.hears_hanging_up()


def test_a_card_that_leaves_hangs_up(hall: Hall) -> None:
    host = hall.insert()
    assert hall.world.describe({})["inserted"]
    hall.world.set_fault({"kind": "remove"})
    host.send(SELECT_SSSE)
    assert host.hears_hanging_up()
    assert not hall.world.describe({})["inserted"]
    again = hall.insert()
    assert again.ask(GET_ATR) == ATR
    hall.world.remove_card({})
    assert again.hears_hanging_up()


def test_another_card_takes_the_place_of_the_first(hall: Hall) -> None:
    first = hall.insert()
    second = hall.insert(name="测试二")
    assert first.hears_hanging_up()
    second.ask(SELECT_SSSE)
    second.ask(SELECT_EF06)
    assert second.ask("00B2090000").startswith("091E" + "测试二".encode("gbk").hex().upper())


def test_a_card_stays_in_a_reader_that_is_unplugged(hall: Hall) -> None:
    host = hall.insert()
    hall.world.unplug({})
    assert host.hears_hanging_up()
    state = hall.world.describe({})
    assert (state["inserted"], state["plugged"], state["serving"]) == (True, False, True)
    hall.world.plug({})
    with hall.vpcd.accept() as again:
        assert Host(again).ask(GET_ATR) == ATR
        hall.world.stop_service({})
        assert Host(again).hears_hanging_up()
    hall.world.start_service({})
    with hall.vpcd.accept() as again:
        assert Host(again).ask(GET_ATR) == ATR


@pytest.mark.parametrize(
    ("members", "words"),
    [({"verdict": "pass"}, "no field verdict"), ({"kind": "photo"}, "photo"), ({"issued_on": "x"}, "fromhex")],
)
def test_a_card_that_cannot_be_is_refused(hall: Hall, members: dict[str, str], words: str) -> None:
    control = ControlServer(hall.world.verbs)
    control.start()
    answer = json.loads(control.answer(json.dumps({"do": "insert-card", **SPECIMEN, **members}).encode()))
    control.close()
    assert not answer["ok"]
    assert words in answer["error"]
    assert not hall.world.describe({})["inserted"]


@pytest.fixture
def own_signals() -> Iterator[None]:
    """The program blocks signals before it starts threads; what the tests start later must not inherit that."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    yield
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


@pytest.mark.usefixtures("own_signals")
@pytest.mark.parametrize("name", ["PROGRAM", "READER_DRIVER"])
def test_what_is_not_installed_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    monkeypatch.setattr(pcscd_module, name, tmp_path / "none")
    assert main([]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "apt install pcscd vsmartcard-vpcd libsocket-wrapper" in line


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo '00000 pcscdaemon.c:1:main() cannot create /run/pcscd: Permission denied'; exit 1", "mkdir /run/pcscd"),
        ("echo first; echo last words; exit 1", "did not start: last words"),
        ("exit 1", "did not start: it said nothing"),
    ],
)
def test_a_pcscd_that_does_not_start_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, words: str
) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    folder = tmp_path / "pcscd"
    folder.mkdir()
    monkeypatch.setattr(pcscd_module, "PROGRAM", program)
    pcscd = Pcscd(folder)
    with pytest.raises(PcscdUnavailableError, match=words):
        pcscd.start()
    pcscd.close()


def program() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "kiosk", "simulate", "smart-card"], stdout=subprocess.PIPE, text=True
    )


def ready(output: IO[str] | None) -> dict[str, str]:
    assert output is not None
    told: dict[str, str] = json.loads(output.readline())["ready"]
    return told


def child_of(pid: int) -> int:
    children = " ".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")).split()
    (child,) = children
    return int(child)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_program_serves_until_it_ends_and_pcscd_ends_with_it(number: signal.Signals) -> None:
    with program() as running:
        told = ready(running.stdout)
        place = Path(told["address"])
        assert place.is_socket()
        pcscd = os.pidfd_open(child_of(running.pid))
        with socket.create_connection(tuple(told["control"].split(":")), timeout=10) as control:  # type: ignore[arg-type]
            control.sendall(json.dumps({"do": "insert-card", **SPECIMEN}).encode() + b"\n")
            assert json.loads(control.makefile().readline())["ok"]
        running.send_signal(number)
        assert running.wait(20) == (0 if number is signal.SIGTERM else -signal.SIGKILL)
        ended, _, _ = select.select([pcscd], [], [], 20)
        os.close(pcscd)
        assert ended
        assert place.parent.exists() == (number is signal.SIGKILL)
        shutil.rmtree(place.parent, ignore_errors=True)


def test_nothing_listens_on_the_network(running_reader: VirtualReader) -> None:
    """vpcd by itself would on 0.0.0.0:35963."""
    pcscd = running_reader.pcscd._process
    assert pcscd is not None
    assert psutil.Process(pcscd.pid).name() == "pcscd"
    assert psutil.Process(pcscd.pid).net_connections("inet") == []
