"""Options of the link to the hall platform."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class PlatformSettings(BaseModel):
    """Where the hall platform is and how long it is waited for."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    address: str = Field(
        pattern=r"^https?://[^/?#\s]+$",
        description="scheme, host and port of the hall platform; plain http only on loopback or a private line",
    )
    registration: Path = Field(description="the platform's registration file: its public key")
    connect_s: float = Field(2.0, gt=0, description="seconds to wait for a connection")
    total_s: float = Field(8.0, gt=0, description="seconds from the first byte sent to the last byte of the answer")
