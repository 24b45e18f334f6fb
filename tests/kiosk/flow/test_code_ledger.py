"""A code is sent once in a session and within its minute, however slow or busy the terminal is."""

import pytest

from kiosk.flow.code_ledger import CODE_LIFE_S, CodeLedger
from kiosk.flow.commands import CheckPlatform, ReadCode, ResolveCode
from kiosk.flow.events import CodeAnswered, HolderAnswered, PlatformChecked
from kiosk.flow.touches import Button, Pressed
from kiosk.ports.code_scanner import CodeSeen
from kiosk.ports.device_status import Ready
from kiosk.ports.platform import CodeExpired
from tests.kiosk.flow.fakes import FakePlatform
from tests.kiosk.flow.test_runner import Bench, frames

CODE = CodeSeen(b"a code of one minute")
SENT = (CODE.payload, "ctid")


def at_the_page() -> Bench:
    """A session that looks for a code when told, and has it resolved."""
    bench = Bench(
        {Pressed(Button.AGREE): (ReadCode(60.0),), CodeAnswered(CODE): (ResolveCode(CODE.payload, "ctid"),)},
    )
    bench.scanner.codes = (CODE.payload,)
    return bench


def resolved(bench: Bench) -> list[tuple[bytes, str]]:
    platform = bench.runner._ports.platform
    assert isinstance(platform, FakePlatform)
    return platform.resolved


def show(bench: Bench) -> None:
    bench.camera.frames = frames(3)
    bench.press(Button.AGREE)


def test_a_code_shown_again_in_the_same_session_is_answered_without_asking() -> None:
    bench = at_the_page()
    show(bench)
    assert resolved(bench) == [SENT]
    show(bench)
    assert resolved(bench) == [SENT]
    assert bench.heard[-1] == HolderAnswered(CodeExpired())
    bench.press(Button.HOME)
    bench.press(Button.START)
    show(bench)
    assert resolved(bench) == [SENT, SENT], "the next session knows nothing of it; the platform does"


@pytest.mark.parametrize(("seconds", "sent"), [(CODE_LIFE_S, [SENT]), (CODE_LIFE_S + 0.1, [])])
def test_a_code_that_waited_too_long_for_its_turn_is_not_sent(seconds: float, sent: list[tuple[bytes, str]]) -> None:
    bench = at_the_page()
    bench.camera.frames = frames(3)
    bench.runner.post(Pressed(Button.AGREE))
    bench.runner.turn(0)
    bench.executor.run_all()
    bench.runner.turn(0)
    assert bench.executor.work, "the asking is under way and has not begun"
    bench.clock.seconds += seconds
    bench.executor.run_all()
    assert resolved(bench) == sent


def test_a_code_that_never_was_before_a_scanner_is_not_sent() -> None:
    assert not CodeLedger().may_send(CODE, 0.0)


def test_the_first_sight_of_a_code_counts() -> None:
    ledger = CodeLedger()
    for now in (0.0, 50.0):
        ledger.note(CODE, now)
    assert not ledger.may_send(CODE, 61.0)


def test_of_a_code_its_digest_is_remembered_alone() -> None:
    ledger = CodeLedger()
    ledger.note(CODE, 0.0)
    assert ledger.may_send(CODE, 1.0)
    assert CODE.payload.decode() not in repr([vars(ledger)])


def test_the_platform_is_asked_whether_it_answers() -> None:
    bench = Bench({Pressed(Button.AGREE): (CheckPlatform(),)})
    bench.press(Button.AGREE)
    assert bench.heard[-1] == PlatformChecked(Ready())
