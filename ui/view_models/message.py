"""A page of plain words: what to do next, where, and whom to call (E-01 to E-10, E-20, a full disk)."""

from dataclasses import dataclass

from kiosk.domain.identity_document import IdentityDocument
from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.confirmation.stages import SLIPS, Halt
from kiosk.ports.roster_snapshot import HeldEntry
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
    """Where a slip helps the desk, printing it is the main action."""
    texts = view.texts
    done = Choice(texts("common.ok"), Pressed(Button.CONTINUE))
    slip = Choice(texts("halt.print"), Pressed(Button.PRINT_SLIP), "printer") if halt in SLIPS else None
    return _desk(halt.value, texts("service"), slip or done, None if slip is None else done, view)


def derive_visit_halt(reason: str, view: View) -> MessageProps:
    texts = view.texts
    key = reason if f"visit.{reason}.title" in texts else "card-not-read"
    return MessageProps(
        title=texts.title(f"visit.{key}.title"),
        helper=texts(f"visit.{key}.helper"),
        head=view.dated(),
        sign="telephone",
        reassurance=texts("result.unaffected"),
        facts=(Fact(texts("halt.phone"), view.site.agency_phone), Fact(texts("halt.hours"), view.desk_hours)),
        primary=Choice(texts("common.ok"), Pressed(Button.CONTINUE)),
    )


def derive_visit(view: View) -> MessageProps:
    """Who may ask for a visit, and that nobody takes another's place before the camera (E-32)."""
    texts = view.texts
    return MessageProps(
        title=texts.title("visit.title"),
        helper=texts("visit.helper"),
        sign="home-heart",
        facts=(
            Fact(texts("visit.bring"), texts("visit.bring_text")),
            Fact(texts("visit.then"), texts("visit.then_text")),
            Fact(texts("halt.phone"), view.site.agency_phone),
        ),
        primary=Choice(texts("visit.begin"), Pressed(Button.CONTINUE)),
        right=Choice(texts("common.stop"), Pressed(Button.HOME)),
    )


def derive_not_found(reason: str, view: View) -> MessageProps:
    """A receipt that the hall does not know, or no hall to ask."""
    texts = view.texts
    return MessageProps(
        title=texts.title(f"lookup.{reason}.title"),
        helper=texts(f"lookup.{reason}.helper"),
        sign="inbox",
        facts=(Fact(texts("halt.phone"), f"{_NATIONAL_LINE}，{view.site.agency_phone}"),),
        primary=Choice(texts("common.ok"), Pressed(Button.CONTINUE)),
        right=Choice(texts("lookup.again"), Pressed(Button.TYPE_NUMBER), "keypad"),
    )


def derive_keeping(what: str, view: View, title: str = "title") -> MessageProps:
    """May one sealed picture be kept for a person to look at? ``what``: appeal (E-16) or unmatched (no reference), with
    the one of its titles that says why."""
    texts, days = view.texts, view.site.answer_days
    promise = () if days is None else (Fact(texts("offline.due"), texts("keep.due_text", days=days)),)
    return MessageProps(
        title=texts.title(f"keep.{what}.{title}"),
        helper=texts(f"keep.{what}.helper"),
        sign="user-check",
        reassurance=texts("result.unaffected"),
        facts=(Fact(texts("offline.photo"), texts("offline.photo_text")), *promise),
        primary=Choice(texts("keep.agree"), Pressed(Button.AGREE)),
        right=Choice(texts(f"keep.{what}.decline"), Pressed(Button.DECLINE)),
        **stepped(texts, 4),
    )


def _desk(key: str, head: str, primary: Choice, second: Choice | None, view: View) -> MessageProps:
    texts, site = view.texts, view.site
    return MessageProps(
        title=texts.title(f"halt.{key}.title"),
        helper=texts(f"halt.{key}.helper"),
        head=view.dated(head),
        sign="users",
        reassurance=texts("result.unaffected"),
        facts=(
            Fact(texts("halt.desk"), site.desk),
            Fact(texts("halt.hours"), view.desk_hours),
            Fact(texts("halt.phone"), f"{_NATIONAL_LINE}，{site.agency_phone}"),
        ),
        primary=primary,
        right=second,
    )


def derive_offline(document: IdentityDocument, held: HeldEntry | None, view: View) -> MessageProps:
    texts, days = view.texts, view.site.answer_days
    promise = () if days is None else (Fact(texts("offline.due"), texts("offline.due_text", days=days)),)
    return MessageProps(
        title=texts.title("offline.title"),
        helper=texts("offline.helper"),
        sign="inbox",
        facts=(
            Fact(texts("offline.person"), f"{document.name.masked}  {document.number.masked}"),
            *_of_roster(held, view),
            Fact(texts("offline.photo"), texts("offline.photo_text")),
            *promise,
        ),
        primary=Choice(texts("offline.accept"), Pressed(Button.ACCEPT_OFFLINE)),
        left=Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch"),
        right=Choice(texts("review.not_now"), Pressed(Button.HOME)),
        **stepped(texts, 3),
    )


def _of_roster(held: HeldEntry | None, view: View) -> tuple[Fact, ...]:
    """The running window (domain.md 5.3.3) and of which day this is known, where the site holds the roster."""
    if held is None:
        return ()
    texts, due_on = view.texts, held.entry.due_on
    due = () if due_on is None else (Fact(texts("offline.window"), texts.date(due_on)),)
    return (*due, Fact(texts("offline.roster"), texts("offline.roster_text", day=texts.date(held.as_of))))
