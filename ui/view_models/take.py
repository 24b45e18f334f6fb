"""20 Take: paper and card, each with its place (E-25)."""

from dataclasses import dataclass

from kiosk.domain.case import Outcome
from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.confirm_eligibility import ShowingResult
from kiosk.ports.printer import NotPrinted
from kiosk.steps.take_things import Taking
from ui.view_models.local import Open, SidePage
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.result import paper_word
from ui.view_models.steps import stepped
from ui.view_models.view import View


@dataclass(frozen=True)
class TakeProps(PageProps):
    """``paper`` is None when nothing was printed."""

    paper: Fact | None = None
    card: Fact | None = None
    card_there: bool = True


def derive(state: Taking, result: ShowingResult | None, view: View) -> TakeProps:
    texts = view.texts
    word = paper_word(Outcome.PENDING if result is None else result.outcome)
    printed = result is not None and not isinstance(result.printing, NotPrinted)
    gone = state.card_there is False
    if state.card_there is True:
        title, primary = texts.title("take.card_left"), Choice(texts("take.wait_card"))
    else:
        key = "take.title_card" if not printed else "take.title" if word == "slip" else "take.title_receipt"
        title, primary = texts.title(key), Choice(texts("take.done"), Pressed(Button.CONTINUE))
    return TakeProps(
        title=title,
        paper=Fact(texts(f"take.{word}"), texts("take.slip_where")) if printed else None,
        card=Fact(texts("take.card"), texts("take.card_gone" if gone else "take.card_where")),
        card_there=not gone,
        primary=primary,
        right=Choice(texts("take.no_slip"), Open(SidePage.NO_SLIP), "printer-off") if printed else None,
        **stepped(texts, 5),
    )
