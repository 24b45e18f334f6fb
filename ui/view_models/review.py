"""05 Status: the citizen's dates, and whether it is he (E-03, E-07 to E-09, E-31); who helps him (E-19)."""

from dataclasses import dataclass

from kiosk.domain.case import Helper
from kiosk.domain.eligibility import ConfirmationSource, RosterEntry, RosterStatus
from kiosk.domain.identity_document import IdentityDocument, IdentityWay
from kiosk.flow.touches import Button, Pressed
from kiosk.steps.confirm_self import ReviewingStatus
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View


@dataclass(frozen=True)
class ReviewProps(PageProps):
    name: str = ""
    number: str = ""
    dates: tuple[Fact, ...] = ()
    scheme: str = ""
    helped: str = ""


def derive(
    document: IdentityDocument, way: IdentityWay, status: ReviewingStatus, helper: Helper | None, view: View
) -> ReviewProps:
    texts, entry = view.texts, status.entry
    done = entry.confirmed_this_window
    last = texts("review.first_time") if entry.confirmed_on is None else texts.date(entry.confirmed_on)
    due = texts("review.unknown") if entry.due_on is None else texts.date(entry.due_on)
    other_way = Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch")
    return ReviewProps(
        title=texts.title("done.title" if done else "review.title"),
        helper=_helper(document, way, entry, view),
        name=document.name.masked,
        number=document.number.masked,
        dates=(Fact(texts("review.last"), last), Fact(texts("review.next"), due)),
        scheme=_roster(status, view),
        helped="" if helper is None else texts("review.helped", name=helper.name.masked),
        primary=_primary(done, view),
        left=None if done else other_way,
        right=Choice(texts("review.not_now"), Pressed(Button.NOT_NOW)) if view.prints or not done else None,
        **stepped(texts, 3),
    )


def _roster(status: ReviewingStatus, view: View) -> str:
    """Which roster it is, or of which day where the hall did not answer."""
    if status.as_of is not None:
        return view.texts("roster.as_of", day=view.texts.date(status.as_of))
    return f"{status.entry.scheme}，{status.entry.area}"


def _primary(done: bool, view: View) -> Choice:
    """Where no proof can be printed, knowing that one is confirmed is what remains."""
    if not done:
        return Choice(view.texts("review.confirm"), Pressed(Button.CONFIRM_SELF))
    if not view.prints:
        return Choice(view.texts("common.ok"), Pressed(Button.NOT_NOW))
    return Choice(view.texts("done.print"), Pressed(Button.PRINT_PROOF), "printer")


def _helper(document: IdentityDocument, way: IdentityWay, entry: RosterEntry, view: View) -> str:
    texts = view.texts
    if entry.confirmed_this_window:
        if entry.source is ConfirmationSource.DATA_MATCH:
            return texts("done.by_data")
        if entry.confirmed_on is None or entry.due_on is None:
            return texts("done.helper_short")
        return texts("done.helper", last=texts.date(entry.confirmed_on), next=texts.date(entry.due_on))
    if entry.status is RosterStatus.SUSPENDED:
        return texts("review.suspended")
    renewable = way is not IdentityWay.SOCIAL_SECURITY_CARD
    if renewable and document.valid_to is not None and document.expired_on(view.now.date()):
        return texts("review.expired", date=texts.date(document.valid_to))
    if entry.status is RosterStatus.OVERDUE:
        return texts("review.overdue")
    if entry.other_place:
        return texts("review.other_place")
    return ""
