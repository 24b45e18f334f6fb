"""``kiosk.ports.fleet_status`` over MQTT 5, by paho's own thread: nobody who tells anything waits for the broker.

Nothing is kept for a broker that is away but the newest status. All terminals of a province lose their broker in the
same second; each comes back at a random moment.
"""

import threading
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import ConnectFlags, DisconnectFlags
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from kiosk.fleet.causes import remedy_of
from kiosk.fleet.connection import BrokerClient, probe
from kiosk.fleet.settings import FleetSettings
from kiosk.ports.clock import Clock
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable
from kiosk.ports.fleet_status import TerminalStatus
from kiosk.wire.fleet import PresenceMessage, StatusMessage, presence_topic, status_topic
from kiosk.wire.messages import Message

GOODBYE_S = 2.0
_REFUSED = "not-let-in"
_MAY_NOT_TELL = "may-not-tell"


class MqttFleetStatus:
    """``jitter`` gives numbers from 0 to 1. ``start`` begins, ``close`` ends within ``GOODBYE_S`` and one try to
    connect."""

    def __init__(self, settings: FleetSettings, terminal: str, clock: Clock, jitter: Callable[[], float]) -> None:
        self._settings = settings
        self._terminal = terminal
        self._clock = clock
        self._jitter = jitter
        self._turn = threading.Lock()
        self._newest: StatusMessage | None = None
        self._here = False
        self._refused: str | None = None
        self._failures = 0
        self._started = False
        client = self._client = BrokerClient(settings, terminal, clock.now)
        client.on_connect = self._connected
        client.on_connect_fail = self._not_connected
        client.on_disconnect = self._disconnected
        client.on_publish = self._acknowledged

    def start(self) -> None:
        self._started = True
        self._client.will_set(presence_topic(self._terminal), self._presence("lost"), qos=1, retain=True)
        self._client.loop_start()

    def publish(self, status: TerminalStatus) -> None:
        with self._turn:
            self._newest = StatusMessage.of(status)
            if self._here:
                self._send(status_topic(self._terminal), self._newest)

    def status(self) -> DeviceStatus:
        """Before ``start`` the broker is tried, twice ``CONNECT_S`` at most."""
        return self.present() or self._judge(probe(self._settings, self._clock.now()))

    def present(self) -> DeviceStatus | None:
        """How the connection is; None before ``start``."""
        return self._judge(self._refused or self._client.trouble) if self._started else None

    def close(self) -> None:
        if not self._started:
            return
        with self._turn:
            here, self._here = self._here, False
        if here:
            said = self._client.publish(presence_topic(self._terminal), self._presence("goodbye"), qos=1, retain=True)
            if said.rc is MQTTErrorCode.MQTT_ERR_SUCCESS:
                said.wait_for_publish(GOODBYE_S)
        self._client.close()

    def _judge(self, trouble: str | None) -> DeviceStatus:
        return Ready(self._settings.address) if trouble is None else Unavailable(trouble, remedy_of(trouble))

    def _presence(self, presence: Any) -> bytes:
        return PresenceMessage(presence=presence, at=self._clock.now()).model_dump_json().encode()

    def _send(self, topic: str, message: Message) -> None:
        self._client.publish(topic, message.model_dump_json().encode(), qos=1, retain=True)

    def _connected(self, _client: Any, _data: Any, _flags: ConnectFlags, answer: ReasonCode, _more: Any) -> None:
        if answer.is_failure:
            self._client.trouble = _REFUSED
            self._pause()
            return
        with self._turn:
            self._here, self._failures, self._client.trouble = True, 0, None
            self._client.publish(presence_topic(self._terminal), self._presence("here"), qos=1, retain=True)
            if self._newest is not None:
                self._send(status_topic(self._terminal), self._newest)

    def _not_connected(self, _client: Any, _data: Any) -> None:
        self._pause()

    def _disconnected(self, _client: Any, _data: Any, _flags: DisconnectFlags, _reason: ReasonCode, _: Any) -> None:
        """What was on its way is older than what will be told on coming back."""
        with self._turn:
            self._here = False
            self._client.drop_out_messages()
        if self._client.trouble is None:
            self._client.trouble = "connection-lost"
        self._pause()

    def _acknowledged(self, _client: Any, _data: Any, _mid: int, answer: ReasonCode, _more: Any) -> None:
        """paho holds its messages' lock here: ours must not be waited for."""
        self._refused = _MAY_NOT_TELL if answer.is_failure else None

    def _pause(self) -> None:
        """Until the next try: the first at a random moment of ``spread_s``; with each failure the time doubles."""
        settings = self._settings
        longest = min(settings.spread_s * 2.0**self._failures, max(settings.longest_pause_s, settings.spread_s))
        self._failures = min(self._failures + 1, 16)
        pause = self._jitter() * longest
        self._client.reconnect_delay_set(pause, pause)  # type: ignore[arg-type]  # paho waits fractions too
