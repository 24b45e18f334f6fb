"""11 Paper out: the result stands, only the paper does not (E-23); nothing is printed twice."""

from dataclasses import dataclass

from kiosk.flow.touches import Button, Pressed
from kiosk.ports.printer import PrintUnknown
from kiosk.ports.receipt_issuer import IssuedReceipt
from kiosk.steps.print_paper import PaperOwed
from ui.view_models.local import Close, Open, SidePage
from ui.view_models.page import Choice, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View

_TITLES = {"media-empty": "paper.out", "media-jam": "paper.jam"}


@dataclass(frozen=True)
class PaperOutProps(PageProps):
    """Without ``qr`` the page only asks to look into the slot."""

    qr: str = ""
    qr_name: str = ""
    scan: str = ""
    number: str = ""
    any_machine: str = ""
    any_note: str = ""


def derive(state: PaperOwed | PrintUnknown, receipt: IssuedReceipt, view: View) -> PaperOutProps:
    texts = view.texts
    if isinstance(state, PrintUnknown):
        return PaperOutProps(
            title=texts.title("paper.ask"),
            helper=texts("paper.ask_helper"),
            primary=Choice(texts("paper.there"), Pressed(Button.CONTINUE)),
            right=Choice(texts("paper.not_there"), Open(SidePage.NO_SLIP)),
            **stepped(texts, 5),
        )
    done = Choice(texts("paper.done"), Pressed(Button.CONTINUE))
    title = texts.title(_TITLES.get(state.verdict.reason, "paper.down"))
    if not state.ready:
        return _with_number(title, receipt, done, None, view)
    again = Choice(texts("paper.again"), Pressed(Button.PRINT_AGAIN), "printer")
    return _with_number(texts.title("paper.refilled"), receipt, again, done, view)


def derive_missing(receipt: IssuedReceipt, view: View) -> PaperOutProps:
    """The citizen says that no paper came."""
    texts = view.texts
    done = Choice(texts("paper.done"), Pressed(Button.CONTINUE))
    return _with_number(texts.title("paper.missing"), receipt, done, Choice(texts("common.back"), Close()), view)


def _with_number(title: str, receipt: IssuedReceipt, done: Choice, second: Choice | None, view: View) -> PaperOutProps:
    texts = view.texts
    return PaperOutProps(
        title=title,
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
