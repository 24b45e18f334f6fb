import QtQuick
import controls
import theme

Page {
    id: page

    Panel {
        anchors.fill: parent
        Rectangle {
            anchors.centerIn: parent
            width: 320
            height: 320
            radius: 160
            color: Theme.primaryTint
            Icon {
                anchors.centerIn: parent
                name: page.model.sign
                size: 184
                stroke: 1.8
            }
        }
    }
}
