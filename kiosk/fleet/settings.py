"""Options of the link to the fleet's broker."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

ADDRESS = r"^mqtts?://[^/?#@\s]+:\d{1,5}$"


class FleetSettings(BaseModel):
    """Where the broker is, who the terminal is there, and how often it tells how it is."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    address: str = Field(
        pattern=ADDRESS,
        description="mqtts://HOST:PORT of the broker; plain mqtt:// only on loopback or a private line",
    )
    ca: Path | None = Field(None, description="authority that the broker's certificate must be of; needed with mqtts")
    certificate: Path | None = Field(None, description="the terminal's own certificate, its number as common name")
    key: Path | None = Field(None, description="private key of that certificate")
    password: Path | None = Field(
        None, description="file with the terminal's password at the broker, where it has no certificate"
    )
    heartbeat_s: float = Field(60.0, gt=0, le=240, description="seconds between two statuses where nothing changes")
    keepalive_s: int = Field(60, ge=5, le=240, description="seconds of silence after which broker and terminal ask")
    spread_s: int = Field(
        30, ge=1, le=600, description="a lost broker is tried again at a random moment of so many seconds"
    )
    longest_pause_s: int = Field(120, ge=1, le=3600, description="longest pause between two tries")

    @field_validator("address")
    @classmethod
    def _has_a_port(cls, address: str) -> str:
        if not urlsplit(address).port:
            raise ValueError("names no port")
        return address

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.secure and self.ca is None:
            raise ValueError("mqtts needs `ca`")
        if not self.secure and (self.ca or self.certificate or self.key):
            raise ValueError("ca, certificate and key go with mqtts only")
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key go together")
        return self

    @property
    def secure(self) -> bool:
        return self.address.startswith("mqtts:")

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0
