"""What a terminal tells the fleet's watchers over MQTT: its presence and its status, each on a topic of its own.

Both are retained, so that a watcher who comes later has the newest. The broker itself publishes ``lost``, the last
will. The broker lets a terminal write its own topics only; nothing is signed, and nothing of a citizen is in it.
"""

import re
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from kiosk.ports.fleet_status import DeviceLine, QueueFigures, TerminalStatus
from kiosk.wire.messages import Message, Word
from kiosk.wire.moment import Moment

MAX_FLEET_BYTES = 4096
"""No message of this kind is longer."""

PRESENCES = "kiosk/v1/terminals/+/presence"
STATUSES = "kiosk/v1/terminals/+/status"
"""What a watcher subscribes to."""

_TOPIC = re.compile(r"kiosk/v1/terminals/([0-9A-Z]{2,8})/(?:presence|status)")
_Count = Annotated[int, Field(ge=0, lt=2**31)]


class PresenceMessage(Message):
    """``lost`` is the last will: the broker no longer hears the terminal. ``at`` is the terminal's clock; a last will
    was written when the terminal started."""

    presence: Literal["here", "lost", "goodbye"]
    at: Moment


class DeviceMessage(Message):
    name: Word
    ok: bool
    reason: Word | None = None


class QueueMessage(Message):
    waiting: _Count
    dead: _Count
    oldest_s: _Count | None


class StatusMessage(Message):
    """``TerminalStatus``."""

    at: Moment
    since: Moment
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z.+-]{1,32}$")]
    closed_by: Word | None
    devices: Annotated[tuple[DeviceMessage, ...], Field(max_length=24)]
    queue: QueueMessage | None
    paper: Word
    paper_left_mm: _Count | None
    disk_free_mb: _Count

    @classmethod
    def of(cls, status: TerminalStatus) -> "StatusMessage":
        queue = status.queue
        return cls(
            at=status.at,
            since=status.since,
            version=status.version,
            closed_by=status.closed_by,
            devices=tuple(
                DeviceMessage(name=each.name, ok=each.ok, reason=each.reason or None) for each in status.devices
            ),
            queue=None
            if queue is None
            else QueueMessage(waiting=queue.waiting, dead=queue.dead, oldest_s=queue.oldest_s),
            paper=status.paper,
            paper_left_mm=status.paper_left_mm,
            disk_free_mb=status.disk_free_mb,
        )

    def status(self) -> TerminalStatus:
        queue = self.queue
        return TerminalStatus(
            at=self.at,
            since=self.since,
            version=self.version,
            closed_by=self.closed_by,
            devices=tuple(DeviceLine(each.name, each.ok, each.reason or "") for each in self.devices),
            queue=None if queue is None else QueueFigures(queue.waiting, queue.dead, queue.oldest_s),
            paper=self.paper,
            paper_left_mm=self.paper_left_mm,
            disk_free_mb=self.disk_free_mb,
        )


FleetMessage = PresenceMessage | StatusMessage


def presence_topic(terminal: str) -> str:
    return PRESENCES.replace("+", terminal)


def status_topic(terminal: str) -> str:
    return STATUSES.replace("+", terminal)


def parse_fleet_message(topic: str, payload: bytes) -> tuple[str, FleetMessage] | None:
    """The terminal's number and what it tells; None when it is not of this kind, or longer."""
    found = _TOPIC.fullmatch(topic)
    if found is None or len(payload) > MAX_FLEET_BYTES:
        return None
    kind: type[FleetMessage] = PresenceMessage if topic == presence_topic(found[1]) else StatusMessage
    try:
        return found[1], kind.model_validate_json(payload)
    except ValidationError:
        return None
