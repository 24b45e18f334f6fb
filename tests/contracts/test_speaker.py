"""What every speaker keeps to, whether it can be heard or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.speaker.espeak.driver import EspeakSpeaker
from devices.speaker.espeak.settings import EspeakSettings
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.speaker import Language, Speaker
from tests.devices.speaker.programs import speech_program


@pytest.fixture(params=["heard", "absent", "as-installed"])
def speaker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Speaker]:
    match request.param:
        case "heard":
            program = speech_program(tmp_path, endless=True)
            made = EspeakSpeaker(EspeakSettings(program=str(program)), lambda: True)
        case "absent":
            made = EspeakSpeaker(EspeakSettings(program=str(tmp_path / "nothing")))
        case _:
            made = EspeakSpeaker(EspeakSettings(volume=0))
    yield made
    made.stop()


def test_status_is_typed_and_names_a_remedy(speaker: Speaker) -> None:
    status = speaker.status()
    assert isinstance(status, Ready | Unavailable)
    if isinstance(status, Unavailable):
        assert status.reason
        assert status.remedy


def test_nothing_is_said_before_it_is_asked_for(speaker: Speaker) -> None:
    assert not speaker.speaking()


def test_stop_silences_and_may_come_at_any_time(speaker: Speaker) -> None:
    speaker.stop()
    speaker.speak("请把身份证放在亮灯的位置", Language.CHINESE)
    speaker.stop()
    assert not speaker.speaking()
    speaker.stop()


@pytest.mark.parametrize("words", ["", "好", "Place your ID card on the lit area", "请" * 500])
def test_any_words_can_be_asked_for_again_and_again(speaker: Speaker, words: str) -> None:
    for language in Language:
        speaker.speak(words, language)
    speaker.stop()
    assert not speaker.speaking()


def test_only_an_available_speaker_speaks(speaker: Speaker) -> None:
    speaker.speak("请稍候", Language.CHINESE)
    if isinstance(speaker.status(), Unavailable):
        assert not speaker.speaking()
