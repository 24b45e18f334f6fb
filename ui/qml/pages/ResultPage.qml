import QtQuick
import controls
import theme

Page {
    id: page

    readonly property color tone: page.model.tone === "success" ? Theme.success : page.model.tone === "info" ? Theme.info : Theme.neutral
    readonly property color toneInk: page.model.tone === "success" ? Theme.successInk : page.model.tone === "info" ? Theme.infoInk : Theme.neutralInk
    readonly property bool reassures: page.model.reassurance !== ""

    Panel {
        id: panel
        anchors.fill: parent

        Item {
            id: upper
            width: parent.width
            height: line.y

            Column {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.s5

                Rectangle {
                    anchors.horizontalCenter: parent.horizontalCenter
                    readonly property real room: upper.height - title.height - helper.height - 2 * Theme.s4 - (calmBox.visible ? calmBox.height + Theme.s4 : 0)
                    width: Math.max(96, Math.min(room, page.reassures ? (Theme.elder ? 140 : 212) : Theme.elder ? 200 : Theme.iconDisc))
                    height: width
                    radius: width / 2
                    color: page.tone
                    Icon {
                        anchors.centerIn: parent
                        name: page.model.sign
                        size: Math.round(parent.width * 0.68)
                        stroke: page.model.sign === "check" ? 2.8 : 2.2
                        tint: page.toneInk
                    }
                }
                Item { width: 1; height: Theme.elder ? Theme.s2 : page.reassures ? Theme.s3 : Theme.s4 }
                Label {
                    id: title
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: page.model.title
                    size: page.model.wordsLong || page.reassures ? Theme.display2Size + (page.model.wordsLong ? 0 : 8) : Theme.displaySize
                    bold: true
                    color: page.tone
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.floorSize
                    Accessible.ignored: false
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                Label {
                    id: helper
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: page.model.helper
                    size: Theme.bodySize + (Theme.elder ? -4 : 6)
                    color: Theme.ink2
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.floorSize
                    Accessible.ignored: false
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
                Item { visible: page.reassures; width: 1; height: Theme.elder ? Theme.s2 : Theme.s4 }
                Rectangle {
                    id: calmBox
                    visible: page.reassures
                    anchors.horizontalCenter: parent.horizontalCenter
                    width: Math.min(parent.width, calm.implicitWidth + 2 * Theme.s5)
                    height: calm.implicitHeight + 2 * Theme.s2
                    radius: Theme.radiusButton
                    color: Theme.successTint
                    Label {
                        id: calm
                        anchors.centerIn: parent
                        width: Math.min(implicitWidth, parent.width - 2 * Theme.s2)
                        text: page.model.reassurance
                        size: Theme.headingSize + (Theme.elder ? 0 : 6)
                        bold: true
                        color: Theme.success
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.floorSize
                    }
                }
            }
        }
        Rectangle {
            id: line
            x: 56
            y: rows.y - Theme.s4
            width: parent.width - 112
            height: Theme.divider
            color: Theme.line
        }
        Column {
            id: rows
            x: 56
            width: parent.width - 112
            y: parent.height - height - Theme.s4 - 4
            spacing: Theme.s3 - 4
            Repeater {
                model: page.model.facts
                FactRow {
                    required property var modelData
                    required property int index
                    width: rows.width
                    labelWidth: Theme.elder ? 250 : 220
                    label: modelData.label
                    answer: modelData.text
                    answerSize: index === 0 && !Theme.elder ? Theme.headingSize + 10 : Theme.headingSize
                }
            }
        }
    }
}
