"""12 Idle: 您还在吗？ Everything of the citizen is hidden."""

import math
from dataclasses import dataclass
from datetime import datetime

from kiosk.flow.touches import Button, Pressed
from ui.view_models.page import Choice, PageProps
from ui.view_models.view import View


@dataclass(frozen=True)
class IdleProps(PageProps):
    seconds: int = 0
    unit: str = ""
    share: float = 0.0
    card_words: str = ""


def derive(warned_at: datetime, card_there: bool, view: View) -> IdleProps:
    texts = view.texts
    limit = view.stretched(view.times.countdown_s)
    left = max(0.0, limit - (view.now - warned_at).total_seconds())
    return IdleProps(
        title=texts.title("idle.title"),
        helper=texts("idle.helper"),
        seconds=math.ceil(left),
        unit=texts("seconds"),
        share=left / limit,
        card_words=texts("idle.card") if card_there else "",
        primary=Choice(texts("common.continue"), Pressed(Button.STILL_HERE)),
        right=Choice(texts("idle.finish"), Pressed(Button.FINISH), "leave"),
    )
