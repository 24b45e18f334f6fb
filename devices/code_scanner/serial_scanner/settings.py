"""Settings of a scanner on a serial port: RS-232 or USB CDC-ACM."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.code_scanner.intake import Charset


class SerialScannerSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["serial_scanner"] = "serial_scanner"
    port: str = Field(description="Serial port of the scanner, best a stable name under /dev/serial/by-id/")
    baud: Literal[115200, 57600, 38400, 19200, 9600] = Field(default=9600, description="Rate the scanner is set to")
    suffix: Literal["cr", "lf", "crlf", "none"] = Field(
        default="cr", description="What the scanner sends after each code; none: a code ends with 0.1 s of silence"
    )
    charset: Charset = Field(
        default=Charset.UTF_8,
        description="How the scanner writes text; binary takes the bytes as they are and wants suffix none",
    )
