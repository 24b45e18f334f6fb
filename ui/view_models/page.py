"""What every page shows, as plain frozen values. QML binds to them and decides nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press: its words, its icon, and the event a press posts. ``note`` is a second line."""

    label: str
    event: object = None
    icon: str = ""
    note: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled answer on a page."""

    label: str
    text: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class PageProps:
    """The frame of a page. The empty value is what a page holds while it is not shown.

    ``head`` stands in the head row where there are no steps; ``countdown_share`` runs from 1 to 0;
    ``spoken`` is said where it should differ from title, helper and primary words.
    """

    title: str = ""
    helper: str = ""
    title_in_content: bool = False
    head: str = ""
    step: int = 0
    steps: int = 5
    step_words: str = ""
    countdown_words: str = ""
    countdown_share: float = 0.0
    primary: Choice | None = None
    left: Choice | None = None
    right: Choice | None = None
    spoken: tuple[str, ...] = ()


def words_to_say(props: PageProps) -> str:
    """Title, helper, then the primary button's words; every spoken word is on the screen."""
    parts = props.spoken or (props.title, props.helper, props.primary.label if props.primary else "")
    return "。".join(part.replace("\n", "").rstrip("。.") for part in parts if part)
