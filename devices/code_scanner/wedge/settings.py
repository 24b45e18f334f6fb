"""Settings of a scanner that poses as a keyboard."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class WedgeSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["wedge"] = "wedge"
    node: str = Field(
        description="Event node of the scanner, best a stable name under /dev/input/by-id/; its keys are kept from the "
        "pages (not yet proven on a real node). Set the scanner to the US layout"
    )
