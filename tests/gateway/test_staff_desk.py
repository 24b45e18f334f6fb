"""The staff desk over HTTP: nobody comes past the login, no form from elsewhere counts, no page says too much."""

import re
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
import requests
from sqlalchemy import create_engine, text

from gateway.app import create_app
from gateway.desk import passwords, sample
from gateway.desk.sample import SAMPLE_PASSWORD, SAMPLE_STAFF
from gateway.desk.tables import Role
from gateway.registry import Registry
from gateway.settings import GatewaySettings
from kiosk.domain.case import EligibilityCase, Finding
from kiosk.domain.face import FaceComparison
from kiosk.domain.person_name import PersonName
from kiosk.ports.outbox import Record
from kiosk.wire.envelope import FIRST
from tests.gateway.serving import serving
from tests.gateway.test_staff_decisions import FACE, UNLIKE
from tests.records import TERMINAL, Registered, SetClock, eligibility_case, home_visit, person, receipt

STAFF = {role: staff for staff, role in SAMPLE_STAFF.items()}
CHECK = re.compile(r'name="check" value="([0-9a-f]{64})"')
PAGES = ("start", "cases", "case?receipt=x", "find?receipt=x", "record", "errands", "errand?receipt=x")
NUMBER = receipt().value


class Desk:
    """A browser's doings, without the browser."""

    def __init__(self, address: str) -> None:
        self.address = f"{address}/desk"
        self.session = requests.Session()

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.address}/{path}", timeout=30, allow_redirects=False)

    def post(self, path: str, origin: str = "", **form: str) -> requests.Response:
        address = f"{self.address}/{path}"
        headers = {"Origin": origin} if origin else {}
        return self.session.post(address, data=form, headers=headers, timeout=30, allow_redirects=False)

    def check(self, path: str) -> str:
        found = CHECK.search(self.get(path).text)
        assert found is not None
        return found[1]

    def login(self, role: Role, password: str = SAMPLE_PASSWORD) -> requests.Response:
        return self.post("login", check=self.check("login"), staff=STAFF[role], password=password)


@pytest.fixture(autouse=True)
def _cheap_logins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The price of a guess has a test where accounts are tested."""
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "_NOBODYS", passwords.hash_password("nobody's password"))
    monkeypatch.setattr(sample, "_HASH", passwords.hash_password(SAMPLE_PASSWORD))


@pytest.fixture
def desk(address: str) -> Desk:
    return Desk(address)


@pytest.fixture
def clerk(desk: Desk) -> Desk:
    assert desk.login(Role.CLERK).status_code == 303
    return desk


def _take(address: str, registered: Registered, clock: SetClock, case: Record) -> None:
    envelope = registered.sealer(clock).seal_record(case, FIRST).data
    assert requests.post(f"{address}/v1/records", data=envelope, timeout=10).status_code == 200


@pytest.fixture
def case(address: str, registered: Registered, clock: SetClock) -> EligibilityCase:
    """Waits for a comparison."""
    case = eligibility_case(comparison=UNLIKE, finding=Finding.NOT_MATCHED, crop=FACE)
    _take(address, registered, clock, case)
    return case


def test_nobody_sees_a_page_without_a_login(desk: Desk) -> None:
    for path in PAGES:
        answer = desk.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "login")
    for path in ("decide", "logout", "errand-end"):
        assert desk.post(path, receipt=NUMBER, step="CONFIRM", place="0").headers["location"] == "login"
    entered = requests.get(desk.address, timeout=10, allow_redirects=False)
    assert entered.headers["location"] == "desk/start"


def test_the_login_gives_a_cookie_that_no_script_and_no_other_site_has(desk: Desk) -> None:
    before = desk.get("login").cookies["staff-desk"]
    answer = desk.login(Role.CLERK)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path" not in cookie, "the browser takes the desk's own folder"
    assert answer.cookies["staff-desk"] != before
    for path in ("start", "login"):
        assert desk.get(path).headers["location"] == "cases"


def test_the_cookie_of_an_encrypted_page_stays_on_encrypted_pages(desk: Desk) -> None:
    """As uvicorn is told by the proxy on this machine."""
    answer = desk.session.get(f"{desk.address}/login", headers={"X-Forwarded-Proto": "https"}, timeout=10)
    assert "Secure" in answer.headers["set-cookie"]


def test_a_wrong_password_and_a_number_nobody_has_are_one_answer(desk: Desk) -> None:
    wrong = desk.login(Role.CLERK, "not-the-password")
    nobody = desk.post("login", check=desk.check("login"), staff="9999", password="not-the-password")
    assert wrong.status_code == nobody.status_code == 403
    assert CHECK.sub("", wrong.text) == CHECK.sub("", nobody.text)
    assert "location" in desk.get("cases").headers


def test_a_form_counts_from_its_own_page_alone(clerk: Desk, case: EligibilityCase) -> None:
    form = {"receipt": NUMBER, "step": "CONFIRM", "place": "0"}
    check = clerk.check(f"case?receipt={NUMBER}")
    wrongs: tuple[dict[str, str], ...] = ({}, {"check": ""}, {"check": "0" * 64})
    for wrong in wrongs:
        assert clerk.post("decide", **form, **wrong).status_code == 403
    foreign = clerk.post("decide", "https://elsewhere.example", **form, check=check)
    assert foreign.status_code == 403
    other = Desk(clerk.address.removesuffix("/desk"))
    other.login(Role.CLERK)
    assert other.post("decide", **form, check=check).status_code == 403, "of another login"
    own = clerk.address.removesuffix("/desk")
    answer = clerk.post("decide", own, **form, check=check)
    assert answer.headers["location"] == f"case?receipt={NUMBER}&done=1"


def test_who_guesses_keeps_nobody_else_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """More guesses at once than the gateway has threads; what it is asked meanwhile comes before them."""
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(passwords, "_NOBODYS", passwords.hash_password("nobody's password"))
    check, cookies = desk.check("login"), dict(desk.session.cookies)
    form = {"check": check, "staff": "9999", "password": "not-the-password"}

    def guess(_: int) -> int:
        return requests.post(f"{desk.address}/login", data=form, cookies=cookies, timeout=60).status_code

    with ThreadPoolExecutor(60) as pool:
        guesses = [pool.submit(guess, number) for number in range(60)]
        wait(guesses, return_when=FIRST_COMPLETED)
        assert requests.get(f"{desk.address}/nowhere", timeout=60).status_code == 404
        assert not all(each.done() for each in guesses)
        assert {each.result() for each in guesses} == {403}


def test_a_login_form_from_elsewhere_counts_neither(desk: Desk) -> None:
    answer = desk.post("login", staff=STAFF[Role.CLERK], password=SAMPLE_PASSWORD)
    assert answer.status_code == 403
    assert desk.get("cases").headers["location"] == "login"


def test_each_role_has_its_own_pages(address: str, case: EligibilityCase) -> None:
    seen = {}
    for role in Role:
        desk = Desk(address)
        desk.login(role)
        answers = [desk.get(path).status_code for path in ("cases", f"case?receipt={NUMBER}", "record")]
        seen[role] = answers
    assert seen == {
        Role.CLERK: [200, 200, 403],
        Role.SUPERVISOR: [200, 200, 200],
        Role.TECHNICIAN: [403, 403, 403],
    }


def test_after_the_logout_and_after_idling_the_login_is_asked_anew(clerk: Desk, clock: SetClock) -> None:
    assert clerk.post("logout", check=clerk.check("cases")).headers["location"] == "login"
    assert clerk.get("cases").headers["location"] == "login"
    clerk.login(Role.CLERK)
    clock.forward(15 * 60)
    assert clerk.get("cases").headers["location"] == "login"


def test_a_decision_is_what_the_receipt_tells(clerk: Desk, case: EligibilityCase) -> None:
    check = clerk.check(f"case?receipt={NUMBER}")
    clerk.post("decide", check=check, receipt=NUMBER, step="CONFIRM", place="0")
    done = clerk.get(f"case?receipt={NUMBER}&done=1").text
    assert "2027 年 11 月 30 日" in done
    assert "<img" not in done
    root = clerk.address.removesuffix("/desk")
    assert requests.get(f"{root}/v1/receipts/{NUMBER}", timeout=10).json()["outcome"] == "PASSED"
    again = clerk.post("decide", check=check, receipt=NUMBER, step="COME_IN", place="0", reason="photo-old")
    assert again.status_code == 409
    assert "已经有人办理" in again.text


def test_a_form_that_is_none_of_ours_decides_nothing(clerk: Desk, case: EligibilityCase) -> None:
    check = clerk.check("cases")
    forms: tuple[dict[str, str], ...] = (
        {"step": "CONFIRM", "place": "x"},
        {"step": "CONFIRM", "place": "9999"},
        {"step": "PASS", "place": "0"},
        {"step": "COME_IN", "place": "0"},
        {},
    )
    for form in forms:
        assert clerk.post("decide", check=check, receipt=NUMBER, **form).status_code == 409
    assert "确认通过</button>" in clerk.get(f"case?receipt={NUMBER}").text


def test_pages_are_kept_nowhere_and_load_nothing(clerk: Desk, case: EligibilityCase) -> None:
    pages = [clerk.get(path) for path in ("cases", f"case?receipt={NUMBER}", "nowhere")]
    pages.append(requests.get(f"{clerk.address}/login", timeout=10))
    for headers in (page.headers for page in pages):
        assert headers["Cache-Control"] == "no-store"
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


def test_a_page_shows_a_person_masked(clerk: Desk, case: EligibilityCase) -> None:
    pages = clerk.get(f"case?receipt={NUMBER}").text + clerk.get("cases").text
    citizen = person("due")
    for word in (citizen.name.value, citizen.number.value, "19491231", citizen.address):
        assert word not in pages
    assert citizen.name.masked in pages


def test_the_record_holds_nothing_of_a_citizen(clerk: Desk, case: EligibilityCase, registered: Registered) -> None:
    clerk.get(f"case?receipt={NUMBER}")
    clerk.post("decide", check=clerk.check("cases"), receipt=NUMBER, step="CONFIRM", place="0")
    engine = create_engine(f"sqlite:///{registered.folder}/hall.db")
    with engine.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM desk_entry")).all())
    engine.dispose()
    assert NUMBER in rows
    assert not any(word in rows for word in (person("due").number.value, "李", SAMPLE_PASSWORD))


def test_what_was_typed_comes_back_as_text(clerk: Desk) -> None:
    answer = clerk.get('case?receipt="><script>alert(1)</script>')
    assert answer.status_code == 404
    assert "<script" not in answer.text
    assert "没有这个编号的办件" in answer.text


def test_what_a_card_says_comes_out_as_text(address: str, clerk: Desk, registered: Registered, clock: SetClock) -> None:
    case = eligibility_case(comparison=UNLIKE, finding=Finding.NOT_MATCHED, crop=FACE)
    named = replace(case, document=replace(case.document, name=PersonName("<b>")))
    _take(address, registered, clock, named)
    shown = clerk.get(f"case?receipt={NUMBER}").text
    assert "&lt;*&gt;" in shown
    assert "<*>" not in shown


def test_a_page_that_is_not_there_is_the_nearest(clerk: Desk) -> None:
    for queue in ("compare", "fraud", "else"):
        for page in ("0", "-1", "x", "９", "99999999999999999999", ""):
            assert clerk.get(f"cases?queue={queue}&page={page}").status_code == 200


def test_a_receipt_is_found_as_it_is_typed(clerk: Desk, case: EligibilityCase) -> None:
    assert clerk.get(f"find?receipt=%20{NUMBER.lower()}%20").headers["location"] == f"case?receipt={NUMBER}"


def test_an_address_nobody_has_is_told_and_no_paper_is_looked_up(desk: Desk) -> None:
    answer = desk.get("nowhere/at/all")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


@pytest.fixture
def locked(registered: Registered, clerk: Desk) -> Iterator[Desk]:
    """A login, and a database another program holds."""
    engine = create_engine(f"sqlite:///{registered.folder}/hall.db")
    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE staff_session RENAME TO away")
        yield clerk
        connection.exec_driver_sql("ALTER TABLE away RENAME TO staff_session")
    engine.dispose()


def test_a_database_that_does_not_answer_is_told_on_a_page(locked: Desk) -> None:
    answer = locked.get("cases")
    assert answer.status_code == 503
    assert "没有办理任何事项" in answer.text


def test_outside_the_sandbox_there_are_no_accounts(settings: GatewaySettings, clock: SetClock) -> None:
    with serving(create_app(settings.model_copy(update={"sandbox": False}), clock)) as address:
        assert Desk(address).login(Role.SUPERVISOR).status_code == 403


def test_a_case_of_a_terminal_that_was_revoked_can_still_be_decided(
    settings: GatewaySettings, registered: Registered, clock: SetClock
) -> None:
    """By a gateway that was started anew, too."""
    with serving(create_app(settings, clock)) as address:
        _take(address, registered, clock, eligibility_case(comparison=UNLIKE, finding=Finding.NOT_MATCHED, crop=FACE))
    engine = create_engine(settings.database)
    assert Registry(engine, clock).revoke(TERMINAL, "stolen") == 1
    engine.dispose()
    with serving(create_app(settings, clock)) as address:
        desk = Desk(address)
        desk.login(Role.CLERK)
        assert "<img" in desk.get(f"case?receipt={NUMBER}").text
        check = desk.check("cases")
        assert desk.post("decide", check=check, receipt=NUMBER, step="CONFIRM", place="0").status_code == 303


def test_a_case_that_cannot_be_opened_any_more_is_still_there(
    settings: GatewaySettings, registered: Registered, clock: SetClock
) -> None:
    """The person is asked in."""
    with serving(create_app(settings, clock)) as address:
        _take(address, registered, clock, eligibility_case(comparison=UNLIKE, finding=Finding.NOT_MATCHED, crop=FACE))
        engine = create_engine(settings.database)
        with engine.begin() as connection:
            connection.execute(text("UPDATE case_record SET envelope = x'00'"))
        engine.dispose()
        desk = Desk(address)
        desk.login(Role.CLERK)
        shown = desk.get(f"case?receipt={NUMBER}")
        assert shown.status_code == 200
        assert "本网关打不开" in shown.text
        assert "请到窗口</button>" in shown.text


def test_a_slip_is_found_by_its_number_and_ended(
    clerk: Desk, address: str, registered: Registered, clock: SetClock
) -> None:
    _take(address, registered, clock, home_visit("bedridden", 1))
    assert NUMBER in clerk.get("errands").text
    way = clerk.get(f"find?receipt={NUMBER}").headers["location"]
    assert way == f"errand?receipt={NUMBER}"
    assert "13800002071" in clerk.get(way).text
    check = clerk.check(way)
    assert clerk.post("errand-end", receipt=NUMBER, how="visited").status_code == 403
    assert clerk.post("errand-end", check=check, receipt=NUMBER, how="").status_code == 409
    assert clerk.post("errand-end", check=check, receipt=NUMBER, how="visited").headers["location"] == way
    assert clerk.post("errand-end", check=check, receipt=NUMBER, how="visited").status_code == 409
    assert "13800002071" not in clerk.get(way).text
    assert clerk.get("errand?receipt=x").status_code == 404


def test_figures_are_told_in_words(desk: Desk, address: str, registered: Registered, clock: SetClock) -> None:
    told = {0.31: "相似，在通过线以内", 0.58: "比较接近", 0.83: "差异明显"}
    desk.login(Role.SUPERVISOR)
    for counter, (distance, word) in enumerate(told.items(), 1):
        compared = FaceComparison(distance, 0.55, 5, "dlib-resnet-12345678")
        case = eligibility_case(f"due-{counter + 1}", counter, comparison=compared, finding=Finding.NOT_MATCHED)
        _take(address, registered, clock, case)
        assert word in desk.get(f"case?receipt={receipt(counter).value}").text
