"""What QML sees of the terminal: the page that is on, the model of every page, the voice, the bars."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.domain.picture import Frame
from ui.painted import CameraView
from ui.view_models.page_model import PageModel, model_class
from ui.view_models.pages import PAGE_NAMES, page_file, props_class
from ui.view_models.shell import ShellProps


def no_frame() -> None:
    """No camera is joined yet."""


class Shell(QObject):
    """``loaded`` counts pages brought to life ahead of their first use."""

    page_changed = Signal()
    loaded_changed = Signal()
    voice_changed = Signal()

    def __init__(
        self,
        post: Callable[[object], None],
        touched: Callable[[], None],
        toggle_voice: Callable[[], None],
        hold_hall: Callable[[bool], None],
        motion: bool,
    ) -> None:
        super().__init__()
        self._touched = touched
        self._toggle_voice = toggle_voice
        self._hold_hall = hold_hall
        self._post = post
        self._latest_frame: Callable[[], Frame | None] = no_frame
        self._motion = motion
        self._page = ""
        self._loaded = 0
        self._voice = (False, False, "")
        self.bar = model_class(ShellProps)(ShellProps(), post)
        self.bar.setParent(self)
        self.models: dict[str, PageModel] = {}

    def model_of(self, name: str) -> PageModel:
        """The page's model, made when it is first wanted."""
        if name not in self.models:
            props = props_class(name)
            self.models[name] = model_class(props)(props(), self._post)
            self.models[name].setParent(self)
        return self.models[name]

    def show_camera(self, latest_frame: Callable[[], Frame | None]) -> None:
        """What every camera view paints from now on."""
        self._latest_frame = latest_frame

    def set_page(self, page: str) -> None:
        if page != self._page:
            self._page = page
            self.page_changed.emit()

    def set_voice(self, present: bool, speaking: bool, word: str) -> None:
        if (present, speaking, word) != self._voice:
            self._voice = (present, speaking, word)
            self.voice_changed.emit()

    def load_one_more(self) -> bool:
        """False once every page is loaded."""
        self._loaded += 1
        self.loaded_changed.emit()
        return self._loaded < len(PAGE_NAMES)

    @Slot(str, result=str)
    def file(self, name: str) -> str:
        return page_file(name)

    @Slot(str, result=QObject)
    def model(self, name: str) -> QObject:
        return self.model_of(name)

    @Slot()
    def touched(self) -> None:
        self._touched()

    @Slot(bool)
    def holdHall(self, down: bool) -> None:  # noqa: N802
        """A finger rests on the hall's name, or no longer does."""
        self._hold_hall(down)

    @Slot(QObject)
    def connectCamera(self, camera: QObject) -> None:  # noqa: N802
        cast(CameraView, camera).watch(self._latest_frame)

    @Slot()
    def toggleVoice(self) -> None:  # noqa: N802
        self._toggle_voice()

    def _read_page(self) -> str:
        return self._page

    def _read_loaded(self) -> int:
        return self._loaded

    def _read_pages(self) -> list[str]:
        return list(PAGE_NAMES)

    def _read_bar(self) -> QObject:
        return self.bar

    def _read_motion(self) -> bool:
        return self._motion

    def _read_present(self) -> bool:
        return self._voice[0]

    def _read_speaking(self) -> bool:
        return self._voice[1]

    def _read_word(self) -> str:
        return self._voice[2]

    page = Property(str, _read_page, notify=page_changed)
    loaded = Property(int, _read_loaded, notify=loaded_changed)
    pages = Property(list, _read_pages, constant=True)
    barModel = Property(QObject, _read_bar, constant=True)  # noqa: N815
    motion = Property(bool, _read_motion, constant=True)
    voicePresent = Property(bool, _read_present, notify=voice_changed)  # noqa: N815
    speaking = Property(bool, _read_speaking, notify=voice_changed)
    voiceWord = Property(str, _read_word, notify=voice_changed)  # noqa: N815
