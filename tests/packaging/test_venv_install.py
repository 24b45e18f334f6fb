"""packaging/venv-install, with a python3 that only writes down what it was asked to do."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import kiosk

ROOT = Path(kiosk.__file__).parents[1]
RUNTIME, TEST = "packaging/requirements.txt", "packaging/requirements-test.txt"

PYTHON3 = """#!/usr/bin/env bash
if [ "$1 $2" = "-m venv" ]; then
  echo venv >> "$PROTOCOL"
  mkdir -p "$3/bin" && cp "$(dirname "$0")/inner" "$3/bin/python"
fi
"""
INNER = """#!/usr/bin/env bash
case "$*" in
  *--version*) exit 0 ;;
  *"-e ."*) echo editable >> "$PROTOCOL"; exit "${EDITABLE:-0}" ;;
  *) echo "${@: -1}" >> "$PROTOCOL"; exit "${LOCK:-0}" ;;
esac
"""


class Checkout:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.protocol = root / "protocol"
        (root / "packaging").mkdir()
        for name in ("packaging/venv-install", RUNTIME, TEST, "pyproject.toml"):
            shutil.copy(ROOT / name, root / name)
        (root / "bin").mkdir()
        for name, text in (("python3", PYTHON3), ("inner", INNER)):
            (root / "bin" / name).write_text(text, encoding="utf-8")
            (root / "bin" / name).chmod(0o755)

    def install(self, lock: str, **codes: str) -> subprocess.CompletedProcess[str]:
        self.protocol.unlink(missing_ok=True)
        path = f"{self.root / 'bin'}:{os.environ['PATH']}"
        environment = {"PATH": path, "PROTOCOL": str(self.protocol), **codes}
        command = ["bash", "packaging/venv-install", lock]
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)

    def done(self) -> list[str]:
        return self.protocol.read_text(encoding="utf-8").split() if self.protocol.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_a_second_run_does_nothing(checkout: Checkout) -> None:
    assert checkout.install(RUNTIME).returncode == 0
    assert checkout.done() == ["venv", RUNTIME, "editable"]
    assert checkout.install(RUNTIME).returncode == 0
    assert checkout.done() == []


def test_the_test_lock_is_enough_for_the_demo_and_not_the_other_way_round(checkout: Checkout) -> None:
    checkout.install(RUNTIME)
    assert checkout.install(TEST).returncode == 0
    assert checkout.done() == [TEST, "editable"]
    assert checkout.install(RUNTIME).returncode == 0
    assert checkout.done() == []


def test_a_half_made_environment_is_made_anew(checkout: Checkout) -> None:
    without_pip = checkout.root / ".venv" / "bin" / "python"
    without_pip.parent.mkdir(parents=True)
    without_pip.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    without_pip.chmod(0o755)
    assert checkout.install(RUNTIME).returncode == 0
    assert checkout.done() == ["venv", RUNTIME, "editable"]


@pytest.mark.parametrize(("step", "advice"), [("LOCK", "check the network"), ("EDITABLE", "check the space")])
def test_a_step_that_cannot_be_done_says_what_to_do_and_is_done_next_time(
    checkout: Checkout, step: str, advice: str
) -> None:
    stopped = checkout.install(RUNTIME, **{step: "1"})
    assert stopped.returncode == 1
    assert advice in stopped.stderr
    assert checkout.install(RUNTIME).returncode == 0
    assert checkout.done()[-1] == "editable"
