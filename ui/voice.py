"""Reads pages aloud: title, helper, then the primary button's words, 0.3 s after the page stands."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from kiosk.ports.device_status import Ready
from kiosk.ports.speaker import Language, Speaker

SPEAK_AFTER_MS = 300
WATCH_MS = 250
HINT_EVERY_S = 3.0


class Voice(QObject):
    """``changed`` is called when speech starts or ends. Without a working speaker it stays silent."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        changed: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._speaker: Speaker | None = None
        self._monotonic = monotonic
        self._changed = changed
        self.present = False
        self.speaking = False
        self._words = ""
        self._language = Language.CHINESE
        self._hint_at = -HINT_EVERY_S
        self._start = QTimer(self, interval=SPEAK_AFTER_MS, singleShot=True)
        self._start.timeout.connect(self._say)
        self._watch = QTimer(self, interval=WATCH_MS)
        self._watch.timeout.connect(self._look)

    def join(self, speaker: Speaker) -> None:
        """From now on ``speaker`` says the words, if it works."""
        self._speaker = speaker if isinstance(speaker.status(), Ready) else None
        self.present = self._speaker is not None
        self._changed()

    def read_page(self, words: str, language: Language) -> None:
        """Stops what is being said; ``words`` follow shortly. Empty words only stop."""
        self.stop()
        self._words, self._language = words, language
        if self.present and words:
            self._start.start()

    def offer(self, words: str, language: Language) -> None:
        """Keeps ``words`` for 再听一遍 without saying them."""
        self.stop()
        self._words, self._language = words, language

    def say_hint(self, words: str, language: Language) -> bool:
        """A live hint: at most one in three seconds, and never over the page's own words. False when it has to wait."""
        now = self._monotonic()
        if not self.present or self.speaking or self._start.isActive() or now - self._hint_at < HINT_EVERY_S:
            return False
        self._hint_at = now
        self._speak(words, language)
        return True

    def toggle(self) -> None:
        """The pill: stops, or says the page once more."""
        if self.speaking:
            self.stop()
        elif self.present and self._words:
            self._say()

    def stop(self) -> None:
        self._start.stop()
        if self.speaking and self._speaker is not None:
            self._speaker.stop()
            self._set(False)

    def _say(self) -> None:
        self._speak(self._words, self._language)

    def _speak(self, words: str, language: Language) -> None:
        if self._speaker is not None:
            self._speaker.speak(words, language)
            self._set(True)

    def _look(self) -> None:
        if self._speaker is None or not self._speaker.speaking():
            self._set(False)

    def _set(self, speaking: bool) -> None:
        if speaking:
            self._watch.start()
        else:
            self._watch.stop()
        if speaking != self.speaking:
            self.speaking = speaking
            self._changed()
