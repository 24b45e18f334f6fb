"""Settings of a smart-card reader behind pcscd."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class PcscSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["pcsc"] = "pcsc"
    reader: str = Field("", description="Part of the reader's name as pcscd tells it; empty takes the first reader")
    socket: Path | None = Field(None, description="Where pcscd listens, when it is not the system's own")
    read_timeout_s: float = Field(3.0, gt=0, le=3, description="Longest wait for all of a card's files")
    look_s: float = Field(
        0.2, gt=0, le=0.5, description="Longest wait inside pcscd; a caller who gives up is heard after it"
    )
