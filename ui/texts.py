"""All words on the screen, by key and language (``i18n/*.json``)."""

import json
from datetime import date
from functools import cache
from pathlib import Path

from kiosk.ports.speaker import Language

_FOLDER = Path(__file__).parent / "i18n"
_WIDEST_TITLE = {False: 13, True: 11}


@cache
def load(language: Language) -> dict[str, str]:
    words: dict[str, str] = json.loads((_FOLDER / f"{language.value}.json").read_text(encoding="utf-8"))
    return words


class Texts:
    """The words of one language, fitted to one type size; ``elder`` is the large one."""

    def __init__(self, language: Language, elder: bool = False) -> None:
        self.language = language
        self.elder = elder
        self._words = load(language)

    def __call__(self, key: str, **values: object) -> str:
        text = self._words[key].replace("|", "")
        return text.format(**values) if values else text

    def title(self, key: str, **values: object) -> str:
        """A ``|`` marks where a title breathes; it breaks there only when it would not fit one line."""
        text = self._words[key].format(**values) if values else self._words[key]
        fits = self.language is Language.CHINESE and len(text.replace("|", "")) <= _WIDEST_TITLE[self.elder]
        return text.replace("|", "" if fits else "\n")

    def date(self, day: date) -> str:
        """2025年6月11日; 11 June 2025."""
        if self.language is Language.CHINESE:
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {self(f'month.{day.month}')} {day.year}"
