"""What a stranger may hold out as a code: it goes to its issuer and nowhere else, and opens, runs, prints and shows
nothing."""

import ast
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

import kiosk
from devices.code_scanner.image.driver import ImageScanner
from devices.code_scanner.intake import GIVEN_UP_S, Charset, Framing
from devices.code_scanner.listening import ListeningScanner
from kiosk.audit.log import AuditLog, first_break
from kiosk.cli.scan import app as scan_app
from kiosk.codes.issuers import book_of
from kiosk.domain.audit_event import AuditEvent, EventName
from kiosk.domain.case import HallDecision, Outcome
from kiosk.domain.picture import Picture
from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.flow.commands import Command, Log, LookUpReceipt, ResolveCode
from kiosk.flow.session_state import SessionTimes
from kiosk.flow.touches import Button
from kiosk.ports.code_scanner import MAX_CODE_BYTES, CodeReading, CodeSeen, NoCode
from kiosk.ports.speaker import Language
from kiosk.wire.paper_check import PaperKeys
from kiosk.wire.receipt_code import verification
from tests.devices.code_scanner.sources import VirtualLine
from tests.kiosk.journeys.visit import NOW, SITE, Visit, World
from tests.records import SetClock
from ui.texts import Texts
from ui.view_models import screen, shell
from ui.view_models.local import Local
from ui.view_models.view import View

ROOT = Path(kiosk.__file__).parents[1]
MARK = "qz7Wx"
"""Stands in every payload: where it turns up, the payload has come through."""

PAYLOADS = {
    "ansi escape": f"\x1b[2J\x1b]0;{MARK}\x07\x1b[31m{MARK}".encode(),
    "c1 escape": f"\x9b2J{MARK}".encode(),
    "shell": f"$(reboot) `reboot`; rm -rf / #{MARK} && {MARK} | sh".encode(),
    "script address": f"javascript:alert('{MARK}')".encode(),
    "file address": f"file:///etc/{MARK}".encode(),
    "web address": f"https://{MARK}.example/pay?to={MARK}".encode(),
    "app address": f"intent://{MARK}#Intent;scheme=weixin;end".encode(),
    "rich text": f'<img src=x onerror="alert(1)"><b>{MARK}</b><a href="https://{MARK}.example">{MARK}</a>'.encode(),
    "right to left": f"\u202e{MARK}\u2066\u200f{MARK}".encode(),
    "zero width": f"{MARK}\u200b\u200d\ufeff\u2028\u2029{MARK}".encode(),
    "nuls": f"\0{MARK}\0\0".encode(),
    "five thousand bytes": MARK.encode() * 1000,
    "path": f"../../../../{MARK}/../..\\..\\{MARK}".encode(),
    "format string": f"%s%n%x{{0}}{{self.__class__}}${{jndi:ldap://{MARK}}}%({MARK})s{{{MARK}}}".encode(),
    "sql": f"'; DROP TABLE records; --{MARK}".encode(),
    "log line": f'{MARK}\r\n{{"event":"session-ended","outcome":"PASSED","reason":"{MARK}"}}\r\n'.encode(),
    "json": f'{{"answer":"code-holder","name":"{MARK}"}}'.encode(),
    "byte order mark": b"\xef\xbb\xbf" + MARK.encode(),
    "lone surrogate": b"\xed\xa0\x80" + MARK.encode() + b"\xed\xbf\xbf",
    "broken utf-8": b"\xff\xfe\xc0\xaf" + MARK.encode(),
    "person's number": f"11010519491231002X {MARK}".encode(),
    "receipt of nowhere": f"JAVASCRIPT://{MARK}/YL-20261120-0317-00042-0/{MARK}".encode(),
}
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200d\u200f\u2028\u2029\u202e\u2066\ufeff]")

every_payload = pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())


def scanned(payload: bytes, charset: Charset) -> CodeReading:
    """What a scanner set to CRLF makes of it."""
    line = VirtualLine([(1.0, payload + b"\r\n")])
    scanner = ListeningScanner("port", line.open, Framing(b"\r\n", GIVEN_UP_S, gap_ends=False), charset, line)
    return scanner.read_code(60.0, threading.Event())


def readings_of(payload: bytes) -> Iterator[CodeSeen]:
    """By a scanner of each character set, and as the camera's decoder hands it on: the very bytes, none too long."""
    for charset in Charset:
        reading = scanned(payload, charset)
        if isinstance(reading, CodeSeen):
            yield reading
    if len(payload) <= MAX_CODE_BYTES:
        yield CodeSeen(payload)


def words_on_screen(visit: Visit) -> str:
    shown = []
    for language in Language:
        view = View(Texts(language), Local(language=language), SITE, SessionTimes(), NOW, 0.0, False)
        shown += [repr(screen.derive(visit.state, view)), repr(shell.derive(visit.state, view))]
    return "\n".join(shown)


def assert_kept_out(visit: Visit, log: Path) -> None:
    """Nothing of the payload in the log file, on a page, on a paper, or in what a crash would print."""
    audit = AuditLog(log, SetClock())
    for event in visit.logged:
        audit.record(event)
    audit.close()
    written = log.read_text(encoding="utf-8")
    assert written.count("\n") == len(visit.logged)
    assert first_break(log) is None
    for place in (written, words_on_screen(visit), repr(visit.papers), repr(visit.commands), repr(visit.state)):
        assert MARK not in place


@every_payload
@pytest.mark.parametrize("charset", [Charset.UTF_8, Charset.GB18030])
def test_a_scanner_hands_on_clean_text_or_nothing(payload: bytes, charset: Charset) -> None:
    reading = scanned(payload, charset)
    if isinstance(reading, CodeSeen):
        assert not CONTROL_CHARACTERS.search(reading.payload.decode())
        assert len(reading.payload) <= MAX_CODE_BYTES
    else:
        assert reading == NoCode()


@every_payload
def test_the_camera_hands_on_clean_text_or_the_very_bytes(payload: bytes) -> None:
    if len(payload) > 2000:
        payload = payload[:1000]
    barcode = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode)
    grey = np.pad(np.array(barcode.to_image(scale=4), dtype=np.uint8), 32, constant_values=255)
    pixels = np.repeat(grey[:, :, np.newaxis], 3, axis=2)
    seen = ImageScanner().codes_in(Picture(grey.shape[1], grey.shape[0], pixels.tobytes()))
    try:
        clean = CONTROL_CHARACTERS.sub("", payload.decode()).encode()
    except UnicodeDecodeError:
        clean = payload
    assert seen == (clean,)


def test_too_long_and_broken_text_are_nothing() -> None:
    for name in ("five thousand bytes", "lone surrogate", "broken utf-8"):
        assert scanned(PAYLOADS[name], Charset.UTF_8) == NoCode(), name


@every_payload
def test_on_the_way_to_a_receipt_it_is_no_receipt(
    payload: bytes, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for number, code in enumerate(readings_of(payload)):
        visit = Visit(World(codes=[code]))
        visit.press(Button.START_LOOK_UP)
        assert not visit.asked(LookUpReceipt)
        assert_kept_out(visit, tmp_path / f"{number}.log")
        visit.press(Button.HOME)
        assert_kept_out(visit, tmp_path / f"{number}-left.log")
    assert MARK not in caplog.text + "".join(capfd.readouterr())


@every_payload
def test_as_somebody_s_code_it_goes_to_its_issuer_byte_for_byte_and_nowhere_else(
    payload: bytes, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for number, code in enumerate(readings_of(payload)):
        visit = Visit(World(cards=[], codes=[code]))
        visit.press(Button.START, Button.AGREE, Button.SHOW_CODE)
        assert [command.code for command in visit.asked(ResolveCode)] in ([code.payload], [])
        assert_kept_out(visit, tmp_path / f"{number}.log")
    assert MARK not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "leak",
    [ResolveCode(b"", MARK), Log(AuditEvent(EventName.CODE_NOT_TAKEN, reason=MARK))],
    ids=["command", "log line"],
)
def test_a_payload_that_came_through_would_be_seen(leak: Command, tmp_path: Path) -> None:
    visit = Visit(World())
    visit.commands.append(leak)
    with pytest.raises(AssertionError):
        assert_kept_out(visit, tmp_path / "log")


@pytest.mark.parametrize("known", [True, False], ids=["signed by a terminal we know", "signed by a stranger"])
@pytest.mark.parametrize("address", ["https://evil.example", "javascript:alert(1)//", "file:///etc"])
def test_a_paper_printed_again_bears_no_address_that_a_code_brought(known: bool, address: str) -> None:
    key = Ed25519PrivateKey.generate()
    number = compose_receipt_number(ReceiptKind.ELIGIBILITY, NOW.date(), "0444", 7)
    signature = verification(number, key, "https://hy.shili.example").qr_text.rpartition("/")[2]
    code = CodeSeen(f"{address}/{number}/{signature}".encode())
    decision = HallDecision(number, Outcome.PASSED, NOW.date(), None)
    book = book_of(keys=PaperKeys({"0444": (key.public_key(),)} if known else {}, None))
    visit = Visit(World(codes=[code], found=decision), codes=book)
    visit.press(Button.START_LOOK_UP, Button.PRINT_SLIP)
    (paper,) = visit.papers
    assert number.value in repr(paper)
    for word in ("evil", "javascript", "file:"):
        assert word not in repr(paper).lower()
        assert word not in words_on_screen(visit).lower()


@every_payload
def test_a_technician_s_terminal_gets_no_control_character(payload: bytes, tmp_path: Path) -> None:
    if len(payload) > 2000:
        payload = payload[:1000]
    barcode = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode)
    picture = tmp_path / "code.png"
    cv2.imwrite(str(picture), np.pad(np.array(barcode.to_image(scale=4), dtype=np.uint8), 32, constant_values=255))
    for option in ([], ["--json"]):
        result = CliRunner().invoke(scan_app, [str(picture), *option])
        assert result.exit_code == 0
        assert result.stdout.count("\n") == 1
        assert not UNSEEN.search(result.stdout.removesuffix("\n"))
    (read,) = json.loads(result.stdout)["payloads"]
    assert bytes.fromhex(read["hex"]) == payload


OPENERS = {"webbrowser", "QDesktopServices", "QWebEngineView", "pty"}
CALLS = {("os", "system"), ("os", "popen"), ("subprocess", "getoutput"), ("subprocess", "getstatusoutput")}
PRODUCT = [
    path for room in ("kiosk", "devices", "ui", "offline_cache", "gateway") for path in (ROOT / room).rglob("*.py")
]


def openers_in(source: str) -> list[str]:
    """Whatever could open an address, run a shell, or run text as a program."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                module = getattr(node, "module", None) or ""
                found += [name for name in (module, *(alias.name for alias in names)) if name.split(".")[0] in OPENERS]
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in OPENERS:
                found.append(name)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if (module, name) in CALLS:
                found.append(f"{module}.{name}")
            case ast.Call(func=ast.Name(id="eval" | "exec" as name)):
                found.append(name)
            case ast.keyword(arg="shell", value=value) if not (
                isinstance(value, ast.Constant) and value.value is False
            ):
                found.append("shell")
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import webbrowser",
        "from PySide6.QtGui import QDesktopServices",
        "os.system(command)",
        "subprocess.run(command, shell=True)",
        "subprocess.run(command, shell=asked)",
        "eval(text)",
    ],
)
def test_an_opener_would_be_found(source: str) -> None:
    assert openers_in(source)


def test_no_file_of_the_product_opens_an_address_or_a_shell() -> None:
    assert len(PRODUCT) > 100
    found = {str(path.relative_to(ROOT)): openers_in(path.read_text(encoding="utf-8")) for path in PRODUCT}
    assert {path: openers for path, openers in found.items() if openers} == {}


QML = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "ui" / "qml").rglob("*.qml"))}
LABEL = ROOT / "ui" / "qml" / "controls" / "Label.qml"
TEXT_ITEMS = re.compile(r"\b(Text|TextEdit|TextInput|TextArea|TextField|TextDocument|WebView|WebEngineView)\s*\{")


def test_one_label_draws_every_text_and_draws_it_plain() -> None:
    assert len(QML) > 20
    drawing = {path for path, source in QML.items() if TEXT_ITEMS.search(source)}
    assert drawing == {LABEL}
    assert re.findall(r"^    textFormat: (.*)$", QML[LABEL], re.MULTILINE) == ["Text.PlainText"]


def test_no_page_draws_rich_text_opens_an_address_or_runs_text() -> None:
    for path, source in QML.items():
        words = source.replace("textFormat: Text.PlainText", "") if path == LABEL else source
        for word in (
            "textFormat",
            "openUrlExternally",
            "onLinkActivated",
            "createQmlObject",
            "eval(",
            "QtQuick.Controls",
        ):
            assert word not in words, f"{path.name}: {word}"
