"""Settings of an ESC/POS receipt printer, whatever it hangs on."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from devices.printer.escpos.address import parse_address
from devices.printer.escpos.profile import DEFAULT, profile_of

DOTS = {80: 576, 58: 384}


class EscposSettings(BaseModel):
    """An Epson-compatible printer that answers status and job-end requests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["escpos"] = Field("escpos", description="Driver of the printer.")
    address: str = Field(
        description="Where the printer is: tcp://HOST:PORT; serial:PATH?baud=115200&flow=rtscts, best a stable name "
        "under /dev/serial/by-id/, flow rtscts, xonxoff or none; usb:VVVV:PPPP[:SERIAL], vendor and product in "
        "hexadecimal; or cups-raw:QUEUE, which tells nothing of a paper"
    )
    paper_width: Literal[80, 58] = Field(80, description="Width of the paper roll in millimetres.")
    profile: str = Field(
        DEFAULT,
        description="What the printer can: epson, snbc, gainscha, rongta, xprinter, star-escpos, citizen, custom or "
        "conservative; or the file that kiosk probe-printer wrote",
    )
    connect_seconds: float = Field(3.0, gt=0, description="Longest wait for a connection.")
    answer_seconds: float = Field(2.0, gt=0, description="Longest wait for one status answer.")
    send_seconds: float = Field(10.0, gt=0, description="Longest standstill of a line that takes no byte.")
    print_seconds: float = Field(30.0, gt=0, description="Longest wait for the end of printing after the last byte.")
    cool_seconds: float = Field(60.0, gt=0, description="Longest wait for a hot head to cool down in a job.")
    take_seconds: float = Field(
        30.0, gt=0, description="How long a printer with a presenter holds the paper out before it takes it back."
    )

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        parse_address(address)
        return address

    @field_validator("profile")
    @classmethod
    def _is_wide_enough(cls, profile: str, info: ValidationInfo) -> str:
        dots, needed = profile_of(profile).dots_across, DOTS[info.data.get("paper_width", 58)]
        if dots is not None and dots < needed:
            raise ValueError(f"prints {dots} dots across, a roll of this width needs {needed}")
        return profile
