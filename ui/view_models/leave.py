"""Home pressed with data on the screen: asked once."""

from dataclasses import dataclass

from kiosk.flow.touches import Button, Pressed
from ui.view_models.local import Close
from ui.view_models.page import Choice, PageProps
from ui.view_models.view import View


@dataclass(frozen=True)
class LeaveProps(PageProps):
    sign: str = ""


def derive(view: View) -> LeaveProps:
    texts = view.texts
    return LeaveProps(
        title=texts.title("leave.title"),
        helper=texts("leave.helper"),
        sign="leave",
        primary=Choice(texts("leave.stay"), Close()),
        right=Choice(texts("leave.end"), Pressed(Button.HOME), "leave"),
    )
