"""13 Rating (好差评): five grades, none chosen beforehand, tags of the chosen grade, and a way out as large."""

from dataclasses import dataclass

from kiosk.flow.touches import Button, Pressed, Rated
from ui.view_models.local import GradeChosen, TagToggled
from ui.view_models.page import Choice, PageProps
from ui.view_models.view import View

TAGS: dict[int, tuple[str, ...]] = {
    5: ("510", "511", "512", "515", "517"),
    4: ("408", "406", "411", "412", "413"),
    3: ("307", "309", "310", "311", "314"),
    2: ("207", "208", "209", "210", "214"),
    1: ("108", "109", "110", "111", "115"),
}
_FACES = {5: "face-5", 4: "face-4", 3: "face-3", 2: "face-2", 1: "face-1"}


@dataclass(frozen=True)
class RatingProps(PageProps):
    group: str = ""
    grades: tuple[Choice, ...] = ()
    ask: str = ""
    tags: tuple[Choice, ...] = ()


def derive(view: View) -> RatingProps:
    texts, grade, ticked = view.texts, view.local.grade, view.local.tags
    send = Choice(texts("rating.choose")) if grade == 0 else Choice(texts("rating.send"), Rated(grade, ticked))
    return RatingProps(
        title=texts.title("rating.title"),
        helper=texts("rating.helper"),
        head=texts("rating.head"),
        group=texts("rating.group"),
        grades=tuple(
            Choice(texts(f"rating.{g}"), GradeChosen(g), _FACES[g], selected=g == grade) for g in sorted(TAGS)[::-1]
        ),
        ask="" if grade == 0 else texts("rating.good" if grade >= 3 else "rating.bad"),
        tags=tuple(Choice(texts(f"tag.{t}"), TagToggled(t), selected=t in ticked) for t in TAGS.get(grade, ())),
        primary=send,
        right=Choice(texts("rating.skip"), Pressed(Button.SKIP_RATING)),
        spoken=(texts.title("rating.title"), texts("rating.helper")),
    )
