"""What a paper costs the disk, counted by the kernel's own tracer: one sync a step, none for looking."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import sys
from pathlib import Path
from kiosk.ports.print_journal import JournalEntry, PrintStage
from kiosk.ports.printer import Printed
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.store import Store
from tests.records import START

folder, papers, bands = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
store = Store(folder / "terminal.db", 1 << 24)
journal = DurablePrintJournal(store)
for paper in range(papers):
    job = f"paper-{paper}"
    assert journal.reserve(JournalEntry(job, "ab" * 32, 1200, bands, START)) is None
    assert journal.advance(job, PrintStage.PRECHECKED) is None
    for band in range(1, bands + 1):
        assert journal.advance(job, PrintStage.SENDING, band) is None
    assert journal.advance(job, PrintStage.SENT) is None
    assert journal.advance(job, PrintStage.ACKNOWLEDGED) is None
    assert journal.close(job, Printed(1)) is None
    assert journal.unfinished() == ()
store.close()
"""
_STEPS_WITHOUT_BANDS = 5


def _syncs(folder: Path, papers: int, bands: int) -> int:
    folder.mkdir()
    strace = shutil.which("strace")
    assert strace, "this proof needs strace"
    log = folder / "syncs"
    command: list[str | Path] = [strace, "-f", "-e", "trace=fsync,fdatasync", "-o", log, sys.executable, "-c", _PROGRAM]
    subprocess.run([*command, folder, str(papers), str(bands)], check=True, timeout=120)
    return len(re.findall(r"\b(?:fsync|fdatasync)\(", log.read_text()))


@pytest.mark.nightly
def test_one_sync_a_step(tmp_path: Path) -> None:
    few, more = _syncs(tmp_path / "few", 5, 6), _syncs(tmp_path / "more", 25, 6)
    assert more - few == 20 * (_STEPS_WITHOUT_BANDS + 6)
