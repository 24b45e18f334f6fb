"""Settings of an A4 printer behind CUPS."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class A4CupsSettings(BaseModel):
    """A queue that takes PDF. Whether a paper was printed is known only where the queue's printer speaks IPP."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["a4"] = Field("a4", description="Driver of the printer.")
    queue: str = Field(pattern=r"^[A-Za-z0-9_.+-]+$", description="Name of the CUPS queue.")
    server: str = Field(
        "/run/cups/cups.sock",
        pattern=r"^(/.*|[A-Za-z0-9.-]+:\d{1,5})$",
        description="Socket of CUPS, or HOST:PORT.",
    )
    trust_backend: bool = Field(
        False,
        description="Take CUPS's word for printed papers where the printer itself cannot be asked: "
        "CUPS knows only that the printer took the data.",
    )
    answer_seconds: float = Field(3.0, gt=0, description="Longest wait for one answer of CUPS or the printer.")
    send_seconds: float = Field(20.0, gt=0, description="Longest wait until CUPS has taken a document.")
    print_seconds: float = Field(90.0, gt=0, description="Longest wait for the end of printing.")
    warning_seconds: float = Field(
        30.0,
        gt=0,
        description="Longest a job may take while the printer warns of an empty tray, a jam or an open door.",
    )
    poll_seconds: float = Field(0.25, gt=0, description="Pause between two questions about a running job.")
