"""What a technician may set for the embedded face analyser."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PICTURE_BYTES = 16 << 20
"""Size of the memory driver and worker share; only pages that were written to take room."""


class EmbeddedFaceSettings(BaseModel):
    """Options of the model ``embedded``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["embedded"] = "embedded"
    models: Path = Field(Path("var/models"), description="Folder that kiosk models install filled.")
    upgrade: Path | None = Field(
        None, description="Folder of placed ONNX models with their manifest.toml; what is wrong with one is logged."
    )
    detection_score: float = Field(0.5, gt=0, lt=1, description="A face counts from this detector score on.")
    bystander_share: float = Field(
        0.5, gt=0, le=1, description="A second face counts from this share of the largest face's width on."
    )
    kept_frames: int = Field(450, ge=5, le=2000, description="Newest face crops kept for comparison and evidence.")
    frame_deadline_s: float = Field(5.0, gt=0, description="A frame not measured by then means the analyser hangs.")
    compare_deadline_s: float = Field(15.0, gt=0, description="The same for the reference and the comparison.")
    start_deadline_s: float = Field(30.0, gt=0, description="The same for starting and loading the models.")
    niceness: int = Field(10, ge=0, le=19, description="Priority given up so that the screen stays smooth.")
