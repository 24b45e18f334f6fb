"""The fleet as programs and technicians see it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from gateway.app import create_app
from gateway.desk.sample import SAMPLE_PASSWORD
from gateway.fleet import Hearing, LastHeard, standing
from gateway.fleet_page import Show, Wish, fleet_body
from gateway.fleet_view import Entry, Fleet, Place, fleet_message, places_of
from gateway.registry import ListedTerminal, Site
from gateway.settings import GatewaySettings
from gateway.sites import SiteLevel
from kiosk.app.system import SystemClock
from kiosk.fleet.mqtt import MqttFleetStatus
from kiosk.fleet.settings import FleetSettings
from kiosk.ports.fleet_status import DeviceLine, QueueFigures, TerminalStatus
from kiosk.wire.broker import BrokerSettings
from tests.eventually import eventually
from tests.gateway.serving import serving
from tests.kiosk.fleet.listening import PATIENCE_S
from tests.kiosk.fleet.statuses import AT, WELL, closed
from tests.mosquitto import Broker, plain_broker
from tests.records import TERMINAL, Registered

HEARS = Hearing(AT - timedelta(hours=8))
PROVINCE, CITY, TOWN = Place("360000000000", "示例省"), Place("360100000000", "示例市"), Place("360102000000", "城东区")
OTHER = Place("360103000000", "城西区")
CHECK = re.compile(r'name="check" value="([0-9a-f]{64})"')


def entry(
    number: str,
    seconds_ago: float | None,
    *,
    presence: str = "here",
    told: TerminalStatus = WELL,
    places: tuple[Place, ...] = (),
    hearing: Hearing = HEARS,
) -> Entry:
    at = None if seconds_ago is None else AT - timedelta(seconds=seconds_ago)
    last = None if at is None else LastHeard(at, presence, at, told, 0)
    return Entry(number, places, standing(last, hearing, AT), last)


def fleet(*entries: Entry, hearing: Hearing = HEARS) -> Fleet:
    return Fleet(AT, hearing, entries)


def numbers_on(body: str) -> list[str]:
    return re.findall(r'<td class="number"><b>(\w+)</b>', body)


def test_every_colour_is_a_word_too() -> None:
    silent, well = entry("0401", 900, presence="lost"), entry("0317", 9)
    closing = entry("0318", 40, told=closed("reader"))
    body = fleet_body(fleet(silent, closing, well), Wish())
    assert numbers_on(body) == ["0401", "0318", "0317"]
    for word in ("● 失联", "连接断了", "15 分钟前", "▲ 停办", "人脸服务停办：身份证阅读器", "✓ 正常", "刚刚"):
        assert word in body, word


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (entry("1", 4000), "没有心跳"),
        (entry("1", None), "从来没有消息"),
        (entry("1", 4000, presence="goodbye"), "已关机"),
        (entry("1", 30, presence="lost"), "刚断线"),
        (entry("1", 3, told=replace(WELL, devices=(DeviceLine("printer", False, "media-jam"),))), "打印机：卡纸"),
        (entry("1", 3, told=replace(WELL, devices=(DeviceLine("scanner-2", False, "odd"),))), "扫码器 2：odd"),
        (entry("1", 3, told=replace(WELL, queue=QueueFigures(7, 2, 90_000))), "2 件要处理"),
        (entry("1", 3, told=replace(WELL, disk_free_mb=3)), "磁盘快满"),
    ],
)
def test_a_technician_reads_why(found: Entry, words: str) -> None:
    assert words in fleet_body(fleet(found), Wish())


def test_one_colour_alone_and_one_site_alone() -> None:
    east = (PROVINCE, CITY, TOWN)
    entries = (
        entry("0401", 900, places=(PROVINCE, CITY, OTHER)),
        entry("0402", 900, places=east),
        entry("0317", 9, places=east),
    )
    assert numbers_on(fleet_body(fleet(*entries), Wish(Show.RED))) == ["0401", "0402"]
    assert numbers_on(fleet_body(fleet(*entries), Wish(site=TOWN.code))) == ["0402", "0317"]
    assert numbers_on(fleet_body(fleet(*entries), Wish(Show.GREEN, TOWN.code))) == ["0317"]
    assert "没有要注意的终端" in fleet_body(fleet(*entries), Wish(Show.YELLOW))


def test_the_sites_below_are_counted_where_they_part() -> None:
    entries = [entry(f"{n:04d}", 9, places=(PROVINCE, CITY, TOWN if n < 3 else OTHER)) for n in range(5)]
    body = fleet_body(fleet(*entries), Wish())
    assert f'href="fleet?site={TOWN.code}">城东区</a>' in body
    assert "✓ 3" in body
    assert "✓ 2" in body
    assert f"site={PROVINCE.code}" not in body, "one province alone is nothing to choose"
    inside = fleet_body(fleet(*entries), Wish(site=TOWN.code))
    assert "<b>城东区</b>" in inside
    assert f'href="fleet?site={CITY.code}">示例市</a>' in inside


def test_a_long_fleet_is_turned_by_pages() -> None:
    entries = [entry(f"{n:04d}", 9) for n in range(120)]
    last = fleet_body(fleet(*entries), Wish(page=3))
    assert len(numbers_on(last)) == 20
    assert 'href="fleet?page=2"' in last
    assert numbers_on(fleet_body(fleet(*entries), Wish(page=99))) == numbers_on(last)


def test_a_gateway_that_hears_nothing_says_so_first() -> None:
    deaf = Hearing(None, "broker-certificate-expired")
    body = fleet_body(fleet(entry("0317", 4000, hearing=deaf), hearing=deaf), Wish())
    assert body.startswith('<section class="notice doubt"')
    assert "消息服务器的证书已过期" in body
    assert "失联</span>" not in body


def test_places_are_the_way_from_the_province_down(registered: Registered) -> None:
    sites = [
        Site(PROVINCE.code, None, SiteLevel.PROVINCE, PROVINCE.name),
        Site(CITY.code, PROVINCE.code, SiteLevel.CITY, CITY.name),
    ]
    at_city = ListedTerminal(registered.terminal, CITY.code, None, None, None)
    assert places_of([at_city], sites) == {TERMINAL: (PROVINCE, CITY)}
    assert places_of([replace(at_city, site=None)], sites) == {TERMINAL: ()}
    assert places_of([replace(at_city, revoked_because="stolen")], sites) == {}


def test_programs_are_told_the_same() -> None:
    silent = entry("0401", 900, presence="lost", told=closed("reader"), places=(PROVINCE,))
    told = fleet_message(fleet(silent, entry("0402", None))).model_dump(mode="json")
    first, second = told["terminals"]
    assert told["hears_since"] is not None
    assert (first["level"], first["silence"], first["silent_s"]) == ("red", "lost", 900.0)
    assert first["sites"] == [{"code": PROVINCE.code, "name": PROVINCE.name}]
    assert first["status"]["closed_by"] == "reader"
    assert (second["silence"], second["status"], second["heard_at"]) == ("never-seen", None, None)


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with plain_broker() as broker:
        yield broker


@pytest.fixture
def watched(settings: GatewaySettings, broker: Broker) -> Iterator[str]:
    """A sandbox gateway that listens."""
    listening = settings.model_copy(update={"fleet": BrokerSettings(address=broker.url)})
    with serving(create_app(listening, SystemClock())) as address:
        yield address


def test_a_terminal_s_status_reaches_the_gateway_s_page(watched: str, broker: Broker) -> None:
    terminal = MqttFleetStatus(FleetSettings(address=broker.url), TERMINAL, SystemClock(), lambda: 0.0)
    terminal.start()
    terminal.publish(replace(closed("reader"), at=SystemClock().now()))
    stranger = MqttFleetStatus(FleetSettings(address=broker.url), "9999", SystemClock(), lambda: 0.0)
    stranger.start()

    browser = technician(watched)

    def known() -> dict[str, str]:
        told = browser.get(f"{watched}/desk/fleet.json", timeout=10).json()
        return {each["terminal"]: each["word"] for each in told["terminals"]}

    assert eventually(lambda: known() == {TERMINAL: "closed", "9999": "unregistered"}, PATIENCE_S)
    page = browser.get(f"{watched}/desk/fleet", timeout=10)
    assert "人脸服务停办：身份证阅读器" in page.text
    assert "未登记" in page.text
    terminal.close()
    stranger.close()
    assert eventually(lambda: known()[TERMINAL] == "goodbye", PATIENCE_S)


def technician(address: str, staff: str = "2003") -> requests.Session:
    session = requests.Session()
    found = CHECK.search(session.get(f"{address}/desk/login", timeout=10).text)
    assert found is not None
    form = {"check": found[1], "staff": staff, "password": SAMPLE_PASSWORD}
    assert session.post(f"{address}/desk/login", data=form, timeout=10, allow_redirects=False).status_code == 303
    return session


def test_only_technicians_see_the_fleet(address: str) -> None:
    assert requests.get(f"{address}/desk/fleet", timeout=10, allow_redirects=False).status_code == 303
    assert technician(address, "2001").get(f"{address}/desk/fleet", timeout=10).status_code == 403


def test_a_gateway_without_a_broker_says_that_it_watches_nobody(address: str) -> None:
    assert "没有接入终端监测" in technician(address).get(f"{address}/desk/fleet?page=x&show=y", timeout=10).text


def test_a_hall_s_fleet_is_told_to_technicians_alone(registered: Registered, settings: GatewaySettings) -> None:
    real = settings.model_copy(update={"sandbox": False})
    with serving(create_app(real, SystemClock())) as address:
        refused = requests.get(f"{address}/desk/fleet.json", timeout=10)
        assert requests.get(f"{address}/v1/fleet", timeout=10).status_code == 404
    refusal = {"answer": "refusal", "reason": "not-a-technician", "final": False}
    assert (refused.status_code, refused.json()) == (403, refusal)
