import QtQuick
import controls
import theme

Page {
    id: page

    // Read once: every reading of a model's list builds it anew.
    readonly property var services: model.services
    readonly property int floor: Theme.lying ? zoneBottom : Theme.keysTop - Theme.gap - zoneTop

    PressArea {
        id: tile
        objectName: "service"
        parent: Theme.lying ? page : how.parent
        x: Theme.lying ? page.side : 0
        y: Theme.lying ? page.zoneBottom - height : 0
        width: Theme.columnWidth
        height: Theme.lying ? 470 : Theme.elder ? 268 : 300
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
            x: Theme.lying || Theme.elder ? Theme.s5 : Theme.s6 - 8
            y: Theme.lying ? Theme.s4 : (parent.height - height) / 2
            name: page.model.service == null ? "" : page.model.service.icon
            size: Theme.lying ? Theme.iconHero - 40 : Theme.iconHero
            stroke: 1.6
            tint: page.model.closed ? Theme.disabledInk : Theme.primaryInk
        }
        Column {
            x: Theme.lying ? sign.x : sign.x + sign.width + (Theme.elder ? Theme.s4 : Theme.s5)
            y: Theme.lying ? parent.height - height - Theme.s4 : (parent.height - height) / 2
            width: parent.width - x - Theme.s3
            spacing: Theme.s1
            Label {
                width: parent.width
                text: page.model.service == null ? "" : page.model.service.label
                size: Theme.numberSize + (Theme.elder ? -8 : 2)
                bold: true
                color: page.model.closed ? Theme.disabledInk : Theme.primaryInk
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
            }
            Label {
                width: parent.width
                text: page.model.service == null ? "" : page.model.service.note
                size: Theme.elder ? Theme.subSize + 2 : Theme.bodySize
                color: page.model.closed ? Theme.disabledInk : Theme.primaryInk
                wrapMode: Theme.lying ? Text.Wrap : Text.NoWrap
                fontSizeMode: Theme.lying ? Text.FixedSize : Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
            }
        }
    }

    component Service: PressArea {
        id: service
        property int place: 0
        readonly property var choice: page.services.length > place ? page.services[place] : null

        objectName: "services-" + place
        x: place * (width + Theme.gutter)
        width: (services.width - 2 * Theme.gutter) / 3
        height: services.height
        visible: choice != null
        enabled: choice != null && choice.live
        spokenName: choice == null ? "" : choice.label + "，" + choice.note
        onPressedOnce: page.model.press("services", place)

        Rectangle {
            anchors.fill: parent
            radius: Theme.radiusPanel
            color: !service.enabled ? Theme.disabledFill : service.down ? Theme.primaryTint : Theme.surface
            border.width: Theme.controlBorder
            border.color: Theme.border
        }
        Icon {
            id: serviceSign
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.s3
            name: service.choice == null ? "" : service.choice.icon
            size: Theme.iconTile
            stroke: 1.8
            tint: service.enabled ? Theme.primary : Theme.disabledInk
        }
        Column {
            width: parent.width - 2 * Theme.s2
            anchors.horizontalCenter: parent.horizontalCenter
            y: serviceSign.y + serviceSign.height + (parent.height - serviceSign.y - serviceSign.height - height) / 2 - 8
            Label {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: service.choice == null ? "" : service.choice.label
                size: Theme.headingSize - 2
                bold: true
                color: service.enabled ? Theme.ink : Theme.disabledInk
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
            }
            Label {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                visible: !Theme.elder
                text: service.choice == null ? "" : service.choice.note
                size: Theme.subSize
                color: service.enabled ? Theme.ink2 : Theme.disabledInk
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
            }
        }
    }

    Item {
        id: services
        y: Theme.lying ? 0 : tile.height + Theme.gutter
        width: parent.width
        height: Theme.elder ? 208 : 236
        Service {}
        Service { place: 1 }
        Service { place: 2 }
    }

    Panel {
        id: how
        y: services.y + services.height + Theme.gutter
        width: parent.width
        height: cards.y - Theme.gutter - y

        Label {
            id: howTitle
            x: Theme.s5
            y: Theme.s3
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
                        width: Math.min(72, step.height - 12)
                        height: width
                        radius: width / 2
                        color: Theme.primaryTint
                        Label {
                            anchors.centerIn: parent
                            anchors.verticalCenterOffset: -2
                            text: step.modelData.label
                            bold: true
                            size: Math.round(count.width * 0.58)
                            color: Theme.primary
                        }
                    }
                    Label {
                        anchors.verticalCenter: parent.verticalCenter
                        x: count.width + Theme.s4
                        width: mark.x - x - Theme.s2
                        text: step.modelData.text
                        size: Math.min(Theme.headingSize - (Theme.elder ? 6 : 0), step.height * 0.62)
                        bold: true
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.floorSize
                    }
                    Icon {
                        id: mark
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        name: step.modelData.icon
                        size: Math.min(Theme.iconTile - 8, step.height - 16)
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

    Grid {
        id: cards
        columns: Theme.stacked ? 1 : 2
        y: page.floor - parent.y - height
        width: parent.width
        height: Theme.stacked ? 320 : Theme.elder ? 208 : 184
        spacing: Theme.stacked ? Theme.s2 : Theme.gutter
        Repeater {
            model: page.model.cards
            Panel {
                id: card
                required property var modelData
                width: Theme.stacked ? cards.width : (cards.width - Theme.gutter) / 2
                height: Theme.stacked ? (cards.height - Theme.s2) / 2 : cards.height
                Accessible.role: Accessible.StaticText
                Accessible.name: modelData.label + "，" + modelData.text
                Icon {
                    id: cardSign
                    x: Theme.s4
                    anchors.verticalCenter: parent.verticalCenter
                    name: card.modelData.icon
                    size: Theme.stacked ? Theme.iconRow : Theme.iconTile
                    stroke: 1.8
                }
                Column {
                    x: cardSign.x + cardSign.width + Theme.s3
                    width: parent.width - x - Theme.s2
                    anchors.verticalCenter: parent.verticalCenter
                    Label {
                        width: parent.width
                        text: card.modelData.label
                        size: Theme.subSize
                        color: Theme.ink2
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.floorSize
                    }
                    Label {
                        width: parent.width
                        height: Math.min(implicitHeight, card.height - 2 * Theme.s2 - Theme.subSize * 1.4)
                        text: card.modelData.text
                        size: Theme.bodySize
                        bold: true
                        wrapMode: Text.Wrap
                        fontSizeMode: Text.Fit
                        minimumPixelSize: Theme.floorSize
                        maximumLineCount: 2
                    }
                }
            }
        }
    }
}
