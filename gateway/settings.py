"""Options of the reference hall gateway."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gateway.books.settings import BooksSettings
from gateway.desk.settings import DeskSettings
from gateway.evidence_store import EVIDENCE_URL, IN_DATABASE
from gateway.limits import LimitSettings
from gateway.tls_settings import TlsSettings
from kiosk.domain.case import Outcome
from kiosk.domain.eligibility import WindowRule
from kiosk.wire.broker import BrokerSettings


def said(problem: ValidationError) -> str:
    """What is wrong with the options, in one line."""
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problem.errors())


class LivenessFloor(BaseModel):
    """Figures the gateway wants to see before it believes that an action was done by a head and not by a photo."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: str = Field(description="beginning of the action's name, for example turn-")
    at_least: dict[str, float] = Field(description="signal and its smallest figure")


_FLOORS = (
    LivenessFloor(action="turn-", at_least={"nose_shift": 0.10, "parallax_residual": 0.035}),
    LivenessFloor(action="nod", at_least={"nod_shift": 0.06, "parallax_residual": 0.02}),
    LivenessFloor(action="follow-dot", at_least={"dot_followed": 0.6, "parallax_residual": 0.02}),
    LivenessFloor(action="blink", at_least={"blinks": 2.0}),
)
"""As the terminals' own figures (``kiosk.face.settings``), which count for nothing here."""


class DecisionPolicy(BaseModel):
    """What the agency decides by. A terminal's own thresholds count for nothing here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home_area: str | None = Field(
        None, description="area whose roster is meant where a terminal names none; left out, every line kept here"
    )
    max_distance: float = Field(0.55, gt=0, description="largest face distance that passes (dlib ResNet)")
    old_portrait_distance: float = Field(
        0.60, gt=0, description="the same for an old portrait of an identity card and a liveness without any doubt"
    )
    old_portrait_years: float = Field(3.0, ge=0, description="years a card is valid from which its portrait is old")
    wrong_person_distance: float = Field(
        0.65, gt=0, description="face distance from which a living, unmatched face goes to the fraud queue (E-17)"
    )
    several_persons: int = Field(
        3, ge=2, description="unmatched persons at one terminal within ten minutes that are a case for the fraud queue"
    )
    pause_hours: int = Field(
        24, ge=0, description="hours a person is served at a desk only after a suspected spoof; 0 never (E-14)"
    )
    give_references: bool = Field(False, description="answer terminals with the reference pictures kept here")
    min_frames: int = Field(3, ge=1, description="fewest compared frames that pass")
    liveness: tuple[LivenessFloor, ...] = Field(
        _FLOORS, description="actions accepted as proof of life; every one that was asked for must meet its floor"
    )
    blink_alone: Outcome = Field(Outcome.PENDING, description="outcome where nothing but blinking proved life")
    offline_actions: int = Field(
        2, ge=1, description="fewest different actions of offline evidence that pass; fewer are left to staff"
    )
    window_rule: WindowRule = Field(
        WindowRule.MONTH_END_12, description="how a window ends in areas that name no rule of their own"
    )
    area_rules: dict[str, WindowRule] = Field(default_factory=dict, description="area and its own rule")
    due_soon_days: int = Field(60, ge=1, description="days before the due date from which a confirmation is wanted")
    expired_document: Outcome = Field(Outcome.PENDING, description="outcome for an expired identity card (E-03)")
    capture_day_counts: bool = Field(
        False, description="an offline confirmation counts from the day of the capture, not of its arrival"
    )
    max_clock_lead_s: float = Field(60.0, ge=0, description="evidence made this far in the future is left to staff")
    max_age_days: int = Field(30, ge=1, description="evidence older than this is left to staff")
    appeal_picture_days: int = Field(
        30, ge=1, description="days a sealed picture is kept that staff are to compare with the card's portrait"
    )
    offline_picture_days: int = Field(
        7, ge=1, description="days a sealed picture of offline evidence is kept from its arrival"
    )


class GatewaySettings(BaseModel):
    """One gateway: its database, its key, the terminals it knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: str = Field(description="SQLAlchemy URL; sqlite:///PATH for one hall, postgresql:// for a province")
    key: Path = Field(description="the gateway's own key file, made on first start")
    terminals: tuple[Path, ...] = Field((), description="registration files of the terminals it takes records from")
    sandbox: bool = Field(False, description="serve made-up people to training terminals, and to no other")
    portraits: Path | None = Field(None, description="sandbox only: folder of the training portraits")
    policy: DecisionPolicy = Field(default_factory=DecisionPolicy, description="what decisions rest on")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8321, ge=0, le=65535, description="port to listen on, 0 for a free one")
    workers: int = Field(1, ge=1, le=64, description="processes on the one port")
    log: Path | None = Field(
        None, description="file of JSON lines; left out, troubles alone are told, on standard error"
    )
    evidence: str = Field(
        IN_DATABASE,
        pattern=EVIDENCE_URL,
        description="where sealed envelopes with pictures lie: database, or s3://BUCKET/PREFIX in S3-compatible "
        "storage, whose credentials are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    )
    evidence_endpoint: str | None = Field(
        None, pattern=r"^https?://[^/]+$", description="address of that storage where it is not AWS"
    )
    evidence_region: str = Field("us-east-1", description="its region, where it has any")
    limits: LimitSettings = Field(default_factory=LimitSettings, description="how much one terminal may send")
    desk: DeskSettings = Field(default_factory=DeskSettings, description="the staff's pages")
    books: BooksSettings = Field(
        default_factory=BooksSettings, description="what the hall publishes, uploads of ratings, days of tickets"
    )
    fleet: BrokerSettings | None = Field(
        None, description="broker at which terminals tell how they are, a table [fleet]"
    )

    tls: TlsSettings | None = Field(None, description="serve https by the gateway's own authority, a table [tls]")

    @model_validator(mode="after")
    def _several_share_a_server(self) -> Self:
        if self.workers > 1 and (self.sandbox or self.database.startswith("sqlite")):
            raise ValueError("several workers need PostgreSQL, and a sandbox is served by one")
        return self

    @model_validator(mode="after")
    def _endpoint_of_a_storage(self) -> Self:
        if self.evidence_endpoint is not None and self.evidence == IN_DATABASE:
            raise ValueError("evidence_endpoint is the address of an s3:// storage")
        return self

    @property
    def certificate_key(self) -> Path:
        """The key certificates are signed with, beside the gateway's own and made on first start as well."""
        return self.key.with_suffix(".certificate.pem")

    @property
    def staff_file(self) -> Path:
        return self.key.with_suffix(".staff.json")
