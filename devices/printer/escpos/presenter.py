"""The paper in the printer's mouth: taken, or taken back after a while."""

import time

from devices.printer.escpos.conversation import Conversation
from devices.printer.escpos.profile import PresenterProfile
from kiosk.ports.printer import Handover

_LOOK_S = 0.1
_ARRIVES_S = 2.0
"""A paper comes to the mouth after its last row: so long an empty mouth does not say that somebody took it."""


def await_taking(
    conversation: Conversation, presenter: PresenterProfile, take_seconds: float, answer_seconds: float
) -> Handover:
    """Blocks until the mouth is empty, by the citizen's hand within ``take_seconds`` or by ``retract`` then.

    A paper pulled out while it is being taken back counts as RETRACTED: its number is void, whoever holds it.
    """
    if presenter.asked is None:
        conversation.listen(take_seconds)
        conversation.send(presenter.retract)
        return Handover.UNKNOWN
    _arrives(conversation)
    if _emptied(conversation, take_seconds):
        return Handover.TAKEN
    conversation.send(presenter.retract)
    return Handover.RETRACTED if _emptied(conversation, answer_seconds) else Handover.UNKNOWN


def _arrives(conversation: Conversation) -> None:
    """Waits until there is a paper in the mouth, but no longer than it takes to come there."""
    deadline = time.monotonic() + _ARRIVES_S
    while (mouth := conversation.full_status()) is not None and not mouth.at_mouth and time.monotonic() < deadline:
        conversation.listen(_LOOK_S)


def _emptied(conversation: Conversation, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while (mouth := conversation.full_status()) is not None:
        if not mouth.at_mouth:
            return True
        if time.monotonic() >= deadline:
            return False
        conversation.listen(_LOOK_S)
    return False
