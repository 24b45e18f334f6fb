"""The staff desk in a real browser: from the login to a decided case, and what the citizen is told then."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from PIL import Image, ImageDraw

from gateway.app import create_app
from gateway.desk.sample import SAMPLE_PASSWORD, SAMPLE_STAFF
from gateway.desk.tables import Role
from gateway.settings import GatewaySettings
from kiosk.domain.case import Finding
from kiosk.domain.face import FaceComparison
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from kiosk.wire.receipt_code import short_code
from tests.gateway.browser import Browser, office_computer
from tests.gateway.serving import serving
from tests.records import (
    NOT_ALIVE,
    Registered,
    SetClock,
    desk_referral,
    eligibility_case,
    home_visit,
    receipt,
    register,
)

UNLIKE = FaceComparison(0.58, 0.55, 5, "dlib-resnet-12345678")
STAFF = {role: staff for staff, role in SAMPLE_STAFF.items()}
NEVER = ("失败", "非本人", "活体检测不通过", "冒领", "李淑珍", "19491231")


@dataclass(frozen=True)
class Office:
    """A gateway, and where its papers can be looked up."""

    address: str
    registered: Registered


def _face(colour: tuple[int, int, int]) -> bytes:
    picture = Image.new("RGB", (300, 378), (196, 208, 216))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((75, 60, 225, 270), fill=colour)
    draw.rounded_rectangle((30, 280, 270, 420), 60, fill=(52, 74, 98))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def _records() -> tuple[Record, ...]:
    live = _face((212, 176, 150))
    return (
        eligibility_case("due", 1, comparison=UNLIKE, finding=Finding.NOT_MATCHED, crop=live),
        eligibility_case("overdue", 2, comparison=None, finding=Finding.NOT_COMPARED, crop=live, offline=True),
        eligibility_case("due-2", 3, liveness=NOT_ALIVE, finding=Finding.LIVENESS_NOT_PROVEN, crop=live),
        eligibility_case("due-3", 4, finding=Finding.SPOOF_SUSPECTED, crop=live),
        eligibility_case("expired-card", 5, expired=True),
        home_visit("bedridden", 6),
        desk_referral("renamed", 7),
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    (folder / "grace_hopper.jpg").write_bytes(_face((198, 160, 136)))
    registered, clock = register(folder), SetClock()
    settings = GatewaySettings(
        database=f"sqlite:///{folder}/hall.db",
        key=registered.gateway_key_file,
        terminals=(registered.terminal_file,),
        sandbox=True,
        portraits=folder,
    )
    with serving(create_app(settings, clock)) as address:
        for record in _records():
            envelope = registered.sealer(clock).seal_record(record, FIRST).data
            assert requests.post(f"{address}/v1/records", data=envelope, timeout=10).status_code == 200
            clock.forward(9 * 3600)
        yield Office(address, registered)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with office_computer(tmp_path_factory.mktemp("computer")) as browser:
        yield browser


def _login(browser: Browser, office: Office, role: Role) -> None:
    browser.open(f"{office.address}/desk")
    if browser.run("return document.querySelector('#password') === null"):
        browser.follow(".who button")
    browser.type("#staff", STAFF[role])
    browser.type("#password", SAMPLE_PASSWORD)
    browser.follow("main button")
    assert browser.text(".who span").startswith(STAFF[role])


def _reads_well(browser: Browser, picture: Path) -> None:
    """Nothing is cut off, nothing too small to hit or to read, nobody named or accused, no script and no error."""
    picture.write_bytes(browser.picture())
    width, inner = browser.run("return [document.documentElement.scrollWidth, innerWidth]")
    assert width <= inner
    cut = browser.run(
        "return [...document.body.querySelectorAll('*')].filter(e => e instanceof HTMLElement && "
        "e.scrollWidth > e.clientWidth + 1 && "
        "e.clientWidth && getComputedStyle(e).display != 'inline').map(e => e.outerHTML.slice(0, 120))"
    )
    assert cut == []
    small = browser.run(
        "return [...document.querySelectorAll('button, select, nav a, .tabs a, td a, a.way, "
        "input:not([type=hidden])')].filter(e => e.getBoundingClientRect().height < 40).map(e => e.outerHTML)"
    )
    assert small == []
    tiny = browser.run(
        "return [...document.body.querySelectorAll('*')].filter(e => e.innerText && "
        "parseFloat(getComputedStyle(e).fontSize) < 14).map(e => e.outerHTML.slice(0, 120))"
    )
    assert tiny == []
    told = browser.text("body")
    assert not any(word in told for word in NEVER), told
    assert browser.run("return document.styleSheets.length") == 1
    assert browser.run("return performance.getEntriesByType('resource').filter(e => e.name.startsWith('http'))") == []


def test_a_clerk_compares_confirms_and_the_citizen_is_told_in_both_languages(
    office: Office, browser: Browser, tmp_path: Path
) -> None:
    browser.open(f"{office.address}/desk")
    _reads_well(browser, tmp_path / "login.png")
    browser.type("#staff", STAFF[Role.CLERK])
    browser.type("#password", "not-the-password")
    browser.follow("main button")
    assert browser.text(".notice h2") == "工号或密码不对"
    _reads_well(browser, tmp_path / "login-wrong.png")
    _login(browser, office, Role.CLERK)
    assert browser.text("h1") == "待办审核"
    assert "专项核查" not in browser.text(".tabs")
    assert browser.run("return document.querySelectorAll('tbody tr').length") == 3
    _reads_well(browser, tmp_path / "cases.png")
    browser.follow("td a.open")
    assert browser.text("figure:first-child figcaption").startswith("现场拍摄")
    sizes = browser.run("return [...document.images].map(e => [e.complete, e.naturalWidth, e.clientHeight])")
    assert sizes == [[True, 300, 360], [True, 190, 360]], "both faces, in one height beside each other"
    _reads_well(browser, tmp_path / "case.png")
    browser.follow("form.choice button")
    assert browser.text(".notice h2") == "已办理"
    assert browser.run("return document.images.length") == 0
    _reads_well(browser, tmp_path / "done.png")
    number, code = receipt(1).value, short_code(receipt(1), office.registered.signing_key)
    for language, result in (("zh", "通过"), ("en", "Confirmed")):
        browser.open(f"{office.address}/?lang={language}&number={number}&code={code}")
        assert result in browser.text("dl")


def test_who_must_come_is_asked_with_a_reason(office: Office, browser: Browser, tmp_path: Path) -> None:
    _login(browser, office, Role.CLERK)
    browser.open(f"{office.address}/desk/cases?queue=liveness")
    browser.follow("td a.open")
    assert "要本人到窗口" in browser.text(".choice")
    _reads_well(browser, tmp_path / "in-person.png")
    browser.run("document.querySelector('select').value = 'other-way'")
    browser.follow("form.choice button")
    assert browser.text(".notice h2") == "已办理"
    browser.open(f"{office.address}/desk/cases?queue=come-in")
    browser.follow("td a.open")
    assert "当面核对无误" in browser.text("form.choice")
    _reads_well(browser, tmp_path / "come-in.png")


def test_a_supervisor_sees_the_rest_and_that_the_record_is_whole(
    office: Office, browser: Browser, tmp_path: Path
) -> None:
    _login(browser, office, Role.SUPERVISOR)
    browser.open(f"{office.address}/desk/cases?queue=fraud")
    browser.follow("td a.open")
    _reads_well(browser, tmp_path / "fraud.png")
    browser.open(f"{office.address}/desk/cases?queue=roster")
    assert "没有待办" in browser.text(".empty")
    _reads_well(browser, tmp_path / "empty.png")
    browser.open(f"{office.address}/desk/record")
    _reads_well(browser, tmp_path / "record.png")
    browser.follow("main a.way")
    assert browser.text(".notice h2") == "记录完整"
    _reads_well(browser, tmp_path / "record-whole.png")


def test_who_cannot_come_is_visited(office: Office, browser: Browser, tmp_path: Path) -> None:
    _login(browser, office, Role.CLERK)
    browser.open(f"{office.address}/desk/errands")
    _reads_well(browser, tmp_path / "errands.png")
    browser.follow("td a.open")
    assert "13800002071" in browser.text("dl")
    _reads_well(browser, tmp_path / "errand.png")
    browser.run("document.querySelector('select').value = 'visited'")
    browser.follow("form.choice button")
    assert "已上门办理" in browser.text(".notice h2")
    assert "13800002071" not in browser.text("main")
    _reads_well(browser, tmp_path / "errand-ended.png")
    browser.open(f"{office.address}/desk/errands?kind=desk-referral")
    browser.follow("td a.open")
    _reads_well(browser, tmp_path / "slip.png")


def test_a_technician_finds_no_case(office: Office, browser: Browser, tmp_path: Path) -> None:
    _login(browser, office, Role.TECHNICIAN)
    browser.open(f"{office.address}/desk/cases")
    assert browser.text(".notice h2") == "您的岗位不办理这一项"
    _reads_well(browser, tmp_path / "technician.png")
    browser.open(f"{office.address}/desk/nowhere")
    _reads_well(browser, tmp_path / "nowhere.png")


def test_no_script_runs_and_no_frame_shows_the_desk(office: Office, browser: Browser) -> None:
    _login(browser, office, Role.CLERK)
    browser.run("const s = document.createElement('script'); s.text = 'window.ran = 1'; document.body.append(s)")
    assert browser.run("return window.ran === undefined")
    assert browser.run("return document.cookie") == ""
