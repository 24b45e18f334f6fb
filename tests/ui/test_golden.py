"""Every page as it was last looked at and approved. ``--renew-golden`` writes the pictures anew; look at them then.

Camera pages show a drawn figure. Pictures are kept at half size; the tolerance allows for another rasteriser's
rounding, not for another layout.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from kiosk.ports.speaker import Language
from tests.ui.stage import Stage
from tests.ui.states import STATES, attract
from ui.painted import CameraView
from ui.view_models.local import Local, SidePage

Pixels = npt.NDArray[np.int16]

GOLDEN = Path(__file__).parents[1] / "golden" / "pages"
HALF = QSize(540, 960)
LOUD_LEVELS = 24
LOUD_SHARE = 0.0005

ENGLISH = Local(language=Language.ENGLISH)
BLACK = Local(contrast=True)
LOOKS: dict[str, tuple[str, Local, bool]] = {
    **{
        name: (name, Local(), False)
        for name in (
            "home",
            "home-closed",
            "notice",
            "read-card",
            "read-card-again",
            "read-card-done",
            "offline",
            "review",
            "review-done",
            "capture",
            "action-left",
            "action-right",
            "action-back",
            "result-passed-printed",
            "result-pending",
            "result-referred",
            "paper-out",
            "paper-unknown",
            "take",
            "take-card-left",
            "idle",
            "other-way-face",
            "wiping",
            "unavailable",
            "halt-not-listed",
        )
    },
    "rating": ("rating", Local(grade=4, tags=("408", "411")), False),
    "help": ("review", Local(SidePage.HELP), False),
    "language": ("notice", Local(SidePage.LANGUAGE), False),
    "leave": ("review", Local(SidePage.LEAVE), False),
    "full-notice": ("notice", Local(SidePage.FULL_NOTICE), False),
    "home-elder": ("home", Local(), True),
    "notice-elder": ("notice", Local(), True),
    "review-elder": ("review", Local(), True),
    "rating-elder": ("rating", Local(grade=5), True),
    "read-card-english": ("read-card", ENGLISH, False),
    "result-referred-english": ("result-referred", ENGLISH, False),
    "home-contrast": ("home", BLACK, False),
    "result-passed-contrast": ("result-passed-printed", BLACK, False),
    "action-left-contrast": ("action-left", BLACK, False),
}


@pytest.fixture(scope="module")
def shared(qapp: object) -> Iterator[Stage]:
    made = Stage(QtBot(None))  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_looks_as_approved(shared: Stage, look: str, renew_golden: bool) -> None:
    name, local, elder = LOOKS[look]
    shared.show(attract())
    shared.show(shared.elder(STATES[name]) if elder else STATES[name], local)
    if shared.window.page == "capture":
        _fill(shared)
    if shared.window.page == "waiting":
        next(item for item in shared.items() if item.property("ringing") is not None).setProperty("ringing", True)
    _compare(shared.window.grab(), GOLDEN / f"{look}.png", renew_golden)


def _fill(stage: Stage) -> None:
    view = next(item for item in stage.items() if isinstance(item, CameraView))
    stage.qtbot.waitUntil(lambda: view._image is not None)


def _compare(picture: QImage, path: Path, renew: bool) -> None:
    picture = picture.scaled(HALF, mode=Qt.TransformationMode.SmoothTransformation)
    picture = picture.convertToFormat(QImage.Format.Format_RGB888)
    if renew:
        picture.save(str(path), quality=0)
    assert path.is_file(), f"{path.name} was never approved; --renew-golden writes it"
    seen, approved = _pixels(picture), _pixels(QImage(str(path)))
    assert seen.shape == approved.shape
    loud = np.abs(seen - approved).max(axis=2) > LOUD_LEVELS
    assert loud.mean() <= LOUD_SHARE, f"{loud.mean():.2%} of {path.name} differs, rows {_span(loud)}"


def _pixels(image: QImage) -> Pixels:
    rgb = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.width(), 4)
    return flat[:, :, :3].astype(np.int16)


def _span(loud: npt.NDArray[np.bool_]) -> str:
    rows = np.flatnonzero(loud.any(axis=1))
    return f"{rows[0]} to {rows[-1]}"
