import QtQuick
import controls
import theme

// For the technician: 30 px type whatever the citizens' mode, more rows than any other page.
Page {
    id: page

    // Read once: every reading of a model's list builds it anew.
    readonly property var rows: model.rows

    Panel {
        anchors.fill: parent

        Column {
            id: list
            x: Theme.s4
            y: Theme.s1
            width: parent.width - 2 * x
            height: parent.height - 2 * y
            readonly property int lines: page.rows.reduce((sum, row) => sum + linesOf(row), 0)
            readonly property real line: Math.min(44, height / (lines + 0.6 * page.rows.length))
            readonly property int textSize: Math.min(30, Math.floor(line / 1.45))

            // On a narrow sheet what is to be done takes two lines.
            function noteLines(row) {
                return row.note === "" ? 0 : Theme.stacked && row.mood !== "good" ? 2 : 1
            }
            function linesOf(row) {
                return 1 + noteLines(row) + (row.past !== "")
            }

            Repeater {
                model: page.rows
                Item {
                    id: row
                    required property var modelData
                    required property int index
                    readonly property color ink: modelData.mood === "lost" ? Theme.stop : modelData.mood === "notice" ? Theme.caution : Theme.success
                    width: list.width
                    height: Math.round((list.linesOf(modelData) + 0.6) * list.line)
                    Accessible.role: Accessible.StaticText
                    Accessible.name: [modelData.name, modelData.word, modelData.since, modelData.note, modelData.past].filter(words => words !== "").join("，")

                    Icon {
                        id: sign
                        anchors.verticalCenter: parent.verticalCenter
                        name: row.modelData.icon
                        size: Math.min(52, row.height - 20)
                        stroke: 1.8
                        tint: Theme.ink2
                    }
                    Column {
                        x: sign.width + Theme.s3
                        width: chip.x - x - Theme.s3
                        anchors.verticalCenter: parent.verticalCenter
                        Item {
                            width: parent.width
                            height: list.line
                            Label {
                                id: name
                                height: parent.height
                                width: Math.min(implicitWidth, parent.width * 0.62)
                                text: row.modelData.name
                                size: list.textSize
                                bold: true
                                fontSizeMode: Text.HorizontalFit
                                minimumPixelSize: Theme.floorSize
                            }
                            Label {
                                x: name.width + Theme.s2
                                height: parent.height
                                width: parent.width - x
                                text: row.modelData.since
                                size: Math.min(26, list.textSize)
                                color: Theme.ink2
                                fontSizeMode: Text.HorizontalFit
                                minimumPixelSize: 20
                            }
                        }
                        Label {
                            width: parent.width
                            height: list.noteLines(row.modelData) * list.line
                            visible: text !== ""
                            text: row.modelData.note
                            size: Math.min(28, list.textSize)
                            color: row.modelData.mood === "good" ? Theme.ink2 : Theme.ink
                            wrapMode: height > list.line ? Text.Wrap : Text.NoWrap
                            fontSizeMode: height > list.line ? Text.Fit : Text.HorizontalFit
                            minimumPixelSize: 18
                        }
                        Label {
                            width: parent.width
                            height: visible ? list.line : 0
                            visible: text !== ""
                            text: row.modelData.past
                            size: Math.min(26, list.textSize)
                            color: Theme.ink2
                            fontSizeMode: Text.HorizontalFit
                            minimumPixelSize: 18
                        }
                    }
                    Rectangle {
                        id: chip
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        width: 156
                        height: Math.min(56, row.height - 16)
                        radius: Theme.tokens.radius.chip
                        color: row.modelData.mood === "lost" ? Theme.stopTint : row.modelData.mood === "notice" ? Theme.cautionTint : Theme.successTint
                        Row {
                            anchors.centerIn: parent
                            spacing: Theme.s1
                            Icon {
                                anchors.verticalCenter: parent.verticalCenter
                                name: row.modelData.mood === "lost" ? "cross" : row.modelData.mood === "notice" ? "notice" : "check"
                                size: 32
                                stroke: 2.4
                                tint: row.ink
                            }
                            Label {
                                anchors.verticalCenter: parent.verticalCenter
                                text: row.modelData.word
                                size: Math.min(30, list.textSize)
                                bold: true
                                color: row.ink
                            }
                        }
                    }
                    Rectangle {
                        visible: row.index < page.rows.length - 1
                        anchors.bottom: parent.bottom
                        width: parent.width
                        height: Theme.divider
                        color: Theme.line
                    }
                }
            }
        }
    }
}
