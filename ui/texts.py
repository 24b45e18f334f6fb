"""All words on the screen, by key and language (``i18n/*.json``)."""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path

from kiosk.ports.speaker import Language

_FOLDER = Path(__file__).parent / "i18n"
_WIDEST_TITLE = {False: 13, True: 11}
_CLAUSE = re.compile(r"[^，。？\n]+[，。？\n]*")
_MOST_LINES = 2
_COLUMN_SIGNS = {False: 12, True: 9}
_WIDEST_IN_COLUMN = {False: 7, True: 6}


@cache
def load(language: Language) -> dict[str, str]:
    words: dict[str, str] = json.loads((_FOLDER / f"{language.value}.json").read_text(encoding="utf-8"))
    return words


class Texts:
    """The words of one language, fitted to one type size; ``elder`` is the large one. ``column``: titles stand in the
    column of a lying panel."""

    def __init__(self, language: Language, elder: bool = False, column: bool = False) -> None:
        self.language = language
        self.elder = elder
        self.column = column
        self._widest = (_WIDEST_IN_COLUMN if column else _WIDEST_TITLE)[elder]
        self._words = load(language)

    def __contains__(self, key: str) -> bool:
        return key in self._words

    def __call__(self, key: str, **values: object) -> str:
        text = self._words[key].replace("|", "")
        return text.format(**values) if values else text

    def title(self, key: str, **values: object) -> str:
        """A ``|`` marks where a title breathes; it breaks there only when it would not fit one line."""
        text = self._words[key].format(**values) if values else self._words[key]
        fits = self.language is Language.CHINESE and len(text.replace("|", "")) <= self._widest
        return text.replace("|", "" if fits else "\n")

    def by_clause(self, text: str) -> str:
        """In a narrow column Chinese breaks after a mark, so that no sign stands alone on its line;
        a text of more than two lines, or with a clause wider than the column, stays as it is."""
        if not self.column or self.language is not Language.CHINESE:
            return text
        lines, clauses = [""], _CLAUSE.findall(text)
        if max(map(len, clauses), default=0) > _COLUMN_SIGNS[self.elder]:
            return text
        for clause in clauses:
            if len(lines[-1] + clause) > _COLUMN_SIGNS[self.elder] and lines[-1]:
                lines.append("")
            lines[-1] += clause
        return text if len(lines) > _MOST_LINES else "\n".join(line.strip("\n") for line in lines)

    def date(self, day: date) -> str:
        """2025年6月11日; 11 June 2025."""
        if self.language is Language.CHINESE:
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {self(f'month.{day.month}')} {day.year}"
