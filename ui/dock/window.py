"""The dock's window. It binds to the view model and decides nothing."""

from collections.abc import Callable
from string import Template
from typing import Any, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QColor, QPixmap, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.dock.buttons import GROUPS, LIKELY_NEXT, Button, Group
from ui.dock.model import DockModel, Line
from ui.tokens import load_tokens

Named = TypeVar("Named", bound=QWidget)
Box = TypeVar("Box", bound=QBoxLayout)

LOOK_MS = 1000
LINES_KEPT = 500
PAPER_WIDTH = 250

_STYLE = Template(
    """
    #dock { background: $bg; }
    QLabel { color: $ink; font-size: 15px; }
    #heading { font-size: 28px; font-weight: bold; }
    #note, #panel-note { color: $ink2; font-size: 15px; }
    #panel { background: $surface; border: 1px solid $line; border-radius: 10px; }
    #tray { background: $sunken; border: none; border-radius: 10px; }
    #title { font-size: 18px; font-weight: bold; }
    #page { background: $primaryTint; color: $primary; font-weight: bold; border-radius: 16px; padding: 5px 16px; }
    #trouble { background: $cautionTint; color: $caution; border: 1px solid $caution; border-radius: 8px;
               padding: 7px 12px; font-weight: bold; }
    #journal { background: $ink; color: $surface; border: none; border-radius: 10px; padding: 8px; font-size: 14px; }
    QScrollArea, #paper { background: transparent; border: none; }
    QPushButton { background: $surface; color: $ink; border: 1px solid $border; border-radius: 6px;
                  font-size: 16px; padding: 0 6px; min-height: 36px; }
    QPushButton:pressed { background: $primaryTint; }
    QPushButton:focus { border: 2px solid $primary; }
    QPushButton:disabled { background: $disabledFill; color: $disabledInk; }
    QPushButton[state="next"] { background: $primary; color: $primaryInk; border-color: $primary; font-weight: bold; }
    QPushButton[state="fault"] { background: $cautionTint; color: $caution; border: 2px solid $caution;
                                 font-weight: bold; }
    QPushButton#reset { color: $primary; border-color: $primary; font-weight: bold; padding: 0 18px; }
    """
)


class DockWindow(QWidget):
    """``look`` is called every second, before the printer is asked for papers."""

    closed = Signal()

    def __init__(self, model: DockModel, look: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("dock")
        self._model = model
        self._look = look
        roles: dict[str, str] = load_tokens()["colour"]["normal"]
        self._caution = QColor(roles["cautionTint"])
        self._ink = QColor(roles["surface"])
        self.setWindowTitle("虚拟大厅")
        self.setStyleSheet(_STYLE.substitute(roles))
        self.buttons: dict[str, QPushButton] = {}
        self.people = self._people()
        self.page = _named(QLabel(), "page")
        self.trouble = _named(QLabel(), "trouble")
        self.trouble.setWordWrap(True)
        room = self.trouble.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # no button moves under the hand that presses it
        self.trouble.setSizePolicy(room)
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.paper = _named(QLabel("还没有出纸"), "paper")
        self.paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.journal = _named(QPlainTextEdit(), "journal")
        self.journal.setReadOnly(True)
        self.journal.setMaximumBlockCount(LINES_KEPT)
        self._lay_out()
        model.changed.connect(self._refresh)
        model.line_added.connect(self._add_line)
        model.paper_printed.connect(self._show_paper)
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        self._refresh()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  Qt's name
        self._clock.stop()
        super().closeEvent(event)
        self.closed.emit()

    def _lay_out(self) -> None:
        columns = _spaced(QHBoxLayout(), 14)
        for number in sorted({group.column for group in GROUPS}):
            column = _spaced(QVBoxLayout(), 12)
            for group in GROUPS:
                if group.column == number:
                    column.addWidget(self._panel(group))
            column.addStretch(1)
            columns.addLayout(column, 4)
        columns.addLayout(self._outcomes(), 3)
        whole = _spaced(QVBoxLayout(self), 12)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.addLayout(self._head())
        whole.addLayout(columns, 1)
        whole.addWidget(self.trouble)

    def _head(self) -> QHBoxLayout:
        reset = _named(QPushButton("全部复位"), "reset")
        reset.clicked.connect(self._model.reset)
        self.buttons["reset"] = reset
        row = _spaced(QHBoxLayout(), 12)
        row.addWidget(_named(QLabel("虚拟大厅"), "heading"))
        row.addWidget(_named(QLabel("模拟设备，说真协议"), "note"))
        row.addStretch(1)
        row.addWidget(_named(QLabel("来的人"), "note"))
        row.addWidget(self.people)
        row.addWidget(self.page)
        row.addWidget(reset)
        return row

    def _people(self) -> QComboBox:
        box = _named(QComboBox(), "people")
        box.addItems([visitor.words for visitor in self._model.visitors])
        box.setMinimumSize(300, 38)
        font = box.font()
        font.setPixelSize(16)
        box.setFont(font)
        box.setMaxVisibleItems(len(self._model.visitors))
        box.currentIndexChanged.connect(self._model.choose)
        return box

    def _panel(self, group: Group) -> QFrame:
        panel = _named(QFrame(), "panel")
        grid = QGridLayout(panel)
        grid.setSpacing(8)
        grid.setContentsMargins(14, 10, 14, 14)
        grid.addWidget(_named(QLabel(group.title), "title"), 0, 0, 1, group.across)
        for number, button in enumerate(group.buttons):
            grid.addWidget(self._button(button), 1 + number // group.across, number % group.across)
        for place in range(group.across):
            grid.setColumnStretch(place, 1)
        return panel

    def _button(self, button: Button) -> QPushButton:
        made = _named(QPushButton(button.label), button.key)
        made.clicked.connect(lambda: self._model.press(button.key))
        self.buttons[button.key] = made
        return made

    def _outcomes(self) -> QVBoxLayout:
        tray = _named(QFrame(), "tray")
        box = QVBoxLayout(tray)
        box.setContentsMargins(14, 10, 14, 14)
        box.addWidget(_named(QLabel("出纸口"), "title"))
        roll = QScrollArea()
        roll.setWidgetResizable(True)
        roll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        roll.setWidget(self.paper)
        roll.viewport().setAutoFillBackground(False)
        box.addWidget(roll)
        column = _spaced(QVBoxLayout(), 12)
        column.addWidget(tray, 3)
        column.addWidget(self.journal, 2)
        return column

    @Slot()
    def _refresh(self) -> None:
        model = self._model
        self.page.setVisible(bool(model.page))
        self.page.setText(model.page)
        self.trouble.setVisible(bool(model.trouble))
        self.trouble.setText(model.trouble)
        likely = LIKELY_NEXT.get(model.page)
        for group in GROUPS:
            for button in group.buttons:
                state = "fault" if button.key in model.active else "next" if button.key == likely else ""
                _show_state(self.buttons[button.key], state, enabled=button.key not in model.waiting)

    @Slot(object)
    def _add_line(self, line: Line) -> None:
        form = QTextCharFormat()
        form.setForeground(self._caution if line.trouble else self._ink)
        cursor = QTextCursor(self.journal.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(("" if cursor.atStart() else "\n") + f"{line.at} {line.words}", form)
        bar = self.journal.verticalScrollBar()
        bar.setValue(bar.maximum())

    @Slot(str)
    def _show_paper(self, file: str) -> None:
        picture = QPixmap(file)
        self.paper.setPixmap(picture.scaledToWidth(PAPER_WIDTH, Qt.TransformationMode.SmoothTransformation))

    def _tick(self) -> None:
        self._look()
        self._model.look_for_papers()


def _named(widget: Named, name: str) -> Named:
    widget.setObjectName(name)
    return widget


def _spaced(box: Box, pixels: int) -> Box:
    box.setSpacing(pixels)
    return box


def _show_state(button: QPushButton, state: str, *, enabled: bool) -> None:
    button.setEnabled(enabled)
    before: Any = button.property("state")
    if before != state:
        button.setProperty("state", state)
        button.style().unpolish(button)
        button.style().polish(button)
