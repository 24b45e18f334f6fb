"""A rehearsal as data: one TOML file a case, read strictly (docs/scenarios.md)."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kiosk.domain.case import Outcome
from kiosk.domain.face import FaceAction

SCENARIOS = Path(__file__).parent / "scenarios"
PARTS = "parts.toml"
"""The file of step lists that several cases share."""

Words = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^E-\d{2}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class HallStep(BaseModel):
    """Something happens in the hall: ``do`` is a verb of the program ``hall``, all other members its arguments."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    hall: Words
    do: Words

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class TouchStep(_Strict):
    """The citizen touches the control of this object name or these words, as soon as it can be pressed."""

    touch: Words


class PageStep(_Strict):
    """The page comes."""

    page: Words


class CardLaid(_Strict):
    """``of`` is whose card, the case's person unless named. ``portrait`` is the chip's, ``none`` for a blank one;
    ``kind`` the type character of the card, whose other layouts are specimens; ``swap`` takes away what lies there
    first."""

    of: str | None = None
    portrait: Words = "hopper"
    kind: Literal[" ", "J", "Y"] = " "
    swap: bool = False


class CardStep(_Strict):
    """The citizen lays a card on the reader."""

    card: CardLaid


class PhoneStep(_Strict):
    """The citizen holds a phone before the camera: with the person's electronic card (``e-card``), with the code of
    the paper printed last (``paper``), or puts it away."""

    phone: Literal["e-card", "paper", "away"]


class SlotStep(_Strict):
    """The citizen puts the own social-security card into its slot, or takes out what is there."""

    slot: Literal["social-card", "empty"]


class ScanStep(_Strict):
    """The citizen holds a phone over the scanner, with the own code of one issuer."""

    scan: Literal["social-security-card", "mobile-platform", "ctid"]


class ActStep(_Strict):
    """The citizen does before the camera what the page asks, again and again until it asks no more: at most ``tries``
    times, the head ``degrees`` to the side and back in ``seconds``. Who ``prefers`` an action says of others that they
    cannot be done, and picks it. ``tilt``: what is held up is tilted to a side, whatever is asked."""

    act: Literal["as-asked"]
    tries: int = Field(6, ge=1)
    degrees: float = Field(24.0, gt=0)
    seconds: float = Field(2.2, gt=0)
    prefers: Annotated[FaceAction | None, Field(strict=False)] = None
    tilt: bool = False


class TypeStep(_Strict):
    """The citizen touches one key after the other; ``number`` types the person's own number."""

    type: Annotated[str, Field(pattern=r"^([0-9X]+|number)$")]


class ExpectStep(_Strict):
    """All of these words come to stand on the page, whatever the line breaks."""

    expect: Annotated[list[Words], Field(min_length=1)]


class WaitStep(_Strict):
    """Until the service can be begun (``open``) or not (``closed``), a record waits in the outbox (``queued``) or none
    does (``delivered``)."""

    wait: Literal["open", "closed", "queued", "delivered"]


class PauseStep(_Strict):
    """The citizen lets so many seconds pass: only where nothing on the screen tells that it is time to go on."""

    pause: float = Field(gt=0, le=10)


class SearchStep(_Strict):
    """While a record waits in them, the terminal's files are searched for traces of people."""

    search: Literal["files"]


class PartStep(_Strict):
    """The steps of this name in the file of parts."""

    part: Words


Step = (
    HallStep
    | TouchStep
    | PageStep
    | CardStep
    | PhoneStep
    | SlotStep
    | ScanStep
    | ActStep
    | TypeStep
    | ExpectStep
    | WaitStep
    | PauseStep
    | SearchStep
)
STEPS: dict[str, type[Step | PartStep]] = {
    "hall": HallStep,
    "touch": TouchStep,
    "page": PageStep,
    "card": CardStep,
    "phone": PhoneStep,
    "slot": SlotStep,
    "scan": ScanStep,
    "act": ActStep,
    "type": TypeStep,
    "expect": ExpectStep,
    "wait": WaitStep,
    "pause": PauseStep,
    "search": SearchStep,
    "part": PartStep,
}
assert set(get_args(Step)) | {PartStep} == set(STEPS.values())


class Title(_Strict):
    zh: Words
    en: Words


class Arrived(_Strict):
    """What the gateway holds under the case's receipt when the run is over, in one record: outcome, what it rests on,
    and how often it came."""

    outcome: Annotated[Outcome, Field(strict=False)]
    basis: Words
    arrivals: int = Field(1, ge=1)


class Scenario(_Strict):
    """One case. ``outcome`` None means that no session comes about. ``papers`` counts what comes out of the printer,
    ``paper_words`` must stand on it, each within one line; ``alerts`` are all reasons for which staff are called;
    ``gateway`` None means that nothing is recorded."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    title: Title
    covers: list[Code] = Field(default_factory=list)
    person: Words
    outcome: Annotated[Outcome | None, Field(strict=False)] = None
    reason: Words | None = None
    papers: int = Field(0, ge=0)
    paper_words: list[Words] = Field(default_factory=list)
    alerts: list[Words] = Field(default_factory=list)
    gateway: Arrived | None = None
    steps: Annotated[list[Step], Field(min_length=1)]

    @model_validator(mode="after")
    def _outcome_with_its_reason(self) -> Self:
        if (self.outcome is None) != (self.reason is None):
            raise ValueError("outcome and reason go together")
        return self


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a scenario may name: verbs of each program of the hall, pages, people of the sandbox."""

    programs: Mapping[str, Collection[str]]
    pages: Collection[str]
    people: Collection[str]


class ScenarioError(Exception):
    """A file says something that cannot be played; the text names file, step and what is wrong."""


def load_scenarios(vocabulary: Vocabulary, folder: Path = SCENARIOS) -> tuple[Scenario, ...]:
    """Every case of ``folder`` in order of file names. ScenarioError tells the first that cannot be played."""
    parts = _load_parts(vocabulary, folder / PARTS)
    files = sorted(file for file in folder.glob("*.toml") if file.name != PARTS)
    scenarios = tuple(_load(vocabulary, parts, file) for file in files)
    names = [scenario.name for scenario in scenarios]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ScenarioError(f"{folder}: two cases are called {', '.join(sorted(twice))}")
    return scenarios


def _load(vocabulary: Vocabulary, parts: Mapping[str, tuple[Step, ...]], file: Path) -> Scenario:
    told = _toml(file)
    steps = told.pop("steps", [])
    if not isinstance(steps, list):
        raise ScenarioError(f"{file.name}: steps must be a list")
    try:
        scenario = Scenario.model_validate({**told, "steps": list(_steps(vocabulary, parts, steps, file.name))})
        _require(scenario.person, vocabulary.people, "person")
    except ValueError as problem:
        raise ScenarioError(f"{file.name}: {_words_of(problem)}") from None
    return scenario


def _load_parts(vocabulary: Vocabulary, file: Path) -> dict[str, tuple[Step, ...]]:
    """A part may use those above it."""
    parts: dict[str, tuple[Step, ...]] = {}
    for name, steps in _toml(file).items() if file.exists() else ():
        if not isinstance(steps, list):
            raise ScenarioError(f"{file.name}: {name} must be a list of steps")
        parts[name] = _steps(vocabulary, parts, steps, f"{file.name}, {name}")
    return parts


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise ScenarioError(f"{file.name}: {problem}") from None


def _steps(
    vocabulary: Vocabulary, parts: Mapping[str, tuple[Step, ...]], told: list[Any], place: str
) -> tuple[Step, ...]:
    steps: list[Step] = []
    for number, one in enumerate(told, 1):
        try:
            step = _step(one)
            if isinstance(step, PartStep):
                _require(step.part, parts, "part")
                steps += parts[step.part]
            else:
                _check(vocabulary, step)
                steps.append(step)
        except ValueError as problem:
            raise ScenarioError(f"{place}, step {number}: {_words_of(problem)}") from None
    return tuple(steps)


def _step(told: Any) -> Step | PartStep:
    verbs = [verb for verb in STEPS if isinstance(told, dict) and verb in told]
    if len(verbs) != 1 and verbs[:1] != ["hall"]:
        raise ValueError(f"must have one verb of {', '.join(STEPS)}")
    return STEPS[verbs[0]].model_validate(told)


def _check(vocabulary: Vocabulary, step: Step) -> None:
    match step:
        case HallStep(hall=program, do=verb):
            _require(program, vocabulary.programs, "program")
            _require(verb, vocabulary.programs[program], f"verb of {program}")
        case PageStep(page=page):
            _require(page, vocabulary.pages, "page")
        case CardStep(card=CardLaid(of=str() as person)):
            _require(person, vocabulary.people, "person")


def _require(name: str, known: Collection[str], what: str) -> None:
    if name not in known:
        raise ValueError(f"no {what} is called {name}; there are {', '.join(sorted(known))}")


def _words_of(problem: ValueError) -> str:
    if not isinstance(problem, ValidationError):
        return str(problem)
    error = problem.errors(include_url=False)[0]
    place = ".".join(str(part) for part in error["loc"])
    return ": ".join(filter(None, (place, error["msg"])))
