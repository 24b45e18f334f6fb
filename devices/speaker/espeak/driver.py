"""Spoken prompts by espeak-ng, one process a prompt.

The words go in on standard input, so that they stand in no process list. Without the program or without a sound
device the speaker is unavailable and every prompt is silently left out.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from devices.speaker.espeak.settings import EspeakSettings
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.speaker import Language

_ALSA = Path("/dev/snd")
_USER_SOCKETS = Path(f"/run/user/{os.getuid()}")
_LONGEST = 4000  # characters; fits the kernel's pipe buffer, so that writing cannot block


def sound_output_present(devices: Path = _ALSA, sockets: Path = _USER_SOCKETS) -> bool:
    """An ALSA playback device, or a PulseAudio or PipeWire server of this user."""
    if "PULSE_SERVER" in os.environ or any(devices.glob("pcmC*p")):
        return True
    return any((sockets / name).exists() for name in ("pulse/native", "pipewire-0"))


class EspeakSpeaker:
    """Implements ``kiosk.ports.speaker.Speaker``. Call from one thread; no call waits for speech."""

    def __init__(self, settings: EspeakSettings, has_sound: Callable[[], bool] = sound_output_present) -> None:
        self._settings = settings
        self._has_sound = has_sound
        self._process: subprocess.Popen[bytes] | None = None
        self._ends_at = 0.0

    def status(self) -> DeviceStatus:
        program = self._settings.program
        if shutil.which(program) is None:
            return Unavailable("no-speech-program", f"install espeak-ng, or name its path instead of {program}")
        if not self._has_sound():
            return Unavailable("no-sound-device", "connect a loudspeaker and check that this user may use it")
        return Ready(program)

    def speak(self, text: str, language: Language) -> None:
        self.stop()
        if isinstance(self.status(), Unavailable):
            return
        try:
            process = subprocess.Popen(  # noqa: S603  the program is the technician's setting
                self._command(language),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return
        self._process = process
        self._ends_at = time.monotonic() + self._settings.limit_s
        assert process.stdin is not None
        try:
            process.stdin.write(text[:_LONGEST].encode())
            process.stdin.close()
        except BrokenPipeError:
            self.stop()

    def speaking(self) -> bool:
        if self._process is None:
            return False
        if self._process.poll() is None and time.monotonic() < self._ends_at:
            return True
        self.stop()
        return False

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if process.stdin is not None:
            try:
                process.stdin.close()
            except BrokenPipeError:
                return

    def _command(self, language: Language) -> list[str]:
        settings = self._settings
        voice = settings.chinese_voice if language is Language.CHINESE else settings.english_voice
        return [
            settings.program,
            *("-v", voice),
            *("-s", str(settings.words_per_minute)),
            *("-a", str(settings.volume)),
            "--stdin",
        ]
