"""The terminal's window: engine states in, pages out; touches in, events out.

It stands with its home page before there is an engine: what other pages need is loaded when the first frame is out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QPointF, QSize, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem, QQuickView, QQuickWindow

from kiosk.flow.health import can_print
from kiosk.flow.session_state import Attract, Serving, SessionState, SessionTimes
from kiosk.flow.touches import CitizenEvent, PaceChosen, RollChanged, Touched, Typed
from kiosk.ports.device_status import Ready
from ui.fonts import load_fonts
from ui.pictures import DrawingProvider, IconProvider
from ui.shell import Shell
from ui.texts import Texts
from ui.tokens import load_tokens
from ui.view_models import home
from ui.view_models import shell as bars
from ui.view_models.local import Local, LocalEvent, Open, SidePage, advance
from ui.view_models.page import PageProps, words_to_say
from ui.view_models.view import View
from ui.voice import Voice

if TYPE_CHECKING:
    from kiosk.domain.picture import Frame
    from kiosk.domain.site import Site
    from kiosk.journeys.states import TerminalState
    from kiosk.ports.clock import Clock
    from kiosk.ports.speaker import Speaker

QML = Path(__file__).parent / "qml"
SOFTWARE = "software"
TICK_MS = 250
PRELOAD_MS = 30
SETTLE_S = 0.2
FORGET_CHOICES_S = 60.0
HOLD_S = 5.0
"""So long the hall's name is held on the home page until the technician's page opens."""

TECHNICIAN_PAGES = (SidePage.DEVICES, SidePage.PAPER_CHANGE)
TECHNICIAN_S = 120.0
"""Without a touch that page closes by itself."""


def has_gpu() -> bool:
    return QGuiApplication.platformName() not in ("offscreen", "minimal") and any(Path("/dev/dri").glob("renderD*"))


@dataclass(frozen=True, slots=True)
class Control:
    """Something pressable on the present page: its accessible name, its object name, its centre in the window."""

    name: str
    object_name: str
    centre: QPointF


class TerminalWindow(QObject):
    """One window for the terminal's life. A ``QGuiApplication`` must exist.

    Alone it shows the home page, takes touches that change only the screen, and says that the terminal checks itself;
    ``join`` gives it an engine. ``publish`` may be called from any thread with every new engine state. ``motion`` off
    stills every animation (tests, reduced motion).
    """

    interactive = Signal()
    _arrived = Signal()

    def __init__(
        self,
        *,
        site: Site,
        clock: Clock,
        size: QSize | None = None,
        motion: bool = True,
    ) -> None:
        super().__init__()
        self._post: Callable[[CitizenEvent], None] = nobody_listens
        self._site = site
        self._times = SessionTimes()
        self._clock = clock
        self._state: TerminalState = SessionState(0, Attract())
        self._lock = threading.Lock()
        self._next: TerminalState | None = None
        self._local = Local()
        self._step: tuple[object, ...] = (Attract,)
        self._step_at = self._page_at = self._touch_at = clock.monotonic()
        self._page = ""
        self._drawn = False
        self._words = ("", "")
        self._hint = ""
        self._held_at: float | None = None
        self._voice = Voice(clock.monotonic, self._voice_moved, self)
        self.shell = Shell(self._dispatch, self._touched, self._voice.toggle, self._hold_hall, motion)

        tokens = load_tokens()
        load_fonts(tokens["family"])
        if not has_gpu() and QQuickWindow.sceneGraphBackend() != SOFTWARE:
            QQuickWindow.setSceneGraphBackend(SOFTWARE)
        self.view = QQuickView()
        engine = self.view.engine()
        engine.addImportPath(str(QML))
        engine.addImageProvider("icon", IconProvider())
        engine.addImageProvider("drawing", DrawingProvider(tokens["drawing"]))
        engine.rootContext().setContextProperty("designTokens", tokens)
        self._theme = cast(QObject, engine.singletonInstance("theme", "Theme"))
        self.view.setInitialProperties({"shell": self.shell})
        self.view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        self.view.setColor(tokens["colour"]["normal"]["bg"])
        self.view.resize(size or QSize(tokens["screen"]["width"], tokens["screen"]["height"]))

        self._arrived.connect(self._take_state, Qt.ConnectionType.QueuedConnection)
        self._ticker = QTimer(self, interval=TICK_MS)
        self._ticker.timeout.connect(self._tick)
        self._preload = QTimer(self, interval=PRELOAD_MS)
        self._preload.timeout.connect(self._load_more)
        self.view.frameSwapped.connect(self._frame_drawn)
        self._refresh()
        self.view.setSource(QUrl.fromLocalFile(str(QML / "Terminal.qml")))
        if self.view.status() is not QQuickView.Status.Ready:
            raise RuntimeError("; ".join(error.toString() for error in self.view.errors()))

    def join(
        self,
        *,
        site: Site,
        times: SessionTimes,
        post: Callable[[CitizenEvent], None],
        latest_frame: Callable[[], Frame | None],
        speaker: Speaker,
    ) -> None:
        """Gives the window its engine, and the ``site`` as the hall tells of it: ``post`` gets the citizen's events and
        must not block; ``latest_frame`` gives the camera's newest frame, or None."""
        self._site = site
        self._times = times
        self._post = post
        self.shell.show_camera(latest_frame)
        self._voice.join(speaker)

    def show(self, full_screen: bool = False) -> None:
        self.view.frameSwapped.connect(self._first_frame, Qt.ConnectionType.SingleShotConnection)
        self._ticker.start()
        if full_screen:
            self.view.showFullScreen()
        else:
            self.view.show()

    def close(self) -> None:
        """Stops timers and speech and takes the QML down before the models it binds to."""
        self._ticker.stop()
        self._preload.stop()
        self._voice.stop()
        self.view.close()
        self.view.setSource(QUrl())
        self.view.deleteLater()

    def publish(self, state: TerminalState) -> None:
        """From any thread. Only the newest state is shown; none is shown late."""
        with self._lock:
            waiting, self._next = self._next is not None, state
        if not waiting:
            self._arrived.emit()

    @property
    def page(self) -> str:
        """The name of the page that is on."""
        return self._page

    @property
    def props(self) -> PageProps:
        return cast(PageProps, self.shell.model_of(self._page).props)

    def settled(self) -> bool:
        """The page was drawn and has stood long enough to take touches; a double tap's second tap comes before that."""
        return self._drawn and self._clock.monotonic() - self._page_at >= SETTLE_S

    def controls(self) -> tuple[Control, ...]:
        """Everything that can be pressed now, in the order of drawing."""
        return tuple(
            Control(item.property("spokenName"), item.objectName(), _centre(item))
            for item in _visible_items(self.view.contentItem())
            if item.property("spokenName") is not None and item.isEnabled()
        )

    def control(self, name: str) -> Control | None:
        """The control of this accessible name or object name, None while it is not there or not yet to be pressed."""
        if not self.settled():
            return None
        found = (control for control in self.controls() if name in (control.name, control.object_name))
        return next(found, None)

    def grab(self) -> QImage:
        return self.view.grabWindow()

    def watch_frames(self, swapped: Callable[[float], None]) -> None:
        """Calls ``swapped`` with the clock's monotonic time after every frame that reached the screen."""
        self.view.frameSwapped.connect(lambda: swapped(self._clock.monotonic()))

    @Slot()
    def _take_state(self) -> None:
        with self._lock:
            state, self._next = self._next, None
        if state is None:
            return
        self._state, before = state, self._state
        step = _step_of(state)
        if step != self._step:
            self._step, self._step_at = step, self._clock.monotonic()
            self._local = Local() if _session_over(before, state) else self._local.next_step()
        self._refresh()

    def _dispatch(self, event: object) -> None:
        """A press on the present page: the screen's own events are handled here, all others go to the engine."""
        if not self.settled():
            return
        if isinstance(event, LocalEvent):
            self._local = advance(self._local, event)
            self._refresh()
            self._post(Touched())
        else:
            if isinstance(event, Typed | RollChanged):
                self._local = replace(self._local, typed="")
            if isinstance(event, RollChanged):
                self._local = advance(self._local, Open(SidePage.DEVICES))
                self._refresh()
            self._post(cast(CitizenEvent, event))

    def _touched(self) -> None:
        self._touch_at = self._clock.monotonic()
        if self._page != "idle" and isinstance(self._state.phase, Serving):
            self._post(Touched())

    def _hold_hall(self, down: bool) -> None:
        self._held_at = self._clock.monotonic() if down else None

    def _tick(self) -> None:
        now = self._clock.monotonic()
        if self._held_at is not None and now - self._held_at >= HOLD_S and self._page == "home":
            self._held_at, self._touch_at = None, now
            self._local = advance(self._local, Open(SidePage.DEVICES))
        patience = TECHNICIAN_S if self._local.page in TECHNICIAN_PAGES else FORGET_CHOICES_S
        unused = now - self._touch_at >= patience
        if unused and isinstance(self._state.phase, Attract) and (self._local != Local() or self._state.elder):
            self._local = Local()
            self._post(PaceChosen(False))
        self._refresh()

    def _refresh(self) -> None:
        view = self._view()
        name, props = _page(self._state, view)
        before, self._page = self._page, name
        self._theme.setProperty("elder", view.texts.elder)
        self._theme.setProperty("contrast", self._local.contrast)
        self.shell.model_of(name).show(props)
        self.shell.bar.show(bars.derive(self._state, view))
        self.shell.set_page(name)
        if before != name:
            self._page_at = self._clock.monotonic()
            self._drawn = False
            if before:
                self.shell.model_of(before).clear()
        self._read_aloud(name, props)
        self._voice_moved()

    def _view(self) -> View:
        health = self._state.health
        return View(
            texts=Texts(
                self._local.language,
                elder=self._state.elder or self._local.contrast,
                column=self.view.width() > self.view.height(),
            ),
            local=self._local,
            site=self._site,
            times=self._times,
            now=self._clock.now(),
            elapsed_s=self._clock.monotonic() - self._step_at,
            elder=self._state.elder,
            slot=health is not None and isinstance(health.smart_card, Ready),
            scanner=health is not None and any(isinstance(status, Ready) for _, status in health.code_readers),
            prints=health is None or can_print(health.printer),
        )

    def _read_aloud(self, name: str, props: PageProps) -> None:
        """The page's words when they change; a hint that stands on it as soon as nothing else is being said."""
        words, language = words_to_say(props), self._local.language
        hint: str = getattr(props, "hint", "")
        if (name, words) != self._words:
            self._words = (name, words)
            if name == "home":
                self._voice.offer(words, language)
            else:
                self._voice.read_page(words, language)
            self._hint = hint if hint in words else ""
        elif hint != self._hint and (not hint or self._voice.say_hint(hint, language)):
            self._hint = hint

    def _voice_moved(self) -> None:
        texts = Texts(self._local.language)
        word = texts("voice.speaking" if self._voice.speaking else "voice.again")
        self.shell.set_voice(self._voice.present, self._voice.speaking, word)

    @Slot()
    def _frame_drawn(self) -> None:
        self._drawn = True

    @Slot()
    def _first_frame(self) -> None:
        self.interactive.emit()
        self._preload.start()

    def _load_more(self) -> None:
        if not self.shell.load_one_more():
            self._preload.stop()


def nobody_listens(event: CitizenEvent) -> None:
    """What a window without an engine does with events."""


def _page(state: TerminalState, view: View) -> tuple[str, PageProps]:
    """Name and props of the page that shows ``state``. The home page is derived without loading any other."""
    if isinstance(state.phase, Attract) and view.local.page is None:
        return "home", home.derive(state.health, view)
    from ui.view_models import screen  # noqa: PLC0415  not before the first frame

    props = screen.derive(state, view)
    return screen.page_of(props), props


def _step_of(state: TerminalState) -> tuple[object, ...]:
    if not isinstance(state.phase, Serving):
        return (type(state.phase),)
    from ui.view_models import screen  # noqa: PLC0415  not before the first frame

    return screen.step_of(state)


def _session_over(before: TerminalState, after: TerminalState) -> bool:
    return before.number != after.number or not isinstance(after.phase, Serving)


def _visible_items(item: QQuickItem) -> Iterator[QQuickItem]:
    for child in item.childItems():
        if child.isVisible():
            yield child
            yield from _visible_items(child)


def _centre(item: QQuickItem) -> QPointF:
    return item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
