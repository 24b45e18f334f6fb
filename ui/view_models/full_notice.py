"""The whole notice, opened from page 03."""

from dataclasses import dataclass

from ui.view_models.local import Close
from ui.view_models.page import Choice, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View

PARAGRAPHS = 5


@dataclass(frozen=True)
class FullNoticeProps(PageProps):
    paragraphs: tuple[str, ...] = ()
    version: str = ""


def derive(version: str, view: View) -> FullNoticeProps:
    texts, site = view.texts, view.site
    paragraphs = tuple(
        texts(f"full.{n}", agency=site.agency, phone=site.agency_phone) for n in range(1, PARAGRAPHS + 1)
    )
    return FullNoticeProps(
        title=texts.title("full.title"),
        paragraphs=paragraphs,
        version=texts("full.version", version=version),
        primary=Choice(texts("common.back"), Close(), "back"),
        spoken=(texts.title("full.title"), *paragraphs),
        **stepped(texts, 1),
    )
