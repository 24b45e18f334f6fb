"""06 Capture and 07 Action: the mirrored picture, one hint, and the ring that fills as the citizen acts."""

from dataclasses import dataclass

from kiosk.domain.face import FaceAction
from kiosk.face.stages import Acting, Flashing, Hint, Holding, Positioning
from kiosk.flow.touches import Button, Pressed
from kiosk.steps.capture_face import StartingFace, Watching
from ui.texts import Texts
from ui.view_models.page import Choice, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View

ACTION_ICONS = {
    FaceAction.TURN_LEFT: "arrow-left",
    FaceAction.TURN_RIGHT: "arrow-right",
    FaceAction.NOD: "arrow-down",
    FaceAction.FOLLOW_DOT: "follow-dot",
    FaceAction.BLINK: "blink",
}
_HINT_ICONS = {
    "nearer": "nearer",
    "further": "further",
    "chin-up": "arrow-up",
    "chin-down": "arrow-down",
    "back-to-centre": "face-scan",
    "back-to-centre.nod": "arrow-up",
}
_OTHERWISE_SAID = {
    (FaceAction.NOD, Hint.BACK_TO_CENTRE): "back-to-centre.nod",
    (FaceAction.NOD, Hint.OTHER_SIDE): Hint.CHIN_DOWN.value,
}
_SIDES = {FaceAction.TURN_LEFT: "left", FaceAction.TURN_RIGHT: "right", FaceAction.NOD: "down"}
_LONGEST_HINT_WITH_ICON = 7


@dataclass(frozen=True)
class CaptureProps(PageProps):
    """``action`` names what the citizen is asked for, empty when that is over and the face should come back. ``side``
    is where chevrons point on the mirrored picture: "left", "right", "down", "up", or nowhere when empty;
    ``ring`` is the way the ring fills, "left" or "right", empty while the face finds its place. ``dot`` is where the
    dot to follow stands: -1 to 1 from the middle, to the right and down. ``shine`` names the colour the page shines
    in."""

    live: bool = False
    hint: str = ""
    hint_icon: str = ""
    action: str = ""
    side: str = ""
    ring: str = ""
    progress: float = 0.0
    dot: tuple[float, float] | None = None
    shine: str = ""
    picture: str = ""


def derive(state: StartingFace | Watching, view: View) -> CaptureProps:
    texts = view.texts
    trace = state.trace if isinstance(state, Watching) else None
    stage = None if trace is None else trace.stage
    if trace is not None and isinstance(stage, Acting):
        return _acting(stage, trace.actions[0], texts)
    if trace is not None and isinstance(stage, Flashing):
        return _flashing(stage, trace.actions[0], texts)
    hint, icon = _position(state, stage, texts)
    return CaptureProps(
        title=texts.title("capture.title"),
        helper=texts("capture.again" if state.attempt > 1 else "capture.helper"),
        live=True,
        hint=hint,
        hint_icon=icon,
        picture=texts("capture.picture"),
        left=_other_way(texts),
        **stepped(texts, 4),
    )


def _position(state: StartingFace | Watching, stage: object, texts: Texts) -> tuple[str, str]:
    match stage:
        case Positioning(hint) if hint is not None:
            return _hint(hint.value, texts)
        case Holding() | Positioning():
            return texts("capture.hold"), ""
        case _:
            key = "capture.starting" if isinstance(state, StartingFace) else "hint.look-here"
            return texts(key), ""


def _acting(stage: Acting, first: FaceAction, texts: Texts) -> CaptureProps:
    words = f"action.{stage.action.value}"
    if stage.hint is not None:
        hint, icon = _hint(_OTHERWISE_SAID.get((stage.action, stage.hint), stage.hint.value), texts)
    else:
        hint, icon = texts(f"{words}.prompt" if stage.attempt == 1 else f"{words}.again"), ACTION_ICONS[stage.action]
    return CaptureProps(
        title=texts.title(f"{words}.title"),
        helper=texts("action.first" if stage.action is first else "action.one_more", helper=texts(f"{words}.helper")),
        live=True,
        hint=hint,
        hint_icon=icon,
        action="" if stage.hint is Hint.BACK_TO_CENTRE else stage.action.value,
        side=_side(stage),
        ring=_ring(first),
        progress=stage.progress,
        dot=stage.dot,
        picture=texts("capture.picture"),
        left=_other_way(texts),
        right=Choice(texts("action.cannot"), Pressed(Button.CANNOT_DO_ACTION)),
        **stepped(texts, 4),
    )


def _flashing(stage: Flashing, first: FaceAction, texts: Texts) -> CaptureProps:
    return CaptureProps(
        title=texts.title("flash.title"),
        helper=texts("flash.helper"),
        live=True,
        hint=texts("flash.prompt"),
        ring=_ring(first),
        progress=stage.progress,
        shine=stage.colour.value,
        picture=texts("capture.picture"),
        left=_other_way(texts),
        **stepped(texts, 4),
    )


def _other_way(texts: Texts) -> Choice:
    return Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch")


def _ring(first: FaceAction) -> str:
    """The same way through all actions, so that it never runs back."""
    return "left" if first is FaceAction.TURN_LEFT else "right"


def _side(stage: Acting) -> str:
    if stage.hint is Hint.BACK_TO_CENTRE:
        return "up" if stage.action is FaceAction.NOD else ""
    return _SIDES.get(stage.action, "")


def _hint(name: str, texts: Texts) -> tuple[str, str]:
    words = texts(f"hint.{name}")
    return words, _HINT_ICONS.get(name, "") if len(words) <= _LONGEST_HINT_WITH_ICON else ""
