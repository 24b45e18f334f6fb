"""One exchange after another on a clock of the tests' own: splits at every byte, late answers, deadlines."""

import pytest

from devices.id_card.sam.driver import SamReader
from devices.id_card.sam.settings import SamSettings
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.id_card import CardRead, CardReading, CardUnreadable, ReaderFault
from tests.devices.id_card.bending import mended
from tests.devices.id_card.scripted_line import Arrivals, FakeClock, FakeWait, ScriptedLine
from tests.devices.id_card.test_frames import BASE_ANSWER, STATUS_OK

SETTINGS = SamSettings(port="tcp:reader.invalid:4001")
FOUND = bytes.fromhex("AAAAAA9669000800009F0000000097")
SELECTED = bytes.fromhex("AAAAAA9669000C00009000000000000000009C")
OF_ANOTHER = mended(BASE_ANSWER[7:-1].replace("测试人甲".encode("utf-16-le"), "测试人丁".encode("utf-16-le")))
GOOD: dict[int, Arrivals] = {0x2001: [(0, FOUND)], 0x2002: [(0, SELECTED)], 0x3001: [(0, BASE_ANSWER)]}


class Exchange:
    """A read with some answers replaced: what came out, when, and what was asked."""

    def __init__(self, *replaced: tuple[int, list[Arrivals]]) -> None:
        clock = FakeClock()
        answers = {command: [arrivals] * 99 for command, arrivals in GOOD.items()} | dict(replaced)
        turns = {command: iter(row) for command, row in answers.items()}
        line = ScriptedLine(clock, lambda command: next(turns[command], []))
        reader = SamReader(SETTINGS, clock, transport=line, wait=clock.wait)
        self.reading: CardReading = reader.read_card(0, FakeWait(clock))
        self.passed_s = clock.passed_s
        self.heard = [f"{command:04X}" for command in line.heard]


@pytest.mark.parametrize("gap_s", [0, 0.2])
@pytest.mark.parametrize(
    ("command", "answer"), [(0x2001, FOUND), (0x2002, SELECTED), (0x3001, BASE_ANSWER)], ids=["find", "select", "read"]
)
def test_an_answer_split_at_any_byte_is_one_answer(command: int, answer: bytes, gap_s: float) -> None:
    for at in range(1, len(answer)):
        exchange = Exchange((command, [[(0, answer[:at]), (gap_s, answer[at:])]]))
        assert isinstance(exchange.reading, CardRead), at
        assert exchange.heard == ["2001", "2002", "3001"]


def test_a_gap_inside_an_answer_ends_it_early() -> None:
    exchange = Exchange((0x3001, [[(0, BASE_ANSWER[:600])], [(0, BASE_ANSWER)]]))
    assert isinstance(exchange.reading, CardRead)
    assert exchange.passed_s == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("command", "late"),
    [
        (0x2001, SELECTED),
        (0x2001, STATUS_OK),
        (0x2001, OF_ANOTHER),
        (0x2002, FOUND),
        (0x2002, STATUS_OK),
        (0x2002, OF_ANOTHER),
        (0x3001, FOUND),
        (0x3001, SELECTED),
        (0x3001, STATUS_OK),
    ],
)
def test_the_answer_to_another_command_is_passed_over(command: int, late: bytes) -> None:
    ((_, true),) = GOOD[command]
    exchange = Exchange((command, [[(0, late), (0.4, true)]]))
    assert isinstance(exchange.reading, CardRead)
    assert exchange.reading.document.name.value == "测试人甲"
    assert exchange.passed_s == pytest.approx(0.4)
    assert exchange.heard == ["2001", "2002", "3001"]


def test_an_answer_that_came_after_its_deadline_is_not_taken_for_the_next() -> None:
    exchange = Exchange((0x2001, [[(1.0, OF_ANOTHER)], [(0, FOUND)]]))
    assert isinstance(exchange.reading, CardRead)
    assert exchange.reading.document.name.value == "测试人甲"
    assert exchange.heard == ["2001", "2001", "2002", "3001"]


def test_a_true_frame_behind_a_garbled_one_needs_no_repetition() -> None:
    garbled = bytearray(FOUND)
    garbled[-1] ^= 1
    exchange = Exchange((0x2001, [[(0, bytes(garbled)), (0.1, FOUND)]]))
    assert isinstance(exchange.reading, CardRead)
    assert exchange.heard == ["2001", "2002", "3001"]


def test_the_reader_is_not_spoken_to_while_it_sends() -> None:
    """The length is garbled to a short one: the rest of the frame is let pass before the command is repeated."""
    garbled = BASE_ANSWER[:5] + b"\x00\x08" + BASE_ANSWER[7:]
    row = [[(at / 100, garbled[at * 100 : at * 100 + 100]) for at in range(13)], [(0.0, BASE_ANSWER)]]
    exchange = Exchange((0x3001, row))
    assert isinstance(exchange.reading, CardRead)
    assert exchange.passed_s == pytest.approx(0.12 + 0.25)


@pytest.mark.parametrize(
    ("answers", "reading"),
    [
        ([], CardUnreadable("truncated")),
        ([(0, SELECTED)], CardUnreadable("unexpected-answer")),
        ([(0, STATUS_OK)], CardUnreadable("unexpected-answer")),
        ([(0, mended(bytes.fromhex("00009004000100") + bytes(1280)))], CardUnreadable("unexpected-lengths")),
        ([(0, b"\x00\x11\x22")], ReaderFault("noise")),
    ],
)
def test_nothing_outlives_the_promise(answers: Arrivals, reading: CardReading) -> None:
    arrivals: Arrivals = answers or [(at / 5, BASE_ANSWER[at : at + 1]) for at in range(99)]
    exchange = Exchange((0x3001, [arrivals] * 9))
    assert exchange.reading == reading
    assert exchange.passed_s <= 3.0


@pytest.mark.parametrize("rest", [[], [(0.0, BASE_ANSWER[:600])], [(0.0, STATUS_OK)]])
def test_slow_steps_leave_less_time_for_the_last(rest: Arrivals) -> None:
    exchange = Exchange((0x2001, [[(0.9, FOUND)]]), (0x2002, [[(0.9, SELECTED)]]), (0x3001, [rest] * 9))
    assert isinstance(exchange.reading, CardUnreadable | ReaderFault)
    assert exchange.passed_s <= 3.0


def test_a_slow_module_is_waited_for() -> None:
    exchange = Exchange((0x2001, [[(0.9, FOUND)]]), (0x2002, [[(0.9, SELECTED)]]), (0x3001, [[(1.1, BASE_ANSWER)]]))
    assert isinstance(exchange.reading, CardRead)


def test_a_stream_that_never_ends_is_noise_in_time() -> None:
    flood: Arrivals = [(at / 1000, b"\xaa" * 64) for at in range(5000)]
    exchange = Exchange((0x2001, [flood] * 3))
    assert exchange.reading == ReaderFault("noise")
    assert exchange.passed_s <= 3.0


class ComesBack(ScriptedLine):
    """Gone when spoken to, there again when opened anew, as often as ``lives`` says."""

    def __init__(self, clock: FakeClock, lives: int) -> None:
        super().__init__(clock, lambda command: [(0, STATUS_OK)])
        self._lives = lives
        self.opened = 0

    def open(self, _wait_s: float, /) -> None:
        self.opened += 1
        if self.opened > self._lives:
            raise OSError("gone for good")

    def write(self, data: bytes, /) -> None:
        if self.opened < self._lives:
            raise OSError("gone")
        super().write(data)


def test_a_port_that_had_gone_is_opened_anew() -> None:
    clock = FakeClock()
    line = ComesBack(clock, lives=2)
    reader = SamReader(SETTINGS, clock, transport=line, wait=clock.wait)
    assert isinstance(reader.status(), Unavailable), "it vanished in its first use"
    assert isinstance(reader.status(), Ready)
    line.opened = 1
    assert isinstance(reader.status(), Ready), "it had vanished since, and is back"


def test_a_port_that_is_gone_is_told_at_once() -> None:
    clock = FakeClock()
    reader = SamReader(SETTINGS, clock, transport=ComesBack(clock, lives=0), wait=clock.wait)
    status = reader.status()
    assert isinstance(status, Unavailable)
    assert status.reason == "port-gone"
    assert clock.passed_s == 0
