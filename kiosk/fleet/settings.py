"""Options of the link to the fleet's broker."""

from pathlib import Path

from pydantic import Field

from kiosk.wire.broker import BrokerSettings


class FleetSettings(BrokerSettings):
    """How often the terminal tells how it is, and when it comes back to a lost broker."""

    heartbeat_s: float = Field(60.0, gt=0, le=240, description="seconds between two statuses where nothing changes")
    spread_s: float = Field(
        30.0, gt=0, le=600, description="a lost broker is tried again at a random moment of so many seconds"
    )
    longest_pause_s: float = Field(120.0, gt=0, le=3600, description="longest pause between two tries")

    def or_shown(self, authority: Path | None, certificate: Path | None, tls_key: Path | None) -> "FleetSettings":
        """With the files the terminal shows the hall platform, where TLS is wanted and none are named."""
        if not self.secure or self.authority is not None or self.certificate is not None:
            return self
        files = {"authority": authority, "certificate": certificate, "tls_key": tls_key}
        return self.model_copy(update=files)
