"""A question with a few answers, each a large row: how else to say who one is, another action, an area, a day."""

from dataclasses import dataclass
from datetime import date

from kiosk.domain.face import FaceAction
from kiosk.flow.touches import Button, Picked, Pressed
from kiosk.steps.ask_platform import ChoosingArea
from kiosk.steps.capture_face import ChoosingAction
from kiosk.steps.identify import ChoosingIdentity, Trouble
from ui.view_models.page import Choice, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View


@dataclass(frozen=True)
class ChoicesProps(PageProps):
    rows: tuple[Choice, ...] = ()


def derive_identity(state: ChoosingIdentity, view: View) -> ChoicesProps:
    texts, trouble = view.texts, state.trouble.value
    helper = "helper_slot" if view.slot and state.trouble is Trouble.CARD else "helper"
    return ChoicesProps(
        title=texts.title(f"identity.{trouble}.title"),
        helper=texts(f"identity.{trouble}.{helper}"),
        rows=(
            Choice(texts("identity.code"), Pressed(Button.SHOW_CODE), "phone-screen", texts("identity.code_note")),
            Choice(texts("identity.type"), Pressed(Button.TYPE_NUMBER), "keypad", texts("identity.type_note")),
        ),
        left=Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch"),
        **stepped(texts, 2),
    )


def derive_action(state: ChoosingAction, view: View) -> ChoicesProps:
    texts = view.texts
    turns = tuple(
        Choice(texts(f"choose.{_side(action)}"), Picked(index), f"arrow-{_side(action)}", texts("choose.turn_note"))
        for index, action in enumerate(state.plan.open_actions)
    )
    return ChoicesProps(
        title=texts.title("choose.title"),
        helper=texts("choose.helper"),
        rows=(*turns, Choice(texts("choose.staff"), Pressed(Button.ASK_STAFF), "users", texts("choose.staff_note"))),
        left=Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch"),
        **stepped(texts, 4),
    )


def derive_area(state: ChoosingArea, view: View) -> ChoicesProps:
    texts = view.texts
    return ChoicesProps(
        title=texts.title("area.title"),
        helper=texts("area.helper"),
        rows=tuple(Choice(area, Picked(index), "building") for index, area in enumerate(state.areas)),
        right=Choice(texts("area.none"), Pressed(Button.CONTINUE)),
        **stepped(texts, 3),
    )


def derive_day(days: tuple[date, ...], view: View) -> ChoicesProps:
    texts = view.texts
    return ChoicesProps(
        title=texts.title("visit.day"),
        helper=texts("visit.day_helper"),
        rows=tuple(
            Choice(texts.date(day), Picked(index), "calendar", texts(f"weekday.{day.weekday()}"))
            for index, day in enumerate(days)
        ),
        right=Choice(texts("common.stop"), Pressed(Button.HOME)),
    )


def _side(action: FaceAction) -> str:
    return "left" if action is FaceAction.TURN_LEFT else "right"
