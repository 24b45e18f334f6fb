"""Listens to the fleet's broker and writes down what terminals tell.

Of all workers of the gateway one listens, by a hold in the database that it renews; when it dies another takes over
within ``HOLD_S`` and has everything that is retained. A broker that is away is tried again and again; the page says so.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode
from sqlalchemy.exc import SQLAlchemyError

from gateway.fleet import Hearing
from gateway.fleet_book import Arrival, FleetBook
from gateway.troubles import EXPECTED
from kiosk.ports.clock import Clock
from kiosk.wire.broker import CONNECT_S, GATEWAY_NAME, BrokerSettings, identify, password, trust, word_of
from kiosk.wire.fleet import PRESENCES, STATUSES, parse_fleet_message

HOLD_S = 15.0
NOT_READ, NOT_KEPT = "not-a-fleet-message", "not-kept"
"""Why a message is passed over: it is none of ``kiosk.wire.fleet``, or the book cannot hold it."""

_ROUND_S = 1.0
_LOG = logging.getLogger(__name__)


class FleetListener:
    """``start`` begins, ``close`` ends within ``CONNECT_S`` and a round. ``clock`` dates what is heard; each
    message that cannot be taken is told to ``passed_over`` by a word, and holds up no other."""

    def __init__(
        self,
        settings: BrokerSettings,
        book: FleetBook,
        clock: Clock,
        passed_over: Callable[[str], None],
        round_s: float = _ROUND_S,
        hold_s: float = HOLD_S,
    ) -> None:
        self._settings = settings
        self._book = book
        self._clock = clock
        self._passed_over = passed_over
        self._round_s = round_s
        self._hold_s = hold_s
        self._holder = secrets.token_hex(8)
        self._closing = threading.Event()
        self._waiting: dict[tuple[str, type], Arrival] = {}
        self._hearing = self._told = Hearing(None)
        self._renew_at = 0.0
        self._thread = threading.Thread(target=self._run, name="fleet-listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Lets another worker listen at once. May be called twice."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            if self._holds():
                self._listen()
            self._closing.wait(self._round_s)
        self._settle(self._release)

    def _listen(self) -> None:
        """Returns when the broker or the hold is lost, or on closing."""
        client = self._client()
        try:
            self._connect(client)
        except OSError as trouble:
            self._deaf(word_of(trouble))
            return
        round_ends = time.monotonic() + self._round_s
        while client.loop(self._round_s) is MQTTErrorCode.MQTT_ERR_SUCCESS and not self._closing.is_set():
            if time.monotonic() < round_ends:
                continue
            round_ends = time.monotonic() + self._round_s
            self._settle(self._write)
            if not self._holds():
                break
        self._settle(self._write)
        client.disconnect()
        self._deaf(self._hearing.trouble or "connection-lost")

    def _client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"{GATEWAY_NAME}-{self._holder}",
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_S
        client.on_connect = self._let_in
        client.on_subscribe = self._subscribed
        client.on_message = self._heard
        return client

    def _connect(self, client: Client) -> None:
        context = trust(self._settings)
        if context is not None:
            identify(context, self._settings, self._clock.now())
            client.tls_set_context(context)
        client.username_pw_set(GATEWAY_NAME, password(self._settings))
        client.connect(self._settings.host, self._settings.port, self._settings.keepalive_s, clean_start=True)

    def _let_in(self, client: Client, _data: Any, _flags: Any, answer: ReasonCode, _more: Any) -> None:
        if answer.is_failure:
            self._deaf("not-let-in")
        else:
            client.subscribe([(PRESENCES, 1), (STATUSES, 1)])

    def _subscribed(self, _client: Any, _data: Any, _mid: int, answers: list[ReasonCode], _more: Any) -> None:
        if any(answer.is_failure for answer in answers):
            self._deaf("may-not-listen")
        else:
            self._hearing = Hearing(self._clock.now())

    def _heard(self, _client: Any, _data: Any, message: MQTTMessage) -> None:
        """Of several of one kind in a round the newest counts; the order of what came last stays."""
        parsed = parse_fleet_message(message.topic, bytes(message.payload))
        if parsed is None:
            self._passed_over(NOT_READ)
            return
        terminal, told = parsed
        place = (terminal, type(told))
        self._waiting.pop(place, None)
        self._waiting[place] = Arrival(terminal, told, self._clock.now(), message.retain)

    def _write(self) -> None:
        """Together; where that fails each by itself, and without those that fail again."""
        if not self._takes(self._waiting.values()):
            for arrival in self._waiting.values():
                if not self._takes([arrival]):
                    self._passed_over(NOT_KEPT)
        self._waiting.clear()

    def _takes(self, arrivals: Iterable[Arrival]) -> bool:
        """Raises what ``gateway.troubles`` expects: that is no fault of a message."""
        try:
            self._book.take(arrivals)
        except EXPECTED:
            raise
        except Exception:  # whatever it is, it would come again with every round
            return False
        return True

    def _holds(self) -> bool:
        """Renewed long before it ends, and when there is news of the broker."""
        now = time.monotonic()
        if now < self._renew_at and self._hearing == self._told:
            return True
        try:
            held = self._book.hold(self._holder, self._hold_s, self._hearing)
        except SQLAlchemyError as trouble:
            _LOG.info("the fleet's hold cannot be renewed: %s", type(trouble).__name__)
            return False
        self._renew_at, self._told = now + self._hold_s / 3 if held else now, self._hearing
        return held

    def _settle(self, work: Callable[[], None]) -> None:
        """What a database that is away does not take stays for the next round."""
        try:
            work()
        except EXPECTED as trouble:
            _LOG.info("the fleet cannot be written down: %s", type(trouble).__name__)

    def _release(self) -> None:
        self._book.let_go(self._holder)

    def _deaf(self, trouble: str) -> None:
        self._hearing = Hearing(None, trouble)
