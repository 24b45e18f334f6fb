"""``manifest.toml`` of the folder of placed models, written by the technician who put the files there.

One table for each role that is placed; a role without one keeps its embedded model::

    [recogniser]
    file = "face_recognition_sface_2021dec.onnx"
    sha256 = "0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79"
    licence = "Apache-2.0"
    size = [112, 112]        # width and height of the network's input, pixels
    range = 255              # grey values it was trained with: 0 to 255, or 0 to 1
    channels = "rgb"         # the order it was trained with
    threshold = 0.363        # the maker's own: least score, least cosine, least probability
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

MANIFEST = "manifest.toml"

Channels = Literal["bgr", "rgb"]
_FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
_Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Side = Annotated[int, Field(ge=16, le=1920)]


class InputSpec(BaseModel):
    """What a network expects to be shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: tuple[_Side, _Side]
    range: Literal[1, 255]
    channels: Channels


class PlacedFile(InputSpec):
    file: _FileName
    sha256: _Digest
    licence: str = Field(min_length=1)
    threshold: float = Field(gt=0, lt=1)


class PlacedAdvisor(PlacedFile):
    """``scale`` is the side of what it looks at, in sizes of the face."""

    scale: float = Field(ge=1, le=5)


class Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    detector: PlacedFile | None = None
    recogniser: PlacedFile | None = None
    advisor: PlacedAdvisor | None = None


def read_manifest(folder: Path) -> Manifest | None:
    """None when it is no manifest; ``OSError`` when it is not there."""
    try:
        return Manifest.model_validate(tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None
