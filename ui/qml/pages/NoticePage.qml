import QtQuick
import controls
import theme

Page {
    id: page

    Panel {
        anchors.fill: parent

        Column {
            id: list
            anchors.fill: parent
            Repeater {
                model: page.model.lines
                Item {
                    id: line
                    required property var modelData
                    required property int index
                    width: list.width
                    height: list.height / 4
                    Accessible.role: Accessible.StaticText
                    Accessible.name: modelData.label + "，" + modelData.text

                    Rectangle {
                        id: disc
                        x: Theme.elder ? Theme.s4 : Theme.s5
                        anchors.verticalCenter: parent.verticalCenter
                        width: Theme.elder ? 112 : 120
                        height: width
                        radius: width / 2
                        color: Theme.primaryTint
                        Icon {
                            anchors.centerIn: parent
                            name: line.modelData.icon
                            size: Theme.elder ? 64 : 64
                            stroke: 1.8
                        }
                    }
                    Column {
                        x: disc.x + disc.width + (Theme.elder ? 28 : 40)
                        width: parent.width - x - Theme.s4
                        anchors.verticalCenter: parent.verticalCenter
                        spacing: Theme.elder ? 0 : Theme.s1
                        Label {
                            text: line.modelData.label
                            size: Theme.elder ? 48 : Theme.bodySize
                            color: Theme.ink2
                        }
                        Label {
                            width: parent.width
                            text: line.modelData.text
                            size: Theme.headingSize - (Theme.elder ? 6 : 0)
                            bold: true
                            fontSizeMode: Text.HorizontalFit
                            minimumPixelSize: Theme.floorSize
                        }
                    }
                    Rectangle {
                        visible: line.index < 3
                        anchors.bottom: parent.bottom
                        x: Theme.s5 - 5
                        width: parent.width - 2 * x
                        height: Theme.divider
                        color: Theme.line
                    }
                }
            }
        }
    }
}
