import QtQuick
import controls
import theme

Page {
    id: page

    // Read once: every reading of a model's list builds it anew.
    readonly property var keys: model.keys
    readonly property var slots: model.slots
    readonly property var nothing: ({label: "", note: "", icon: "", live: false})
    readonly property int gap: Theme.elder ? 16 : Theme.gutter - 4
    // Keys and slots live on between visits: building them anew costs half a page change.
    readonly property int mostKeys: 28
    readonly property int mostSlots: 26
    readonly property bool narrowKeys: page.model.columns > 3

    Rectangle {
        id: shown
        visible: page.model.shown !== ""
        width: (parent.width - page.gap) / 2
        height: field.height
        radius: Theme.radiusButton
        color: Theme.primaryTint
        Accessible.role: Accessible.StaticText
        Accessible.name: page.model.shownName + "，" + page.model.shown.split("").join(" ")

        Column {
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.s3

            Label {
                width: parent.width
                text: page.model.shownName
                size: Theme.statusSize
                color: Theme.ink2
            }
            Label {
                width: parent.width
                text: page.model.shown
                size: Theme.numberSize
                bold: true
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
            }
        }
    }
    Rectangle {
        id: field
        x: shown.visible ? shown.width + page.gap : 0
        width: parent.width - x - (page.model.hide == null ? 0 : hide.width + page.gap)
        height: shown.visible ? (Theme.elder ? 204 : 184) : Theme.elder ? 168 : 150
        radius: Theme.radiusButton
        color: Theme.surface
        border.width: Theme.selectedBorder
        border.color: page.model.problem === "" ? Theme.primary : Theme.caution
        Accessible.role: Accessible.EditableText
        Accessible.name: page.model.field

        Row {
            id: slots
            readonly property real room: field.width - 2 * Theme.s3
            readonly property real cell: Math.min(Theme.numberSize * 0.62, room / Math.max(1, page.slots.length))
            readonly property int first: page.slots.indexOf("_")
            visible: page.model.problem === ""
            x: Theme.s3
            anchors.verticalCenter: parent.verticalCenter
            Repeater {
                model: page.mostSlots
                Item {
                    id: slot
                    visible: index < page.slots.length
                    required property int index
                    readonly property string sign: page.slots.charAt(index)
                    readonly property bool empty: sign === "_"
                    width: sign === " " ? slots.cell * 0.7 : slots.cell
                    height: field.height
                    Label {
                        anchors.centerIn: parent
                        visible: !slot.empty
                        text: slot.sign
                        size: Math.min(Theme.numberSize - 8, slots.cell * (slot.sign === "●" ? 0.9 : page.model.hide != null ? 1.6 : 1.3))
                        bold: true
                    }
                    Rectangle {
                        visible: slot.empty
                        x: 6
                        y: field.height / 2 + Theme.numberSize * 0.3
                        width: parent.width - 12
                        height: slot.index === slots.first ? 9 : 5
                        radius: 2
                        color: slot.index === slots.first ? Theme.primary : Theme.border
                    }
                }
            }
        }
        Label {
            visible: page.model.problem !== ""
            x: Theme.s4
            width: parent.width - 2 * x
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            text: page.model.problem
            bold: true
            color: Theme.caution
            wrapMode: Text.Wrap
            fontSizeMode: Text.Fit
            minimumPixelSize: Theme.floorSize
            Accessible.ignored: false
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text
        }
    }
    PressArea {
        id: hide
        objectName: "hide"
        visible: page.model.hide != null
        x: parent.width - width
        width: Theme.elder ? 184 : 156
        height: field.height
        spokenName: page.model.hide == null ? "" : page.model.hide.label
        onPressedOnce: page.model.press("hide")

        Rectangle {
            anchors.fill: parent
            radius: Theme.radiusButton
            color: hide.down ? Theme.primaryTint : Theme.surface
            border.width: Theme.secondBorder
            border.color: Theme.contrast ? Theme.border : Theme.primary
        }
        Column {
            anchors.centerIn: parent
            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: page.model.hide == null ? "" : page.model.hide.icon
                size: Theme.iconNav
                tint: Theme.contrast ? Theme.ink : Theme.primary
            }
            Label {
                width: Math.min(implicitWidth, hide.width - 2 * Theme.s1)
                anchors.horizontalCenter: parent.horizontalCenter
                text: hide.spokenName
                size: Theme.navSize
                bold: true
                color: Theme.contrast ? Theme.ink : Theme.primary
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.floorSize
            }
        }
    }

    Grid {
        id: keys
        readonly property int rowCount: Math.ceil(page.keys.length / columns)
        y: field.height + page.gap
        width: parent.width
        height: parent.height - y
        columns: page.narrowKeys && Theme.shape === "square" ? 5 : page.model.columns
        spacing: page.narrowKeys ? 12 : page.gap
        readonly property real keyWidth: (width - (columns - 1) * spacing) / columns
        readonly property real keyHeight: Math.min(184, (height - (rowCount - 1) * spacing) / Math.max(1, rowCount))

        Repeater {
            model: page.mostKeys
            Item {
                id: place
                visible: index < page.keys.length
                required property int index
                readonly property var choice: page.keys[index] ?? page.nothing
                width: keys.keyWidth
                height: keys.keyHeight

                PressArea {
                    id: key
                    objectName: "keys-" + place.index
                    visible: place.choice.live
                    anchors.fill: parent
                    spokenName: place.choice.note
                    onPressedOnce: page.model.press("keys", place.index)

                    Rectangle {
                        anchors.fill: parent
                        radius: Theme.radiusButton
                        color: key.down ? Theme.primaryTint : place.choice.icon === "" ? Theme.surface : Theme.disabledFill
                        border.width: Theme.controlBorder
                        border.color: Theme.border
                    }
                    Row {
                        anchors.centerIn: parent
                        spacing: Theme.s2
                        Icon {
                            anchors.verticalCenter: parent.verticalCenter
                            visible: name !== ""
                            name: place.choice.icon
                            size: Theme.iconNav
                            tint: Theme.ink
                        }
                        Label {
                            anchors.verticalCenter: parent.verticalCenter
                            visible: text !== ""
                            width: Math.min(implicitWidth, key.width - 2 * Theme.s1 - (place.choice.icon === "" ? 0 : Theme.iconNav + Theme.s2))
                            text: place.choice.label
                            size: place.choice.icon !== "" ? Theme.button2Size : page.narrowKeys ? Theme.headingSize : Theme.display2Size
                            bold: true
                            fontSizeMode: Text.HorizontalFit
                            minimumPixelSize: Theme.floorSize
                        }
                    }
                }
            }
        }
    }
}
