"""The gateway of a hall as a process that can be killed, started anew and served wrongly, over TLS, and a terminal that
looks at it often."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import create_engine, text

from devices.supervisor import SupervisionSettings
from gateway.app import create_app
from gateway.authority import ServerFiles
from gateway.settings import GatewaySettings
from gateway.tls_settings import TlsSettings
from kiosk.app.system import SystemClock
from kiosk.cli.demo.hall import Hall, Program
from kiosk.cli.demo.training import TrainingTerminal, set_up
from kiosk.flow.session_state import SessionTimes
from kiosk.platform.enrolment import Enrolled
from kiosk.wire.keys import KeyUnusable, load_or_create_signing_key
from kiosk.wire.tls_key import load_or_create_tls_key
from offline_cache.reference_cache import ReferenceSettings
from tests.gateway.serving import serving
from tests.gateway.trust import SecuredHall, SetUp, present_clock

IMPATIENT = SupervisionSettings(first_pause_s=0.2, longest_pause_s=0.5, confirm_s=0.2)
"""What is lost is tried again at once: a drill does not wait for a technician's half minute."""

STORAGE_BYTES = 2 * 1024 * 1024
"""Three pictures of the longest kind fill it."""

ROSTER = "roster-training"
"""The bundle with the roster that the site may hold."""

_NAME = "127.0.0.1"
_FILES = {"authority": "ca.crt", "certificate": "terminal.crt", "tls_key": "tls.pem"}


@dataclass
class MachineRoom:
    """Where the gateway stands, on its files and its port, with the terminal's files beside them."""

    hall: Hall
    folder: Path
    training: TrainingTerminal
    portraits: Path
    gateway: Program

    @property
    def database(self) -> Path:
        return self.folder / "gateway.sqlite"

    @property
    def settings(self) -> Path:
        """The gateway's TOML file: it publishes ``bundles``."""
        return self.folder / "hall.toml"

    @property
    def port(self) -> int:
        return int(self.gateway.address.rsplit(":", 1)[1])

    def start_gateway(self, database: str | None = None, *, knows_terminal: bool = True) -> None:
        """``database`` is an SQLAlchemy URL, else its own file."""
        known = ("--terminal", str(self.training.registration)) if knows_terminal else ()
        self.gateway = self.hall.start(
            *("gateway-again", "gateway", "--sandbox", "--port", str(self.port), "--tls-name", _NAME),
            *("--database", database or str(self.database), "--key", str(self._key), *known),
            *("--portraits", str(self.portraits), "--control", "0", "--settings", str(self.settings)),
        )

    def kill_gateway(self) -> None:
        self.gateway.process.kill()
        self.gateway.process.wait()

    def records(self) -> dict[str, dict[str, Any]]:
        """What the gateway says it holds, by receipt number."""
        answer = requests.get(
            f"https://{_NAME}:{self.port}/v1/sandbox/records",
            verify=str(self.folder / "ca.crt"),
            cert=(str(self.folder / "terminal.crt"), str(self.folder / "tls.pem")),
            timeout=30,
        )
        answer.raise_for_status()
        return {record["receipt"]: record for record in answer.json()}

    @contextmanager
    def certificate_over(self) -> Iterator[None]:
        """The gateway ran on for longer than its own certificate counts."""
        self.kill_gateway()
        secured = self._secured()
        made = secured.authority().serve_as(self.folder / "over.pem", (_NAME,), _ago(500))
        assert isinstance(made, ServerFiles)
        files = replace(made, authority=secured.server_files().authority)
        try:
            with serving(create_app(secured.settings, SystemClock()), files, self.port):
                yield
        finally:
            self.start_gateway()

    @contextmanager
    def terminal_certificate_over(self) -> Iterator[None]:
        """Its hall goes on from a copy made before this terminal was set up, so that nothing is renewed; then both are
        set up anew with each other by a code."""
        self.kill_gateway()
        self._forget_terminal()
        secured = self._secured()
        over = self._terminal().certified(secured.authority(), _ago(91))
        (self.folder / "terminal.crt").write_bytes(over)
        self.start_gateway(knows_terminal=False)
        try:
            yield
        finally:
            code = secured.code(training=True)
            answer = self._terminal().enrol(f"https://{_NAME}:{self.port}", code)
            assert isinstance(answer, Enrolled), answer

    def _forget_terminal(self) -> None:
        engine = create_engine(f"sqlite:///{self.database}")
        with engine.begin() as connection:
            assert connection.execute(text("DELETE FROM registered_terminal")).rowcount == 1
        engine.dispose()

    def _terminal(self) -> SetUp:
        """As of now: who sets it up has a clock that is right."""
        signing_key = load_or_create_signing_key(self.training.settings.signing_key)
        tls_key = load_or_create_tls_key(self.folder / "tls.pem")
        assert not isinstance(signing_key, KeyUnusable)
        assert not isinstance(tls_key, KeyUnusable)
        number = self.training.settings.site.terminal
        return SetUp(self.folder, present_clock(), signing_key, tls_key, number, training=True)

    def _secured(self) -> SecuredHall:
        settings = GatewaySettings(
            database=f"sqlite:///{self.database}",
            key=self._key,
            terminals=(self.training.registration,),
            sandbox=True,
            portraits=self.portraits,
            tls=TlsSettings(names=(_NAME,)),
        )
        return SecuredHall(self.folder, present_clock(), settings)

    @property
    def _key(self) -> Path:
        return self.folder / "gateway-key.pem"


@contextmanager
def machine_room(folder: Path, models: Path) -> Iterator[MachineRoom]:
    """The terminal tries again at once; it has no certificate yet, but the authority's."""
    pauses = {"first_delay_s": 0.2, "start_window_s": 0.2, "backoff_s": 0.2, "backoff_cap_s": 0.5}
    with Hall(folder) as hall:
        training = set_up(hall, folder, models, folder, pauses | {"retry_after_cap_s": 0.5})
        room = MachineRoom(hall, folder, training, models / "portraits", training.gateway)
        room.kill_gateway()
        (folder / "bundles").mkdir()
        room.settings.write_text(
            f'database = "sqlite:///{room.database}"\nkey = "{room._key}"\n[books]\nbundles = "{folder}/bundles"\n'
        )
        room.start_gateway()
        shutil.copy(folder / "gateway-key.ca.crt", folder / "ca.crt")
        yield room


def watchful(room: MachineRoom) -> TrainingTerminal:
    """A terminal on TLS that looks often how everything is, with a small storage."""
    told = room.training.settings
    address = told.platform.address.replace("http://", "https://")
    files = {name: room.folder / file for name, file in _FILES.items()}
    changes = {
        "times": SessionTimes(health_s=0.5),
        "supervision": IMPATIENT,
        "references": ReferenceSettings(roster_snapshot=ROSTER, first_within_s=0, every_s=60),
        "storage": told.storage.model_copy(update={"max_bytes": STORAGE_BYTES}),
        "platform": told.platform.model_copy(update={"address": address, **files}),
    }
    settings = told.model_copy(update=changes)
    return TrainingTerminal(settings, room.training.programs, room.training.gateway, room.training.registration)


def _ago(days: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)
