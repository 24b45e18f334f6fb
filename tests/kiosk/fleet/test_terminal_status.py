"""What the fleet is told of a terminal is what the terminal knows of itself, and nothing of a citizen."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from kiosk.fleet.settings import FleetSettings
from kiosk.fleet.terminal_status import STARTING, terminal_status
from kiosk.flow.health import CAMERA, FACE, ID_CARD, PLATFORM, PRINTER, Health, health_of
from kiosk.ports.device_status import CLOCK_DRIFT, Ready, Unavailable
from kiosk.ports.fleet_status import DeviceLine, QueueFigures, TerminalStatus
from kiosk.ports.printer import PaperLevel
from kiosk.ports.supervision import DeviceReport
from kiosk.wire.fleet import PresenceMessage, StatusMessage, parse_fleet_message, presence_topic, status_topic
from tests.kiosk.fleet.statuses import AT, WELL

QUEUE = QueueFigures(4, 1, 77)


def health(**lost: str) -> Health:
    reports = [
        DeviceReport(
            name,
            Unavailable(lost[name.replace("-", "_")], "mend it") if name.replace("-", "_") in lost else Ready(),
            AT,
            paper=PaperLevel.LOW if name == PRINTER else None,
            remaining_mm=9_000 if name == PRINTER else None,
        )
        for name in (ID_CARD, CAMERA, FACE, PRINTER, PLATFORM)
    ]
    known = health_of(reports, 4)
    assert known is not None
    return known


def told(known: Health | None, queue: QueueFigures | None = QUEUE) -> TerminalStatus:
    return terminal_status(known, queue, at=AT, since=AT, version="0.1.0", disk_free_mb=900)


def test_a_terminal_that_serves() -> None:
    status = told(health())
    assert status.closed_by is None
    assert (status.queue, status.paper, status.paper_left_mm, status.disk_free_mb) == (QUEUE, "media-low", 9_000, 900)
    assert status.devices == tuple(DeviceLine(n, ok=True) for n in (ID_CARD, CAMERA, FACE, PRINTER, PLATFORM))


@pytest.mark.parametrize(
    ("lost", "by"),
    [({"id_card": "port-gone"}, "reader"), ({"platform": CLOCK_DRIFT}, "clock"), ({"printer": "media-empty"}, None)],
)
def test_what_keeps_it_closed_and_why(lost: dict[str, str], by: str | None) -> None:
    status = told(health(**lost))
    assert status.closed_by == by
    (name, reason), *_ = lost.items()
    assert DeviceLine(name.replace("_", "-"), ok=False, reason=reason) in status.devices


@pytest.mark.parametrize("reason", ["李淑珍 110105194912310021", "Traceback: x", "UPPER", "", "a" * 49])
def test_a_reason_that_is_no_word_is_not_told(reason: str) -> None:
    status = told(health(camera=reason))
    assert DeviceLine(CAMERA, ok=False, reason="untold") in status.devices
    assert StatusMessage.of(status).status() == status


def test_before_every_device_was_looked_at_it_is_starting() -> None:
    assert told(None).closed_by == STARTING
    assert told(None, None).queue is None


def test_the_message_is_the_status_and_short() -> None:
    many = replace(WELL, devices=tuple(DeviceLine(f"scanner-{n}", ok=False, reason="a" * 48) for n in range(24)))
    for status in (WELL, many, told(health(camera="camera-stalled")), told(None, None)):
        data = StatusMessage.of(status).model_dump_json().encode()
        parsed = parse_fleet_message(status_topic("0317"), data)
        assert parsed == ("0317", StatusMessage.of(status))
        assert isinstance(parsed[1], StatusMessage)
        assert parsed[1].status() == status


def test_a_message_of_another_kind_is_none() -> None:
    data = StatusMessage.of(WELL).model_dump_json()
    longer = data[:-1] + " " * 4096 + "}"
    more = json.dumps(json.loads(data) | {"name": "李淑珍"})
    for topic, payload in (
        (presence_topic("0317"), data),
        (status_topic("0317"), longer),
        (status_topic("0317"), more),
        (status_topic("0317"), "{"),
        (status_topic("../0317"), data),
        (status_topic("0317") + "\n", data),
        ("kiosk/v2/terminals/0317/status", data),
    ):
        assert parse_fleet_message(topic, payload.encode()) is None, topic
    here = PresenceMessage(presence="here", at=AT)
    assert parse_fleet_message(presence_topic("A1"), here.model_dump_json().encode()) == ("A1", here)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"address": "http://hall:1883"}, "pattern"),
        ({"address": "mqtt://hall"}, "pattern"),
        ({"address": "mqtt://hall:0"}, "names no port"),
        ({"address": "mqtt://hall:1883", "authority": "ca.pem"}, "mqtts only"),
        ({"address": "mqtts://hall:8883", "authority": "ca.pem", "tls_key": "key.pem"}, "go together"),
        ({"address": "mqtt://user:word@hall:1883"}, "pattern"),
    ],
)
def test_settings_that_cannot_work_are_told(options: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        FleetSettings.model_validate(options)


def test_an_address_has_host_and_port() -> None:
    settings = FleetSettings.model_validate({"address": "mqtts://[::1]:8883", "authority": "ca.pem"})
    assert (settings.host, settings.port, settings.secure) == ("::1", 8883, True)


def test_what_the_platform_is_shown_is_shown_the_broker_where_nothing_else_is_named() -> None:
    files = (Path("ca.pem"), Path("own.crt"), Path("own.key"))
    bare = FleetSettings(address="mqtts://hall:8883").or_shown(*files)
    assert (bare.authority, bare.certificate, bare.tls_key) == files
    named = FleetSettings(address="mqtts://hall:8883", authority=Path("other.pem"))
    assert named.or_shown(*files) == named
    plain = FleetSettings(address="mqtt://hall:1883")
    assert plain.or_shown(*files) == plain
