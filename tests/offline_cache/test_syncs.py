"""What durability costs, counted by the kernel's own tracer: one sync a record put, one a record acknowledged."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import sys
from pathlib import Path
from tests.offline_cache.parts import build
from tests.records import eligibility_case, register

folder, count, crop, deliver = Path(sys.argv[1]), int(sys.argv[2]), bytes(int(sys.argv[3])), sys.argv[4] == "deliver"
parts = build(register(folder))
for counter in range(1, count + 1):
    parts.outbox.put(eligibility_case(counter=counter, key=f"case-{counter}", crop=crop or None))
for counter in range(1, count + 1) if deliver else ():
    parts.delivery.attempt(f"case-{counter}")
assert parts.outbox.waiting() == (0 if deliver else count)
parts.close()
"""
_PICTURE_BYTES = 147_000
"""A record of 200 KB."""


def _syncs(folder: Path, count: int, crop: int, work: str) -> int:
    folder.mkdir()
    strace = shutil.which("strace")
    assert strace, "this proof needs strace"
    log = folder / "syncs"
    command: list[str | Path] = [strace, "-f", "-e", "trace=fsync,fdatasync", "-o", log, sys.executable, "-c", _PROGRAM]
    subprocess.run([*command, folder, str(count), str(crop), work], check=True, timeout=300)
    return len(re.findall(r"\b(?:fsync|fdatasync)\(", log.read_text()))


def _per_record(folder: Path, crop: int) -> tuple[float, float]:
    """Syncs a record put and a record acknowledged: what 40 more of them cost."""
    few, more = _syncs(folder / "few", 10, crop, "put"), _syncs(folder / "more", 50, crop, "put")
    few_delivered = _syncs(folder / "few-delivered", 10, crop, "deliver")
    delivered = _syncs(folder / "delivered", 50, crop, "deliver")
    return (more - few) / 40, ((delivered - more) - (few_delivered - few)) / 40


def test_one_sync_a_record_put_and_one_a_record_acknowledged(tmp_path: Path) -> None:
    assert _per_record(tmp_path, 0) == (1, 1)


def test_hardly_more_with_a_picture(tmp_path: Path) -> None:
    """Now and then the WAL is full and is copied into the file, which takes two more."""
    put, acknowledged = _per_record(tmp_path, _PICTURE_BYTES)
    assert 1 <= put <= 1.2
    assert 1 <= acknowledged <= 1.2
