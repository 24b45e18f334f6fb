"""What a citizen showed the terminal is in no process of it and in no file of it once his session is over.

One passed session at the real window, in processes of its own. While he stands before the camera everything is found
where it must be; after the wipe nothing is, anywhere. Then somebody is served while the hall is away: his case waits in
the outbox, and whoever has all of the machine in hand cannot read it.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from hashlib import sha512
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway.sandbox import HOPPER, SandboxPerson, sandbox_people
from kiosk.cli.demo.hall import Hall
from kiosk.cli.demo.training import TrainingTerminal, set_up
from kiosk.domain.case import EligibilityCase
from kiosk.domain.china_time import CHINA
from kiosk.wire import keys
from kiosk.wire.envelope import Header, read_header
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from kiosk.wire.staff_answer import terminal_staff_key
from tests.devices.face_analyser.pictures import require_models
from tests.terminal.traces import Needles, kept_picture, needles_of, shown_by_card, told_of
from tests.terminal.window_visitor import SAMPLED, Seized, TouchedTerminal, Watcher, running, seized, watching

TERMINAL = "tests.terminal.touched_terminal"
CAMERA, FACE = "devices.camera.hosted.worker", "devices.face_analyser.embedded.worker"

EXPECTED = {
    TERMINAL: {"number", "name", "address", "chip picture", "frame", "frame, mirrored"},
    CAMERA: {"frame", "jpeg"},
    FACE: {"embedding", "frame"},
}
"""What must be found where while he stands before the camera."""

LOOKS = 3

EXPECTED_AT_RESULT = {"number", "name", "address", "chip picture", "kept picture"}
"""What the terminal must hold while he reads what became of his case, which is sealed by then."""

PLANTED = "KIOSK_TEST_PLANTED"
"""A variable whose value every process of the terminal holds."""

HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingTerminal]:
    folder = tmp_path_factory.mktemp("nothing-remains")
    state = folder / "terminal"
    state.mkdir()
    with Hall(folder) as hall:
        delivery = {"first_delay_s": 0.2, "start_window_s": 0.2}
        training = set_up(hall, folder, require_models(), state, delivery)
        training.programs["camera"].do("person", portrait=HOPPER)
        settings = training.settings.model_copy(update={"log": state / "terminal.log"})
        yield replace(training, settings=settings)


@pytest.fixture(scope="module")
def planted() -> bytes:
    return secrets.token_hex(16).encode()


@pytest.fixture(scope="module")
def terminal(training: TrainingTerminal, planted: bytes) -> Iterator[TouchedTerminal]:
    with running(training, training.settings.storage.path.parent, **{PLANTED: planted.decode()}) as terminal:
        yield terminal


@pytest.fixture
def watcher(training: TrainingTerminal) -> Iterator[Watcher]:
    with watching(training.settings.camera.url) as watcher:
        yield watcher


@pytest.fixture
def no_hall(training: TrainingTerminal) -> Iterator[None]:
    training.programs["link"].do("cut")
    yield
    training.programs["link"].do("restore")


def test_nothing_of_a_citizen_remains(terminal: TouchedTerminal, watcher: Watcher) -> None:
    person = _person("due")
    card = told_of(person) | shown_by_card()
    terminal.begins()
    terminal.lays_card(person)
    terminal.until(page="review")
    watcher.pictures.clear()
    terminal.touch("primary")
    during = _seized_with_a_picture(terminal, watcher)
    terminal.until(page="result")
    of_session = watcher.pictures[:: len(watcher.pictures) // SAMPLED]
    terminal.leaves()
    after = seized(terminal, watcher)
    held = during.memory_with(card | needles_of(during.pictures))
    for program, what in EXPECTED.items():
        missing = what - set(held[program])
        assert not missing, f"even during the session {program} does not show {missing}"
    _assert_nothing(after, card | needles_of(during.pictures + of_session))


@pytest.mark.story("E-20")
@pytest.mark.usefixtures("no_hall")
def test_nothing_of_a_queued_case_can_be_read(
    terminal: TouchedTerminal, watcher: Watcher, training: TrainingTerminal, planted: bytes, tmp_path: Path
) -> None:
    """In hand are the memory of every process, more of it than a core dump has, the outbox with its WAL, the logs and
    the terminal's keys. The picture that is looked for is the very one that the gateway finds in the envelope."""
    person = _person("overdue")
    terminal.begins()
    terminal.lays_card(person)
    terminal.until(page="message")
    watcher.pictures.clear()
    terminal.touch("primary")
    terminal.until(page="result")
    at_result = seized(terminal, watcher)
    of_session = watcher.pictures[:: len(watcher.pictures) // SAMPLED]
    terminal.leaves()
    after = seized(terminal, watcher)
    gateway = keys.load_or_create_sealing_key(training.settings.storage.path.with_name("gateway-key.pem"))
    assert isinstance(gateway, X25519PrivateKey)
    envelope = _waiting(after, tmp_path)
    case = _opened(envelope, gateway, training)
    assert case.document.number == person.number
    assert case.crop is not None
    of_case = told_of(person) | shown_by_card() | kept_picture(case.crop)
    missing = EXPECTED_AT_RESULT - set(at_result.memory_with(of_case)[TERMINAL])
    assert not missing, f"even before he leaves the terminal does not show {missing}"
    _assert_nothing(after, of_case | needles_of(of_session) | {"gateway's key": [gateway.private_bytes_raw()]})
    _assert_something(after, case.receipt.value.encode(), envelope, planted)
    assert _opening(envelope, {"gateway": gateway, **_keys_in(after)}) == ["gateway"]


def _person(slug: str) -> SandboxPerson:
    return next(person for person in sandbox_people(datetime.now(CHINA).date()) if person.slug == slug)


def _seized_with_a_picture(terminal: TouchedTerminal, watcher: Watcher) -> Seized:
    """While he stands before the camera, at a moment when a picture has come: between two of them the camera's process
    holds none as it was sent."""
    for _ in range(LOOKS):
        terminal.until(page="capture", asked=True)
        machine = seized(terminal, watcher)
        sent = {"jpeg": needles_of(machine.pictures)["jpeg"]}
        if any(one.holding(sent) for one in machine.memory if one.program == CAMERA):
            break
    return machine


def _assert_nothing(machine: Seized, needles: Needles) -> None:
    assert machine.memory_with(needles) == {}
    assert set(EXPECTED) <= {one.program for one in machine.memory}
    assert machine.files_with(needles) == {}
    assert {"outbox.sqlite", "outbox.sqlite-wal", "terminal.log", "terminal.err"} <= set(machine.files)


def _assert_something(machine: Seized, receipt: bytes, envelope: bytes, planted: bytes) -> None:
    """The same search finds what is there."""
    known: Needles = {"receipt": [receipt], "planted": [planted], "sealed": [envelope[-48:]]}
    in_memory, in_files = machine.memory_with(known), machine.files_with(known)
    assert all("planted" in in_memory[program] for program in EXPECTED)
    assert "receipt" in in_memory[TERMINAL]
    assert "receipt" in in_files["terminal.log"]
    assert {"receipt", "sealed"} <= {*in_files.get("outbox.sqlite", ()), *in_files.get("outbox.sqlite-wal", ())}


def _waiting(machine: Seized, folder: Path) -> bytes:
    """The one envelope that waits, read from the seized files."""
    for name, content in machine.files.items():
        if name.startswith("outbox.sqlite"):
            (folder / name).write_bytes(content)
    with closing(sqlite3.connect(folder / "outbox.sqlite")) as outbox:
        ((data,),) = outbox.execute("SELECT data FROM envelope JOIN record USING (id)")
    assert isinstance(data, bytes)
    return data


def _opened(envelope: bytes, gateway: X25519PrivateKey, training: TrainingTerminal) -> EligibilityCase:
    terminal = keys.load_terminal_registration(training.registration)
    assert isinstance(terminal, keys.RegisteredTerminal)
    opened = open_envelope(envelope, gateway, {terminal.key_id: terminal})
    assert isinstance(opened, OpenedEnvelope), opened
    assert isinstance(opened.content, EligibilityCase)
    return opened.content


def _keys_in(machine: Seized) -> dict[str, X25519PrivateKey]:
    """What can be made of the private keys in the terminal's files: as it lies there, as the scalar it signs with (RFC
    8032, 5.1.5), and the one that answers of staff are worked out with."""
    (text,) = (content for content in machine.files.values() if b"PRIVATE KEY" in content)
    signing = load_pem_private_key(text, password=None)
    assert isinstance(signing, Ed25519PrivateKey)
    raw = signing.private_bytes_raw()
    return {
        "raw": X25519PrivateKey.from_private_bytes(raw),
        "scalar": X25519PrivateKey.from_private_bytes(sha512(raw).digest()[:32]),
        "staff": terminal_staff_key(signing),
    }


def _opening(envelope: bytes, owned: dict[str, X25519PrivateKey]) -> list[str]:
    """Which keys open it."""
    header = read_header(envelope)
    assert isinstance(header, Header)
    opening = []
    for name, key in owned.items():
        try:
            HPKE.decrypt(envelope[-header.length :], key, info=header.names())
        except InvalidTag:
            continue
        opening.append(name)
    return opening
