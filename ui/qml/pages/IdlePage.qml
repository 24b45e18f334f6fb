import QtQuick
import Terminal
import controls
import theme

Page {
    id: page

    titleSize: Theme.lying ? Theme.titleSize + 12 : Theme.elder ? 104 : 100

    PressArea {
        objectName: "stay"
        anchors.fill: parent
        spokenName: page.model.primary == null ? "" : page.model.primary.label
        onPressedOnce: page.model.press("primary")
    }
    Panel {
        anchors.fill: parent

        Ring {
            id: ring
            anchors.horizontalCenter: parent.horizontalCenter
            y: (parent.height - height - Theme.s6) / 2
            width: Math.min(560, parent.height - 240)
            height: width
            thickness: 36
            share: page.model.share
            ink: Theme.primary
            track: Theme.contrast ? Theme.line : "#E2DFD7"
        }
        Label {
            anchors.horizontalCenter: ring.horizontalCenter
            anchors.verticalCenter: ring.verticalCenter
            anchors.verticalCenterOffset: -ring.width * 0.025
            text: page.model.seconds
            size: Math.round(ring.width * 0.464)
            bold: true
            color: Theme.primary
        }
        Label {
            anchors.horizontalCenter: ring.horizontalCenter
            y: ring.y + ring.height * 0.7
            text: page.model.unit
            size: Math.min(Theme.headingSize, ring.width * 0.115)
            color: Theme.ink2
            Accessible.ignored: false
            Accessible.role: Accessible.AlertMessage
            Accessible.name: page.model.seconds + " " + page.model.unit
        }
        Label {
            anchors.horizontalCenter: parent.horizontalCenter
            y: ring.y + ring.height + Theme.s3
            width: Math.min(implicitWidth, parent.width - Theme.s6)
            text: page.model.cardWords
            size: Theme.button2Size
            bold: true
            color: Theme.caution
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.floorSize
            Accessible.ignored: false
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }
}
