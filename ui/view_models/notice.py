"""03 Notice: who, what for, what is kept, other ways. Nothing is ticked beforehand, the camera is dark."""

from dataclasses import dataclass

from kiosk.flow.touches import Button, Pressed
from ui.view_models.local import Open, SidePage
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View


@dataclass(frozen=True)
class NoticeProps(PageProps):
    lines: tuple[Fact, ...] = ()


def derive(view: View) -> NoticeProps:
    texts = view.texts
    title = texts.title("notice.title")
    lines = (
        Fact(texts("notice.who"), view.site.agency, "building"),
        Fact(texts("notice.purpose"), texts("notice.purpose_text"), "user-check"),
        Fact(texts("notice.kept"), texts("notice.kept_text"), "photo-off"),
        Fact(texts("notice.others"), texts("notice.others_text"), "switch"),
    )
    primary = Choice(texts("notice.agree"), Pressed(Button.AGREE))
    return NoticeProps(
        title=title,
        lines=lines,
        primary=primary,
        left=Choice(texts("common.other_way"), Pressed(Button.OTHER_WAY), "switch"),
        right=Choice(
            texts("notice.full_elder" if texts.elder else "notice.full"), Open(SidePage.FULL_NOTICE), "file-text"
        ),
        spoken=(title, *(f"{line.label}，{line.text}" for line in lines), primary.label),
        **stepped(texts, 1),
    )
