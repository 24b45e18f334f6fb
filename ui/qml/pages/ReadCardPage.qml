import QtQuick
import controls
import theme

Page {
    id: page

    readonly property string mode: Theme.contrast ? "contrast" : "normal"

    Panel {
        id: panel
        anchors.fill: parent
        Accessible.role: Accessible.Graphic
        Accessible.name: page.model.picture

        Item {
            id: scene
            width: 600
            height: 760
            anchors.horizontalCenter: parent.horizontalCenter
            y: (where.y - height * scale) / 2
            scale: Math.min(1, (where.y - 2 * Theme.s3) / height)
            transformOrigin: Item.Top

            Image {
                id: reader
                y: 384
                source: "image://drawing/reader/" + page.mode
                sourceSize: Qt.size(600, 376)
            }
            Image {
                id: card
                x: 98
                y: page.model.done ? 443 : 0
                source: "image://drawing/card/" + page.mode
                sourceSize: Qt.size(404, 258)

                SequentialAnimation on y {
                    running: page.visible && !page.model.done && page.shell.motion
                    loops: Animation.Infinite
                    PauseAnimation { duration: Theme.cardLoopMs * 0.25 }
                    NumberAnimation { from: 0; to: 443; duration: Theme.cardLoopMs * 0.4; easing.type: Easing.InOutCubic }
                    PauseAnimation { duration: Theme.cardLoopMs * 0.35 }
                }
            }
            Icon {
                visible: !page.model.done && card.y < 40
                x: 252
                y: 276
                name: "arrow-down"
                size: 96
                stroke: 3.6
            }
            Rectangle {
                visible: page.model.done
                anchors.horizontalCenter: parent.horizontalCenter
                y: 60
                width: 240
                height: 240
                radius: 120
                color: Theme.success
                Icon {
                    anchors.centerIn: parent
                    name: "check"
                    size: 168
                    stroke: 2.8
                    tint: Theme.successInk
                }
            }
        }

        Rectangle {
            id: where
            readonly property bool warning: page.model.hint !== ""
            visible: words.text !== ""
            anchors.horizontalCenter: parent.horizontalCenter
            y: parent.height - height - Theme.s4 + 4
            width: whereRow.width + 2 * Theme.s5 - 10
            height: Theme.elder ? 108 : 92
            radius: height / 2
            color: warning ? Theme.cautionTint : Theme.primaryTint
            Accessible.role: Accessible.AlertMessage
            Accessible.name: words.text
            Row {
                id: whereRow
                anchors.centerIn: parent
                spacing: Theme.s3
                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    visible: !where.warning
                    name: "arrow-down-right"
                    size: 44
                    stroke: 2.4
                }
                Label {
                    id: words
                    anchors.verticalCenter: parent.verticalCenter
                    width: Math.min(implicitWidth, panel.width - 230)
                    text: where.warning ? page.model.hint : page.model.where
                    size: Theme.button2Size
                    bold: true
                    color: where.warning ? Theme.caution : Theme.primary
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.floorSize
                }
            }
        }
    }
}
