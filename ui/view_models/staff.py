"""Staff allow a new number: staff number and PIN, or the answer to a challenge, before the citizen's eyes."""

from typing import assert_never

from kiosk.flow.touches import Button, Pressed
from kiosk.steps.authorise_staff import (
    AnsweringChallenge,
    AskingWays,
    CheckingStaff,
    StaffLockedOut,
    StaffState,
    TypingPin,
    TypingStaffNumber,
)
from ui.view_models import keypad, message, waiting
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.view import View


def derive(asking: StaffState, view: View) -> PageProps:
    match asking:
        case TypingStaffNumber(tries_left=tries_left):
            return keypad.derive_staff_number(tries_left, view)
        case TypingPin():
            return keypad.derive_pin(view)
        case AskingWays() | AnsweringChallenge(challenge=None) | CheckingStaff():
            return waiting.derive("staff", 0, view)
        case AnsweringChallenge(challenge=challenge, tries_left=tries_left, pins=pins):
            return keypad.derive_challenge(challenge or "", tries_left, pins, view)
        case StaffLockedOut():
            return _locked_out(view)
        case _:
            assert_never(asking)


def _locked_out(view: View) -> message.MessageProps:
    texts = view.texts
    return message.MessageProps(
        title=texts.title("staff.locked.title"),
        helper=texts("staff.locked.helper"),
        head=view.dated(texts("staff.head")),
        sign="users",
        reassurance=texts("staff.result_stands"),
        facts=(
            Fact(texts("halt.desk"), view.site.desk),
            Fact(texts("halt.hours"), view.desk_hours),
            Fact(texts("halt.phone"), view.site.agency_phone),
        ),
        primary=Choice(texts("common.back"), Pressed(Button.CONTINUE), "back"),
    )
