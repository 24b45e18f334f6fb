"""20 Take: paper and card, each with its place (E-25)."""

from dataclasses import dataclass

from kiosk.flow.touches import Button, Pressed
from kiosk.steps.take_things import Taking
from ui.view_models.local import Open, SidePage
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View


@dataclass(frozen=True)
class TakeProps(PageProps):
    """``paper`` is None when nothing was printed, ``card`` when none was laid down."""

    paper: Fact | None = None
    card: Fact | None = None
    card_there: bool = True


def derive(state: Taking, word: str, card: bool, numbered: bool, view: View) -> TakeProps:
    """``word`` says what the paper is called: slip, receipt or sheet. ``card``: one was laid down in this session.
    ``numbered``: the paper has a number to note should it not have come."""
    texts = view.texts
    left_there = state.card_there is True
    shows_card = card or left_there
    primary = Choice(texts("take.wait_card")) if left_there else Choice(texts("take.done"), Pressed(Button.CONTINUE))
    return TakeProps(
        title=texts.title(_title(state, word, shows_card)),
        paper=Fact(texts(f"take.{word}"), texts("take.slip_where")) if state.paper else None,
        card=_card(state, view) if shows_card else None,
        card_there=state.card_there is not False,
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


def _card(state: Taking, view: View) -> Fact:
    gone = state.card_there is False
    return Fact(view.texts("take.card"), view.texts("take.card_gone" if gone else "take.card_where"))
