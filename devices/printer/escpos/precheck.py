"""Is the printer well, and if an error only waits to be left, it is left."""

from devices.printer.escpos.conversation import Conversation
from devices.printer.escpos.profile import PrinterProfile
from devices.printer.escpos_answers import FullStatus
from devices.printer.escpos_status import PrinterState

_MENDABLE = ("media-jam", "cutter-jam", "presenter-full")


def well_or_mended(conversation: Conversation, profile: PrinterProfile) -> PrinterState | None:
    """The state a job would meet, None when the printer does not answer. A jam that somebody cleared stays an error
    until the printer is told to recover, which also drops its buffers."""
    state = _state(conversation, profile)
    if state is None or state.trouble not in _MENDABLE or not profile.obeys_recovery:
        return state
    conversation.recover()
    return _state(conversation, profile)


def _state(conversation: Conversation, profile: PrinterProfile) -> PrinterState | None:
    state = conversation.state()
    if state is None or profile.presenter is None or profile.presenter.asked is None:
        return state
    mouth = conversation.full_status()
    return None if mouth is None else PrinterState(_trouble(state.trouble, mouth), state.paper)


def _trouble(trouble: str | None, mouth: FullStatus) -> str | None:
    """A jam with a paper in the mouth is one that the presenter could not take back."""
    if trouble == "media-jam" and mouth.at_mouth:
        return "presenter-full"
    if trouble is None and mouth.at_mouth:
        return "paper-not-taken"
    return trouble
