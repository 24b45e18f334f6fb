"""kiosk hall: the virtual hall to walk through by hand: the terminal's window, and beside it the dock that moves the
world."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import requests
import typer
from PySide6.QtCore import QPoint, QSize, QTimer
from PySide6.QtWidgets import QApplication

from gateway.sandbox import ASTRONAUT, HOPPER, SandboxPerson, sandbox_people
from kiosk.app.bootstrap import KeysMissing, build_terminal
from kiosk.app.settings import TerminalSettings
from kiosk.app.system import end_on_defect
from kiosk.app.window import join_window
from kiosk.cli.control_channel import Done, NotDone, tell
from kiosk.cli.demo.hall import Hall, HallError
from kiosk.cli.demo.training import PERMITS, TrainingTerminal, card_fields, set_up, social_card_fields
from kiosk.domain.china_time import CHINA
from kiosk.domain.eligibility import RosterStatus
from ui.app import TerminalWindow
from ui.dock.journal import GrowingLog
from ui.dock.model import DockModel, words_of_event
from ui.dock.window import DockWindow
from ui.dock.world import Answer, NotThere, Obeyed, Refused, Visitor

DOCK = QSize(1180, 960)
GAP = 16
ANSWER_S = 10.0
OPENS = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"

app = typer.Typer(add_completion=False)


@app.command("hall")
def hall(
    models: Annotated[Path, typer.Option(help="face models and training portraits")] = Path("var/models"),
    height: Annotated[int, typer.Option(min=480, max=1920, help="of the terminal's window, in pixels")] = 960,
) -> None:
    """Open the virtual hall: the terminal in a window, and beside it a dock whose buttons move the world."""
    if subprocess.run([sys.executable, "-c", OPENS], capture_output=True, check=False).returncode:  # noqa: S603 - ours
        typer.echo("No display can be opened. Start this where you see a desktop.", err=True)
        raise typer.Exit(1)
    try:
        with tempfile.TemporaryDirectory(prefix="kiosk-hall-") as scratch, Hall(Path(scratch)) as programs:
            code = _run(set_up(programs, Path(scratch), models, Path(scratch), {}), Path(scratch), height)
    except HallError as problem:
        typer.echo(f"The virtual hall did not come up: {problem}", err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(code)


def _run(training: TrainingTerminal, scratch: Path, height: int) -> int:
    """Until either window is closed. The exit code."""
    config = scratch / "terminal.toml"
    config.write_text(settings_text(training.settings), encoding="utf-8")
    terminal = build_terminal(training.settings)
    if isinstance(terminal, KeysMissing):
        raise HallError(f"{terminal.reason}: {terminal.remedy}")
    end_on_defect()
    application = QApplication(sys.argv[:1])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: QTimer.singleShot(0, application.quit))
    window = TerminalWindow(site=training.settings.site, clock=terminal.clock, size=QSize(height * 9 // 16, height))
    join_window(window, training.settings, terminal)
    model = DockModel(RunningHall(training), visitors(datetime.now(CHINA).date()), terminal.clock.now)
    dock = DockWindow(model, _Watch(window, model, GrowingLog(training.settings.log)))
    dock.closed.connect(application.quit)
    _place(window, dock)
    typer.echo(f"Settings: {config}")
    for program in training.programs.values():
        typer.echo(f"{program.name}: {program.address}, control {program.control}")
    code = application.exec()
    dock.close()
    model.close()
    window.close()
    terminal.close()
    return code


def _place(window: TerminalWindow, dock: DockWindow) -> None:
    """Side by side, from the left edge of the screen."""
    corner = window.view.screen().availableGeometry().topLeft()
    dock.resize(DOCK)
    window.view.setPosition(corner)
    dock.move(corner + QPoint(window.view.width() + GAP, 0))
    window.show()
    dock.show()


class _Watch:
    """Called every second: tells the dock what the terminal shows and logs."""

    def __init__(self, window: TerminalWindow, model: DockModel, log: GrowingLog) -> None:
        self._window = window
        self._model = model
        self._log = log

    def __call__(self) -> None:
        for line in self._log.new_lines():
            self._model.add_line(words_of_event(line))
        self._model.show_page(self._window.page)
        if not self._window.view.isVisible():
            QApplication.quit()


class RunningHall:
    """``ui.dock.world.World`` over the control channels of running programs."""

    def __init__(self, training: TrainingTerminal) -> None:
        self._channels = {name: program.control for name, program in training.programs.items()}
        self._gateway = training.gateway.address

    def do(self, program: str, verb: str, arguments: Mapping[str, Any]) -> Answer:
        channel = self._channels[program]
        assert channel is not None
        match tell(channel, verb, dict(arguments)):
            case Done(answer):
                return Obeyed(answer)
            case NotDone("no answer"):
                return NotThere()
            case NotDone(reason):
                return Refused(reason.removeprefix("ValueError: "))

    def code_of(self, number: str, issuer: str) -> str | Refused | NotThere:
        """Asked for past the cable: a phone has a network of its own."""
        try:
            answer = requests.post(
                f"{self._gateway}/v1/sandbox/codes", json={"number": number, "issuer": issuer}, timeout=ANSWER_S
            )
            code = answer.json()["code"]
        except (requests.RequestException, ValueError, KeyError):
            return NotThere()
        return code if isinstance(code, str) else Refused("网关没有这个人的电子卡")


STATES = {
    RosterStatus.ACTIVE: "该认证了",
    RosterStatus.DUE_SOON: "快到期",
    RosterStatus.OVERDUE: "已逾期",
    RosterStatus.SUSPENDED: "待遇已暂停",
    RosterStatus.STOPPED: "待遇已停",
    RosterStatus.MOVED: "关系已转走",
    RosterStatus.NOT_FOUND: "不在名册",
}
SPECIAL = {
    "confirmed": "今年已认证",
    "confirmed-silently": "已由数据比对认证",
    "overdue": "已逾期",
    "rare-name": "姓名有生僻字",
    "expired-card": "身份证过期",
    "renamed": "名册姓名不同",
    "reported-lost": "证已挂失",
    "other-area": "在别的区",
    "other-province": "在外省",
    "bedridden": "卧床，要上门",
    "helper": "帮忙的亲属",
    "stranger": "不在名册的人",
}
"""What is special about a person of the sandbox, by slug."""


def visitors(today: date) -> tuple[Visitor, ...]:
    """The people of the sandbox as the dock offers them."""
    return tuple(_visitor(person, today) for person in sandbox_people(today))


def _visitor(person: SandboxPerson, today: date) -> Visitor:
    document = person.document(today)
    born = document.birth_date
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return Visitor(
        words=f"{person.name.value} {age} 岁 · {SPECIAL.get(person.slug, STATES[person.status])}",
        number=person.number.value,
        card=card_fields(document) | {"portrait": person.portrait},
        social_card=social_card_fields(document),
        permits=PERMITS,
        face=person.portrait,
        other_face=ASTRONAUT if person.portrait == HOPPER else HOPPER,
    )


def settings_text(settings: TerminalSettings) -> str:
    """What was set of ``settings``, as the file that other commands take with ``--config``."""
    values = settings.model_dump(mode="json", exclude_unset=True)
    return "\n".join(_table("", values)) + "\n"


def _table(name: str, values: dict[str, Any], head: str = "\n[{}]") -> list[str]:
    """Lines of one TOML table and of those within it; a JSON text is a TOML text. Without a value there is no line."""
    lines, tables = [head.format(name)] if name else [], []
    for key, value in values.items():
        place = f"{name}.{key}" if name else key
        if isinstance(value, dict):
            tables += _table(place, value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            tables += [line for each in value for line in _table(place, each, "\n[[{}]]")]
        elif value is not None:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return lines + tables
