"""19 Other way: desk, phone, home visit, call. A face is never the only way (E-29)."""

from dataclasses import dataclass

from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.confirm_eligibility import OtherWay
from kiosk.steps.capture_face import StartingFace, Watching
from kiosk.steps.identify import AwaitingCard
from ui.view_models.local import Close
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.view import View


@dataclass(frozen=True)
class OtherWayProps(PageProps):
    ways: tuple[Fact, ...] = ()


def derive(state: OtherWay, view: View) -> OtherWayProps:
    if state.back is None:
        return _page(Choice(view.texts("way.end"), Pressed(Button.CONTINUE)), None, view)
    match state.back:
        case StartingFace() | Watching():
            back = "way.back_face"
        case AwaitingCard():
            back = "way.back_card"
        case _:
            back = "way.back"
    return _page(
        Choice(view.texts(back), Pressed(Button.BACK), "back"),
        Choice(view.texts("way.end"), Pressed(Button.CONTINUE)),
        view,
    )


def derive_side(view: View) -> OtherWayProps:
    """The same ways, opened from a result."""
    return _page(Choice(view.texts("common.back"), Close(), "back"), None, view)


def _page(primary: Choice, second: Choice | None, view: View) -> OtherWayProps:
    texts, site = view.texts, view.site
    return OtherWayProps(
        title=texts.title("way.title"),
        helper=texts("way.helper"),
        head=texts("service"),
        ways=(
            Fact(texts("way.desk"), f"{site.desk}，{site.desk_hours}", "users"),
            Fact(texts("way.phone"), texts("way.phone_note"), "phone-screen"),
            Fact(texts("way.home"), texts("way.home_note", phone=site.agency_phone), "home-heart"),
            Fact(texts("way.call"), texts("way.call_note"), "telephone"),
        ),
        primary=primary,
        right=second,
    )
