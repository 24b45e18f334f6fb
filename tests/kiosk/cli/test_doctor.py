"""kiosk doctor names what is wrong and what to do, and never shows a traceback."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from serial import Serial
from typer.testing import CliRunner

from devices.photo_decoder.maker.settings import MakerDecoderSettings
from kiosk.app.checks import Check
from kiosk.cli.demo.hall import Hall
from kiosk.cli.demo.training import TrainingTerminal, set_up
from kiosk.cli.doctor import CAUSES, app, explained, show_report
from kiosk.cli.hall import settings_text
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.supervision import DeviceReport, Trouble
from kiosk.wire.keys import register_gateway, write_registration
from tests.devices.speaker.programs import speech_program

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "docs" / "terminal.example.toml"
MODELS = ROOT / "var" / "models"
PATIENCE_S = 60.0


def test_without_settings_it_says_where_to_begin(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--config", str(tmp_path / "none.toml")])
    assert result.exit_code == 1
    assert "WRONG settings" in result.output
    assert "kiosk doctor --settings" in result.output


def test_it_lists_every_option() -> None:
    result = CliRunner().invoke(app, ["--settings", "--json"])
    assert result.exit_code == 0
    names = [json.loads(line)["name"] for line in result.output.splitlines()]
    assert len(names) == len(set(names)) > 60


def test_a_terminal_with_nothing_attached_gets_a_remedy_for_everything(tmp_path: Path) -> None:
    config = tmp_path / "terminal.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new in (
        ("/dev/serial/by-id/reader", str(tmp_path / "no-reader")),
        ("http://127.0.0.1:8080/stream", "http://127.0.0.1:9/stream"),
        ("tcp://127.0.0.1:9100", "tcp://127.0.0.1:9"),
        ("http://127.0.0.1:8321", "http://127.0.0.1:9"),
        ("var/", f"{tmp_path}/"),
    ):
        assert old in text
        text = text.replace(old, new)
    header = f'signing_key = "{tmp_path}/key.pem"\nlog = "{tmp_path}/terminal.log"\n'
    config.write_text(header + text + f'\n[face_analyser]\nmodels = "{tmp_path}/models"\n', encoding="utf-8")
    missing = CliRunner().invoke(app, ["--config", str(config), "--json"])
    assert json.loads(missing.output)["name"] == "keys"
    _write_gateway_registration(tmp_path / "gateway-key.registration.json")
    result = CliRunner().invoke(app, ["--config", str(config), "--json"])
    assert result.exit_code == 1
    checks = {check["name"]: check for check in map(json.loads, result.output.splitlines())}
    for name in ("models", "id-card", "camera", "face-analyser", "printer", "gateway and clock"):
        assert not checks[name]["good"], name
        assert checks[name]["remedy"], name
    for name in ("fonts", "disk", "outbox"):
        assert checks[name]["good"], name


def _write_gateway_registration(path: Path) -> None:
    write_registration(path, register_gateway(X25519PrivateKey.generate()))


@dataclass(frozen=True)
class Fault:
    """What is done to the hall, and what the doctor then says: the check, words of its cause, words of its remedy."""

    program: str
    verb: str
    arguments: dict[str, Any]
    check: str
    cause: str
    remedy: str


FAULTS = [
    Fault("card-reader", "unplug", {}, "id-card", "port-gone: unplugged", "plug the reader's cable in"),
    Fault(
        "card-reader",
        "fault",
        {"kind": "silence", "lasting": True},
        "id-card",
        "no-answer: the reader's port is there, but the reader says nothing",
        "check the reader's own power",
    ),
    Fault(
        "card-reader",
        "fault",
        {"kind": "stuck", "lasting": True},
        "id-card",
        "noise: what comes from the reader is no answer",
        "change the cable",
    ),
    Fault("camera", "link", {"state": "down"}, "camera", "the camera behind it is unplugged", "plug the camera in"),
    Fault("camera", "link", {"state": "silent"}, "camera", "no picture comes", "switch the camera off and on"),
    Fault("printer", "paper-out", {}, "printer", "media-empty: the paper is used up", "put in a new roll"),
    Fault("printer", "jam", {}, "printer", "media-jam: paper is jammed", "take the jammed paper out"),
    Fault("printer", "cover-open", {}, "printer", "cover-open: the cover is open", "close the printer's cover"),
    Fault("printer", "unplug", {}, "printer", "unreachable: nothing answers", "check that the printer is switched on"),
    Fault("printer", "silence", {}, "printer", "no-answer: the printer takes", "switch the printer off and on"),
    Fault("link", "cut", {}, "gateway and clock", "refused: nothing takes connections", "network cable"),
    Fault("link", "slow", {"seconds": 3.2}, "gateway and clock", "slow: network slow", "measure the line"),
    Fault("link", "slow", {"seconds": 60}, "gateway and clock", "timeout: network slow", "measure the line"),
    Fault("gateway", "clock", {"seconds": 90}, "gateway and clock", "clock-drift: the terminal's clock", "timedatectl"),
    Fault("gateway", "clock", {"seconds": -90}, "gateway and clock", "clock-drift: the terminal's", "timedatectl"),
]
MEND: list[tuple[str, str, dict[str, Any]]] = [
    ("card-reader", "plug", {}),
    ("card-reader", "fault", {"kind": None}),
    ("camera", "link", {"state": "up"}),
    ("printer", "paper-in", {}),
    ("printer", "cover-close", {}),
    ("printer", "plug", {}),
    ("printer", "speak", {}),
    ("link", "restore", {}),
    ("gateway", "clock", {"seconds": 0}),
]


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingTerminal]:
    folder = tmp_path_factory.mktemp("hall")
    with Hall(folder) as hall:
        yield set_up(hall, folder, MODELS, folder, {"first_delay_s": 0.5})


@pytest.fixture
def hall(training: TrainingTerminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingTerminal]:
    """A hall without faults, its terminal with a voice."""
    monkeypatch.setenv("PULSE_SERVER", "none")
    speaker = training.settings.speaker.model_copy(update={"program": str(speech_program(tmp_path))})
    yield replace(training, settings=training.settings.model_copy(update={"speaker": speaker}))
    for program, verb, arguments in MEND:
        training.programs[program].do(verb, **arguments)


def examine(hall: TrainingTerminal, folder: Path, **changes: Any) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit code and checks by name; ``changes`` replace parts of the settings."""
    config = folder / "terminal.toml"
    config.write_text(settings_text(hall.settings.model_copy(update=changes)), encoding="utf-8")
    result = CliRunner().invoke(app, ["--config", str(config), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, {check["name"]: check for check in map(json.loads, result.output.splitlines())}


def test_a_hall_without_faults_is_well(hall: TrainingTerminal, tmp_path: Path) -> None:
    code, checks = examine(hall, tmp_path)
    assert [check for check in checks.values() if not check["good"]] == []
    assert code == 0


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.program}-{fault.verb}-{fault.cause[:12]}")
def test_a_fault_is_named_with_its_cause_and_remedy(fault: Fault, hall: TrainingTerminal, tmp_path: Path) -> None:
    hall.programs[fault.program].do(fault.verb, **fault.arguments)
    code, checks = examine(hall, tmp_path)
    found = checks[fault.check]
    assert not found["good"]
    assert fault.cause in found["detail"]
    assert fault.remedy in found["remedy"]
    assert {name for name, check in checks.items() if not check["good"]} - {"paper"} == {fault.check}
    assert code == 1


def test_every_fault_has_words_of_its_own() -> None:
    apart = {(fault.check, fault.cause) for fault in FAULTS if fault.arguments != {"seconds": -90}}
    assert len(apart) == len(FAULTS) - 1
    assert len(set(CAUSES.values())) == len(CAUSES)


def test_missing_models_are_named(hall: TrainingTerminal, tmp_path: Path) -> None:
    analyser = hall.settings.face_analyser.model_copy(update={"models": tmp_path / "none"})
    code, checks = examine(hall, tmp_path, face_analyser=analyser)
    assert "missing" in checks["models"]["detail"]
    assert f"kiosk models install --models {tmp_path / 'none'}" in checks["models"]["remedy"]
    assert checks["face-analyser"]["detail"] == "model-missing"
    assert code == 1


@pytest.mark.parametrize(("stand_in", "good"), [(True, True), (False, False)])
def test_a_terminal_for_citizens_needs_a_decoder_or_the_hall_s_pictures(
    stand_in: bool, good: bool, hall: TrainingTerminal, tmp_path: Path
) -> None:
    site = replace(hall.settings.site, training=False, reference_from_platform=stand_in)
    decoder = examine(hall, tmp_path, site=site)[1]["photo-decoder"]
    assert decoder["good"] is good
    assert bool(decoder["remedy"]) is not good


def test_a_maker_s_decoder_is_looked_at_and_put_to_a_probe(hall: TrainingTerminal, tmp_path: Path) -> None:
    library, source = tmp_path / "decoder.so", tmp_path / "decoder.c"
    settings = MakerDecoderSettings(model="maker", library=library, entry="unpack")
    missing = examine(hall, tmp_path, photo_decoder=settings)[1]["photo-decoder"]
    assert (missing["good"], missing["detail"]) == (False, f"library-missing: {library}")
    source.write_text("int _Unpack(void) { return 0; }")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    works = examine(hall, tmp_path, photo_decoder=settings)[1]["photo-decoder"]
    assert (works["good"], works["detail"]) == (True, "decoder.so answers; only a real card shows a picture")
    data = bytearray(library.read_bytes())
    data[4] = 1
    library.write_bytes(data)
    other = examine(hall, tmp_path, photo_decoder=settings)[1]["photo-decoder"]
    assert (other["good"], other["detail"]) == (False, f"wrong-architecture: {library}")
    assert "built for this processor" in other["remedy"]


def test_a_reader_that_another_program_holds_is_not_called_unplugged(hall: TrainingTerminal, tmp_path: Path) -> None:
    with Serial(hall.settings.id_card.port, exclusive=True):
        _, checks = examine(hall, tmp_path)
    assert "another program uses the reader's port" in checks["id-card"]["detail"]
    assert "end the other program" in checks["id-card"]["remedy"]


@contextmanager
def heeding_ctrl_c() -> Iterator[None]:
    """What is started heeds it, as at a technician's keyboard; a shell has what runs in its background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Watching:
    """``kiosk doctor --watch --json`` as a program, its lines in order."""

    def __init__(self, config: Path) -> None:
        arguments = ("doctor", "--config", str(config), "--watch", "--json")
        with heeding_ctrl_c():
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kiosk.cli.demo.bound", str(os.getpid()), *arguments],
                stdout=subprocess.PIPE,
                text=True,
            )
        self.last: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def until(self, name: str, **words: object) -> dict[str, Any]:
        """The line that says so of this device, the last one or one to come; a program that ends or hangs fails."""
        deadline = threading.Timer(PATIENCE_S, self._process.kill)
        deadline.start()
        try:
            while not words.items() <= self.last.get(name, {}).items():
                assert self._process.stdout is not None
                line = self._process.stdout.readline()
                assert line, f"never told of {name}: {words}"
                told: dict[str, Any] = json.loads(line)
                self.last[told["name"]] = told
        finally:
            deadline.cancel()
        return self.last[name]

    def interrupt(self) -> int:
        self._process.send_signal(signal.SIGINT)
        self._process.communicate(timeout=PATIENCE_S)
        return self._process.returncode


def test_watching_tells_of_every_device_and_of_every_change_until_it_is_interrupted(
    hall: TrainingTerminal, tmp_path: Path
) -> None:
    config = tmp_path / "terminal.toml"
    config.write_text(settings_text(hall.settings), encoding="utf-8")
    with Watching(config) as watching:
        for name in ("id-card", "camera", "face-analyser", "printer", "speaker", "gateway and clock"):
            watching.until(name, good=True)
        hall.programs["card-reader"].do("unplug")
        lost = watching.until("id-card", good=False)
        assert lost["failures"] == 2
        assert lost["last_error"]["reason"] == "port-gone"
        assert "unplugged" in lost["detail"]
        assert "plug the reader's cable in" in lost["remedy"]
        hall.programs["card-reader"].do("plug")
        back = watching.until("id-card", good=True)
        assert back["since"] > lost["since"]
        assert back["last_error"]["reason"] == "port-gone"
        hall.programs["printer"].do("paper-low")
        watching.until("printer", good=True, paper="media-low")
        assert watching.interrupt() == 0


def test_a_line_of_the_watch_is_readable_too(capsys: pytest.CaptureFixture[str], hall: TrainingTerminal) -> None:
    at = datetime(2026, 11, 20, 8, 5, 6, tzinfo=UTC)
    gone = Unavailable("no-answer", "switch it on")
    for status, failures in ((Ready("serial 1"), 1), (gone, 2)):
        show_report(DeviceReport("id-card", status, at, failures, Trouble(gone, at)), hall.settings, as_json=False)
    first, second, remedy = capsys.readouterr().out.splitlines()
    assert first == "08:05:06 ok   id-card: serial 1 (one bad look: no-answer)"
    assert second.startswith("08:05:06 WRONG id-card: no-answer: ")
    assert remedy.strip().startswith("-> check the reader's own power")


def test_an_address_that_swallows_everything_is_not_called_slow(hall: TrainingTerminal) -> None:
    asked = Check("gateway and clock", False, "timeout", took_s=hall.settings.platform.connect_s)
    assert "not even a refusal" in explained(asked, hall.settings).detail
    assert "network slow" in explained(replace(asked, took_s=hall.settings.platform.total_s), hall.settings).detail


@pytest.mark.parametrize(
    ("port", "words"),
    [("tcp:127.0.0.1:9", "serial device server"), ("hid:FFFE:FFFD", "/dev/hidraw"), ("/dev/absent-reader", "cable")],
)
def test_a_reader_that_is_away_is_looked_for_where_it_hangs(hall: TrainingTerminal, port: str, words: str) -> None:
    settings = hall.settings.model_copy(update={"id_card": hall.settings.id_card.model_copy(update={"port": port})})
    assert words in explained(Check("id-card", False, "port-gone", ""), settings).remedy
