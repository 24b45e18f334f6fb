"""A terminal and a sandbox gateway that know each other."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.postgres import Cluster, cluster
from gateway.app import create_app
from gateway.database import open_database
from gateway.hall import Hall
from gateway.settings import DecisionPolicy, GatewaySettings
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from kiosk.wire.opening import OpenedEnvelope, open_envelope
from tests.gateway.serving import serving
from tests.records import Registered, SetClock, register

Send = Callable[[Record], object]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One running server for all the tests of a process; each takes a database of its own."""
    with cluster() as made, made.running():
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/hall.db"
    server: Cluster = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def registered(tmp_path: Path) -> Registered:
    return register(tmp_path)


@pytest.fixture
def settings(registered: Registered, request: pytest.FixtureRequest) -> GatewaySettings:
    """On the hall's own database where the test has a hall as well."""
    own = "database" in request.fixturenames
    return GatewaySettings(
        database=request.getfixturevalue("database") if own else f"sqlite:///{registered.folder}/hall.db",
        key=registered.gateway_key_file,
        terminals=(registered.terminal_file,),
        sandbox=True,
    )


@pytest.fixture
def address(settings: GatewaySettings, clock: SetClock) -> Iterator[str]:
    with serving(create_app(settings, clock)) as address:
        yield address


@pytest.fixture
def hall(database: str, clock: SetClock) -> Iterator[Hall]:
    """What a hall keeps must not hang on the kind of its database: each test runs on both."""
    engine = open_database(database)
    hall = Hall(engine, DecisionPolicy(), clock)
    hall.settle_sandbox()
    yield hall
    engine.dispose()


@pytest.fixture
def send(hall: Hall, registered: Registered, clock: SetClock) -> Send:
    def send(record: Record) -> object:
        data = registered.sealer(clock).seal_record(record, FIRST).data
        opened = open_envelope(data, registered.sealing_key, {registered.terminal.key_id: registered.terminal})
        assert isinstance(opened, OpenedEnvelope)
        return hall.take(opened, data)

    return send
