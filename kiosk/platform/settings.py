"""Options of the link to the hall platform."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class PlatformSettings(BaseModel):
    """Where the hall platform is, how both prove themselves, and how long it is waited for."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    address: str = Field(
        pattern=r"^https?://[^/?#\s]+$",
        description="scheme, host and port of the hall platform; plain http only on loopback or a private line",
    )
    registration: Path = Field(
        description="the platform's registration file: its public keys; newer sealing keys are kept beside it"
    )
    authority: Path | None = Field(
        None, description="the platform's certificate authority (PEM), the only one trusted; `kiosk enrol` writes it"
    )
    certificate: Path | None = Field(
        None, description="the terminal's own TLS certificate (PEM), renewed in time; `kiosk enrol` writes it"
    )
    tls_key: Path | None = Field(
        None, description="the TLS certificate's private key, or its name among systemd's credentials"
    )
    proxy: str | None = Field(
        None, pattern=r"^http://[^/?#\s]+$", description="HTTP proxy on the way there, for example http://10.0.0.1:3128"
    )
    connect_s: float = Field(2.0, gt=0, description="seconds to wait for a connection, and for TLS to be agreed on it")
    read_s: float = Field(8.0, gt=0, description="seconds to wait for the next byte of an answer")
    total_s: float = Field(8.0, gt=0, description="seconds from the first byte sent to the last byte of the answer")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.certificate is None) != (self.tls_key is None):
            raise ValueError("certificate and tls_key belong together")
        return self
