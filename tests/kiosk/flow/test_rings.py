"""What a session left in a ring of references is gone with the wipe, or with the last answer it asked for."""

import gc
import weakref
from collections.abc import Callable, Iterator

import pytest

from kiosk.flow.commands import ReadCard
from kiosk.flow.session_state import Attract
from kiosk.flow.touches import Button, Pressed
from kiosk.ports.clock import CancelSignal
from kiosk.ports.id_card import CardReading
from tests.kiosk.flow.fakes import FakeReader
from tests.kiosk.flow.test_runner import Bench


class Ring:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[weakref.ref[Ring]]:
    """The ring that each reading of a card leaves behind."""
    left: list[weakref.ref[Ring]] = []
    read_card = FakeReader.read_card

    def leaving(reader: FakeReader, timeout_s: float, cancelled: CancelSignal) -> CardReading:
        left.append(weakref.ref(Ring()))
        return read_card(reader, timeout_s, cancelled)

    monkeypatch.setattr(FakeReader, "read_card", leaving)
    return left


def _reading() -> tuple[Bench, Callable[[], None]]:
    """A session that has asked for a card, and the reading that waits for its turn."""
    bench = Bench({Pressed(Button.AGREE): (ReadCard(20.0),)})
    bench.runner.post(Pressed(Button.AGREE))
    bench.runner.turn(0)
    return bench, bench.executor.work.popleft()


def test_a_ring_is_gone_with_the_wipe(left: list[weakref.ref[Ring]]) -> None:
    bench, reading = _reading()
    reading()
    bench.settle()
    assert [isinstance(ring(), Ring) for ring in left] == [True]
    bench.press(Button.HOME)
    assert isinstance(bench.runner.state.phase, Attract)
    assert [ring() for ring in left] == [None]


def test_a_ring_that_is_left_after_the_wipe_is_gone_with_the_answer(left: list[weakref.ref[Ring]]) -> None:
    bench, reading = _reading()
    bench.press(Button.HOME)
    assert isinstance(bench.runner.state.phase, Attract)
    reading()
    assert [ring() for ring in left] == [None]
