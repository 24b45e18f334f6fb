"""A watcher of the tests: all a broker gives to whoever is called ``name``."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from kiosk.wire.fleet import FleetMessage, PresenceMessage, StatusMessage, parse_fleet_message
from tests.eventually import eventually
from tests.mosquitto import Broker

PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class Heard:
    terminal: str
    message: FleetMessage
    retained: bool


class Listening:
    """``heard`` in the order of arrival."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.strange: list[tuple[str, bytes]] = []

    def take(self, message: MQTTMessage) -> None:
        parsed = parse_fleet_message(message.topic, bytes(message.payload))
        if parsed is None:
            self.strange.append((message.topic, bytes(message.payload)))
        else:
            self.heard.append(Heard(*parsed, message.retain))

    def presences(self, terminal: str) -> list[str]:
        return [
            each.message.presence
            for each in tuple(self.heard)
            if each.terminal == terminal and isinstance(each.message, PresenceMessage)
        ]

    def statuses(self, terminal: str) -> list[StatusMessage]:
        return [
            each.message
            for each in tuple(self.heard)
            if each.terminal == terminal and isinstance(each.message, StatusMessage)
        ]

    def becomes(self, terminal: str, presence: str) -> bool:
        return eventually(lambda: self.presences(terminal)[-1:] == [presence], PATIENCE_S)


@contextmanager
def listening(broker: Broker, name: str = "gateway", topic: str = "kiosk/#") -> Iterator[Listening]:
    """Over a plain broker; yields once the broker has taken the subscription."""
    found, subscribed = Listening(), threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, client_id=f"{name}-test", protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(name)

    def connected(client: Client, *_: Any) -> None:
        client.subscribe(topic, qos=1)

    client.on_connect = connected
    client.on_subscribe = lambda *_: subscribed.set()
    client.on_message = lambda _client, _data, message: found.take(message)
    client.connect("127.0.0.1", broker.port, clean_start=True)
    client.loop_start()
    try:
        assert subscribed.wait(PATIENCE_S)
        yield found
    finally:
        client.disconnect()
        client.loop_stop()
