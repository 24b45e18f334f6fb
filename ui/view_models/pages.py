"""The pages there are. A page's props are loaded when it is first wanted, so that the first frame waits for none."""

from importlib import import_module
from typing import cast

from ui.view_models.page import PageProps

PAGE_NAMES = (
    "home",
    "notice",
    "read_card",
    "waiting",
    "review",
    "capture",
    "result",
    "take",
    "rating",
    "paper_out",
    "idle",
    "message",
    "choices",
    "keypad",
    "code",
    "other_way",
    "help",
    "language",
    "leave",
    "full_notice",
    "unavailable",
    "devices",
)


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def page_file(name: str) -> str:
    """``read_card`` is drawn by ``ReadCardPage.qml``."""
    return f"{_camel(name)}Page.qml"


def props_class(name: str) -> type[PageProps]:
    """``read_card`` shows a ``ReadCardProps`` of ``ui.view_models.read_card``."""
    return cast(type[PageProps], getattr(import_module(f"ui.view_models.{name}"), f"{_camel(name)}Props"))
