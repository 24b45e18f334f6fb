"""The terminal's connection to the fleet's broker."""

import socket
import ssl
from collections.abc import Callable
from datetime import datetime

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from kiosk.wire.broker import CONNECT_S, BrokerSettings, identify, password, trust, word_of

_VERDICT_S = 0.3


class BrokerClient(Client):
    """paho's client, which takes its credentials anew for every connection and keeps why one failed.

    ``trouble`` is the word of the last try, None once the broker has let it in.
    """

    def __init__(self, settings: BrokerSettings, name: str, now: Callable[[], datetime]) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5)
        self.trouble: str | None = None
        self._settings = settings
        self._name = name
        self._now = now
        self._trust: ssl.SSLContext | None = None
        self.connect_timeout = CONNECT_S
        self.connect_async(settings.host, settings.port, settings.keepalive_s, clean_start=True)

    def reconnect(self) -> MQTTErrorCode:
        try:
            self._take_credentials()
            return super().reconnect()
        except OSError as trouble:
            self.trouble = word_of(trouble)
            raise

    def close(self) -> None:
        """paho's ``loop_stop`` leaves the two sockets open by which it wakes its thread."""
        self.disconnect()
        self.loop_stop()
        self._reset_sockets()

    def _take_credentials(self) -> None:
        if self._trust is None:
            self._trust = trust(self._settings)
            if self._trust is not None:
                self.tls_set_context(self._trust)
        if self._trust is not None:
            identify(self._trust, self._settings, self._now())
        self.username_pw_set(self._name, password(self._settings))


def probe(settings: BrokerSettings, now: datetime) -> str | None:
    """Why no connection could be made at this moment; None when broker and terminal shook hands. Nobody is named, so
    that a terminal that is connected stays so."""
    try:
        context = trust(settings)
        if context is not None:
            identify(context, settings, now)
        password(settings)
        with socket.create_connection((settings.host, settings.port), CONNECT_S) as plain:
            if context is None:
                return None
            with context.wrap_socket(plain, server_hostname=settings.host) as secure:
                return _verdict(secure)
    except OSError as trouble:
        return word_of(trouble)


def _verdict(secure: ssl.SSLSocket) -> str | None:
    """With TLS 1.3 a server judges its client's certificate after the handshake: it says so, or waits for a packet."""
    secure.settimeout(_VERDICT_S)
    try:
        return None if secure.recv(1) else "tls-refused"
    except TimeoutError:
        return None
