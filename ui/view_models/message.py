"""A page of plain words: what to do next, where, and whom to call (E-01 to E-10, E-20, a full disk)."""

from dataclasses import dataclass

from kiosk.domain.identity_document import IdentityDocument
from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.confirm_eligibility import Halt
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View

_NATIONAL_LINE = "12333"


@dataclass(frozen=True)
class MessageProps(PageProps):
    sign: str = ""
    reassurance: str = ""
    facts: tuple[Fact, ...] = ()


def derive_halt(halt: Halt, view: View) -> MessageProps:
    texts, site = view.texts, view.site
    return MessageProps(
        title=texts.title(f"halt.{halt.value}.title"),
        helper=texts(f"halt.{halt.value}.helper"),
        head=texts("service"),
        sign="users",
        reassurance=texts("result.unaffected"),
        facts=(
            Fact(texts("halt.desk"), site.desk),
            Fact(texts("halt.hours"), view.desk_hours),
            Fact(texts("halt.phone"), f"{_NATIONAL_LINE}，{site.agency_phone}"),
        ),
        primary=Choice(texts("common.ok"), Pressed(Button.CONTINUE)),
    )


def derive_offline(document: IdentityDocument, view: View) -> MessageProps:
    texts, days = view.texts, view.site.answer_days
    promise = () if days is None else (Fact(texts("offline.due"), texts("offline.due_text", days=days)),)
    return MessageProps(
        title=texts.title("offline.title"),
        helper=texts("offline.helper"),
        sign="inbox",
        facts=(
            Fact(texts("offline.person"), f"{document.name.masked}  {document.number.masked}"),
            Fact(texts("offline.photo"), texts("offline.photo_text")),
            *promise,
        ),
        primary=Choice(texts("offline.accept"), Pressed(Button.ACCEPT_OFFLINE)),
        left=Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch"),
        right=Choice(texts("review.not_now"), Pressed(Button.HOME)),
        **stepped(texts, 3),
    )
