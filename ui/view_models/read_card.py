"""04 Read card: the picture is the instruction, so there is no primary button."""

from dataclasses import dataclass

from kiosk.flow.touches import Button, Pressed
from kiosk.steps.identify import TRY_S, AwaitingCard, CardHint, DecodingPhoto
from ui.view_models.page import Choice, PageProps
from ui.view_models.steps import counted, stepped
from ui.view_models.view import View


@dataclass(frozen=True)
class ReadCardProps(PageProps):
    """``done``: the card was read and still lies there."""

    where: str = ""
    hint: str = ""
    done: bool = False
    picture: str = ""


def derive(state: AwaitingCard | DecodingPhoto, view: View) -> ReadCardProps:
    """The citizen's own card; the electronic one may take its place."""
    code = Choice(view.texts("card.e_card"), Pressed(Button.SHOW_CODE), "phone-screen")
    other = Choice(view.texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch")
    return _derive(state, "card.title", other, code, view)


def derive_for(whose: str, state: AwaitingCard | DecodingPhoto, view: View) -> ReadCardProps:
    """The card of somebody else: ``whose`` is helper or absent."""
    return _derive(state, f"card.title_{whose}", None, Choice(view.texts("common.stop"), Pressed(Button.HOME)), view)


def _derive(
    state: AwaitingCard | DecodingPhoto, key: str, left: Choice | None, right: Choice, view: View
) -> ReadCardProps:
    texts = view.texts
    if isinstance(state, DecodingPhoto):
        return ReadCardProps(
            title=texts.title("card.read"), done=True, picture=texts("card.picture"), **stepped(texts, 2)
        )
    hint = "" if state.hint is CardHint.FIRST else texts(f"card.hint.{state.hint.value}")
    title, helper = texts.title(key), texts("card.helper_slot" if view.slot else "card.helper")
    return ReadCardProps(
        title=title,
        helper=helper,
        where=texts("card.where"),
        hint=hint,
        picture=texts("card.picture"),
        left=left,
        right=right,
        spoken=(hint,) if hint else (title, helper, texts("card.where")),
        **stepped(texts, 2),
        **counted(texts, view.of_step(TRY_S), view.elapsed_s),
    )
