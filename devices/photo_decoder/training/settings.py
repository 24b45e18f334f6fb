"""Settings of the decoder for training cards; it has no options."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class TrainingDecoderSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["training"] = "training"
