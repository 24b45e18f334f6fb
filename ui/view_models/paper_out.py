"""11 Paper out: the result stands, only the paper does not (E-23); no number is printed twice."""

from dataclasses import dataclass

from kiosk.flow.touches import Button, Pressed
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.steps.print_paper import HEAD_HOT, AskingStaff, PaperInDoubt, PaperOwed, Renumbering
from ui.view_models import staff, waiting
from ui.view_models.local import Close
from ui.view_models.page import Choice, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View


@dataclass(frozen=True)
class PaperOutProps(PageProps):
    qr: str = ""
    qr_name: str = ""
    scan: str = ""
    number: str = ""
    any_machine: str = ""
    any_note: str = ""


def derive(
    state: PaperOwed | PaperInDoubt | AskingStaff | Renumbering, receipt: IssuedReceipt, view: View
) -> PageProps:
    """The page while no paper lies in the slot that counts, and staff's pages behind it."""
    match state:
        case PaperOwed():
            return _owed(state, receipt, view)
        case PaperInDoubt():
            return _in_doubt(state, receipt, view)
        case AskingStaff(asking=asking):
            return staff.derive(asking, view)
        case Renumbering():
            return waiting.derive("number", 5, view)


def derive_missing(receipt: IssuedReceipt, view: View) -> PaperOutProps:
    """The citizen says that no paper came."""
    texts = view.texts
    title = texts.title("paper.missing")
    return _with_number(title, "", receipt, _done(view), Choice(texts("common.back"), Close()), view)


def _owed(state: PaperOwed, receipt: IssuedReceipt, view: View) -> PaperOutProps:
    texts, reason = view.texts, state.verdict.reason
    if state.ready:
        again = Choice(texts("paper.again"), Pressed(Button.PRINT_AGAIN), "printer")
        return _with_number(texts.title("paper.refilled"), "", receipt, again, _done(view), view)
    known = f"paper.{reason}"
    title = texts.title(known if known in texts else "paper.down")
    helper = texts("paper.head-hot_helper") if reason == HEAD_HOT else ""
    return _with_number(title, helper, receipt, _done(view), None, view)


def _in_doubt(state: PaperInDoubt, receipt: IssuedReceipt, view: View) -> PaperOutProps:
    """The result stands; the paper does not count, and only staff allow another number."""
    texts = view.texts
    title = texts.title("paper.taken_back" if state.taken_back else "paper.doubt")
    what = "not_renewed" if state.not_renewed else "taken_back_helper" if state.taken_back else "doubt_helper"
    by_staff = Choice(texts("paper.staff"), Pressed(Button.STAFF))
    return _with_number(title, texts(f"paper.{what}"), receipt, _done(view), by_staff, view)


def _done(view: View) -> Choice:
    return Choice(view.texts("paper.done"), Pressed(Button.CONTINUE))


def _with_number(
    title: str, helper: str, receipt: IssuedReceipt, done: Choice, second: Choice | None, view: View
) -> PaperOutProps:
    texts = view.texts
    return PaperOutProps(
        title=title,
        helper=helper,
        qr=receipt.verification.qr_text,
        qr_name=texts("paper.qr"),
        scan=texts("paper.scan"),
        number=receipt.number.value,
        any_machine=texts("paper.any"),
        any_note=texts("paper.any_note"),
        primary=done,
        right=second,
        **stepped(texts, 5),
    )
