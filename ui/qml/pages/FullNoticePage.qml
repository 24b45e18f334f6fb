import QtQuick
import controls
import theme

Page {
    id: page

    Panel {
        anchors.fill: parent

        Column {
            id: list
            x: Theme.s5
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - 2 * x
            spacing: Theme.elder ? Theme.s2 : Theme.s4
            Repeater {
                model: page.model.paragraphs
                Label {
                    required property string modelData
                    width: list.width
                    text: modelData
                    size: Theme.shape === "wide" ? Theme.statusSize + 2 : Theme.elder ? Theme.subSize - 4 : Theme.bodySize
                    wrapMode: Text.Wrap
                    Accessible.ignored: false
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
            }
            Label {
                text: page.model.version
                size: Theme.statusSize
                color: Theme.ink2
            }
        }
    }
}
