"""A code is held before the camera: the electronic social-security card on a phone, or a receipt."""

from dataclasses import dataclass

from kiosk.flow.touches import Button, Pressed
from kiosk.steps.show_code import TRY_S, AwaitingCode, CodeHint
from ui.view_models.page import Choice, PageProps
from ui.view_models.steps import counted, stepped
from ui.view_models.view import View


@dataclass(frozen=True)
class CodeProps(PageProps):
    """The mirrored picture with a frame to hold the code in, and one hint."""

    live: bool = False
    hint: str = ""
    picture: str = ""


def derive_card(state: AwaitingCode, view: View) -> CodeProps:
    texts = view.texts
    hint = texts(f"code.hint.{state.hint.value}")
    return CodeProps(
        title=texts.title("code.title"),
        helper=texts("code.helper"),
        live=True,
        hint=hint,
        picture=texts("code.picture"),
        left=Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch"),
        right=Choice(texts("code.card"), Pressed(Button.READ_CARD), "id-card"),
        spoken=() if state.hint is CodeHint.FIRST else (hint,),
        **stepped(texts, 2),
        **counted(texts, view.of_step(TRY_S), view.elapsed_s),
    )


def derive_receipt(strange: bool, view: View) -> CodeProps:
    texts = view.texts
    return CodeProps(
        title=texts.title("lookup.title"),
        helper=texts("lookup.helper"),
        live=True,
        hint=texts("lookup.strange" if strange else "lookup.hint"),
        picture=texts("code.picture"),
        left=Choice(texts("common.stop"), Pressed(Button.HOME)),
        right=Choice(texts("lookup.type"), Pressed(Button.TYPE_NUMBER), "keypad"),
    )
