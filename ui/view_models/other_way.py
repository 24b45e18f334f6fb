"""19 Other way: desk, phone, home visit, call. A face is never the only way (E-29)."""

from dataclasses import dataclass

from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.confirmation.stages import OtherWay
from kiosk.steps.capture_face import ChoosingAction, StartingFace, Watching
from kiosk.steps.identify import AwaitingCard, ChoosingIdentity
from kiosk.steps.print_paper import PaperOwed, Printing
from ui.view_models.local import Close
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.view import View


@dataclass(frozen=True)
class OtherWayProps(PageProps):
    ways: tuple[Fact, ...] = ()


def derive(state: OtherWay, view: View) -> OtherWayProps:
    """Printing the ways is the main action (E-29); 不办了 and the way back stand below."""
    texts = view.texts
    end = Choice(texts("way.end"), Pressed(Button.CONTINUE))
    back: Choice | None
    match state.back:
        case StartingFace() | Watching() | ChoosingAction():
            back = Choice(texts("way.back_face"), Pressed(Button.BACK), "back")
        case AwaitingCard() | ChoosingIdentity():
            back = Choice(texts("way.back_card"), Pressed(Button.BACK), "back")
        case None:
            back = None
        case _:
            back = Choice(texts("way.back"), Pressed(Button.BACK), "back")
    match state.printing:
        case None if not view.prints:
            return _page(end, back, None, view, texts("way.no_paper"))
        case None:
            return _page(Choice(texts("way.print"), Pressed(Button.PRINT_SLIP), "printer"), back, end, view)
        case Printing():
            return _page(Choice(texts("way.printing")), None, end, view)
        case PaperOwed(ready=True):
            return _page(Choice(texts("way.print"), Pressed(Button.PRINT_AGAIN), "printer"), back, end, view)
        case _:
            return _page(end, back, None, view, texts("way.not_printed"))


def derive_side(view: View) -> OtherWayProps:
    """The same ways, opened from a result."""
    return _page(Choice(view.texts("common.back"), Close(), "back"), None, None, view)


def _page(primary: Choice, left: Choice | None, right: Choice | None, view: View, helper: str = "") -> OtherWayProps:
    texts, site = view.texts, view.site
    return OtherWayProps(
        title=texts.title("way.title"),
        helper=helper or texts("way.helper"),
        head=view.dated(texts("service")),
        ways=(
            Fact(texts("way.desk"), f"{site.desk}，{site.desk_hours}", "users"),
            Fact(texts("way.phone"), texts("way.phone_note"), "phone-screen"),
            Fact(texts("way.home"), texts("way.home_note", phone=site.agency_phone), "home-heart"),
            Fact(texts("way.call"), texts("way.call_note"), "telephone"),
        ),
        primary=primary,
        left=left,
        right=right,
    )
