"""14 Keypad: an identity number, a phone number, a receipt number; own large keys, digits to be covered."""

from dataclasses import dataclass

from kiosk.domain.citizen_number import NumberProblem
from kiosk.domain.receipt_number import parse_typed_receipt
from kiosk.flow.touches import Button, Pressed, Typed
from kiosk.steps.type_number import TypingNumber
from ui.view_models.local import HideToggled, KeyErased, KeysCleared, KeyTyped, LettersToggled
from ui.view_models.page import Choice, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View

DIGITS = "123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBER_GROUPS, PHONE_GROUPS = (6, 8, 4), (3, 4, 4)
RECEIPT_GROUPS = (2, 8, 14)
SHORTEST_RECEIPT = 18
EMPTY, COVERED = "_", "●"


@dataclass(frozen=True)
class KeypadProps(PageProps):
    """``slots`` is what the field shows, one character each: typed, covered, empty, or a space between groups.
    ``field`` says how much is there, never what. ``columns`` of keys; ``problem`` is what was wrong with what was sent
    last."""

    slots: str = ""
    field: str = ""
    problem: str = ""
    columns: int = 3
    keys: tuple[Choice, ...] = ()
    hide: Choice | None = None


def derive_number(state: TypingNumber, view: View) -> KeypadProps:
    texts, typed = view.texts, view.local.typed
    problem = "" if state.problem is None or typed else texts(_problem(state.problem))
    return KeypadProps(
        title=texts.title("keypad.number"),
        helper=texts("keypad.number_helper"),
        slots=_slots(NUMBER_GROUPS, view),
        field=texts("keypad.number_field", count=len(typed)),
        problem=problem,
        keys=_digit_keys(view, sum(NUMBER_GROUPS), _key("X", sum(NUMBER_GROUPS), view)),
        hide=_hide(view),
        primary=_send(sum(NUMBER_GROUPS), view),
        left=Choice(texts("common.back"), Pressed(Button.BACK), "back"),
        right=_clear(view),
        spoken=(problem,) if problem else (),
        **stepped(texts, 2),
    )


def derive_phone(wrong: bool, view: View) -> KeypadProps:
    texts, typed = view.texts, view.local.typed
    return KeypadProps(
        title=texts.title("visit.phone"),
        helper=texts("visit.phone_helper"),
        slots=_slots(PHONE_GROUPS, view),
        field=texts("keypad.phone_field", count=len(typed)),
        problem=texts("keypad.phone_wrong") if wrong and not typed else "",
        keys=_digit_keys(view, sum(PHONE_GROUPS), Choice("")),
        hide=_hide(view),
        primary=_send(sum(PHONE_GROUPS), view),
        left=Choice(texts("common.stop"), Pressed(Button.HOME)),
        right=_clear(view),
    )


def derive_receipt(wrong: bool, view: View) -> KeypadProps:
    texts, typed = view.texts, view.local.typed
    limit = sum(RECEIPT_GROUPS)
    whole = parse_typed_receipt(typed) is not None or len(typed) >= SHORTEST_RECEIPT
    return KeypadProps(
        title=texts.title("lookup.number"),
        helper=texts("lookup.number_helper"),
        slots=_grouped(typed, RECEIPT_GROUPS),
        field=texts("keypad.receipt_field", count=len(typed)),
        problem=texts("lookup.number_wrong") if wrong and not typed else "",
        columns=7 if view.local.letters else 3,
        keys=_letter_keys(view, limit) if view.local.letters else _digit_keys(view, limit, _letters_key(view)),
        primary=Choice(texts("keypad.next"), Typed(typed)) if whole else Choice(texts("lookup.number_missing")),
        left=Choice(texts("lookup.scan"), Pressed(Button.SHOW_CODE), "face-scan"),
        right=_clear(view),
    )


def _digit_keys(view: View, limit: int, corner: Choice) -> tuple[Choice, ...]:
    digits = tuple(_key(digit, limit, view) for digit in DIGITS)
    return (*digits, corner, _key("0", limit, view), _erase(view))


def _letter_keys(view: View, limit: int) -> tuple[Choice, ...]:
    letters = tuple(_key(letter, limit, view) for letter in LETTERS)
    back = Choice("123", LettersToggled(), note=view.texts("keypad.digits"))
    return (*letters, back, Choice("", KeyErased(), "erase", view.texts("keypad.erase")))


def _letters_key(view: View) -> Choice:
    return Choice("ABC", LettersToggled(), note=view.texts("keypad.letters"))


def _key(sign: str, limit: int, view: View) -> Choice:
    name = "keypad.digit" if sign.isdigit() else "keypad.letter"
    return Choice(sign, KeyTyped(sign, limit), note=view.texts(name, sign=sign))


def _erase(view: View) -> Choice:
    return Choice(view.texts("keypad.erase"), KeyErased(), "erase", view.texts("keypad.erase"))


def _send(length: int, view: View) -> Choice:
    typed = view.local.typed
    if len(typed) < length:
        return Choice(view.texts("keypad.missing", count=length - len(typed)))
    return Choice(view.texts("keypad.next"), Typed(typed))


def _hide(view: View) -> Choice:
    hidden = view.local.hidden
    return Choice(view.texts("keypad.show" if hidden else "keypad.hide"), HideToggled(), "eye" if hidden else "eye-off")


def _clear(view: View) -> Choice:
    return Choice(view.texts("keypad.clear"), KeysCleared(), "eraser")


def _slots(groups: tuple[int, ...], view: View) -> str:
    typed = view.local.typed
    shown = COVERED * len(typed) if view.local.hidden else typed
    return _grouped(shown.ljust(sum(groups), EMPTY), groups)


def _grouped(text: str, groups: tuple[int, ...]) -> str:
    parts, at = [], 0
    for width in groups:
        parts.append(text[at : at + width])
        at += width
    return " ".join(filter(None, parts))


def _problem(problem: NumberProblem) -> str:
    return "keypad.check" if problem is NumberProblem.CHECK_DIGIT else "keypad.wrong"
