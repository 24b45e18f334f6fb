"""Every fault of the simulated reader, by the bytes that leave it."""

from collections.abc import Callable
from typing import Any

import pytest

from simulators.card_reader.line import Reply
from simulators.card_reader.simulator import CardReaderSimulator
from tests.devices.id_card import specimens
from tests.devices.id_card.conftest import made_up_picture

STATUS = "AAAAAA9669000311FFED"
OK = "AAAAAA966900040000 90 94"
FIND, FOUND = "AAAAAA966900032001 22", "AAAAAA966900080000 9F00000000 97"
SELECT, SELECTED = "AAAAAA966900032002 21", "AAAAAA9669000C0000 900000000000000000 9C"
READ = "AAAAAA966900033001 32"
NONE = "AAAAAA966900040000 80 84"
NOT_SELECTED = "AAAAAA966900040000 81 85"
NOT_READ = "AAAAAA966900040000 41 45"

Ask = Callable[[str], Reply]


@pytest.fixture
def reader() -> CardReaderSimulator:
    return CardReaderSimulator(made_up_picture)


@pytest.fixture
def ask(reader: CardReaderSimulator) -> Ask:
    def ask_reader(request: str) -> Reply:
        (reply,) = reader.receive(bytes.fromhex(request))
        return reply

    return ask_reader


def expect(reply: Reply, frame: str) -> None:
    assert reply.frame.hex() == bytes.fromhex(frame).hex()


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ({"kind": "lost-first-byte"}, "AAAA966900040000 90 94"),
        ({"kind": "bad-checksum"}, "AAAAAA966900040000 90 CE"),
        ({"kind": "garbage-prefix"}, f"00FFAA96AA69AAAA13 {OK}"),
        ({"kind": "truncate"}, "AAAAAA96690004 0000"),
        ({"kind": "truncate", "at": 3}, "AAAAAA"),
        ({"kind": "truncate", "at": 99}, OK),
        ({"kind": "silence"}, ""),
        ({"kind": "dropped-answer"}, ""),
        ({"kind": "status", "status": "31", "card_status": "6982"}, "AAAAAA966900046982 31 DE"),
    ],
)
def test_faults_spoil_one_answer(reader: CardReaderSimulator, ask: Ask, fault: dict[str, Any], answer: str) -> None:
    reader.set_fault(fault)
    expect(ask(STATUS), answer)
    expect(ask(STATUS), OK)


@pytest.mark.parametrize(
    ("status", "check"),
    [("31", "35"), ("32", "36"), ("33", "37"), ("41", "45"), ("60", "64"), ("66", "62"), ("80", "84"), ("81", "85")],
)
def test_a_status_stands_in_for_the_answer(reader: CardReaderSimulator, ask: Ask, status: str, check: str) -> None:
    reader.set_fault({"kind": "status", "status": status})
    expect(ask(READ), f"AAAAAA966900040000 {status} {check}")


def test_over_long_and_stuck_answers_are_long(reader: CardReaderSimulator, ask: Ask) -> None:
    for kind, least in (("over-long", 5000), ("stuck", 8000)):
        reader.set_fault({"kind": kind})
        assert len(ask(STATUS).frame) >= least


def test_a_lasting_fault_stays_until_taken_away_and_hits_its_command_only(
    reader: CardReaderSimulator, ask: Ask
) -> None:
    reader.set_fault({"kind": "status", "status": "66", "lasting": True, "command": "11FF"})
    for _ in range(2):
        expect(ask(STATUS), "AAAAAA966900040000 66 62")
        expect(ask(FIND), NONE)
    reader.set_fault({"kind": None})
    expect(ask(STATUS), OK)


def test_a_dropped_answer_was_carried_out_and_silence_was_not(reader: CardReaderSimulator, ask: Ask) -> None:
    reader.insert_card(dict(specimens.RESIDENT))
    reader.set_fault({"kind": "silence"})
    expect(ask(FIND), "")
    expect(ask(SELECT), NOT_SELECTED)
    reader.set_fault({"kind": "dropped-answer"})
    expect(ask(FIND), "")
    expect(ask(SELECT), SELECTED)


@pytest.mark.parametrize("at", range(12))
def test_an_answer_splits_at_any_byte(reader: CardReaderSimulator, ask: Ask, at: int) -> None:
    reader.set_fault({"kind": "split", "at": at, "pause_ms": 80})
    reply = ask(STATUS)
    assert [data for _, data in reply.pieces() if data] == [
        part for part in (bytes.fromhex(OK)[:at], bytes.fromhex(OK)[at:]) if part
    ]
    assert sum(pause for pause, _ in reply.pieces()) == pytest.approx(0.08)


@pytest.mark.parametrize("command", [FIND, SELECT])
def test_a_card_pulled_behind_a_short_answer_is_gone_for_the_next(
    reader: CardReaderSimulator, ask: Ask, command: str
) -> None:
    reader.set_fault({"kind": "card-pulled", "command": command[14:18]})
    expect(ask(FIND), NONE)
    reader.insert_card(dict(specimens.RESIDENT))
    expect(ask(FIND), FOUND)
    expect(ask(SELECT), SELECTED if command == SELECT else NOT_SELECTED)
    expect(ask(READ), NOT_READ)
    expect(ask(FIND), NONE)


def test_a_card_pulled_while_it_is_read_stops_the_answer(reader: CardReaderSimulator, ask: Ask) -> None:
    for at, length in ((None, 651), (300, 300)):
        reader.insert_card(dict(specimens.RESIDENT))
        reader.set_fault({"kind": "card-pulled", "command": "3001", **({"at": at} if at else {})})
        expect(ask(FIND), FOUND)
        expect(ask(SELECT), SELECTED)
        assert len(ask(READ).frame) == length
        expect(ask(READ), NOT_READ)
        expect(ask(FIND), NONE)


@pytest.mark.parametrize("command", [FIND, SELECT, READ])
def test_a_card_swapped_midway_has_to_be_found_anew(reader: CardReaderSimulator, ask: Ask, command: str) -> None:
    reader.insert_card(dict(specimens.RESIDENT))
    reader.set_fault({"kind": "card-swapped", "command": command[14:18], "card": specimens.PERMIT})
    for request in (FIND, SELECT, READ):
        reply = ask(request)
        if request == command:
            break
    assert len(reply.frame) < 1295
    expect(ask(READ), NOT_READ)
    expect(ask(SELECT), NOT_SELECTED)
    expect(ask(FIND), FOUND)
    expect(ask(SELECT), SELECTED)
    assert ask(READ).frame[14 : 14 + 256] == specimens.PERMIT_TEXT


def test_a_cable_pulled_midway_cuts_the_answer(reader: CardReaderSimulator, ask: Ask) -> None:
    reader.set_fault({"kind": "unplug"})
    assert ask(STATUS) == Reply(bytes.fromhex("AAAAAA966900040000"), unplugs=True)


def test_a_reader_left_at_another_rate_comes_back_when_told(reader: CardReaderSimulator, ask: Ask) -> None:
    reader.set_fault({"kind": "wrong-baud", "baud": 9600})
    assert reader.describe({})["baud"] == 9600
    assert ask("AAAAAA96690003 6000 63") == Reply(bytes.fromhex(OK), new_baud=115200)


def test_the_rate_changes_though_the_answer_is_lost(reader: CardReaderSimulator, ask: Ask) -> None:
    for kind, baud in (("dropped-answer", 9600), ("silence", None)):
        reader.set_fault({"kind": kind})
        assert ask("AAAAAA96690003 6004 67") == Reply(b"", new_baud=baud)


def test_a_command_takes_the_time_of_the_reader_or_of_the_card(reader: CardReaderSimulator, ask: Ask) -> None:
    reader.set_delay({"command": "2001", "ms": 60})
    reader.set_delay({"command": "3001", "ms": 700})
    reader.insert_card({**specimens.RESIDENT, "delays_ms": {"3001": 900}})
    assert [ask(request).pauses for request in (FIND, SELECT, READ)] == [((0, 0.06),), (), ((0, 0.9),)]
    reader.set_fault({"kind": "split", "at": 4})
    assert ask(FIND).pauses == ((0, 0.06), (4, 0.05))


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"kind": "smoke"}, "no fault 'smoke'; there are: garbage-prefix, .*, wrong-baud"),
        ({"kind": "silence", "status": "41"}, "silence has no status"),
        ({"kind": "status", "status": "141"}, "no hexadecimal number up to FF"),
        ({"kind": "status", "status": "zz"}, "no hexadecimal number"),
        ({"kind": "silence", "command": "20001"}, "no hexadecimal number up to FFFF"),
        ({"kind": "split", "at": -1}, "at is a whole number from 0"),
        ({"kind": "split", "at": True}, "at is a whole number"),
        ({"kind": "split", "pause_ms": "long"}, "a time is a number of milliseconds"),
        ({"kind": "card-swapped"}, "needs the card"),
        ({"kind": "card-swapped", "card": {"verdict": "pass"}}, "no field verdict"),
        ({"kind": "wrong-baud", "baud": 230400}, "no rate 230400"),
        ({"kind": "wrong-baud", "baud": 9600, "lasting": True}, "wrong-baud has no lasting"),
    ],
)
def test_what_the_reader_does_not_know_is_refused(
    reader: CardReaderSimulator, ask: Ask, order: dict[str, Any], words: str
) -> None:
    reader.set_fault({"kind": "silence"})
    with pytest.raises(ValueError, match=words):
        reader.set_fault(order)
    expect(ask(STATUS), "")
