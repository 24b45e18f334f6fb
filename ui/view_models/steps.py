"""The five steps as the citizen counts them, and the countdown of a step with a limit."""

import math
from dataclasses import replace
from typing import TypedDict, TypeVar

from ui.texts import Texts
from ui.view_models.page import PageProps

STEPS = 5

P = TypeVar("P", bound=PageProps)


class Stepped(TypedDict):
    step: int
    steps: int
    step_words: str


class Counted(TypedDict):
    countdown_words: str
    countdown_share: float


def stepped(texts: Texts, step: int) -> Stepped:
    return Stepped(step=step, steps=STEPS, step_words=texts("step", step=step, steps=STEPS))


def counted(texts: Texts, limit_s: float, elapsed_s: float) -> Counted:
    left = max(0.0, limit_s - elapsed_s)
    return Counted(countdown_words=texts("countdown", seconds=math.ceil(left)), countdown_share=left / limit_s)


def unstepped(props: P, head: str) -> P:
    """The page of a journey that is too short to count its steps: its name stands in their place."""
    return replace(props, step=0, step_words="", head=head)
