"""Twenty citizens in the virtual hall, one after the other: every page of the terminal and every way a session ends.

No visit touches a score or a verdict. The people are the sandbox's; each visit leaves the hall in order.
"""

import time
from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import requests
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from gateway.sandbox import ASTRONAUT, HOPPER, sandbox_people
from kiosk.app.bootstrap import Terminal
from kiosk.cli.demo.director import StuckError, Waiting
from kiosk.cli.demo.hall import Program
from kiosk.cli.demo.obeying import ObeyingHead
from kiosk.cli.demo.training import PERMITS, card_fields
from kiosk.domain.china_time import CHINA
from kiosk.domain.face import FaceAction
from kiosk.domain.receipt_number import ReceiptKind, ReceiptNumber, compose_receipt_number, parse_receipt_number
from kiosk.flow.touches import Button, Pressed
from ui.app import TerminalWindow
from ui.view_models.capture import CaptureProps
from ui.view_models.home import HomeProps

PHONE = "13800002071"
"""What relatives type."""

NEVER_ISSUED = compose_receipt_number(ReceiptKind.ELIGIBILITY, date(2020, 1, 6), "0317", 1)

HOME_VISIT, LOOK_UP, HELPED = "services-0", "services-1", "services-2"
"""The smaller tiles of the home page."""

PATIENCE_S = 45.0
"""Whatever takes longer ends the run."""

LOOK_S = 0.2
LAID_AGAIN_S = 0.7
TURN_DEGREES = 24
TURN_S = 1.6


class Place:
    """What a visit may use: the window as a citizen sees it, the controls of the virtual hall, the people.

    ``search`` looks through the terminal's files. ``receipt`` is the last number a citizen read off the screen;
    ``timeline`` what happened in the visit under way.
    """

    def __init__(
        self, window: TerminalWindow, terminal: Terminal, programs: dict[str, Program], search: Callable[[], None]
    ) -> None:
        self.window = window
        self.terminal = terminal
        self.programs = programs
        self.search = search
        self.today = datetime.now(CHINA).date()
        self.people = {person.slug: person for person in sandbox_people(self.today)}
        self.receipt: ReceiptNumber | None = None
        self.timeline: list[str] = []
        self._touch = QTest.createTouchDevice()

    @property
    def page(self) -> str:
        return self.window.page

    def world(self, program: str, verb: str, **arguments: object) -> None:
        """Changes what the devices see."""
        self.programs[program].do(verb, **arguments)

    def until(self, met: Callable[[], bool], what: str) -> Waiting:
        """StuckError when it does not come about."""
        deadline = time.monotonic() + PATIENCE_S
        while not met():
            if time.monotonic() > deadline:
                raise StuckError(f"waited {PATIENCE_S:.0f} s for {what}; the page is {self.page}")
            yield

    def until_page(self, *names: str) -> Waiting:
        yield from self.until(lambda: self.page in names and self.window.settled(), f"page {' or '.join(names)}")

    def tap(self, name: str) -> Waiting:
        """Touches the control of this object or accessible name as soon as it stands."""
        yield from self.until(lambda: self.window.control(name) is not None, f"button {name}")
        control = self.window.control(name)
        assert control is not None
        self.timeline.append(f"{time.monotonic():.1f} s  {self.page}: {control.name}")
        point, view = QPoint(round(control.centre.x()), round(control.centre.y())), self.window.view
        QTest.touchEvent(view, self._touch).press(0, point, view).commit()
        yield
        QTest.touchEvent(view, self._touch).release(0, point, view).commit()
        yield

    def look(self) -> Waiting:
        """As long as eyes take to find a key among others that have just come."""
        found_at = time.monotonic() + LOOK_S
        yield from self.until(lambda: time.monotonic() >= found_at, "a look")

    def lay_card(self, slug: str, portrait: str = HOPPER, kind: str = " ") -> Waiting:
        yield from self.until_page("read_card")
        card = PERMITS[kind] if kind in PERMITS else card_fields(self.people[slug].document(self.today))
        self.world("card-reader", "insert-card", **card, portrait=portrait)

    def identify(self, slug: str, portrait: str = HOPPER, kind: str = " ") -> Waiting:
        """From the home page to a card on the reader."""
        yield from self.tap("service")
        yield from self.agree()
        yield from self.lay_card(slug, portrait, kind)

    def agree(self) -> Waiting:
        yield from self.until_page("notice")
        yield from self.tap("primary")

    def act_as_asked(self) -> Waiting:
        """Does what the page shows, until it asks no more."""
        yield from self.until_page("capture")
        head = ObeyingHead(partial(self.world, "camera"), TURN_DEGREES, TURN_S)
        while self.page == "capture":
            props = self.window.props
            if isinstance(props, CaptureProps):
                asked = FaceAction(props.action) if props.action else None
                head.see(asked, props.dot, time.monotonic())
            yield

    def take(self) -> Waiting:
        """From the result, its number read, to everything in the citizen's hands."""
        yield from self.until_page("result")
        texts = [fact.text for fact in getattr(self.window.props, "facts", ())]
        numbers = [number for text in texts if (number := parse_receipt_number(text)) is not None]
        self.receipt = numbers[0] if numbers else None
        yield from self.tap("primary")
        yield from self.pick_up()

    def pick_up(self) -> Waiting:
        yield from self.until_page("take")
        self.world("card-reader", "remove-card")
        yield from self.tap("primary")

    def leave_card(self) -> Waiting:
        """Without a paper the terminal ends the visit itself once the card is gone."""
        yield from self.until_page("take", "home")
        self.world("card-reader", "remove-card")

    def skip_rating(self) -> Waiting:
        yield from self.until_page("rating")
        yield from self.tap("right")

    def press_keys(self, text: str) -> Waiting:
        """On the keypad page; letters may stand on keys of their own."""
        for sign in text:
            key = f"{'字母' if sign.isalpha() else '数字'} {sign}"
            if self.window.control(key) is None:
                yield from self.tap("换成字母" if sign.isalpha() else "换成数字")
                yield from self.look()
            yield from self.tap(key)


def passed(hall: Place) -> Waiting:
    hall.world("camera", "person", portrait=HOPPER)
    yield from hall.identify("due")
    yield from hall.until_page("review")
    yield from hall.tap("primary")
    yield from hall.act_as_asked()
    yield from hall.take()
    yield from hall.until_page("rating")
    yield from hall.tap("grade-5")
    yield from hall.tap("tag-1")
    yield from hall.tap("primary")


def looked_up(hall: Place) -> Waiting:
    assert hall.receipt is not None, "nobody has a receipt to look up"
    yield from hall.tap(LOOK_UP)
    yield from hall.until_page("code")
    yield from hall.tap("right")
    yield from hall.until_page("keypad")
    yield from hall.press_keys(hall.receipt.value.replace("-", ""))
    yield from hall.tap("primary")
    yield from hall.until_page("result")
    yield from hall.tap("primary")
    yield from hall.pick_up()


def already_confirmed(hall: Place) -> Waiting:
    yield from hall.identify("confirmed")
    yield from hall.until_page("review")
    yield from hall.tap("primary")
    yield from hall.take()
    yield from hall.skip_rating()


def another_way(hall: Place) -> Waiting:
    yield from hall.identify("due-2")
    yield from hall.until_page("review")
    yield from hall.tap("left")
    yield from hall.until_page("other_way")
    yield from hall.tap("right")
    yield from hall.leave_card()


def wrong_card(hall: Place) -> Waiting:
    yield from hall.identify("due-3", kind="J")
    yield from hall.until_page("message")
    yield from hall.tap("primary")
    yield from hall.leave_card()


def offline(hall: Place) -> Waiting:
    """The network is cut; the terminal's files are searched while the case waits in them."""
    outbox = hall.terminal.ports.outbox
    hall.world("link", "cut")
    hall.world("camera", "person", portrait=ASTRONAUT)
    yield from hall.identify("overdue", portrait=ASTRONAUT)
    yield from hall.until_page("message")
    yield from hall.tap("primary")
    yield from hall.act_as_asked()
    yield from hall.take()
    yield from hall.skip_rating()
    yield from hall.until_page("home")
    assert outbox.waiting() == 1, f"{outbox.waiting()} records wait where one should"
    hall.search()
    hall.world("link", "restore")


def walked_away(hall: Place) -> Waiting:
    yield from hall.identify("due-4")
    yield from hall.until_page("review")
    yield from hall.until_page("idle")
    yield from hall.leave_card()


def not_listed(hall: Place) -> Waiting:
    """Neither here nor in the other area."""
    yield from hall.identify("stranger")
    yield from hall.until_page("choices")
    yield from hall.tap("rows-0")
    yield from hall.until_page("message")
    yield from hall.tap("primary")
    yield from hall.take()
    yield from hall.skip_rating()


def home_visit(hall: Place) -> Waiting:
    yield from hall.tap(HOME_VISIT)
    yield from hall.until_page("message")
    yield from hall.tap("primary")
    yield from hall.lay_card("bedridden")
    yield from hall.until_page("keypad")
    yield from hall.press_keys(PHONE)
    yield from hall.tap("primary")
    yield from hall.until_page("choices")
    yield from hall.tap("rows-1")
    yield from hall.take()


def read_and_left(hall: Place) -> Waiting:
    """Help, languages and the whole notice are read, and nothing is done."""
    yield from hall.tap("key-help")
    yield from hall.until_page("help")
    yield from hall.tap("primary")
    yield from hall.until_page("home")
    yield from hall.tap("service")
    yield from hall.until_page("notice")
    yield from hall.tap("right")
    yield from hall.until_page("full_notice")
    yield from hall.tap("key-language")
    yield from hall.until_page("language")
    yield from hall.tap("key-language")
    yield from hall.until_page("notice")
    yield from hall.tap("primary")
    yield from hall.lay_card("confirmed-silently")
    yield from hall.until_page("review")
    yield from hall.tap("key-home")
    yield from hall.until_page("leave")
    yield from hall.tap("right")
    hall.world("card-reader", "remove-card")


def card_blocked(hall: Place) -> Waiting:
    """Reported lost; the page of plain words sends to the desk."""
    yield from hall.identify("reported-lost")
    yield from hall.until_page("message")
    yield from hall.tap("primary")
    yield from hall.leave_card()


def paper_out(hall: Place) -> Waiting:
    hall.world("printer", "paper-out")
    yield from hall.identify("confirmed")
    yield from hall.until_page("review")
    yield from hall.tap("primary")
    yield from hall.until_page("paper_out")
    hall.world("printer", "paper-in")
    yield from hall.tap("现在补打")
    yield from hall.take()
    yield from hall.skip_rating()


def name_differs(hall: Place) -> Waiting:
    yield from hall.identify("renamed")
    yield from hall.until_page("message")
    yield from hall.tap("right")
    yield from hall.leave_card()


def number_typed(hall: Place) -> Waiting:
    """The chip cannot be read however often the card is laid down; the number is typed and a desk checks it."""
    hall.world("card-reader", "fault", kind="bad-checksum", command="3001", lasting=True)
    yield from hall.identify("due-5")
    laid_at = time.monotonic()
    while hall.page != "choices":
        if time.monotonic() - laid_at > LAID_AGAIN_S:
            laid_at = time.monotonic()
            hall.world("card-reader", "remove-card")
            yield from hall.until(lambda: hall.page in ("read_card", "choices"), "another try")
            if hall.page == "read_card":
                yield from hall.lay_card("due-5")
        yield
    hall.world("card-reader", "remove-card")
    hall.world("card-reader", "fault", kind=None)
    yield from hall.until_page("choices")
    yield from hall.tap("rows-1")
    yield from hall.until_page("keypad")
    yield from hall.press_keys(hall.people["due-5"].number.value)
    yield from hall.tap("primary")
    yield from hall.take()
    yield from hall.skip_rating()


def helped(hall: Place) -> Waiting:
    hall.world("camera", "person", portrait=HOPPER)
    yield from hall.tap(HELPED)
    yield from hall.lay_card("helper", portrait=ASTRONAUT)
    yield from hall.until_page("notice")
    hall.world("card-reader", "remove-card")
    yield from hall.agree()
    yield from hall.lay_card("due-6")
    yield from hall.until_page("review")
    yield from hall.tap("primary")
    yield from hall.act_as_asked()
    yield from hall.take()
    yield from hall.skip_rating()


def code_shown(hall: Place) -> Waiting:
    """The electronic card on a phone, held before the camera until the terminal knows who it is."""
    wish = {"number": hall.people["due-7"].number.value}
    answer = requests.post(f"{hall.programs['gateway'].address}/v1/sandbox/codes", json=wish, timeout=10)
    answer.raise_for_status()
    hall.world("camera", "person", portrait=HOPPER)
    yield from hall.tap("service")
    yield from hall.agree()
    yield from hall.until_page("read_card")
    yield from hall.tap("right")
    yield from hall.until_page("code")
    hall.world("camera", "phone", text=answer.json()["code"])
    yield from hall.until_page("review")
    yield from hall.tap("right")


def unknown_receipt(hall: Place) -> Waiting:
    yield from hall.tap(LOOK_UP)
    yield from hall.until_page("code")
    yield from hall.tap("right")
    yield from hall.until_page("keypad")
    yield from hall.press_keys(NEVER_ISSUED.value.replace("-", ""))
    yield from hall.tap("primary")
    yield from hall.until_page("message")
    yield from hall.tap("primary")


def desk_must_check(hall: Place) -> Waiting:
    """Moved away: a slip with a number goes to the desk."""
    yield from hall.identify("moved")
    yield from hall.until_page("message")
    yield from hall.tap("primary")
    yield from hall.take()
    yield from hall.skip_rating()


def staff_asked(hall: Place) -> Waiting:
    """Whoever cannot turn the head asks for a person."""
    hall.world("camera", "person", portrait=HOPPER)
    yield from hall.identify("due-8")
    yield from hall.until_page("review")
    yield from hall.tap("primary")
    yield from hall.until_page("capture")
    yield from hall.tap("right")
    yield from hall.until_page("choices")
    yield from hall.tap("rows-1")
    yield from hall.take()
    yield from hall.skip_rating()


def camera_broken(hall: Place) -> Waiting:
    """It gives out while it looks at the citizen; the home page opens again with the camera."""
    hall.world("camera", "person", portrait=HOPPER)
    yield from hall.identify("due-9")
    yield from hall.until_page("review")
    yield from hall.tap("primary")
    yield from hall.until_page("capture")
    hall.world("camera", "link", state="down")
    yield from hall.until_page("unavailable")
    hall.world("camera", "link", state="up")
    yield from hall.tap("primary")
    yield from hall.leave_card()


VISITS: tuple[Callable[[Place], Waiting], ...] = (
    passed,
    looked_up,
    already_confirmed,
    another_way,
    wrong_card,
    offline,
    walked_away,
    not_listed,
    home_visit,
    read_and_left,
    card_blocked,
    paper_out,
    name_differs,
    number_typed,
    helped,
    code_shown,
    unknown_receipt,
    desk_must_check,
    staff_asked,
    camera_broken,
)
"""One round. It confirms people, so that every round needs a roster as new."""

WITH_FACE = frozenset({"passed", "offline", "helped", "staff_asked", "camera_broken"})


def opens(hall: Place) -> bool:
    """Whether the home page is on and a press begins the service."""
    props = hall.window.props
    return isinstance(props, HomeProps) and props.service is not None and props.service.event == Pressed(Button.START)
