"""How soon the terminal can be touched and what it holds in memory, each beside a bare PySide6 QML window.

``python -m benchmarks.startup`` starts both in turn, offscreen with the software renderer unless told otherwise, and
prints medians and ratios. Memory is that of the idle terminal in all its processes, face models loaded.
"""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median

import psutil

from benchmarks import bare_window
from kiosk.cli.demo.hall import Hall
from kiosk.cli.demo.training import set_up
from kiosk.cli.hall import settings_text

RUNS = 5
START_LIMIT = 2.5
MEMORY_LIMIT_MB = 450.0
PATIENCE_S = 60.0
SETTLE_S = 3.0
MODELS = Path("var/models")


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    with tempfile.TemporaryDirectory(prefix="kiosk-benchmark-") as folder, Hall(Path(folder)) as hall:
        root = Path(folder)
        qml = root / "Bare.qml"
        qml.write_text(bare_window.QML, encoding="utf-8")
        settings = set_up(hall, root, MODELS, root, {}).settings
        config = root / "terminal.toml"
        config.write_text(settings_text(settings), encoding="utf-8")
        bare, terminal = [], []
        for _ in range(RUNS):
            bare.append(_bare(qml))
            terminal.append(_terminal(config, settings.log))
    return _report(bare, terminal)


def _bare(qml: Path) -> tuple[float, float, float]:
    """Seconds to the first frame and megabytes."""
    began = time.time()
    with _process([sys.executable, "-m", "benchmarks.bare_window", str(qml)]) as process:
        first = _first_line(process) - began
        time.sleep(SETTLE_S)
        return first, 0.0, _megabytes(process.pid)


def _terminal(config: Path, log: Path) -> tuple[float, float, float]:
    """Seconds to the first interactive frame, seconds until the item is open, megabytes of all processes."""
    log.unlink(missing_ok=True)
    began = time.time()
    with _process([sys.executable, "-m", "kiosk", "run", "--windowed", "--config", str(config)]) as process:
        first = _first_line(process) - began
        ready = _logged(log, "device-ready", "face", began)
        time.sleep(SETTLE_S)
        return first, ready, _megabytes(process.pid)


@contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


def _first_line(process: subprocess.Popen[str]) -> float:
    """When the process said, all in one write, that its first frame is out."""
    assert process.stdout is not None
    told, _, _ = select.select((process.stdout,), (), (), PATIENCE_S)
    if not told or not process.stdout.readline():
        raise SystemExit("a window never stood")
    return time.time()


def _logged(log: Path, event: str, device: str | None, began: float) -> float:
    """Seconds from ``began`` to the time the log gives this event."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
            entry = json.loads(line)
            if entry["event"] == event and entry.get("device") == device:
                return datetime.fromisoformat(entry["at"]).timestamp() - began
        time.sleep(0.05)
    raise SystemExit(f"the terminal never logged {event}")


def _megabytes(pid: int) -> float:
    """Resident memory of a process and all it started, shared pages counted in each."""
    parent = psutil.Process(pid)
    family = (parent, *parent.children(recursive=True))
    return float(sum(member.memory_info().rss for member in family)) / 1e6


def _report(bare: list[tuple[float, float, float]], terminal: list[tuple[float, float, float]]) -> int:
    bare_start, _, bare_memory = (median(column) for column in zip(*bare, strict=True))
    start, ready, memory = (median(column) for column in zip(*terminal, strict=True))
    ratio = start / bare_start
    print(f"first interactive frame  terminal {start:6.2f} s   bare window {bare_start:6.2f} s   ratio {ratio:4.2f}")
    print(f"item open (self-check)   terminal {ready:6.2f} s")
    print(f"idle memory              terminal {memory:6.0f} MB  bare window {bare_memory:6.0f} MB")
    good = ratio <= START_LIMIT and memory < MEMORY_LIMIT_MB
    print(f"limits: ratio {START_LIMIT}, memory {MEMORY_LIMIT_MB:.0f} MB: {'kept' if good else 'NOT kept'}")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
