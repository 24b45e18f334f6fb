"""The two training portraits: public-domain pictures that stand in for citizens in the virtual hall.

``astronaut`` is NASA's portrait as shipped by scikit-image (``skimage/data/astronaut.png``), ``hopper`` the US Navy's
as shipped by matplotlib 3.11 (``mpl-data/sample_data/grace_hopper.jpg``). Both are works of the United States
government. The files are not part of the project: ``kiosk models install --training`` puts them under
``<models>/portraits/``. Boxes and eyes below were measured once on exactly these files.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""Shape (height, width, 3), BGR."""

Plane = npt.NDArray[np.float64]

CHIP_WIDTH, CHIP_HEIGHT = 102, 126
"""Size of the photo in the chip of a second-generation ID card, pixels."""

_CHIP_FACE_SHARE = 0.52
_CHIP_EYE_LINE = 0.43
_CHIP_GROUND = 240


class PortraitUnusableError(ValueError):
    """A portrait file is missing or is not the file the constants were measured on."""


@dataclass(frozen=True, slots=True)
class Box:
    """Pixels of the portrait file: left upper corner and size."""

    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def placed(self, scale: float, shift: tuple[float, float]) -> "Box":
        """The same box on a picture enlarged by ``scale`` and then moved by ``shift``."""
        return Box(
            round(self.x * scale + shift[0]),
            round(self.y * scale + shift[1]),
            round(self.width * scale),
            round(self.height * scale),
        )

    def roundness(self, x: Plane, y: Plane, power: float) -> Plane:
        """Below 1 inside the rounded shape that fills the box; power 2 is an ellipse, more is squarer."""
        across = np.abs(x - self.centre[0]) / (self.width / 2)
        down = np.abs(y - self.centre[1]) / (self.height / 2)
        return np.asarray((across**power + down**power) ** (1 / power))

    def below_shoulder(self, x: Plane, y: Plane) -> Plane:
        """Pixels below the line of the shoulders, if the box is a face; negative above it."""
        chin = self.y + self.height
        return np.asarray(y - chin - 0.25 * (np.abs(x - self.centre[0]) - 0.3 * self.width))


@dataclass(frozen=True, slots=True)
class Portrait:
    """``face`` bounds the oval from hairline to chin and cheek to cheek, ``head`` adds hair, ears and hat,
    ``ears`` is the part of ``head`` below the top of the ears; ``eyes`` is the point between the eyes."""

    name: str
    file_name: str
    sha256: str
    face: Box
    head: Box
    ears: Box
    eyes: tuple[int, int]


ASTRONAUT = Portrait(
    name="astronaut",
    file_name="astronaut.png",
    sha256="88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    face=Box(x=178, y=69, width=94, height=108),
    head=Box(x=152, y=14, width=150, height=163),
    ears=Box(x=152, y=100, width=150, height=77),
    eyes=(225, 103),
)
HOPPER = Portrait(
    name="hopper",
    file_name="grace_hopper.jpg",
    sha256="a8ca6d734765703b09728ab47fe59f473d93ae3967fc24c7c0288c3c7adb7130",
    face=Box(x=168, y=131, width=190, height=204),
    head=Box(x=145, y=22, width=233, height=313),
    ears=Box(x=154, y=176, width=222, height=159),
    eyes=(264, 189),
)
PORTRAITS = {portrait.name: portrait for portrait in (ASTRONAUT, HOPPER)}


def load_portrait(portrait: Portrait, models: Path) -> Image:
    """The portrait as BGR pixels.

    Raises ``PortraitUnusableError`` when the file under ``models`` is missing, altered or no picture.
    """
    path = models / "portraits" / portrait.file_name
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise PortraitUnusableError(f"{path} cannot be read; install the training files first") from problem
    if hashlib.sha256(content).hexdigest() != portrait.sha256:
        raise PortraitUnusableError(f"{path} is not the expected file; install the training files again")
    return np.asarray(cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR), dtype=np.uint8)


def chip_picture(portrait: Portrait, models: Path) -> Image:
    """The head-and-shoulders picture for the chip of this person's training card, shape (126, 102, 3), BGR.

    The ground is plain and light as on every ID card photo. Raises ``PortraitUnusableError`` as ``load_portrait`` does.
    """
    scale = CHIP_WIDTH * _CHIP_FACE_SHARE / portrait.face.width
    shift = (
        CHIP_WIDTH / 2 - scale * portrait.face.centre[0],
        CHIP_HEIGHT * _CHIP_EYE_LINE - scale * portrait.eyes[1],
    )
    picture = load_portrait(portrait, models)
    if scale < 1:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.4 / scale), dtype=np.uint8)
    chip = cv2.warpAffine(
        picture,
        np.array([[scale, 0.0, shift[0]], [0.0, scale, shift[1]]]),
        (CHIP_WIDTH, CHIP_HEIGHT),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    y, x = np.mgrid[:CHIP_HEIGHT, :CHIP_WIDTH].astype(np.float64)
    in_head = portrait.head.placed(scale, shift).roundness(x, y, 2.6) < 1.03
    in_body = portrait.face.placed(scale, shift).below_shoulder(x, y) > 0
    person = cv2.GaussianBlur((in_head | in_body).astype(np.float32), (0, 0), 1.5)[:, :, None]
    return np.asarray(chip * person + _CHIP_GROUND * (1 - person), dtype=np.uint8)
