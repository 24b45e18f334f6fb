"""A question with a few answers, each a large row: how else to say who one is, another action, an area, a day."""

from dataclasses import dataclass
from datetime import date

from kiosk.domain.face import FaceAction
from kiosk.flow.touches import Button, Picked, Pressed
from kiosk.steps.ask_platform import ChoosingArea
from kiosk.steps.capture_face import ChoosingAction
from kiosk.steps.identify import ChoosingIdentity, Trouble
from ui.view_models.capture import ACTION_ICONS
from ui.view_models.page import Choice, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View

_ROW_ICONS = ACTION_ICONS | {FaceAction.BLINK: "eye-closed"}
_MOST_LARGE_ACTIONS = 4
_SPARED = FaceAction.FOLLOW_DOT
"""Where large type leaves no room for all: the one that asks most of a citizen, and another still asks as much of his
neck. Blinking stays, which asks nothing of it."""


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
    texts, actions = view.texts, state.plan.open_actions
    full = texts.elder and len(actions) > _MOST_LARGE_ACTIONS
    rows = tuple(
        Choice(texts(f"choose.{action.value}"), Picked(index), _ROW_ICONS[action], texts(f"choose.{action.value}.note"))
        for index, action in enumerate(actions)
        if not (full and action is _SPARED)
    )
    return ChoicesProps(
        title=texts.title("choose.title"),
        helper=texts("choose.helper"),
        rows=(*rows, Choice(texts("choose.staff"), Pressed(Button.ASK_STAFF), "users", texts("choose.staff_note"))),
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
