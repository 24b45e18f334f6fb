"""Settings of the GA/T 467 reader, whatever carries its frames."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from devices.id_card.sam.address import parse_address


class SamSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["sam"] = "sam"
    port: str = Field(
        description="Where the reader is: a serial port, best a stable name under /dev/serial/by-id/; tcp:HOST:PORT "
        "of a serial device server; or hid:VVVV:PPPP[:SERIAL], USB vendor and product in hexadecimal"
    )
    baud: Literal[115200, 57600, 38400, 19200, 9600] = Field(
        default=115200, description="Rate wished on a serial port; a reader left at another one is found and moved"
    )
    command_timeout_s: float = Field(
        default=1.0, gt=0, le=3, description="Longest wait for the answer to a status, find or select command"
    )
    read_timeout_s: float = Field(default=3.0, gt=0, le=3, description="Longest wait for the card's text and photo")
    gap_timeout_s: float = Field(
        default=0.25, gt=0, le=1, description="An answer whose bytes stop for this long counts as truncated"
    )
    poll_interval_s: float = Field(default=0.3, ge=0.3, le=2, description="Pause between two looks for a card")
    read_appended_address: bool = Field(
        default=False, description="Ask for the address appended at a move too; costs one more command"
    )

    @field_validator("port")
    @classmethod
    def _is_an_address(cls, port: str) -> str:
        parse_address(port)
        return port
