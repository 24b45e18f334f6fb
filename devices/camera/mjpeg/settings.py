"""What a technician may set for a Motion JPEG camera."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

_ADDRESS = r"^https?://[^/\s@]+(/\S*)?$"


class MjpegSettings(BaseModel):
    """Options of the model ``mjpeg``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["mjpeg"] = "mjpeg"
    url: str = Field(pattern=_ADDRESS, description="Address of the stream, http://host:port/path")
    infrared: str | None = Field(
        None, pattern=_ADDRESS, description="Address of the infrared camera beside it, where a pair is fitted"
    )
    width: int = Field(640, ge=160, le=4096, description="Picture width the camera is set to, pixels")
    height: int = Field(480, ge=120, le=4096, description="Picture height the camera is set to, pixels")
    stall_s: float = Field(
        2.0, gt=0, le=30, description="A connection without a whole picture for this long is dropped"
    )
    reconnect_s: float = Field(
        0.2, gt=0, le=10, description="Pause before the second try to connect; each further pause doubles, to eightfold"
    )
