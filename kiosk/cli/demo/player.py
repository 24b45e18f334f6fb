"""Plays a case step by step on the stage: what a citizen does and what happens in the hall. No step touches a score
or a verdict."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, assert_never

from PySide6.QtQuick import QQuickItem

from gateway.sandbox import SandboxPerson
from kiosk.cli.demo.director import Stage, StuckError, Waiting
from kiosk.cli.demo.hall import HallError
from kiosk.cli.demo.obeying import ObeyingHead
from kiosk.cli.demo.scenario import (
    ActStep,
    CardLaid,
    CardStep,
    ExpectStep,
    HallStep,
    PageStep,
    PauseStep,
    PhoneStep,
    ScanStep,
    Scenario,
    SearchStep,
    SlotStep,
    Step,
    TouchStep,
    TypeStep,
    WaitStep,
)
from kiosk.cli.demo.training import PERMITS, card_fields, social_card_fields
from kiosk.domain.face import FaceAction
from kiosk.flow.touches import Button, Pressed
from ui.view_models.capture import CaptureProps
from ui.view_models.home import HomeProps

IN_ORDER: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("link", "restore", {}),
    ("gateway", "clock", {"seconds": 0}),
    ("card-reader", "plug", {}),
    ("card-reader", "fault", {"kind": None}),
    ("card-reader", "remove-card", {}),
    ("smart-card", "plug", {}),
    ("smart-card", "fault", {"kind": None}),
    ("smart-card", "remove-card", {}),
    ("scanner", "plug", {}),
    ("printer", "plug", {}),
    ("printer", "speak", {}),
    ("printer", "cover-close", {}),
    ("printer", "paper-in", {}),
    ("camera", "link", {"state": "up"}),
    ("camera", "nobody", {}),
    ("camera", "light", {"level": 1}),
)
"""What puts the hall in order before a case, whatever the one before left. With nobody there, no phone and no company
stands before the camera either."""

ACT_PAGES = ("capture", "waiting")
"""While one of these is on, the page may ask for something more."""


def play_all(stage: Stage, scenarios: tuple[Scenario, ...], people: dict[str, SandboxPerson], today: date) -> Waiting:
    """One case after the other. One that gets stuck is noted with its trouble, and the next begins at home again."""
    for scenario in scenarios:
        stage.begin(scenario)
        trouble: str | None = None
        try:
            yield from _play(stage, scenario, people, today)
        except (StuckError, HallError, AssertionError) as problem:
            trouble = str(problem)
            stage.tell(f"stuck: {trouble}")
            _put_in_order(stage)
            yield from stage.until_page("home")
        stage.end(trouble)
    outbox = stage.terminal.ports.outbox
    yield from stage.until(lambda: outbox.waiting() == 0, "delivery of what is queued")


def _play(stage: Stage, scenario: Scenario, people: dict[str, SandboxPerson], today: date) -> Waiting:
    player = _Player(stage, people, today, people[scenario.person])
    _put_in_order(stage)
    yield from player.play(WaitStep(wait="open"))
    for number, step in enumerate(scenario.steps, 1):
        try:
            yield from player.play(step)
        except (StuckError, AssertionError) as problem:
            raise StuckError(f"step {number}: {problem}") from None
    yield from stage.until_page("home")


def _put_in_order(stage: Stage) -> None:
    for program, verb, arguments in IN_ORDER:
        stage.world(program, verb, **arguments)


class _Player:
    def __init__(self, stage: Stage, people: dict[str, SandboxPerson], today: date, person: SandboxPerson) -> None:
        self._stage = stage
        self._people = people
        self._today = today
        self._person = person

    def play(self, step: Step) -> Waiting:
        stage = self._stage
        match step:
            case HallStep(hall=program, do=verb):
                stage.tell(" ".join((f"{program}:", verb, *map(str, step.arguments.values()))))
                stage.world(program, verb, **step.arguments)
            case TouchStep(touch=name):
                yield from stage.tap(name)
            case PageStep(page=name):
                yield from stage.until_page(name)
            case CardStep(card=card):
                self._lay(card)
            case PhoneStep(phone=what):
                self._hold_phone(what)
            case SlotStep(slot=what):
                self._move_in_slot(what)
            case ScanStep(scan=issuer):
                stage.tell(f"holds the phone over the scanner: {issuer}")
                stage.world("scanner", "scan", text=stage.code_of(self._person.number.value, issuer))
            case ActStep():
                yield from self._act_as_asked(step)
            case TypeStep(type=keys):
                for key in self._person.number.value if keys == "number" else keys:
                    yield from stage.tap(f"字母 {key}" if key.isalpha() else f"数字 {key}")
            case ExpectStep(expect=words):
                yield from stage.until(lambda: all(_bare(each) in _shown(stage) for each in words), " and ".join(words))
            case WaitStep(wait=what):
                met, meaning = self._waits()[what]
                yield from stage.until(met, meaning)
            case PauseStep(pause=seconds):
                until = stage.terminal.clock.monotonic() + seconds
                yield from stage.until(lambda: stage.terminal.clock.monotonic() >= until, f"{seconds:g} s to pass")
            case SearchStep():
                stage.search_files()
            case _:
                assert_never(step)

    def _waits(self) -> dict[str, tuple[Callable[[], bool], str]]:
        outbox = self._stage.terminal.ports.outbox
        return {
            "open": (lambda: self._opens() is True, "the home page to open the service"),
            "closed": (lambda: self._opens() is False, "the home page to close the service"),
            "queued": (lambda: outbox.waiting() > 0, "a record in the outbox"),
            "delivered": (lambda: outbox.waiting() == 0, "delivery of what is queued"),
        }

    def _opens(self) -> bool | None:
        """Whether a press begins the service; None while the home page is not on or the terminal checks itself."""
        props = self._stage.window.props
        if not isinstance(props, HomeProps) or props.service is None or props.service.event is None:
            return None
        return props.service.event == Pressed(Button.START)

    def _lay(self, card: CardLaid) -> None:
        document = (self._person if card.of is None else self._people[card.of]).document(self._today)
        written = {"kind": " ", **card_fields(document)} if card.kind == " " else PERMITS[card.kind]
        portrait = {} if card.portrait == "none" else {"portrait": card.portrait}
        self._stage.tell("lays another card down" if card.swap else "lays a card on the reader")
        self._stage.world("card-reader", "swap-card" if card.swap else "insert-card", **written, **portrait)

    def _move_in_slot(self, what: str) -> None:
        self._stage.tell(f"slot: {what}")
        if what == "empty":
            self._stage.world("smart-card", "remove-card")
        else:
            document = self._person.document(self._today)
            self._stage.world("smart-card", "insert-card", **social_card_fields(document))

    def _hold_phone(self, what: str) -> None:
        match what:
            case "e-card":
                text: str | None = self._stage.code_of(self._person.number.value)
            case "paper":
                text = self._stage.code_on_newest_paper()
            case _:
                text = None
        self._stage.tell(f"phone: {what}")
        self._stage.world("camera", "phone", text=text)

    def _act_as_asked(self, step: ActStep) -> Waiting:
        stage = self._stage
        head = ObeyingHead(
            partial(stage.world, "camera"), step.degrees, step.seconds, tilted=step.tilt, tell=stage.tell
        )
        yield from stage.until_page("capture")
        while stage.page in ACT_PAGES:
            props = stage.window.props
            if isinstance(props, CaptureProps):
                asked = FaceAction(props.action) if props.action else None
                if asked is not None and step.prefers is not None and asked is not step.prefers:
                    yield from self._pick_instead(asked, step.prefers)
                    continue
                head.see(asked, props.dot, stage.terminal.clock.monotonic())
            if head.done > step.tries:
                raise StuckError(f"the page still asks after {step.tries} tries")
            yield

    def _pick_instead(self, asked: FaceAction, preferred: FaceAction) -> Waiting:
        """The rows are all actions but the one that was asked for."""
        yield from self._stage.tap("right")
        yield from self._stage.until_page("choices")
        others = [action for action in FaceAction if action is not asked]
        yield from self._stage.tap(f"rows-{others.index(preferred)}")
        yield from self._stage.until_page("capture")


def _shown(stage: Stage) -> str:
    """Every text that stands on the screen, without the room between characters."""
    return "\n".join(_bare(text) for text in _texts(stage.window.view.contentItem()))


def _texts(item: QQuickItem) -> list[str]:
    found: list[str] = []
    for child in item.childItems():
        if child.isVisible():
            text = child.property("text")
            found += [text] if isinstance(text, str) else []
            found += _texts(child)
    return found


def _bare(text: str) -> str:
    return "".join(text.split())
