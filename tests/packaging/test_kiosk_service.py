"""The systemd unit keeps what the terminal promises."""

from configparser import ConfigParser
from pathlib import Path

import kiosk

UNIT = Path(kiosk.__file__).parents[1] / "packaging" / "kiosk.service"


def test_the_unit_starts_again_and_lets_no_memory_reach_the_disk() -> None:
    unit = ConfigParser(interpolation=None)
    unit.read(UNIT, encoding="utf-8")
    service = unit["Service"]
    assert service["Restart"] == "always"
    assert (service["LimitCORE"], service["MemorySwapMax"]) == ("0", "0")
    assert service["User"] == "kiosk"
    assert service["ExecStart"].endswith("/kiosk run --config /etc/kiosk/terminal.toml")
    assert "Environment" not in service
