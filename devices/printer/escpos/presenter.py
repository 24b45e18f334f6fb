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
    if _emptied(conversation, take_seconds, _ARRIVES_S):
        return Handover.TAKEN
    conversation.send(presenter.retract)
    return Handover.RETRACTED if _emptied(conversation, answer_seconds) else Handover.UNKNOWN


def _emptied(conversation: Conversation, seconds: float, arrives_s: float = 0.0) -> bool:
    """Empty after there was a paper in it, or after ``arrives_s`` without any."""
    began, arrived = time.monotonic(), False
    while (mouth := conversation.full_status()) is not None:
        passed = time.monotonic() - began
        if not mouth.at_mouth and (arrived or passed >= arrives_s):
            return True
        if mouth.at_mouth and passed >= seconds:
            return False
        arrived = arrived or mouth.at_mouth
        conversation.listen(_LOOK_S)
    return False
