"""The language key: language and the black display."""

from dataclasses import dataclass

from kiosk.ports.speaker import Language
from ui.view_models.local import Close, ContrastChosen, LanguageChosen
from ui.view_models.page import Choice, PageProps
from ui.view_models.view import View


@dataclass(frozen=True)
class LanguageProps(PageProps):
    language_label: str = ""
    languages: tuple[Choice, ...] = ()
    display_label: str = ""
    displays: tuple[Choice, ...] = ()


def derive(view: View) -> LanguageProps:
    texts, local = view.texts, view.local
    return LanguageProps(
        title=texts.title("language.title"),
        helper=texts("language.helper"),
        language_label=texts("language.words"),
        languages=(
            _language(texts("language.chinese"), Language.CHINESE, local.language),
            _language(texts("language.english"), Language.ENGLISH, local.language),
        ),
        display_label=texts("language.display"),
        displays=(
            Choice(texts("language.normal"), ContrastChosen(False), selected=not local.contrast),
            Choice(texts("language.contrast"), ContrastChosen(True), selected=local.contrast),
        ),
        primary=Choice(texts("language.close"), Close()),
    )


def _language(words: str, language: Language, present: Language) -> Choice:
    return Choice(words, LanguageChosen(language), selected=language is present)
