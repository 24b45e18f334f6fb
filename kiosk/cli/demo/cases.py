"""The demo's stories: what a citizen does and what happens in the hall. None touches a score or a verdict."""

from dataclasses import dataclass
from datetime import date

from gateway.sandbox import SandboxPerson, sandbox_people
from kiosk.cli.demo.director import Stage, Waiting
from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.receipt_number import ReceiptNumber, parse_receipt_number
from kiosk.flow.touches import Button, Pressed
from ui.view_models.capture import CaptureProps
from ui.view_models.home import HomeProps

TURN_DEGREES = 24
TURN_S = 2.6
PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Case:
    """A story and what must come of it. ``person`` is a sandbox person, ``expected`` the outcome in the terminal."""

    name: str
    person: str
    expected: Outcome


ONLINE = Case("online-pass", "due", Outcome.PASSED)
OFFLINE = Case("network-cut", "overdue", Outcome.PENDING)
FLAT_PHOTO = Case("flat-photo", "suspended", Outcome.REFERRED)
ALREADY = Case("already-confirmed", "due", Outcome.CANCELLED)
CASES = (ONLINE, OFFLINE, FLAT_PHOTO, ALREADY)


def all_stories(stage: Stage, today: date) -> Waiting:
    people = {person.slug: person for person in sandbox_people(today)}
    stories = {ONLINE: online_pass, OFFLINE: network_cut, FLAT_PHOTO: flat_photo, ALREADY: already_confirmed}
    for case, story in stories.items():
        stage.case = case.name
        yield from story(stage, people[case.person], today)
        yield from stage.until_page("home")
        stage.tell(f"{case.name}: wiped, home again")


def online_pass(stage: Stage, person: SandboxPerson, today: date) -> Waiting:
    stage.world("camera", "person", portrait="hopper")
    yield from _agree(stage)
    yield from _lay_card(stage, person, today)
    yield from stage.until_page("review")
    yield from stage.tap("primary")
    yield from _turn_as_asked(stage)
    yield from _take_and_rate(stage, "grade-5")


def network_cut(stage: Stage, person: SandboxPerson, today: date) -> Waiting:
    """While the case waits, and before it can leave, the terminal's files are searched for traces of people."""
    outbox = stage.terminal.ports.outbox
    stage.world("camera", "person", portrait="astronaut")
    yield from stage.until(lambda: outbox.waiting() == 0, "delivery of what was queued before")
    yield from _agree(stage)
    stage.world("link", "cut")
    stage.tell(f"{stage.case}: the network is cut")
    yield from _lay_card(stage, person, today, portrait="astronaut")
    yield from stage.until_page("message")
    yield from stage.tap("primary")
    yield from _turn_as_asked(stage)
    yield from stage.until_page("result")
    receipt = _receipt_on_paper(stage)
    yield from _take_and_rate(stage, None)
    assert outbox.waiting() == 1, f"{outbox.waiting()} records wait where one should"
    stage.shown.found = stage.search_files()
    stage.world("link", "restore")
    stage.tell(f"{stage.case}: the network is back, 1 record waits")
    yield from stage.until(lambda: outbox.waiting() == 0, "delivery of the queued record")
    decision = stage.terminal.ports.platform.look_up(receipt)
    assert isinstance(decision, HallDecision), decision
    stage.tell(f"{stage.case}: delivered; {receipt} is {decision.outcome.value} at the gateway")


def flat_photo(stage: Stage, person: SandboxPerson, today: date) -> Waiting:
    stage.world("camera", "photo", portrait="hopper")
    yield from _agree(stage)
    yield from _lay_card(stage, person, today)
    yield from stage.until_page("review")
    yield from stage.tap("primary")
    yield from _turn_as_asked(stage)
    yield from _take_and_rate(stage, None)


def already_confirmed(stage: Stage, person: SandboxPerson, today: date) -> Waiting:
    stage.world("camera", "person", portrait="hopper")
    yield from _agree(stage)
    yield from _lay_card(stage, person, today)
    yield from stage.until_page("review")
    yield from stage.tap("primary")
    yield from _take_and_rate(stage, None)


def _agree(stage: Stage) -> Waiting:
    yield from stage.until(lambda: _opens(stage), "the home page to open the service")
    yield from stage.tap("service")
    yield from stage.until_page("notice")
    yield from stage.tap("primary")


def _opens(stage: Stage) -> bool:
    props = stage.window.props
    return isinstance(props, HomeProps) and props.service is not None and props.service.event == Pressed(Button.START)


def _lay_card(stage: Stage, person: SandboxPerson, today: date, portrait: str = "hopper") -> Waiting:
    yield from stage.until_page("read_card")
    document = person.document(today)
    stage.tell(f"{stage.case}: lays the card on the reader")
    stage.world(
        "card-reader",
        "insert-card",
        name=document.name.value,
        sex=document.sex.value,
        ethnicity=document.ethnicity_code,
        birth=f"{document.birth_date:%Y%m%d}",
        address=document.address,
        number=document.number.value,
        authority=document.authority,
        valid_from=f"{document.valid_from:%Y%m%d}",
        valid_to="长期" if document.valid_to is None else f"{document.valid_to:%Y%m%d}",
        portrait=portrait,
    )


def _turn_as_asked(stage: Stage) -> Waiting:
    """Does what the page asks, again and again until it asks no more: turns to the side it shows and back."""
    yield from stage.until_page("capture")
    turned_at = float("-inf")
    while stage.page == "capture":
        props = stage.window.props
        assert isinstance(props, CaptureProps)
        now = stage.terminal.clock.monotonic()
        if props.side and now - turned_at > TURN_S + PAUSE_S:
            turned_at = now
            stage.tell(f"{stage.case}: turns {props.side}")
            stage.world("camera", "turn", side=props.side, degrees=TURN_DEGREES, seconds=TURN_S)
        yield


def _take_and_rate(stage: Stage, grade: str | None) -> Waiting:
    yield from stage.until_page("result")
    yield from stage.tap("primary")
    yield from stage.until_page("take")
    stage.world("card-reader", "remove-card")
    stage.tell(f"{stage.case}: takes the card")
    yield from stage.tap("primary")
    yield from stage.until_page("rating")
    if grade is not None:
        yield from stage.tap(grade)
        yield from stage.tap("primary")
    else:
        yield from stage.tap("right")


def _receipt_on_paper(stage: Stage) -> ReceiptNumber:
    """Reads the number off the result page, as the citizen would."""
    texts = [fact.text for fact in getattr(stage.window.props, "facts", ())]
    numbers = [number for text in texts if (number := parse_receipt_number(text)) is not None]
    assert numbers, "no receipt number on the result page"
    return numbers[0]
