"""16 Unavailable: this terminal cannot confirm now; where else, in one look (E-27)."""

from dataclasses import dataclass

from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.view import View


@dataclass(frozen=True)
class UnavailableProps(PageProps):
    near_label: str = ""
    near: str = ""
    walk_label: str = ""
    ways: tuple[Fact, ...] = ()


def derive(reason: str, leave: object, view: View) -> UnavailableProps:
    """``reason`` is a text key; ``leave`` the event that brings the citizen back home."""
    texts, site = view.texts, view.site
    return UnavailableProps(
        title=texts.title("closed.title"),
        helper=texts(reason),
        head=view.dated(texts("service")),
        near_label=texts("closed.nearest"),
        near=(site.nearest or texts("closed.call")).replace(" ", "\u00a0"),
        walk_label=texts("closed.walk"),
        ways=(
            Fact(texts("way.desk"), f"{site.desk}，{view.desk_hours}", "users"),
            Fact(texts("way.home"), texts("way.home_note", phone=site.agency_phone), "home-heart"),
        ),
        primary=Choice(texts("closed.other"), leave),
    )
