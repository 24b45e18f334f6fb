"""Settings of an ESC/POS receipt printer on the network."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class EscposTcpSettings(BaseModel):
    """An Epson-compatible printer that answers status and job-end requests on its raw port."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["escpos_tcp"] = Field("escpos_tcp", description="Driver of the printer.")
    host: str = Field(description="Host name or IP address of the printer.")
    port: int = Field(9100, ge=1, le=65535, description="Raw TCP port.")
    paper_width: Literal[80, 58] = Field(80, description="Width of the paper roll in millimetres.")
    job_mark: Path | None = Field(
        None, description="File kept while a paper is unfinished, so that a restart cuts it off; none: it is not known."
    )
    connect_seconds: float = Field(3.0, gt=0, description="Longest wait for a connection.")
    answer_seconds: float = Field(2.0, gt=0, description="Longest wait for one status answer.")
    send_seconds: float = Field(10.0, gt=0, description="Longest wait until the system takes one band of a page.")
    print_seconds: float = Field(30.0, gt=0, description="Longest wait for the end of printing after the last byte.")
