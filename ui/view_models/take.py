"""20 Take: paper and card, each with its place (E-25)."""

from dataclasses import dataclass

from kiosk.flow.touches import Button, Pressed
from kiosk.steps.print_paper import PrintState, printing_of
from kiosk.steps.take_things import Taking
from ui.view_models.local import Open, SidePage
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View


@dataclass(frozen=True)
class TakeProps(PageProps):
    """``paper`` is None when nothing was printed, ``card`` when none was laid down; ``picture`` is the drawing of the
    card's place."""

    paper: Fact | None = None
    card: Fact | None = None
    picture: str = ""


def derive(
    state: Taking, word: str, card: str | None, numbered: bool, view: View, printing: PrintState | None = None
) -> TakeProps:
    """``word`` says what the paper is called: slip, receipt or sheet. ``card`` is the one of this session: id, social
    or None. ``numbered``: the paper has a number to note should it not have come. With a paper that ``printing`` has
    under a new number comes the strip for the staff's file."""
    texts = view.texts
    left_there = state.card_there is True
    shows_card = card is not None or left_there
    name = texts(f"card.name.{card or 'id'}")
    primary = (
        Choice(texts("take.wait_card", card=name))
        if left_there
        else Choice(texts("take.done"), Pressed(Button.CONTINUE))
    )
    return TakeProps(
        title=texts.title(_title(state, word, shows_card), card=name),
        helper=texts("take.notice") if printing is not None and printing_of(printing).notice is not None else "",
        paper=Fact(texts(f"take.{word}"), texts("take.slip_where")) if state.paper else None,
        card=Fact(name, texts(_place(state, card))) if shows_card else None,
        picture=_picture(state, card),
        primary=primary,
        right=Choice(texts(f"take.no_{word}"), Open(SidePage.NO_SLIP), "printer-off")
        if state.paper and numbered
        else None,
        **stepped(texts, 5),
    )


def _title(state: Taking, word: str, shows_card: bool) -> str:
    if state.card_there is True:
        return "take.card_left"
    if not state.paper:
        return "take.title_card"
    return f"take.title_{word}" if shows_card else f"take.title_{word}_only"


def _picture(state: Taking, card: str | None) -> str:
    gone = state.card_there is False
    if card == "social":
        return "slot-empty" if gone else "card-in-slot"
    return "reader-empty" if gone else "card-on-reader"


def _place(state: Taking, card: str | None) -> str:
    if state.card_there is False:
        return "take.card_gone"
    return "take.slot_where" if card == "social" else "take.card_where"
