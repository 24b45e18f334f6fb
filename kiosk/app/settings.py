"""The settings of one terminal: the fragments its drivers declare, composed, read from one TOML file."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from devices.camera.mjpeg.settings import MjpegSettings
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from devices.id_card.sam_serial.settings import SamSerialSettings
from devices.photo_decoder.training.settings import TrainingDecoderSettings
from devices.printer.escpos_tcp.settings import EscposTcpSettings
from devices.speaker.espeak.settings import EspeakSettings
from kiosk.domain.site import Site
from kiosk.face.settings import FaceSettings
from kiosk.flow.session_state import SessionTimes
from kiosk.platform.settings import PlatformSettings
from offline_cache.settings import StorageSettings


class TerminalSettings(BaseModel):
    """Everything a technician may set. Relative paths count from the folder the terminal is started in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: Site = Field(description="where the terminal stands and who answers for it")
    signing_key: Path = Field(Path("var/terminal-key.pem"), description="the terminal's own key, made on first use")
    log: Path = Field(Path("var/terminal.log"), description="log of declared events, one JSON object a line")
    times: SessionTimes = Field(default_factory=SessionTimes, description="waiting times of every session")
    liveness: FaceSettings = Field(default_factory=FaceSettings, description="figures of the liveness decision")
    id_card: SamSerialSettings = Field(description="identity-card reader")
    photo_decoder: TrainingDecoderSettings = Field(
        default_factory=TrainingDecoderSettings, description="decoder of the chip portrait"
    )
    camera: MjpegSettings = Field(description="camera that looks at the citizen")
    face_analyser: EmbeddedFaceSettings = Field(
        default_factory=EmbeddedFaceSettings, description="face measurements in a process of their own"
    )
    printer: EscposTcpSettings = Field(description="receipt printer")
    speaker: EspeakSettings = Field(default_factory=EspeakSettings, description="spoken prompts")
    platform: PlatformSettings = Field(description="hall platform")
    storage: StorageSettings = Field(description="records on disk until the platform has them")


@dataclass(frozen=True, slots=True)
class SettingsUnusable:
    """The file cannot be read or says something it may not; ``problems`` name the place, one line each."""

    problems: tuple[str, ...]


def load_settings(path: Path) -> TerminalSettings | SettingsUnusable:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as trouble:
        return SettingsUnusable((f"{path}: {trouble.strerror}",))
    except ValueError as trouble:
        return SettingsUnusable((f"{path}: {trouble}",))
    try:
        return TerminalSettings.model_validate(values)
    except ValidationError as trouble:
        return SettingsUnusable(
            tuple(f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}" for error in trouble.errors())
        )
