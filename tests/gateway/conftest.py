"""A terminal and a sandbox gateway that know each other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.app import create_app
from gateway.settings import GatewaySettings
from tests.gateway.serving import serving
from tests.records import Registered, SetClock, register


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def registered(tmp_path: Path) -> Registered:
    return register(tmp_path)


@pytest.fixture
def settings(registered: Registered) -> GatewaySettings:
    return GatewaySettings(
        database=f"sqlite:///{registered.folder}/hall.db",
        key=registered.gateway_key_file,
        terminals=(registered.terminal_file,),
        sandbox=True,
    )


@pytest.fixture
def address(settings: GatewaySettings, clock: SetClock) -> Iterator[str]:
    with serving(create_app(settings, clock)) as address:
        yield address
