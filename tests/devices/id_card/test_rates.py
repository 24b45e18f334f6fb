"""A reader left at another rate is found and moved, once; one that will not move is served where it is."""

from collections.abc import Iterator

import pytest

from devices.id_card.sam.driver import SamReader
from devices.id_card.sam.settings import SamSettings
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.id_card import CardRead, ReaderFault
from simulators.card_reader.simulator import CardReaderSimulator
from tests.devices.id_card.conftest import made_up_picture
from tests.devices.id_card.scripted_line import Arrivals, FakeClock, FakeWait, ScriptedLine
from tests.devices.id_card.specimens import RESIDENT
from tests.devices.id_card.test_driver import ShiftedClock
from tests.devices.id_card.test_frames import STATUS_OK

REFUSED = bytes.fromhex("AAAAAA9669000400002125")
RATES = {0x6000: 115200, 0x6001: 57600, 0x6002: 38400, 0x6003: 19200, 0x6004: 9600}


class RatedLine(ScriptedLine):
    """A line whose reader is at ``reader_baud`` and hears nothing else; None is a reader without power.

    ``obeys`` is whether it moves when asked, ``tells`` whether its answer to that arrives. ``settling_s`` is how long
    after its answer it is deaf.
    """

    def __init__(self, clock: FakeClock, reader_baud: int | None, obeys: bool = True, tells: bool = True) -> None:
        super().__init__(clock, self._answer_rated)
        self._fake_clock = clock
        self.baud = self._opens_at = 115200
        self.reader_baud = reader_baud
        self._obeys, self._tells = obeys, tells
        self._deaf_until = 0.0

    def open(self, _wait_s: float, /) -> None:
        self.baud = self._opens_at

    def set_rate(self, baud: int, /) -> None:
        self.baud = baud

    def _answer_rated(self, command: int) -> Arrivals:
        if self.baud != self.reader_baud or self._fake_clock.passed_s < self._deaf_until:
            return []
        if command not in RATES:
            return [(0.02, STATUS_OK)]
        answered_at = self.baud
        if self._obeys:
            self.reader_baud = RATES[command]
            self._deaf_until = self._fake_clock.passed_s + 0.02 + 0.005
        answer = STATUS_OK if self._obeys else REFUSED
        return [(0.02, answer)] if self._tells and answered_at == self.baud else []


def status_over(line: RatedLine, clock: FakeClock) -> Ready | Unavailable:
    reader = SamReader(SamSettings(port="/dev/reader"), clock, transport=line, wait=clock.wait)
    start = clock.passed_s
    status = reader.status()
    assert clock.passed_s - start <= 3.0
    reader.close()
    return status


@pytest.mark.parametrize("baud", [57600, 38400, 19200, 9600])
def test_a_reader_at_another_rate_is_moved(baud: int) -> None:
    clock = FakeClock()
    line = RatedLine(clock, baud)
    assert isinstance(status_over(line, clock), Ready)
    assert (line.baud, line.reader_baud) == (115200, 115200)
    assert [command for command in line.heard if command in RATES] == [0x6000]


def test_the_wished_rate_may_be_a_slow_one() -> None:
    clock = FakeClock()
    line = RatedLine(clock, 115200)
    line._opens_at = 9600
    reader = SamReader(SamSettings(port="/dev/reader", baud=9600), clock, transport=line, wait=clock.wait)
    assert isinstance(reader.status(), Ready)
    assert (line.baud, line.reader_baud) == (9600, 9600)


@pytest.mark.parametrize("tells", [True, False])
def test_a_reader_that_will_not_move_is_served_where_it_is(tells: bool) -> None:
    clock = FakeClock()
    line = RatedLine(clock, 9600, obeys=False, tells=tells)
    assert isinstance(status_over(line, clock), Ready)
    assert line.baud == 9600
    assert line.heard.count(0x6000) == 1


def test_a_move_whose_answer_is_lost_is_not_asked_for_again() -> None:
    clock = FakeClock()
    line = RatedLine(clock, 19200, tells=False)
    assert isinstance(status_over(line, clock), Ready)
    assert (line.baud, line.reader_baud) == (115200, 115200)
    assert line.heard.count(0x6000) == 1


def test_a_reader_nowhere_is_told_in_time() -> None:
    clock = FakeClock()
    line = RatedLine(clock, None)
    status = status_over(line, clock)
    assert isinstance(status, Unavailable)
    assert status.reason == "no-answer"
    reader = SamReader(SamSettings(port="/dev/reader"), clock, transport=line, wait=clock.wait)
    start = clock.passed_s
    assert reader.read_card(0, FakeWait(clock)) == ReaderFault("no-answer")
    assert clock.passed_s - start <= 3.0


def test_a_reader_that_was_known_and_lost_its_rate_is_found_at_the_next_asking() -> None:
    clock = FakeClock()
    line = RatedLine(clock, 115200)
    reader = SamReader(SamSettings(port="/dev/reader"), clock, transport=line, wait=clock.wait)
    assert isinstance(reader.status(), Ready)
    line.reader_baud = 9600
    assert isinstance(reader.status(), Unavailable)
    assert isinstance(reader.status(), Ready)
    assert line.reader_baud == 115200


def test_a_line_that_vanishes_while_rates_are_tried_is_no_defect() -> None:
    clock = FakeClock()

    class Vanishing(RatedLine):
        def set_rate(self, baud: int, /) -> None:
            raise OSError("gone")

    status = status_over(Vanishing(clock, None), clock)
    assert isinstance(status, Unavailable)


@pytest.fixture(params=[57600, 38400, 19200, 9600])
def left_behind(request: pytest.FixtureRequest) -> Iterator[CardReaderSimulator]:
    simulator = CardReaderSimulator(made_up_picture, baud=request.param)
    simulator.plug({})
    yield simulator
    simulator.close()


def test_the_simulated_reader_is_moved_and_read(left_behind: CardReaderSimulator) -> None:
    clock = ShiftedClock()
    left_behind.insert_card(dict(RESIDENT))
    settings = SamSettings(port=left_behind.address, command_timeout_s=0.1)
    reader = SamReader(settings, clock)
    assert isinstance(reader.read_card(5, FakeWait(FakeClock())), CardRead)
    reader.close()
    assert left_behind.describe({})["baud"] == 115200
