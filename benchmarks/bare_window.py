"""The peer of ``benchmarks.startup``: the least a PySide6 program needs for a window that takes touches.

Called with the path of a QML file; tells its first frame, then stays until SIGTERM.
"""

import signal
import sys

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickView, QQuickWindow, QSGRendererInterface

QML = """import QtQuick
Rectangle {
    width: 1080; height: 1920; color: "#F6F4EF"
    Text { anchors.centerIn: parent; text: "bare"; font.pixelSize: 70 }
    TapHandler {}
}
"""


def main(qml: str) -> int:
    application = QGuiApplication(sys.argv[:1])
    QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)
    view = QQuickView()
    view.setSource(QUrl.fromLocalFile(qml))
    view.frameSwapped.connect(lambda: print("the window stands", flush=True), Qt.ConnectionType.SingleShotConnection)
    view.show()
    signal.signal(signal.SIGTERM, lambda *_: application.quit())
    wake = QTimer(interval=100)  # lets Python see the signal while Qt waits
    wake.timeout.connect(lambda: None)
    wake.start()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
