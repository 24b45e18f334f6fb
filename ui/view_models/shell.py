"""What stands around every page: status bar and the four keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.flow.health import Health, clock_wrong, paper_low
from kiosk.flow.session_state import Attract, Serving, Wiping
from kiosk.flow.touches import Button, PaceChosen, Pressed
from kiosk.ports.device_status import Ready
from kiosk.ports.printer import PaperLevel
from ui.view_models.local import Close, Local, Open, SidePage
from ui.view_models.page import Choice
from ui.view_models.view import View

if TYPE_CHECKING:
    from kiosk.journeys.states import JourneyState, TerminalState


@dataclass(frozen=True)
class ShellProps:
    hall: str = ""
    link_word: str = ""
    link_normal: bool = True
    paper_word: str = ""
    paper_normal: bool = True
    clock_text: str = ""
    at_home: bool = False
    home: Choice | None = None
    language: Choice | None = None
    elder: Choice | None = None
    help: Choice | None = None


def derive(state: TerminalState, view: View) -> ShellProps:
    texts, local = view.texts, view.local
    at_home = isinstance(state.phase, Attract) and local.page is None
    link, link_normal = _link(state.health)
    paper, paper_normal = _paper(state.health)
    props = ShellProps(
        hall=view.site.hall,
        link_word=texts(link),
        link_normal=link_normal,
        paper_word=texts(paper),
        paper_normal=paper_normal,
        clock_text=f"{view.now:%H:%M}",
        at_home=at_home,
        home=Choice(texts("key.home" if at_home else "key.back_home"), home_event(state)),
        language=Choice(texts("key.language"), _toggled(SidePage.LANGUAGE, local)),
        elder=Choice(texts("key.standard" if state.elder else "key.elder"), PaceChosen(not state.elder)),
        help=Choice(texts("key.help"), _toggled(SidePage.HELP, local)),
    )
    return _resting(props) if isinstance(state.phase, Wiping) else props


def _resting(props: ShellProps) -> ShellProps:
    """Nothing is to be pressed while the citizen's data are wiped."""
    keys = {name: replace(getattr(props, name), event=None) for name in ("home", "language", "elder", "help")}
    return replace(props, **keys)


def home_event(state: TerminalState) -> object:
    """With a person's data in the session the home key asks first."""
    if not isinstance(state.phase, Serving):
        return Close()
    return Open(SidePage.LEAVE) if _somebody_known(state.phase.journey) else Pressed(Button.HOME)


def _somebody_known(journey: JourneyState) -> bool:
    """Whether a person's data are in the session. Told by what the state holds, as the home page loads no journey."""
    facts = getattr(journey, "facts", journey.stage)
    return getattr(facts, "document", None) is not None or getattr(journey, "shown", None) is not None


def _toggled(page: SidePage, local: Local) -> Open | Close:
    return Close() if local.page is page else Open(page)


def _link(health: Health | None) -> tuple[str, bool]:
    if health is None:
        return "status.checking", True
    if clock_wrong(health):
        return "status.clock", False
    return ("status.link_ok", True) if isinstance(health.platform, Ready) else ("status.link_down", False)


def _paper(health: Health | None) -> tuple[str, bool]:
    if health is None:
        return "status.checking", True
    if health.printer.paper is PaperLevel.EMPTY:
        return "status.paper_out", False
    if not isinstance(health.printer.device, Ready):
        return "status.printer_down", False
    if paper_low(health.printer):
        return "status.paper_low", False
    return "status.paper_ok", True
