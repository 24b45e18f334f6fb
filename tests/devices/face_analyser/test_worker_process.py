"""The analyser's own process: it may die or hang, and the terminal goes on."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from devices.face_analyser.embedded.driver import EmbeddedFaceAnalyser
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from kiosk.domain.face import FaceObservation
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.face_analyser import AnalyserFault, Distances, ReferenceReady
from tests.devices.face_analyser.pictures import chip, frame, nobody, person, require_models
from tests.eventually import eventually
from tests.family import children_running

PATIENCE_S = 60.0
"""The worker gives way to everybody else on the machine."""

HANGS_S = 1.0


@pytest.fixture
def analyser() -> Iterator[EmbeddedFaceAnalyser]:
    yield from started(PATIENCE_S)


@pytest.fixture
def hasty() -> Iterator[EmbeddedFaceAnalyser]:
    """Takes a worker that says nothing for a while for one that hangs."""
    yield from started(HANGS_S)


def started(frame_deadline_s: float) -> Iterator[EmbeddedFaceAnalyser]:
    settings = EmbeddedFaceSettings(
        models=require_models(),
        frame_deadline_s=frame_deadline_s,
        compare_deadline_s=PATIENCE_S,
        start_deadline_s=PATIENCE_S,
    )
    driver = EmbeddedFaceAnalyser(settings)
    assert isinstance(driver.status(), Ready)
    yield driver
    driver.close()


def worker() -> psutil.Process:
    (process,) = children_running("devices.face_analyser.embedded.worker")
    return process


def end_worker() -> None:
    victim = worker()
    victim.kill()
    victim.wait(10)


def test_it_is_another_process_of_low_priority(analyser: EmbeddedFaceAnalyser) -> None:
    assert worker().pid != os.getpid()
    assert worker().nice() >= psutil.Process().nice() + 10


def test_a_crash_costs_the_attempt_and_not_the_session(analyser: EmbeddedFaceAnalyser) -> None:
    analyser.set_reference(chip("hopper"))
    assert isinstance(analyser.observe(frame(1, person("hopper"))), FaceObservation)
    victim = worker()
    victim.kill()
    assert analyser.observe(frame(2, person("hopper"))) == AnalyserFault("worker-died")
    assert isinstance(analyser.compare((1,)), AnalyserFault), "its faces are gone"
    assert isinstance(analyser.crop(1), AnalyserFault)
    assert isinstance(analyser.set_reference(chip("hopper")), ReferenceReady)
    assert worker().pid != victim.pid
    assert isinstance(analyser.observe(frame(3, person("hopper"))), FaceObservation)
    assert isinstance(analyser.compare((3,)), Distances)


def test_a_hang_is_a_fault_and_the_hung_process_goes(hasty: EmbeddedFaceAnalyser) -> None:
    victim = worker()
    os.kill(victim.pid, signal.SIGSTOP)
    assert hasty.observe(frame(1, nobody())) == AnalyserFault("worker-hangs")
    assert not victim.is_running()
    assert isinstance(hasty.status(), Ready)
    assert eventually(lambda: isinstance(hasty.observe(frame(2, nobody())), FaceObservation), PATIENCE_S)


def test_a_worker_that_died_under_a_session_is_told_to_it_though_another_is_there(
    analyser: EmbeddedFaceAnalyser,
) -> None:
    analyser.set_reference(chip("hopper"))
    end_worker()
    gone = analyser.present()
    assert isinstance(gone, Unavailable)
    assert isinstance(analyser.status(), Ready)
    assert analyser.observe(frame(1, person("hopper"))) == AnalyserFault("worker-died")
    assert isinstance(analyser.observe(frame(2, person("hopper"))), FaceObservation)


def test_a_session_takes_its_process_with_it_and_the_next_one_waits(analyser: EmbeddedFaceAnalyser) -> None:
    first = worker()
    analyser.forget()
    assert worker().pid == first.pid, "nothing was shown to it"
    analyser.set_reference(chip("hopper"))
    analyser.forget()
    assert not first.is_running()
    spare = worker()
    assert isinstance(analyser.set_reference(chip("hopper")), ReferenceReady)
    assert worker().pid == spare.pid


def test_it_leaves_no_core_dump(analyser: EmbeddedFaceAnalyser) -> None:
    assert worker().rlimit(psutil.RLIMIT_CORE) == (0, 0)
    maps = Path(f"/proc/{os.getpid()}/smaps").read_text(encoding="ascii")
    shared = maps[maps.index("kiosk-face") :]
    flags = next(line for line in shared.splitlines() if line.startswith("VmFlags"))
    assert "dd" in flags.split(), "the pictures both processes see are left out of the terminal's dump too"


def test_a_worker_that_died_idle_is_replaced(analyser: EmbeddedFaceAnalyser) -> None:
    end_worker()
    gone = analyser.present()
    assert isinstance(gone, Unavailable)
    assert gone.reason == "worker-died"
    assert isinstance(analyser.status(), Ready)
    assert isinstance(analyser.present(), Ready)
    assert isinstance(analyser.set_reference(chip("hopper")), ReferenceReady)


def test_forgetting_wipes_the_shared_picture(analyser: EmbeddedFaceAnalyser) -> None:
    analyser.observe(frame(1, person("hopper")))
    handles = Path("/proc/self/fd")
    pictures = next(handle for handle in handles.iterdir() if "kiosk-face" in _target(handle))
    with pictures.open("rb") as shared:
        assert any(shared.read(640 * 480 * 3))
        analyser.forget()
        shared.seek(0)
        assert not any(shared.read())


def _target(handle: Path) -> str:
    try:
        return str(handle.readlink())
    except OSError:
        return ""


def test_closing_leaves_no_process(analyser: EmbeddedFaceAnalyser) -> None:
    process = worker()
    analyser.close()
    assert not process.is_running()


def test_the_worker_goes_when_the_terminal_is_gone(analyser: EmbeddedFaceAnalyser) -> None:
    """The channel closes with the terminal's process, however that ended."""
    process = worker()
    assert analyser._worker is not None
    analyser._worker._channel.close()
    assert process.wait(timeout=10) == 0
