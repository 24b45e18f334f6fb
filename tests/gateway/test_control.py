"""The sandbox's clock can be moved from outside, and only the sandbox's."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from gateway.control import Control, ShiftedClock, sandbox_verbs
from kiosk.cli.control_channel import Done, NotDone, tell

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)


class StillClock:
    def now(self) -> datetime:
        return AT

    def monotonic(self) -> float:
        return 7.0


def test_a_shift_counts_from_the_true_time() -> None:
    clock = ShiftedClock(StillClock())
    clock.set_shift(120)
    clock.set_shift(-90)
    assert clock.now() == AT - timedelta(seconds=90)
    assert clock.monotonic() == 7.0


def test_the_channel_moves_the_clock_and_refuses_nonsense() -> None:
    clock = ShiftedClock(StillClock())
    with Control(sandbox_verbs(clock), 0) as control:
        assert tell(control.address, "clock", {"seconds": 3600}) == Done({"now": "2026-11-20T11:00:00+00:00"})
        for arguments in ({}, {"seconds": "soon"}, {"seconds": 1e300}, {"seconds": None}):
            assert isinstance(tell(control.address, "clock", arguments), NotDone)
        assert isinstance(tell(control.address, "rewind", {}), NotDone)
        assert tell(control.address, "verbs", {}) == Done({"verbs": ["clock", "verbs"]})
    assert clock.now() == AT + timedelta(hours=1)


def command(folder: Path, *options: str) -> list[str]:
    files = ("--database", str(folder / "gateway.sqlite"), "--key", str(folder / "key.pem"))
    return [sys.executable, "-m", "kiosk", "gateway", *files, "--port", "0", *options]


def test_the_program_tells_its_channel_and_lives_by_its_clock(tmp_path: Path) -> None:
    with subprocess.Popen(
        command(tmp_path, "--sandbox", "--control", "0"), stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        ready = json.loads(program.stdout.readline())["ready"]
        before = datetime.fromisoformat(requests.get(f"{ready['address']}/v1/health", timeout=10).json()["now"])
        assert isinstance(tell(ready["control"], "clock", {"seconds": 86400}), Done)
        after = datetime.fromisoformat(requests.get(f"{ready['address']}/v1/health", timeout=10).json()["now"])
        assert timedelta(days=1) <= after - before < timedelta(days=1, minutes=1)
        program.terminate()
        assert program.wait(20) == 0


def test_a_real_gateway_has_no_such_channel(tmp_path: Path) -> None:
    refused = subprocess.run(command(tmp_path, "--control", "0"), capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "--sandbox" in refused.stderr


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with Control({}, 0) as control:
        port = control.address.rpartition(":")[2]
        refused = subprocess.run(
            command(tmp_path, "--sandbox", "--control", port), capture_output=True, text=True, check=False
        )
    assert refused.returncode == 1
    assert "cannot start" in refused.stderr


@pytest.mark.parametrize("line", [b"", b"[]", b'{"do": 1}', b'{"do": "clock", "seconds": true'])
def test_a_bad_line_is_answered(line: bytes) -> None:
    clock = ShiftedClock(StillClock())
    with Control(sandbox_verbs(clock), 0) as control:
        assert control.answer(line)["ok"] is False
    assert clock.now() == AT
