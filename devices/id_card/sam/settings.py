"""Settings of the GA/T 467 reader on a serial port."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class SamSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["sam"] = "sam"
    port: str = Field(description="Serial port of the reader, best a stable name under /dev/serial/by-id/")
    baud: Literal[115200, 57600, 38400, 19200, 9600] = Field(default=115200, description="Rate the reader is set to")
    command_timeout_s: float = Field(
        default=1.0, gt=0, le=3, description="Longest wait for the answer to a status, find or select command"
    )
    read_timeout_s: float = Field(default=3.0, gt=0, le=3, description="Longest wait for the card's text and photo")
    gap_timeout_s: float = Field(
        default=0.25, gt=0, le=1, description="An answer whose bytes stop for this long counts as truncated"
    )
    poll_interval_s: float = Field(default=0.3, ge=0.3, le=2, description="Pause between two looks for a card")
