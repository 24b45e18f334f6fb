"""06 Capture and 07 Action: the mirrored picture, one hint, and the ring that fills as the head turns."""

from dataclasses import dataclass

from kiosk.domain.face import FaceAction
from kiosk.face.stages import Acting, Hint, Holding, Positioning
from kiosk.flow.touches import Button, Pressed
from kiosk.steps.capture_face import StartingFace, Watching
from ui.texts import Texts
from ui.view_models.page import Choice, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View

_HINT_ICONS = {
    Hint.NEARER: "nearer",
    Hint.FURTHER: "further",
    Hint.CHIN_UP: "arrow-up",
    Hint.CHIN_DOWN: "arrow-down",
    Hint.BACK_TO_CENTRE: "face-scan",
}
_LONGEST_HINT_WITH_ICON = 7


@dataclass(frozen=True)
class CaptureProps(PageProps):
    """``side`` is "left" or "right" on the mirrored picture while a turn is asked for, else empty; ``ring`` is the way
    the ring fills, from the first asking for a turn until the face is back."""

    live: bool = False
    hint: str = ""
    hint_icon: str = ""
    side: str = ""
    ring: str = ""
    progress: float = 0.0
    picture: str = ""


def derive(state: StartingFace | Watching, view: View) -> CaptureProps:
    texts = view.texts
    stage = state.trace.stage if isinstance(state, Watching) and state.trace is not None else None
    if isinstance(stage, Acting):
        return _acting(stage, texts)
    hint, icon = _position(state, stage, texts)
    return CaptureProps(
        title=texts.title("capture.title"),
        helper=texts("capture.again" if state.attempt > 1 else "capture.helper"),
        live=True,
        hint=hint,
        hint_icon=icon,
        picture=texts("capture.picture"),
        left=Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch"),
        **stepped(texts, 4),
    )


def _position(state: StartingFace | Watching, stage: object, texts: Texts) -> tuple[str, str]:
    match stage:
        case Positioning(hint) if hint is not None:
            return _hint(hint, texts)
        case Holding() | Positioning():
            return texts("capture.hold"), ""
        case _:
            key = "capture.starting" if isinstance(state, StartingFace) else "hint.look-here"
            return texts(key), ""


def _acting(stage: Acting, texts: Texts) -> CaptureProps:
    side = "left" if stage.action is FaceAction.TURN_LEFT else "right"
    if stage.hint is not None:
        hint, icon = _hint(stage.hint, texts)
    else:
        key = "action" if stage.attempt == 1 else "action.other_side"
        hint, icon = texts(f"{key}.{side}"), f"arrow-{side}"
    return CaptureProps(
        title=texts.title("action.title"),
        helper=texts(f"action.helper.{side}"),
        live=True,
        hint=hint,
        hint_icon=icon,
        side="" if stage.hint is Hint.BACK_TO_CENTRE else side,
        ring=side,
        progress=stage.progress,
        picture=texts("capture.picture"),
        left=Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch"),
        right=Choice(texts("action.cannot"), Pressed(Button.CANNOT_DO_ACTION)),
        **stepped(texts, 4),
    )


def _hint(hint: Hint, texts: Texts) -> tuple[str, str]:
    words = texts(f"hint.{hint.value}")
    return words, _HINT_ICONS.get(hint, "") if len(words) <= _LONGEST_HINT_WITH_ICON else ""
