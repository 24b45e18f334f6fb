"""Settings of spoken prompts through espeak-ng."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class EspeakSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["espeak"] = "espeak"
    program: str = Field(default="espeak-ng", description="Name or path of the espeak-ng program")
    chinese_voice: str = Field(default="cmn", description="Voice for Chinese words")
    english_voice: str = Field(default="en", description="Voice for English words")
    words_per_minute: int = Field(default=157, ge=80, le=300, description="Speed; 175 is espeak-ng's own")
    volume: int = Field(default=100, ge=0, le=200, description="Amplitude; 100 is espeak-ng's own")
    limit_s: float = Field(default=60.0, gt=0, description="A prompt that still speaks after this long is ended")
