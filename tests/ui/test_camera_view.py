"""The mirror on the page keeps nothing of a face once its page is gone: measured in a process of its own."""

import subprocess
import sys
from pathlib import Path

from tests.terminal.memory_scan import snapshot, stopped

PIXEL = bytes((0x13, 0x57, 0x9B))
PIECE = (PIXEL + b"\xff") * 64
"""Of a row as Qt paints it; the program below never writes it so."""

PROGRAM = """
import sys
from kiosk.app.memory import overwrite_freed_memory
overwrite_freed_memory()
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickView, QQuickWindow
from PySide6.QtTest import QTest
from kiosk.domain.picture import Frame, Picture
from ui.painted import CameraView

application = QGuiApplication([])
QQuickWindow.setSceneGraphBackend("software")
view = QQuickView()
view.setSource(QUrl.fromLocalFile(sys.argv[1]))
camera = view.rootObject().findChild(CameraView)
picture = Picture(640, 480, bytes(map(int, sys.argv[2].split(","))) * 640 * 480)
camera.watch(lambda: Frame(1, 0.0, picture))
frames = 0


def count():
    global frames
    frames += 1


def painted(up_to):
    view.update()
    return (camera._image is not None) is on and frames >= up_to


view.frameSwapped.connect(count)
view.show()
for on in (True, False):
    view.rootObject().setProperty("on", on)
    up_to = frames + 5
    while not painted(up_to):
        QTest.qWait(10)
    print("painted", flush=True)
    input()
"""
PAGES = """
import QtQuick
import Terminal
Item {
    id: root
    width: 800; height: 900
    property bool on: true
    Item { anchors.fill: parent; visible: root.on
        CameraView { x: 50; y: 50; width: 500; height: 700; live: root.on } }
    Rectangle { anchors.fill: parent; visible: !root.on
        Rectangle { x: 100; y: 100; width: 600; height: 300; radius: 20; color: "#335577"; border.width: 3 }
        Text { x: 120; y: 450; width: 600; wrapMode: Text.Wrap; font.pixelSize: 40; text: "The next page" } }
}
"""


def test_no_row_of_the_picture_stays_behind_the_next_page(tmp_path: Path) -> None:
    pages = tmp_path / "Pages.qml"
    pages.write_text(PAGES, encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, str(pages), ",".join(map(str, PIXEL))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert pieces_after(process) > 1000
        assert pieces_after(process) == 0


def pieces_after(process: "subprocess.Popen[str]") -> int:
    """Found once the page has been painted; lets the program go on."""
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "painted\n"
    with stopped(process.pid) as (program,):
        pieces = sum(region.content.count(PIECE) for region in snapshot(program).regions)
    process.stdin.write("\n")
    process.stdin.flush()
    return pieces
