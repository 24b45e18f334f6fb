"""Every page as it was last looked at and approved. ``--renew-golden`` writes the pictures anew; look at them then.

Camera pages show a drawn figure. Pictures are kept at a third of their size and in few colours; the tolerance allows
for that and for another rasteriser's rounding, not for another layout.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from kiosk.ports.speaker import Language
from tests.ui.stage import Stage
from tests.ui.states import STATES
from ui.painted import CameraView
from ui.view_models.local import Local, SidePage
from ui.view_models.pages import PAGE_NAMES

Pixels = npt.NDArray[np.int16]

GOLDEN = Path(__file__).parents[1] / "golden" / "pages"
SHRINK = 3
COLOURS = 200
LOUD_LEVELS = 24
LOUD_SHARE = 0.0005

PANELS = {"upright": QSize(1080, 1920), "lying": QSize(1920, 1080), "squarish": QSize(1280, 1024)}
MODES = {"standard": (False, False), "elder": (False, True), "contrast": (True, False)}
"""Black display, which comes in large type by itself, and the elder mode."""

PAGES = {
    "home": ("home", Local()),
    "notice": ("notice", Local()),
    "read_card": ("read-card", Local()),
    "waiting": ("wiping", Local()),
    "review": ("review", Local()),
    "capture": ("action-left", Local()),
    "result": ("result-passed-printed", Local()),
    "take": ("take", Local()),
    "rating": ("rating", Local(grade=4, tags=("408", "411"))),
    "paper_out": ("paper-out", Local()),
    "idle": ("idle", Local()),
    "message": ("halt-not-listed", Local()),
    "choices": ("choose-action-all", Local()),
    "keypad": ("keypad", Local(typed="1101051949123")),
    "code": ("code-first", Local()),
    "other_way": ("other-way-face", Local()),
    "help": ("review", Local(SidePage.HELP)),
    "language": ("notice", Local(SidePage.LANGUAGE)),
    "leave": ("review", Local(SidePage.LEAVE)),
    "full_notice": ("notice", Local(SidePage.FULL_NOTICE)),
    "unavailable": ("unavailable", Local()),
    "devices": ("home-worn", Local(SidePage.DEVICES)),
}
"""One look of every page, drawn on every panel, in every mode and language."""

ALIKE = ("action-nod", "action-dot", "action-blink", "flash", "paper-in-doubt", "staff-challenge")
ACTIONS = {name: (name, Local()) for name in ALIKE}
"""Pages that have more than one look; these are drawn everywhere too."""

SPECIAL = {name: (name, Local()) for name in STATES} | {
    "rating-worst": ("rating", Local(grade=1)),
    "lookup-letters": ("lookup-number", Local(typed="YL20260518", letters=True)),
    "side-at-limit": ("home-at-limit", Local(SidePage.UNAVAILABLE)),
    "side-no-slip": ("take", Local(SidePage.NO_SLIP)),
    "side-paper-change": ("home-worn", Local(SidePage.PAPER_CHANGE)),
    "staff-pin-typed": ("staff-pin", Local(typed="24681")),
}
"""What a page shows beside that, on the usual panel in Chinese."""


def test_every_page_is_among_the_pictures() -> None:
    assert set(PAGES) == set(PAGE_NAMES)


@pytest.fixture(scope="module", params=PANELS)
def panel(qapp: object, request: pytest.FixtureRequest) -> Iterator[tuple[str, Stage]]:
    made = Stage(QtBot(request), size=PANELS[request.param])
    yield request.param, made
    made.close()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("mode", MODES)
def test_every_page_looks_as_approved(
    panel: tuple[str, Stage], mode: str, language: Language, renew_golden: bool
) -> None:
    name, stage = panel
    contrast, elder = MODES[mode]
    folder = GOLDEN / name / f"{mode}-{language.value}"
    differences = [
        _differs(_picture(stage, state, local, language, contrast, elder), folder / f"{page}.png", renew_golden)
        for page, (state, local) in (PAGES | ACTIONS).items()
    ]
    assert not list(filter(None, differences))


@pytest.fixture(scope="module")
def upright(qapp: object, request: pytest.FixtureRequest) -> Iterator[Stage]:
    made = Stage(QtBot(request))
    yield made
    made.close()


@pytest.mark.parametrize("look", SPECIAL)
def test_every_state_looks_as_approved(upright: Stage, look: str, renew_golden: bool) -> None:
    state, local = SPECIAL[look]
    picture = _picture(upright, state, local, Language.CHINESE, contrast=False, elder=False)
    assert not _differs(picture, GOLDEN / "states" / f"{look}.png", renew_golden)


def _picture(stage: Stage, state: str, local: Local, language: Language, contrast: bool, elder: bool) -> QImage:
    stage.show(
        stage.elder(STATES[state]) if elder else STATES[state],
        Local(local.page, language, contrast, local.grade, local.tags, local.typed, local.hidden, local.letters),
    )
    cameras = [item for item in stage.items() if isinstance(item, CameraView)]
    stage.qtbot.waitUntil(lambda: all(camera._image is not None for camera in cameras))
    for item in stage.items():
        if item.property("ringing") is not None:
            item.setProperty("ringing", True)
    stage.window._voice.stop()  # however slow the machine, the words have not begun
    return stage.window.grab()


def _differs(picture: QImage, path: Path, renew: bool) -> str:
    """Where the picture is not what was approved; empty when it is. Only what differs is written anew."""
    small = QSize(picture.width() // SHRINK, picture.height() // SHRINK)
    seen = _pixels(picture.scaled(small, mode=Qt.TransformationMode.SmoothTransformation))
    difference = _difference(seen, path)
    if not difference or not renew:
        return difference
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = Image.fromarray(seen.astype(np.uint8)).quantize(COLOURS, kmeans=4, dither=Image.Dither.NONE)
    kept.save(path, optimize=True)
    return _difference(seen, path)


def _difference(seen: Pixels, path: Path) -> str:
    if not path.is_file():
        return f"{path.name} was never approved; --renew-golden writes it"
    with Image.open(path) as kept:
        approved = np.asarray(kept.convert("RGB")).astype(np.int16)
    if seen.shape != approved.shape:
        return f"{path.name} has another size"
    loud = np.abs(seen - approved).max(axis=2) > LOUD_LEVELS
    return f"{loud.mean():.2%} of {path.name} differs, rows {_span(loud)}" if loud.mean() > LOUD_SHARE else ""


def _pixels(image: QImage) -> Pixels:
    rgb = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.width(), 4)
    return flat[:, :, 2::-1].astype(np.int16)


def _span(loud: npt.NDArray[np.bool_]) -> str:
    rows = np.flatnonzero(loud.any(axis=1))
    return f"{rows[0]} to {rows[-1]}"
