"""What durability costs, counted by the kernel's own tracer: one sync a record put, one a record acknowledged."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import sys
from pathlib import Path
from tests.offline_cache.parts import build
from tests.records import rating, register

folder, count, deliver = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "deliver"
parts = build(register(folder))
for counter in range(1, count + 1):
    parts.outbox.put(rating(counter, key=f"rating-{counter}"))
for counter in range(1, count + 1) if deliver else ():
    parts.delivery.attempt(f"rating-{counter}")
assert parts.outbox.waiting() == (0 if deliver else count)
parts.close()
"""


def _syncs(folder: Path, count: int, work: str) -> int:
    folder.mkdir()
    strace = shutil.which("strace")
    assert strace, "this proof needs strace"
    log = folder / "syncs"
    subprocess.run(
        [
            strace,
            "-f",
            "-e",
            "trace=fsync,fdatasync",
            "-o",
            log,
            sys.executable,
            "-c",
            _PROGRAM,
            folder,
            str(count),
            work,
        ],
        check=True,
        timeout=120,
    )
    return len(re.findall(r"\b(?:fsync|fdatasync)\(", log.read_text()))


@pytest.mark.nightly
def test_one_sync_a_record_put_and_one_a_record_acknowledged(tmp_path: Path) -> None:
    few, more = _syncs(tmp_path / "few", 10, "put"), _syncs(tmp_path / "more", 50, "put")
    assert more - few == 40
    delivered = _syncs(tmp_path / "delivered", 50, "deliver")
    assert delivered - more == 50
