import QtQuick
import Terminal
import controls
import theme

Page {
    id: page

    // What is said beside the title needs its room in large type: the number and the code go before the notes.
    readonly property bool terse: Theme.elder && !Theme.lying && page.model.helper !== ""

    Panel {
        anchors.fill: parent

        Column {
            id: code
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.elder ? Theme.s3 : Theme.s5
            width: parent.width - 2 * Theme.s5
            spacing: Theme.elder ? Theme.s1 : Theme.s3

            Rectangle {
                readonly property real room: hint.y - code.y - (scan.visible ? scan.height + code.spacing : 0) - number.height - 2 * code.spacing
                anchors.horizontalCenter: parent.horizontalCenter
                width: Math.min(Theme.elder ? 320 : 440, room)
                height: width
                radius: Theme.radiusButton
                color: "#FFFFFF"
                border.width: 3
                border.color: Theme.ink
                Accessible.role: Accessible.Graphic
                Accessible.name: page.model.qrName
                Loader {
                    anchors.fill: parent
                    anchors.margins: 12
                    active: page.model.qr !== ""
                    sourceComponent: QrCode { text: page.model.qr }
                }
            }
            Label {
                id: scan
                visible: !page.terse
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: page.model.scan
                color: Theme.ink2
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
            }
            Label {
                id: number
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: page.model.number
                size: Theme.display2Size
                bold: true
                lineHeight: 0.95
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
                Accessible.ignored: false
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
        }
        Rectangle {
            id: hint
            x: Theme.s5
            width: parent.width - 2 * x
            height: page.terse ? 112 : Theme.elder ? 188 : 176
            y: parent.height - height - (Theme.elder ? Theme.s3 : Theme.s4)
            radius: Theme.radiusButton
            color: Theme.primaryTint
            Accessible.role: Accessible.StaticText
            Accessible.name: page.model.anyMachine + "，" + page.model.anyNote
            Icon {
                id: sign
                x: Theme.s4
                anchors.verticalCenter: parent.verticalCenter
                name: "printer"
                size: page.terse ? 72 : 92
                stroke: 1.8
            }
            Column {
                x: sign.x + sign.width + Theme.s4
                width: parent.width - x - Theme.s3
                anchors.verticalCenter: parent.verticalCenter
                Label {
                    width: parent.width
                    text: page.model.anyMachine
                    size: Theme.headingSize
                    bold: true
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.floorSize
                }
                Label {
                    width: parent.width
                    visible: !page.terse
                    text: page.model.anyNote
                    color: Theme.ink2
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.floorSize
                }
            }
        }
    }
}
