"""``python -m tests.kiosk.fleet.told_terminal URL NUMBER``: tells how it is until its standard input ends."""

import sys

from kiosk.app.system import SystemClock
from kiosk.fleet.mqtt import MqttFleetStatus
from kiosk.fleet.settings import FleetSettings
from tests.kiosk.fleet.statuses import WELL


def main(url: str, terminal: str) -> None:
    fleet = MqttFleetStatus(FleetSettings(address=url), terminal, SystemClock(), lambda: 0.0)
    fleet.start()
    fleet.publish(WELL)
    sys.stdin.read()
    fleet.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
