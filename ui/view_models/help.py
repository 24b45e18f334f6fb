"""The help key: staff, 12345, the agency, a home visit. Hides all data."""

from dataclasses import dataclass

from ui.view_models.local import Close
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.view import View


@dataclass(frozen=True)
class HelpProps(PageProps):
    ways: tuple[Fact, ...] = ()


def derive(serving: bool, view: View) -> HelpProps:
    texts, site = view.texts, view.site
    return HelpProps(
        title=texts.title("help.title"),
        helper=texts("help.helper") if serving else "",
        head=view.dated(),
        ways=(
            Fact(texts("help.staff"), texts("help.staff_note", desk=site.desk, hours=view.desk_hours), "users"),
            Fact(texts("help.hotline"), texts("help.hotline_note"), "telephone"),
            Fact(texts("help.agency"), texts("help.agency_note", phone=site.agency_phone), "building"),
            Fact(texts("help.home"), texts("help.home_note"), "home-heart"),
        ),
        primary=Choice(texts("help.close" if serving else "common.back"), Close(), "back"),
    )
