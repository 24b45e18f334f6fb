"""What surrounds every journey, once: idle and walk-away, home, self-check and the wipe that every exit passes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.flow.commands import (
    ChangePaperRoll,
    CheckHealth,
    ClearTimer,
    Command,
    KeepDevicesQuiet,
    Log,
    ReadCard,
    ReadCode,
    SetTimer,
    StartFace,
    Wipe,
)
from kiosk.flow.events import (
    CardAnswered,
    CodeAnswered,
    DeviceLost,
    Event,
    FaceSeen,
    HealthChecked,
    RecordDelivered,
    RosterAnswered,
    TimerElapsed,
    Wiped,
)
from kiosk.flow.health import FACE_SERVICE, PRINTER, Health, lost, paper_low
from kiosk.flow.machine import Ending, Journey, Transition
from kiosk.flow.session_state import Attract, Serving, SessionState, SessionTimes, Wiping
from kiosk.flow.touches import Button, PaceChosen, Picked, Pressed, Rated, RollChanged, Touched, Typed
from kiosk.ports.code_scanner import CodeSeen
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.id_card import NoCard
from kiosk.ports.platform import PlatformUnavailable

S = TypeVar("S")

IDLE = "idle"
COUNTDOWN = "idle-countdown"
HEALTH = "health"
STAFF_S = 240.0
"""Without a touch the terminal waits so long for staff before it asks 您还在吗？"""

PAGE_FIRST_S = 0.4
"""After a session the home page is drawn before every device is asked how it is."""

CHECK_LINK = "check the network cable and the gateway's address"


class Session(Generic[S]):
    """The machine around every journey. ``journeys`` names them by the button that begins them, the terminal's main
    service under ``Button.START``. Holds no state itself."""

    def __init__(self, journeys: Mapping[Button, Journey[Any]], times: SessionTimes) -> None:
        self._journeys = journeys
        self._times = times

    def start(self) -> Transition[SessionState[S]]:
        return Transition(SessionState(0, Attract()), self._self_check())

    def advance(self, state: SessionState[S], event: Event, key: str, at: datetime) -> Transition[SessionState[S]]:
        """``key`` becomes the idempotency key if this event opens a session."""
        match event:
            case HealthChecked(health):
                return self._checked(state, event, health, at)
            case PaceChosen(elder):
                return self._touched(replace(state, elder=elder))
        match state.phase:
            case Attract():
                return self._attract(state, event, key, at)
            case Serving():
                return self._serving(state, state.phase, event, at)
            case Wiping(ending):
                return self._wiping(state, ending, event)

    def can_serve(self, state: SessionState[S], start: Button = Button.START) -> bool:
        """False until the first self-check, and while it says that the service must stay closed."""
        return state.health is not None and self._journeys[start].closed_by(state.health) is None

    def _self_check(self) -> tuple[Command, ...]:
        return CheckHealth(), SetTimer(HEALTH, self._times.health_s)

    def _checked(
        self, state: SessionState[S], event: Event, health: Health, at: datetime
    ) -> Transition[SessionState[S]]:
        news, checked = _news(state.health, health), replace(state, health=health)
        if not isinstance(checked.phase, Serving):
            return Transition(checked, news)
        moved = self._serving(checked, checked.phase, event, at)
        return Transition(moved.state, (*news, *moved.commands))

    def _attract(self, state: SessionState[S], event: Event, key: str, at: datetime) -> Transition[SessionState[S]]:
        match event:
            case Pressed(start) if start in self._journeys and self.can_serve(state, start):
                journey = self._journeys[start]
                begun = journey.begin(key, at)
                number = state.number + 1
                opened = replace(state, number=number, phase=Serving(begun.state, at, start=start))
                return Transition(
                    opened,
                    (
                        Log(AuditEvent(EventName.SESSION_STARTED, session=number, journey=journey.code)),
                        _step_log(number, journey.step(begun.state)),
                        KeepDevicesQuiet(),
                        self._idle_timer(opened),
                        *self._paced(state, begun.commands),
                    ),
                )
            case RollChanged(length_mm):
                changed = AuditEvent(EventName.PAPER_CHANGED, device="printer", figures=(("mm", float(length_mm)),))
                return Transition(state, (Log(changed), ChangePaperRoll(length_mm)))
            case TimerElapsed("health"):
                return Transition(state, self._self_check())
        return Transition(state)

    def _serving(
        self, state: SessionState[S], phase: Serving[S], event: Event, at: datetime
    ) -> Transition[SessionState[S]]:
        journey = self._journeys[phase.start]
        match event:
            case Pressed(Button.HOME | Button.FINISH):
                return self._end(state, phase, journey.so_far(phase.journey))
            case Pressed(Button.STILL_HERE) | Touched():
                return self._touched(state)
            case TimerElapsed("idle"):
                warned = replace(state, phase=replace(phase, warned_at=at))
                return Transition(warned, (SetTimer(COUNTDOWN, self._stretched(state, self._times.countdown_s)),))
            case TimerElapsed("idle-countdown"):
                so_far = journey.so_far(phase.journey)
                return self._end(state, phase, replace(so_far, reason=f"walked-away-{so_far.reason}"))
        state = _with_link(state, event)
        before = journey.step(phase.journey)
        moved = _without_lost(journey, journey.advance(phase.journey, event, at), state.health, at)
        ending = journey.ending(moved.state)
        if ending is not None:
            ended = self._end(state, phase, ending)
            return Transition(ended.state, (*moved.commands, *ended.commands))
        after = replace(state, phase=replace(phase, journey=moved.state))
        commands = self._paced(state, moved.commands)
        step = journey.step(moved.state)
        if step != before:
            commands = (_step_log(state.number, step), *commands)
        if _shows_presence(event) or step != before:
            touched = self._touched(after)
            return Transition(touched.state, (*commands, *touched.commands))
        return Transition(after, commands)

    def _wiping(self, state: SessionState[S], ending: Ending, event: Event) -> Transition[SessionState[S]]:
        if not isinstance(event, Wiped):
            return Transition(state)
        wiped = AuditEvent(EventName.SESSION_WIPED, session=state.number, outcome=ending.outcome.value)
        return Transition(replace(state, phase=Attract(), elder=False), (Log(wiped), SetTimer(HEALTH, PAGE_FIRST_S)))

    def _end(self, state: SessionState[S], phase: Serving[S], ending: Ending) -> Transition[SessionState[S]]:
        ended = AuditEvent(
            EventName.SESSION_ENDED,
            session=state.number,
            journey=self._journeys[phase.start].code,
            outcome=ending.outcome.value,
            reason=ending.reason,
        )
        commands = (ClearTimer(IDLE), ClearTimer(COUNTDOWN), Log(ended), Wipe())
        return Transition(replace(state, phase=Wiping(ending)), commands)

    def _touched(self, state: SessionState[S]) -> Transition[SessionState[S]]:
        if not isinstance(state.phase, Serving):
            return Transition(state)
        awake = replace(state, phase=replace(state.phase, warned_at=None))
        return Transition(awake, (ClearTimer(COUNTDOWN), self._idle_timer(awake)))

    def _idle_timer(self, state: SessionState[S]) -> SetTimer:
        phase = state.phase
        staffed = isinstance(phase, Serving) and self._journeys[phase.start].staffed(phase.journey)
        return SetTimer(IDLE, STAFF_S if staffed else self._stretched(state, self._times.idle_s))

    def _stretched(self, state: SessionState[S], seconds: float) -> float:
        return seconds * self._times.pace(state.elder)

    def _paced(self, state: SessionState[S], commands: tuple[Command, ...]) -> tuple[Command, ...]:
        """The journey's own waiting times, stretched to the citizen's pace."""
        return tuple(
            replace(command, seconds=self._times.of_step(command.seconds, state.elder))
            if isinstance(command, SetTimer)
            else replace(command, timeout_s=self._times.of_step(command.timeout_s, state.elder))
            if isinstance(command, ReadCard | ReadCode)
            else replace(command, pace=self._times.pace(state.elder))
            if isinstance(command, StartFace)
            else command
            for command in commands
        )


def _without_lost(journey: Journey[S], moved: Transition[S], health: Health | None, at: datetime) -> Transition[S]:
    """A device that is still needed and lost ends up as the journey's own event, whenever it was lost (E-27)."""
    gone = None if health is None else lost(health, journey.needs(moved.state))
    if gone is None:
        return moved
    told = journey.advance(moved.state, DeviceLost(*gone), at)
    return Transition(told.state, (*moved.commands, *told.commands))


def _step_log(number: int, step: str) -> Log:
    return Log(AuditEvent(EventName.STEP_ENTERED, session=number, step=step))


def _news(before: Health | None, now: Health) -> tuple[Log, ...]:
    """What is logged of every device whose readiness changed since the last news, and once of paper that runs low."""
    known = {} if before is None else before.devices()
    devices = tuple(
        Log(news)
        for device, status in now.devices().items()
        if isinstance(known.get(device), Ready) is not isinstance(status, Ready) or device not in known
        for news in _news_of(device, status)
    )
    if paper_low(now.printer) and not (before is not None and paper_low(before.printer)):
        return (*devices, Log(AuditEvent(EventName.STAFF_ALERTED, device=PRINTER, reason="media-low")))
    return devices


def _news_of(device: str, status: DeviceStatus) -> tuple[AuditEvent, ...]:
    """Staff are called when the main service cannot be given without the device (E-27)."""
    match status:
        case Ready():
            return (AuditEvent(EventName.DEVICE_READY, device=device),)
        case Unavailable(reason):
            gone = AuditEvent(EventName.DEVICE_UNAVAILABLE, device=device, reason=reason)
            alert = AuditEvent(EventName.STAFF_ALERTED, device=device, reason=reason)
            return (gone, alert) if device in FACE_SERVICE else (gone,)


def _with_link(state: SessionState[S], event: Event) -> SessionState[S]:
    """An answer of the platform, or none, is the freshest news of the link."""
    match event:
        case RosterAnswered(answer) | RecordDelivered(answer) if state.health is not None:
            link = Unavailable(answer.reason, CHECK_LINK) if isinstance(answer, PlatformUnavailable) else Ready()
            return replace(state, health=replace(state.health, platform=link))
        case _:
            return state


def _shows_presence(event: Event) -> bool:
    match event:
        case Pressed() | Rated() | Typed() | Picked():
            return True
        case CodeAnswered(code):
            return isinstance(code, CodeSeen)
        case CardAnswered(reading):
            return not isinstance(reading, NoCard)
        case FaceSeen(observation):
            return observation.faces > 0
        case _:
            return False
