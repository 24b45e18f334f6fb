"""espeak-ng as the terminal starts it, with a program of our own in its place."""

from pathlib import Path

import psutil
import pytest

from devices.speaker.espeak.driver import EspeakSpeaker, sound_output_present
from devices.speaker.espeak.settings import EspeakSettings
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.speaker import Language
from tests.devices.speaker.programs import speech_program


def speaker(program: Path, limit_s: float = 60.0, sound: bool = True) -> EspeakSpeaker:
    return EspeakSpeaker(EspeakSettings(program=str(program), limit_s=limit_s), lambda: sound)


def wait_for_end(spoken: EspeakSpeaker) -> None:
    assert spoken._process is not None
    spoken._process.wait(timeout=20)


def test_the_words_reach_the_program_on_its_input_in_the_chosen_voice(tmp_path: Path) -> None:
    spoken = speaker(speech_program(tmp_path))
    spoken.speak("请看镜头", Language.CHINESE)
    wait_for_end(spoken)
    spoken.speak("Look here", Language.ENGLISH)
    wait_for_end(spoken)
    said = (tmp_path / "said.txt").read_text(encoding="utf-8").splitlines()
    assert said == ["-v cmn -s 157 -a 100 --stdin|请看镜头", "-v en -s 157 -a 100 --stdin|Look here"]
    assert not spoken.speaking()


def test_stop_leaves_no_process_behind(tmp_path: Path) -> None:
    spoken = speaker(speech_program(tmp_path, endless=True))
    spoken.speak("请稍候", Language.CHINESE)
    assert spoken._process is not None
    pid = spoken._process.pid
    assert spoken.speaking()
    spoken.stop()
    assert not spoken.speaking()
    assert not psutil.pid_exists(pid)


def test_a_new_prompt_ends_the_one_before(tmp_path: Path) -> None:
    spoken = speaker(speech_program(tmp_path, endless=True))
    spoken.speak("一", Language.CHINESE)
    assert spoken._process is not None
    first = spoken._process.pid
    spoken.speak("二", Language.CHINESE)
    assert not psutil.pid_exists(first)
    assert spoken.speaking()
    spoken.stop()


def test_a_program_that_never_ends_is_ended_at_the_limit(tmp_path: Path) -> None:
    spoken = speaker(speech_program(tmp_path, endless=True), limit_s=1e-6)
    spoken.speak("请稍候", Language.CHINESE)
    assert not spoken.speaking()


def test_a_program_that_does_not_listen_is_no_error(tmp_path: Path) -> None:
    deaf = tmp_path / "deaf"
    deaf.write_text("#!/bin/sh\nexec 0<&-\nexit 3\n", encoding="utf-8")
    deaf.chmod(0o755)
    spoken = speaker(deaf)
    spoken.speak("请" * 200_000, Language.CHINESE)
    if spoken._process is not None:
        wait_for_end(spoken)
    assert not spoken.speaking()


def test_without_program_or_sound_the_prompts_are_left_out(tmp_path: Path) -> None:
    absent = speaker(tmp_path / "absent")
    status = absent.status()
    assert isinstance(status, Unavailable)
    assert status.reason == "no-speech-program"
    absent.speak("请看镜头", Language.CHINESE)
    assert not absent.speaking()

    mute = speaker(speech_program(tmp_path), sound=False)
    status = mute.status()
    assert isinstance(status, Unavailable)
    assert status.reason == "no-sound-device"
    mute.speak("请看镜头", Language.CHINESE)
    assert not mute.speaking()
    assert not (tmp_path / "said.txt").exists()


def test_a_program_that_cannot_be_started_is_no_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF nothing")
    broken.chmod(0o755)
    spoken = speaker(broken)
    assert isinstance(spoken.status(), Ready)
    spoken.speak("请看镜头", Language.CHINESE)
    assert not spoken.speaking()


def test_sound_is_a_playback_device_or_a_sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    devices, sockets = tmp_path / "snd", tmp_path / "run"
    (sockets / "pulse").mkdir(parents=True)
    devices.mkdir()
    assert not sound_output_present(devices, sockets)
    (devices / "pcmC0D0c").touch()
    assert not sound_output_present(devices, sockets)
    (devices / "pcmC0D0p").touch()
    assert sound_output_present(devices, sockets)
    (devices / "pcmC0D0p").unlink()
    (sockets / "pulse" / "native").touch()
    assert sound_output_present(devices, sockets)
