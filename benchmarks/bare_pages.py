"""The peer of ``benchmarks.ui``: the least QML that shows one of two pages and keeps both alive."""

import threading
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtQuick import QQuickView

QML = """import QtQuick
Rectangle {
    id: root
    property string page: "one"
    color: "#F6F4EF"
    Item {
        anchors.fill: parent
        visible: root.page === "one"
        Text { anchors.centerIn: parent; text: "one"; font.pixelSize: 70 }
    }
    Item {
        anchors.fill: parent
        visible: root.page === "two"
        Text { anchors.centerIn: parent; text: "two"; font.pixelSize: 70 }
    }
}
"""


class BarePages(QObject):
    """``publish`` may be called from any thread, as that of the terminal's window."""

    _arrived = Signal()

    def __init__(self, folder: Path, size: QSize) -> None:
        super().__init__()
        qml = folder / "BarePages.qml"
        qml.write_text(QML, encoding="utf-8")
        self._lock = threading.Lock()
        self._next = ""
        self.page = "one"
        self.view = QQuickView()
        self.view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        self.view.resize(size)
        self.view.setSource(QUrl.fromLocalFile(str(qml)))
        self._arrived.connect(self._take_page, Qt.ConnectionType.QueuedConnection)

    def publish(self, page: str) -> None:
        with self._lock:
            self._next = page
        self._arrived.emit()

    def close(self) -> None:
        self.view.close()
        self.view.deleteLater()

    @Slot()
    def _take_page(self) -> None:
        with self._lock:
            self.page = self._next
        self.view.rootObject().setProperty("page", self.page)
