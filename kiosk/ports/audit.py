"""The terminal's log of declared events."""

from typing import Protocol

from kiosk.domain.audit_event import AuditEvent


class Audit(Protocol):
    def record(self, event: AuditEvent) -> None: ...
