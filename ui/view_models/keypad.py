"""14 Keypad: an identity number, a phone number, a receipt number; own large keys, digits to be covered."""

from dataclasses import dataclass, replace

from kiosk.domain.citizen_number import NumberProblem
from kiosk.domain.receipt_number import parse_typed_receipt
from kiosk.flow.touches import Button, Pressed, RollChanged, Typed
from kiosk.steps.type_number import TypingNumber
from ui.view_models.local import HideToggled, KeyErased, KeysCleared, KeyTyped, LettersToggled, Open, SidePage
from ui.view_models.page import Choice, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View

DIGITS = "123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBER_GROUPS, PHONE_GROUPS = (6, 8, 4), (3, 4, 4)
RECEIPT_GROUPS = (2, 8, 14)
SHORTEST_RECEIPT = 18
STAFF_LIMIT, PIN_LIMIT, SHORTEST_PIN = 16, 12, 6
CHALLENGE_GROUPS = (4, 4)
ROLLS_M = (80, 50, 30)
"""The lengths of paper rolls that are sold."""

LONGEST_ROLL_M = 200
EMPTY, COVERED = "_", "●"


@dataclass(frozen=True)
class KeypadProps(PageProps):
    """``slots`` is what the field shows, one character each: typed, covered, empty, or a space between groups.
    ``field`` says how much is there, never what. ``columns`` of keys; ``problem`` is what was wrong with what was sent
    last. ``shown`` stands large above the field: what the typed digits answer."""

    shown: str = ""
    shown_name: str = ""
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


def derive_staff_number(tries_left: int | None, view: View) -> KeypadProps:
    texts, typed = view.texts, view.local.typed
    return _for_staff(
        KeypadProps(
            title=texts.title("staff.number"),
            helper=texts("staff.number_helper"),
            slots=typed or EMPTY,
            field=texts("staff.number_field", count=len(typed)),
            problem=_tries(tries_left, view),
            columns=7 if view.local.letters else 3,
            keys=_letter_keys(view, STAFF_LIMIT)
            if view.local.letters
            else _digit_keys(view, STAFF_LIMIT, _letters_key(view)),
            primary=Choice(texts("keypad.next"), Typed(typed)) if typed else Choice(texts("staff.number_missing")),
            right=Choice(texts("staff.by_challenge"), Pressed(Button.STAFF_OTHER_WAY), "switch"),
        ),
        view,
    )


def derive_pin(view: View) -> KeypadProps:
    """Never shown, as the citizen stands by."""
    texts, typed = view.texts, view.local.typed
    whole = len(typed) >= SHORTEST_PIN
    return _for_staff(
        KeypadProps(
            title=texts.title("staff.pin"),
            helper=texts("staff.pin_helper"),
            slots=(COVERED * len(typed)).ljust(SHORTEST_PIN, EMPTY),
            field=texts("staff.pin_field", count=len(typed)),
            keys=_digit_keys(view, PIN_LIMIT, Choice("")),
            primary=Choice(texts("staff.send"), Typed(typed)) if whole else Choice(texts("staff.pin_missing")),
            right=Choice(texts("staff.by_challenge"), Pressed(Button.STAFF_OTHER_WAY), "switch"),
        ),
        view,
    )


def derive_challenge(challenge: str, tries_left: int | None, pins: bool, view: View) -> KeypadProps:
    texts, typed = view.texts, view.local.typed
    length = sum(CHALLENGE_GROUPS)
    whole = len(typed) == length
    return _for_staff(
        KeypadProps(
            title=texts.title("staff.challenge"),
            helper=texts("staff.challenge_helper"),
            shown=_grouped(challenge, CHALLENGE_GROUPS),
            shown_name=texts("staff.challenge_shown"),
            slots=_grouped(typed.ljust(length, EMPTY), CHALLENGE_GROUPS),
            field=texts("staff.challenge_field", count=len(typed)),
            problem=_tries(tries_left, view),
            keys=_digit_keys(view, length, Choice("")),
            primary=Choice(texts("staff.send"), Typed(typed))
            if whole
            else Choice(texts("keypad.missing", count=length - len(typed))),
            right=Choice(texts("staff.by_pin"), Pressed(Button.STAFF_OTHER_WAY), "switch") if pins else None,
        ),
        view,
    )


def derive_roll(view: View) -> KeypadProps:
    """The technician tells how long the new roll is: one touch for a usual one."""
    texts, typed = view.texts, view.local.typed
    rolls = tuple(_roll(metres, texts("devices.roll_metres", metres=metres)) for metres in ROLLS_M)
    valid = typed != "" and 0 < int(typed) <= LONGEST_ROLL_M
    return KeypadProps(
        title=texts.title("devices.roll"),
        helper=texts("devices.roll_helper"),
        head=texts("devices.terminal", terminal=view.site.terminal),
        slots=typed or EMPTY,
        field=texts("devices.roll_field"),
        keys=(*rolls, *_digit_keys(view, 3, Choice(""))),
        primary=_roll(int(typed), texts("devices.roll_is", metres=typed))
        if valid
        else Choice(texts("devices.roll_pick")),
        left=Choice(texts("common.back"), Open(SidePage.DEVICES), "back"),
        right=_clear(view),
    )


def _roll(metres: int, label: str) -> Choice:
    return Choice(label, RollChanged(metres * 1000), note=label)


def _for_staff(props: KeypadProps, view: View) -> KeypadProps:
    texts = view.texts
    problem = "" if view.local.typed else props.problem
    return replace(
        props,
        problem=problem,
        head=texts("staff.head"),
        left=Choice(texts("common.back"), Pressed(Button.BACK), "back"),
        spoken=(problem,) if problem else (),
    )


def _tries(tries_left: int | None, view: View) -> str:
    return "" if tries_left is None else view.texts("staff.wrong", count=tries_left)


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
