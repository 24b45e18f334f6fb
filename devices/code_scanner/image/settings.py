"""Settings of the decoder for still pictures; it has no options."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class ImageScannerSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["image"] = "image"
