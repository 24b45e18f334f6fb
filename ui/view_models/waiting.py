"""The terminal works: a ring after 0.4 s, 请稍候 after 3 s."""

from dataclasses import dataclass

from ui.view_models.page import PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View


@dataclass(frozen=True)
class WaitingProps(PageProps):
    slow_words: str = ""


def derive(what: str, step: int, view: View, **values: str) -> WaitingProps:
    """``what`` names the work: roster, code, reference, compare, number or submit; ``values`` are filled in."""
    texts = view.texts
    title = texts.title(f"wait.{what}", **values)
    return WaitingProps(title=title, slow_words=texts("wait.slow"), **stepped(texts, step))


def derive_wipe(view: View) -> WaitingProps:
    texts = view.texts
    return WaitingProps(title=texts.title("wait.wipe"), helper=texts("wait.wipe_helper"), slow_words=texts("wait.slow"))
