"""The settings of one terminal: the fragments its drivers declare, composed, read from one TOML file."""

import math
import tomllib
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, field_validator

from devices.camera.mjpeg.settings import MjpegSettings
from devices.code_scanner.serial_scanner.settings import SerialScannerSettings
from devices.code_scanner.wedge.settings import WedgeSettings
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from devices.id_card.sam.settings import SamSettings
from devices.photo_decoder.maker.settings import MakerDecoderSettings
from devices.photo_decoder.training.settings import TrainingDecoderSettings
from devices.printer.a4.settings import A4CupsSettings
from devices.printer.escpos.settings import EscposSettings
from devices.smart_card.pcsc.settings import PcscSettings
from devices.speaker.espeak.settings import EspeakSettings
from devices.supervisor import SupervisionSettings
from kiosk.codes.issuers import CodeIssuer, book_of
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber, compose_receipt_number
from kiosk.domain.site import Site
from kiosk.face.settings import FaceSettings
from kiosk.fleet.settings import FleetSettings
from kiosk.flow.session_state import SessionTimes
from kiosk.platform.settings import PlatformSettings
from kiosk.wire.receipt_code import verification
from offline_cache.reference_cache import ReferenceSettings
from offline_cache.settings import StorageSettings

MAY_BE_ZERO = frozenset({"grey_photo_years", "hint_hold_s", "reaction_s", "wrong_way_rest_s"})
"""Figures that say how old or how long at least, where none at all is an answer too."""

Figures = TypeVar("Figures", SessionTimes, FaceSettings)
Decoder = Annotated[TrainingDecoderSettings | MakerDecoderSettings, Field(discriminator="model")]
_ROLL: str = EscposSettings.model_fields["model"].default
_SHEET: str = A4CupsSettings.model_fields["model"].default
ReceiptPrinter = Annotated[
    Annotated[EscposSettings, Tag(_ROLL)] | Annotated[A4CupsSettings, Tag(_SHEET)],
    Discriminator(lambda given: given.get("model", _ROLL) if isinstance(given, dict) else given.model),
]
Scanner = Annotated[SerialScannerSettings | WedgeSettings, Field(discriminator="model")]


class TerminalSettings(BaseModel):
    """Everything a technician may set. Relative paths count from the folder the terminal is started in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: Site = Field(description="where the terminal stands and who answers for it")
    signing_key: Path = Field(Path("var/terminal-key.pem"), description="the terminal's own key, made on first use")
    log: Path = Field(Path("var/terminal.log"), description="log of declared events, one JSON object a line")
    times: SessionTimes = Field(default_factory=SessionTimes, description="waiting times of every session")
    liveness: FaceSettings = Field(default_factory=FaceSettings, description="figures of the liveness decision")
    id_card: SamSettings = Field(description="identity-card reader")
    smart_card: PcscSettings | None = Field(
        None, description="reader of social-security cards, a table [smart_card] where one is fitted"
    )
    photo_decoder: Decoder = Field(default_factory=TrainingDecoderSettings, description="decoder of the chip portrait")
    camera: MjpegSettings = Field(description="camera that looks at the citizen")
    scanners: tuple[Scanner, ...] = Field(
        (), description="code scanners beside the camera, each a table [[scanners]] with its model"
    )
    face_analyser: EmbeddedFaceSettings = Field(
        default_factory=EmbeddedFaceSettings, description="face measurements in a process of their own"
    )
    printer: ReceiptPrinter = Field(description="printer of receipts, certificates and tickets")
    speaker: EspeakSettings = Field(default_factory=EspeakSettings, description="spoken prompts")
    supervision: SupervisionSettings = Field(
        default_factory=SupervisionSettings, description="how devices are watched, beside the self-check"
    )
    platform: PlatformSettings = Field(description="hall platform")
    fleet: FleetSettings | None = Field(
        None, description="broker to which the terminal tells how it is, a table [fleet] where the hall has one"
    )
    codes: tuple[CodeIssuer, ...] = Field(
        (), description="issuers of codes, one [[codes]] table each: they replace one of the product's list, or add one"
    )
    storage: StorageSettings = Field(description="records on disk until the platform has them")
    references: ReferenceSettings = Field(
        default_factory=ReferenceSettings, description="what the hall publishes and the terminal keeps at hand"
    )

    @field_validator("site")
    @classmethod
    def _can_issue_receipts(cls, site: Site) -> Site:
        """Composes a receipt as the terminal will, so that no citizen is the first to find out that it cannot."""
        number = _some_number(site.terminal)
        if number is None:
            raise _problem("terminal", "must be 2 to 8 digits or capitals")
        try:
            verification(number, Ed25519PrivateKey.generate(), site.verification_url)
        except ValueError:
            raise _problem("verification_url", "is too long for the QR of a receipt, or not plain letters") from None
        if site.as_of is not None:
            raise _problem("as_of", "is the day of the hall's own profile, and not to be set")
        if site.answer_days is not None and site.answer_days < 1:
            raise _problem("answer_days", "must be at least 1, or left out")
        return site

    @field_validator("codes")
    @classmethod
    def _told_apart(cls, codes: tuple[CodeIssuer, ...]) -> tuple[CodeIssuer, ...]:
        book_of(codes)
        return codes

    @field_validator("times", "liveness")
    @classmethod
    def _positive(cls, figures: Figures) -> Figures:
        for name, value in asdict(figures).items():
            if not math.isfinite(value):
                raise _problem(name, "must be finite")
            if not (isinstance(value, bool) or value > 0 or (value == 0 and name in MAY_BE_ZERO)):
                raise _problem(name, "must be above 0")
        return figures

    @field_validator("liveness")
    @classmethod
    def _wider_for_old_portraits(cls, figures: FaceSettings) -> FaceSettings:
        if figures.grey_threshold < figures.match_threshold:
            raise _problem("grey_threshold", "must not be below match_threshold")
        return figures


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


def _some_number(terminal: str) -> ReceiptNumber | None:
    try:
        return compose_receipt_number(ReceiptKind.ELIGIBILITY, date.max, terminal, 1)
    except ValueError:
        return None


def _problem(option: str, words: str) -> ValidationError:
    """Names the option inside the table that is being checked."""
    return ValidationError.from_exception_data(
        "settings", [{"type": "value_error", "loc": (option,), "input": None, "ctx": {"error": words}}]
    )
