import QtQuick
import controls
import theme

Page {
    id: page

    readonly property int floor: Theme.keysTop - Theme.gap - zoneTop

    PressArea {
        id: tile
        objectName: "service"
        width: parent.width
        height: Theme.elder ? 268 : 300
        spokenName: page.model.service == null ? "" : page.model.service.label + "，" + page.model.service.note
        onPressedOnce: page.model.press("service")

        Rectangle {
            anchors.fill: parent
            radius: Theme.radiusPanel
            color: page.model.closed ? Theme.disabledFill : tile.down ? Theme.primaryPressed : Theme.primary
            border.width: page.model.closed ? Theme.controlBorder : 0
            border.color: Theme.border
        }
        Icon {
            id: sign
            x: Theme.elder ? Theme.s5 : Theme.s6 - 8
            anchors.verticalCenter: parent.verticalCenter
            name: page.model.service == null ? "" : page.model.service.icon
            size: Theme.iconHero
            stroke: 1.6
            tint: page.model.closed ? Theme.disabledInk : Theme.primaryInk
        }
        Column {
            x: sign.x + sign.width + (Theme.elder ? Theme.s4 : Theme.s5)
            width: parent.width - x - Theme.s3
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.s1
            Label {
                width: parent.width
                text: page.model.service == null ? "" : page.model.service.label
                size: Theme.numberSize + (Theme.elder ? -8 : 2)
                bold: true
                color: page.model.closed ? Theme.disabledInk : Theme.primaryInk
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.headingSize
            }
            Label {
                width: parent.width
                text: page.model.service == null ? "" : page.model.service.note
                size: Theme.elder ? Theme.subSize + 2 : Theme.bodySize
                color: page.model.closed ? Theme.disabledInk : Theme.primaryInk
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.statusSize
            }
        }
    }

    Panel {
        id: how
        y: tile.height + Theme.gutter
        width: parent.width
        height: cards.y - Theme.gutter - y

        Label {
            id: howTitle
            x: Theme.s5
            y: Theme.s4
            text: page.model.howTitle
            color: Theme.ink2
        }
        Column {
            id: list
            x: Theme.s5
            y: howTitle.y + howTitle.height + Theme.s1
            width: parent.width - 2 * x
            readonly property real rowHeight: (how.height - y - Theme.s3) / 5
            Repeater {
                model: page.model.how
                Item {
                    id: step
                    required property var modelData
                    width: list.width
                    height: list.rowHeight
                    Rectangle {
                        id: count
                        anchors.verticalCenter: parent.verticalCenter
                        width: 72
                        height: 72
                        radius: 36
                        color: Theme.primaryTint
                        Label {
                            anchors.centerIn: parent
                            anchors.verticalCenterOffset: -2
                            text: step.modelData.label
                            bold: true
                            size: 42
                            color: Theme.primary
                        }
                    }
                    Label {
                        anchors.verticalCenter: parent.verticalCenter
                        x: count.width + Theme.s4
                        width: mark.x - x - Theme.s2
                        text: step.modelData.text
                        size: Theme.headingSize - (Theme.elder ? 6 : 0)
                        bold: true
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.statusSize
                    }
                    Icon {
                        id: mark
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        name: step.modelData.icon
                        size: Theme.iconTile - 8
                        stroke: 1.8
                    }
                    Rectangle {
                        visible: step.modelData.label !== "5"
                        anchors.bottom: parent.bottom
                        width: parent.width
                        height: Theme.divider
                        color: Theme.line
                    }
                }
            }
        }
    }

    Row {
        id: cards
        y: page.floor - parent.y - height
        width: parent.width
        height: Theme.elder ? 216 : 196
        spacing: Theme.gutter
        Repeater {
            model: page.model.cards
            Panel {
                id: card
                required property var modelData
                width: (cards.width - Theme.gutter) / 2
                height: cards.height
                Accessible.role: Accessible.StaticText
                Accessible.name: modelData.label + "，" + modelData.text
                Icon {
                    id: cardSign
                    x: Theme.s4
                    anchors.verticalCenter: parent.verticalCenter
                    name: card.modelData.icon
                    size: Theme.iconTile
                    stroke: 1.8
                }
                Column {
                    x: cardSign.x + cardSign.width + Theme.s3
                    width: parent.width - x - Theme.s2
                    anchors.verticalCenter: parent.verticalCenter
                    Label {
                        text: card.modelData.label
                        size: Theme.subSize
                        color: Theme.ink2
                    }
                    Label {
                        width: parent.width
                        height: Math.min(implicitHeight, 110)
                        text: card.modelData.text
                        size: Theme.bodySize
                        bold: true
                        wrapMode: Text.Wrap
                        fontSizeMode: Text.Fit
                        minimumPixelSize: Theme.statusSize
                        maximumLineCount: 2
                    }
                }
            }
        }
    }
}
