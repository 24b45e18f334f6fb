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
    texts = view.texts
    if isinstance(state, DecodingPhoto):
        return ReadCardProps(
            title=texts.title("card.read"), done=True, picture=texts("card.picture"), **stepped(texts, 2)
        )
    hint = "" if state.hint is CardHint.FIRST else texts(f"card.hint.{state.hint.value}")
    title, helper = texts.title("card.title"), texts("card.helper")
    return ReadCardProps(
        title=title,
        helper=helper,
        where=texts("card.where"),
        hint=hint,
        picture=texts("card.picture"),
        left=Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch"),
        spoken=(hint,) if hint else (title, helper, texts("card.where")),
        **stepped(texts, 2),
        **counted(texts, view.stretched(TRY_S), view.elapsed_s),
    )
