"""``kiosk probe-printer``: what it finds out is what the driver can live by."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from devices.printer.escpos.driver import EscposPrinter
from devices.printer.escpos.font_proof import LETTERS, SAMPLES
from devices.printer.escpos.gb18030 import Coverage, code_of
from devices.printer.escpos.profile import PrinterProfile, known_profiles, profile_of
from devices.printer.escpos.settings import EscposSettings
from kiosk.app.system import SystemClock
from kiosk.cli.probe_printer import app
from kiosk.ports.printer import Handover, Printed
from kiosk.printing.verdict import PrintersWord
from simulators.printer.agenda import Moment, Progress
from simulators.printer.personality import CLONE, EPSON, Personality
from simulators.printer.presenter import Presenter
from simulators.printer.server import PrinterServer

RUNNER = CliRunner()


class NoPace:
    def wait(self, seconds: float) -> None:
        pass


Start = Callable[..., PrinterServer]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[PrinterServer] = []

    def begin(make: Personality, presenter: Presenter | None = None) -> PrinterServer:
        started.append(PrinterServer(tmp_path / "papers", NoPace(), personality=make, presenter=presenter))
        started[-1].start()
        return started[-1]

    yield begin
    for printer in started:
        printer.close()


def probe(printer: PrinterServer, *options: str, answer: str = "") -> Result:
    return RUNNER.invoke(app, [f"tcp://{printer.address}", "--seconds", "0.6", *options], input=answer)


def prints(printer: PrinterServer, profile: Path) -> EscposPrinter:
    settings = EscposSettings(address=f"tcp://{printer.address}", profile=str(profile))
    driver = EscposPrinter(settings, SystemClock())
    assert isinstance(driver.print_dots((np.eye(64, 576, dtype=np.bool_),), "job"), Printed)
    return driver


def test_an_epson_is_known_by_its_answers(start: Start, tmp_path: Path) -> None:
    printer, file = start(EPSON), tmp_path / "profile.toml"
    assert probe(printer, "--yes", "--write", str(file)).exit_code == 0
    profile = profile_of(str(file))
    assert (profile.vendor, profile.word, profile.confirms_clearing) == ("EPSON", PrintersWord.JOB_END, True)
    assert "TM-T88V" in profile.source
    assert printer.mechanism.rows_printed == 0, "no paper was fed"
    prints(printer, file)


def test_a_clone_is_known_by_what_it_does_not_answer(start: Start, tmp_path: Path) -> None:
    printer, file = start(CLONE), tmp_path / "profile.toml"
    result = probe(printer, "--yes", "--write", str(file), "--json")
    found = json.loads(result.stdout)
    assert found == {
        "real_time": True,
        "full_status": False,
        "clearing": False,
        "in_order": True,
        "auto_status": True,
        "job_end": False,
        "maker": None,
        "model": None,
    }
    assert profile_of(str(file)).word is PrintersWord.STATUS
    assert printer.mechanism.rows_printed == 0
    prints(printer, file)


def test_who_declines_gets_a_profile_that_presumes_less(start: Start) -> None:
    printer = start(EPSON)
    result = probe(printer, answer="n\n")
    assert "not asked" in result.stdout
    assert 'word = "status"' in result.stdout
    assert printer.state()["text"] == []


def test_a_presenter_is_driven_by_the_profile_found(start: Start, tmp_path: Path) -> None:
    printer, file = start(CLONE, Presenter(attentive=True)), tmp_path / "profile.toml"
    assert probe(printer, "--yes", "--presenter", "--write", str(file)).exit_code == 0
    assert prints(printer, file).hand_over("job") is Handover.TAKEN


@pytest.mark.parametrize(
    ("answer", "font"), [("n\n", None), ("y\nn\n", Coverage.GB2312), ("y\ny\ny\n", Coverage.GB18030_2005)]
)
def test_its_font_is_what_somebody_sees_on_paper(
    start: Start, tmp_path: Path, answer: str, font: Coverage | None
) -> None:
    printer, file = start(EPSON), tmp_path / "profile.toml"
    result = probe(printer, "--yes", "--font", "--write", str(file), answer=answer)
    assert result.exit_code == 0
    assert profile_of(str(file)).font is font
    assert printer.state()["text"] == [sample + LETTERS for sample in SAMPLES.values()]
    assert printer.state()["unknown"] == 0
    assert len(printer.mechanism.papers) == 1


def test_a_font_that_nothing_came_of_is_not_asked_about(start: Start, tmp_path: Path) -> None:
    printer, file = start(EPSON), tmp_path / "profile.toml"
    printer.at(Moment(Progress.ROWS, 60), lambda: printer.mechanism.happen("paper-out"))
    result = probe(printer, "--yes", "--font", "--write", str(file))
    assert result.exit_code == 0
    assert "did not come out" in result.stderr
    assert profile_of(str(file)).font is None


def test_samples_are_of_their_coverage_alone() -> None:
    for narrower, (coverage, sample) in zip((None, *SAMPLES), SAMPLES.items(), strict=False):
        assert all(code_of(character, coverage) for character in sample + LETTERS)
        assert narrower is None or not any(code_of(character, narrower) for character in sample)


def test_a_silent_printer_is_not_to_be_used(start: Start) -> None:
    printer = start(CLONE)
    printer.silence()
    result = probe(printer)
    assert result.exit_code == 1
    assert "not usable" in result.stderr


@pytest.mark.parametrize("address", ["lpt1", "cups-raw:queue", "usb:1:2"])
def test_what_is_no_printer_to_ask(address: str) -> None:
    assert RUNNER.invoke(app, [address]).exit_code == 2


def test_nobody_there() -> None:
    assert RUNNER.invoke(app, ["serial:/dev/no-such-port"]).exit_code == 1


@pytest.mark.parametrize("name", known_profiles())
def test_every_make_of_the_table_says_where_it_is_from(name: str) -> None:
    profile = known_profiles()[name]
    assert isinstance(profile, PrinterProfile)
    assert profile.font is None, "nobody has seen one on paper"
    assert profile.source
    assert profile.dots_across in (512, 576, 640)
