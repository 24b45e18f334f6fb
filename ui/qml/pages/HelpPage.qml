import QtQuick
import controls

Page {
    id: page

    WayList {
        anchors.fill: parent
        ways: page.model.ways
    }
}
