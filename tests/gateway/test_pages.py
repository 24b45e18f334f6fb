"""The gateway's pages in a real browser, as on a citizen's phone: every state, both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from gateway.app import create_app
from gateway.sandbox import STAFF_NUMBER, STAFF_PIN
from gateway.settings import GatewaySettings
from kiosk.domain.case import VoidedNumber
from kiosk.ports.outbox import Record
from kiosk.ports.staff_authorisation import StaffPurpose
from kiosk.wire.envelope import FIRST
from kiosk.wire.receipt_code import short_code, sign_number, verification_of
from kiosk.wire.staff_answer import secret_at_terminal, staff_answer
from tests.gateway.browser import Browser, phone
from tests.gateway.serving import serving
from tests.records import START, TERMINAL, Registered, SetClock, eligibility_case, receipt, register

VALID, VOID, FORGED, UNKNOWN, ON_ITS_WAY = "valid", "void", "forged", "unknown", "on-its-way"
HEADLINES = {
    VALID: ("编号有效", "This number is valid"),
    VOID: ("此编号已作废", "This number is void"),
    FORGED: ("不是本系统签发", "Not issued by this system"),
    UNKNOWN: ("查不到这个编号", "No such number here"),
    ON_ITS_WAY: ("签发属实，记录未到", "Genuine, record not here yet"),
}
TRAINING = ("演示系统：纸张不作为办理凭证。", "Training system: its papers prove nothing.")
NEVER = ("失败", "非本人", "活体检测不通过", "冒领", "李淑珍", "李", "19491231")


@dataclass(frozen=True)
class House:
    """A gateway with a valid, a void and a replacing paper; what the QR of a paper in each state says."""

    address: str
    registered: Registered
    papers: dict[str, str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    registered = register(tmp_path_factory.mktemp("house"))
    settings = GatewaySettings(
        database=f"sqlite:///{registered.folder}/hall.db",
        key=registered.gateway_key_file,
        terminals=(registered.terminal_file,),
        sandbox=True,
    )
    clock = SetClock()
    void = VoidedNumber("void", receipt(2), "print-unknown", START + timedelta(minutes=2), receipt(3), "1001", "pin")
    records: tuple[Record, ...] = (eligibility_case("due", 1), eligibility_case("overdue", 2), void)
    with serving(create_app(settings, clock)) as address:
        for record in records:
            envelope = registered.sealer(clock).seal_record(record, FIRST).data
            assert requests.post(f"{address}/v1/records", data=envelope, timeout=10).status_code == 200
        signatures = [sign_number(receipt(counter), registered.signing_key) for counter in range(5)[1:]]
        papers = {
            VALID: (receipt(1), signatures[0]),
            VOID: (receipt(2), signatures[1]),
            FORGED: (receipt(1), signatures[3]),
            UNKNOWN: (receipt(1, "0999"), signatures[0]),
            ON_ITS_WAY: (receipt(4), signatures[3]),
        }
        texts = {state: verification_of(*paper, address).qr_text for state, paper in papers.items()}
        yield House(address, registered, texts)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with phone(tmp_path_factory.mktemp("phone")) as browser:
        yield browser


def _fits(browser: Browser) -> None:
    """Nothing is cut off or runs out of the page, and whatever is to be touched is big enough for a thumb."""
    width, inner = browser.run("return [document.documentElement.scrollWidth, innerWidth]")
    assert width <= inner == 390
    cut = browser.run(
        "return [...document.body.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1 "
        "&& getComputedStyle(e).display != 'inline').map(e => e.outerHTML.slice(0, 120))"
    )
    assert cut == []
    small = browser.run(
        "return [...document.querySelectorAll('a, button, select, input:not([type=hidden])')].filter(e => "
        "{const r = e.getBoundingClientRect(); return r.height < 44 || r.width < 44}).map(e => e.outerHTML)"
    )
    assert small == []
    tiny = browser.run(
        "return [...document.body.querySelectorAll('*')].filter(e => e.innerText && "
        "parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML.slice(0, 120))"
    )
    assert tiny == []


def _names_nobody(browser: Browser) -> None:
    told = browser.text("body")
    assert not any(word in told for word in NEVER), told


def _look(browser: Browser) -> tuple[str, str, str]:
    """Shape and colour of the band, as the browser draws them."""
    drawn = browser.run(
        "const b = document.querySelector('.band'), s = getComputedStyle(b); return [s.backgroundColor + "
        "s.backgroundImage, s.borderStyle + s.borderRadius, b.querySelector('svg').innerHTML]"
    )
    return drawn[0], drawn[1], drawn[2]


def test_every_state_looks_different_and_says_what_to_do_in_both_languages(
    house: House, browser: Browser, tmp_path: Path
) -> None:
    looks = set()
    for state, paper in house.papers.items():
        for accepted, place in (("zh-CN,zh;q=0.9", 0), ("en-GB,en;q=0.9,zh;q=0.1", 1)):
            browser.accept_language(accepted)
            browser.open(paper)
            (tmp_path / f"{state}-{place}.png").write_bytes(browser.picture())
            assert browser.text("h1") == HEADLINES[state][place]
            assert browser.run("return document.documentElement.lang") == ("zh-CN", "en")[place]
            advice = browser.text("ul")
            assert "12333" in advice
            assert ("窗口", "desk")[place] in advice
            calls = browser.run("return [...document.querySelectorAll('a[href^=\"tel:\"]')].map(a => a.href)")
            assert calls == ([] if state == VALID else ["tel:12333"])
            assert browser.text(".training") == TRAINING[place]
            _fits(browser)
            _names_nobody(browser)
        looks.add(_look(browser))
    for part in zip(*looks, strict=True):
        assert len(set(part)) == len(house.papers), part


def test_a_number_is_typed_with_its_code_and_the_language_changes_on_the_spot(house: House, browser: Browser) -> None:
    browser.accept_language("zh-CN")
    browser.open(house.address)
    _fits(browser)
    browser.follow("a.language")
    assert browser.text("h1") == "Check a paper printed by a service terminal"
    _fits(browser)
    browser.type("#number", receipt(1).value.lower().replace("-", " "))
    browser.type("#code", short_code(receipt(1), house.registered.signing_key).lower())
    browser.follow("button")
    assert browser.text("h1") == HEADLINES[VALID][1]
    browser.follow("a.language")
    assert browser.text("h1") == HEADLINES[VALID][0]
    browser.follow("a.another")
    browser.type("#number", receipt(3).value)
    browser.type("#code", short_code(receipt(2), house.registered.signing_key))
    browser.follow("button")
    assert browser.text("h1") == HEADLINES[UNKNOWN][0], "the void paper's code is not that of the new one"
    browser.open(house.papers[VOID])
    browser.follow("a.another")
    assert browser.run("return location.pathname") == "/"


def test_the_page_wants_nothing_from_elsewhere_and_lets_no_script_run(house: House, browser: Browser) -> None:
    browser.open(house.papers[VALID])
    assert browser.run("return performance.getEntriesByType('resource').map(e => e.name)") == []
    assert browser.run("return document.styleSheets.length") == 1, "the policy lets the page's own style through"
    browser.run("const s = document.createElement('script'); s.text = 'window.ran = 1'; document.body.append(s)")
    assert browser.run("return window.ran === undefined")


def test_staff_get_the_answer_the_terminal_waits_for(house: House, browser: Browser, tmp_path: Path) -> None:
    secret = secret_at_terminal(house.registered.signing_key, house.registered.gateway.public_key)
    browser.accept_language("zh-CN")
    browser.open(f"{house.address}/staff")
    _fits(browser)
    (tmp_path / "form.png").write_bytes(browser.picture())
    browser.type("#terminal", TERMINAL)
    browser.type("#challenge", "4711 0042")
    for pin, headline in (("302818", "工号或密码不对"), (STAFF_PIN, "授权码")):
        browser.type("#staff", STAFF_NUMBER)
        browser.type("#pin", pin)
        browser.follow("button")
        assert browser.text("h1") == headline
        (tmp_path / f"{pin}.png").write_bytes(browser.picture())
        _fits(browser)
    expected = staff_answer(secret, StaffPurpose.NEW_NUMBER, TERMINAL, "47110042")
    assert browser.text(".answer").replace(" ", "") == expected
