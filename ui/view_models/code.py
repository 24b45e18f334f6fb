"""A code is held out: a card or an app on a phone that tells who it is, or a receipt."""

from dataclasses import dataclass

from kiosk.codes.issuers import CodeIssuer
from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.look_up_receipt import AwaitingReceipt
from kiosk.ports.speaker import Language
from kiosk.steps.show_code import TRY_S, AwaitingCode, CodeHint
from ui.texts import Texts
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
    hint = texts(f"code.hint.{state.hint.value}") if state.shown is None else _what_for(state.shown, texts)
    several = "_several" if len(state.offered) > 1 else ""
    return CodeProps(
        title=texts.title("code.title_scanner" if view.scanner else "code.title"),
        helper=texts(f"code.helper{several}", names=_one_of(state.offered, texts)),
        live=True,
        hint=hint,
        picture=texts("code.picture"),
        left=Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch"),
        right=Choice(texts("code.card"), Pressed(Button.READ_CARD), "id-card"),
        spoken=() if state.hint is CodeHint.FIRST else (hint,),
        **stepped(texts, 2),
        **counted(texts, view.of_step(TRY_S), view.elapsed_s),
    )


def derive_receipt(state: AwaitingReceipt, view: View) -> CodeProps:
    texts = view.texts
    word = "altered" if state.altered else "hint" if state.strange is None else "strange"
    hint = texts(f"lookup.{word}") if state.shown is None else _what_for(state.shown, texts)
    return CodeProps(
        title=texts.title("lookup.title_scanner" if view.scanner else "lookup.title"),
        helper=texts("lookup.helper"),
        live=True,
        hint=hint,
        picture=texts("code.picture"),
        left=Choice(texts("common.stop"), Pressed(Button.HOME)),
        right=Choice(texts("lookup.type"), Pressed(Button.TYPE_NUMBER), "keypad"),
        spoken=() if state.strange is None else (hint,),
    )


def name_of(issuer: CodeIssuer, texts: Texts) -> str:
    return issuer.zh if texts.language is Language.CHINESE else issuer.en


def _one_of(issuers: tuple[CodeIssuer, ...], texts: Texts) -> str:
    """电子社保卡、赣服通或网证."""
    *others, last = (name_of(issuer, texts) for issuer in issuers)
    return texts("code.or", names=texts("code.comma").join(others), last=last) if others else last


def _what_for(issuer: CodeIssuer, texts: Texts) -> str:
    """A code that is of no use here: what it is, and what for."""
    place = f"code.for.{issuer.uses[0].value}" if issuer.uses else "code.for.nothing"
    return texts(place, name=name_of(issuer, texts))
