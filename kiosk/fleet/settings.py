"""Options of the link to the fleet's broker."""

from pydantic import Field

from kiosk.wire.broker import BrokerSettings


class FleetSettings(BrokerSettings):
    """How often the terminal tells how it is, and when it comes back to a lost broker."""

    heartbeat_s: float = Field(60.0, gt=0, le=240, description="seconds between two statuses where nothing changes")
    spread_s: float = Field(
        30.0, gt=0, le=600, description="a lost broker is tried again at a random moment of so many seconds"
    )
    longest_pause_s: float = Field(120.0, gt=0, le=3600, description="longest pause between two tries")
