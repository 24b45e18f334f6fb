"""Settings of an ESC/POS receipt printer, whatever it hangs on."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from devices.printer.escpos.address import parse_address


class EscposSettings(BaseModel):
    """An Epson-compatible printer that answers status and job-end requests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["escpos"] = Field("escpos", description="Driver of the printer.")
    address: str = Field(
        description="Where the printer is: tcp://HOST:PORT; serial:PATH?baud=115200&flow=rtscts, best a stable name "
        "under /dev/serial/by-id/, flow rtscts, xonxoff or none; usb:VVVV:PPPP[:SERIAL], vendor and product in "
        "hexadecimal; or cups:QUEUE, which tells nothing of a paper"
    )
    paper_width: Literal[80, 58] = Field(80, description="Width of the paper roll in millimetres.")
    job_mark: Path | None = Field(
        None, description="File kept while a paper is unfinished, so that a restart cuts it off; none: it is not known."
    )
    connect_seconds: float = Field(3.0, gt=0, description="Longest wait for a connection.")
    answer_seconds: float = Field(2.0, gt=0, description="Longest wait for one status answer.")
    send_seconds: float = Field(10.0, gt=0, description="Longest wait until the system takes one band of a page.")
    print_seconds: float = Field(30.0, gt=0, description="Longest wait for the end of printing after the last byte.")

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        parse_address(address)
        return address
