"""Pages with the desk, its hours and phones say of which day they are, where the hall's own profile tells them."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.flow.session_state import SessionTimes
from kiosk.ports.speaker import Language
from tests.ui.states import NOW, SITE
from ui.texts import Texts
from ui.view_models import help as help_page
from ui.view_models import unavailable
from ui.view_models.local import Local
from ui.view_models.view import View


def _view(as_of: date | None, language: Language) -> View:
    local = Local(language=language)
    site = replace(SITE, as_of=as_of)
    return View(Texts(language), local, site, SessionTimes(), NOW, 0.0, elder=False)


@pytest.mark.parametrize(
    ("language", "words"), [(Language.CHINESE, "数据日期\u00a02026-11-26"), (Language.ENGLISH, "As of\u00a02026-11-26")]
)
def test_the_day_stands_at_the_head(language: Language, words: str) -> None:
    view = _view(date(2026, 11, 26), language)
    assert unavailable.derive("closed.checking", object(), view).head == words
    assert help_page.derive(serving=False, view=view).head == words


def test_nothing_is_dated_where_the_settings_speak() -> None:
    view = _view(None, Language.CHINESE)
    assert unavailable.derive("closed.checking", object(), view).head == view.texts("service")
    assert help_page.derive(serving=False, view=view).head == ""
