"""What a power cut leaves in CUPS must not come out by itself: its number is void by then."""

import shlex
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.devices.printer.a4.private_cups import PrivateCups, running, set_up_cups
from tests.eventually import eventually

DROP_IN = Path(__file__).parents[4] / "packaging" / "cups-starts-empty.conf"


def _empty_as_systemd_would(cups: PrivateCups) -> None:
    unit = ConfigParser()
    unit.read_string(DROP_IN.read_text(encoding="utf-8"))
    command = unit["Service"]["ExecStartPre"].removeprefix("+").replace("/var/spool/cups", str(cups.root / "spool"))
    subprocess.run(shlex.split(command), check=True)


@pytest.mark.parametrize(("emptied", "printed_late"), [(True, 0), (False, 1)])
def test_a_job_cut_short_is_not_sent_again(emptied: bool, printed_late: int, licence: bytes, tmp_path: Path) -> None:
    document = tmp_path / "paper.pdf"
    document.write_bytes(licence)
    with set_up_cups() as cups:
        with running(cups) as cut_the_power:
            out = cups.file_queue("cut")
            (out / "hold").touch()
            cups.run("lp", "-d", "cut", str(document))
            assert eventually(lambda: "now printing" in cups.run("lpstat", "-p", "cut"))
            cut_the_power()
        (out / "hold").unlink()
        if emptied:
            _empty_as_systemd_would(cups)
        with running(cups):
            assert eventually(lambda: cups.jobs() == "")
            assert eventually(lambda: "idle" in cups.run("lpstat", "-p", "cut"))
        assert len(list(out.glob("*.pdf"))) == printed_late
