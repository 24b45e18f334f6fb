import QtQuick
import controls
import theme

// The whole screen: status bar, the page that is on, the four keys. Pages live on once loaded.
// Laid out for an upright, a lying or a squarish panel, and scaled to its pixels.
Rectangle {
    id: root

    required property QtObject shell

    color: Theme.bg

    Binding {
        target: Theme
        property: "shape"
        value: root.width < root.height ? "upright" : root.width < root.height * Theme.tokens.landscape.square_below ? "square" : "wide"
        when: root.width > 0 && root.height > 0
    }

    Item {
        id: panel
        anchors.horizontalCenter: parent.horizontalCenter
        width: Theme.screenWidth
        height: Theme.screenHeight
        scale: Math.min(root.width / width, root.height / height)
        transformOrigin: Item.Top

        StatusBar {
            width: parent.width
            shell: root.shell
        }

        Repeater {
            model: root.shell.pages
            Loader {
                id: slot
                required property string modelData
                required property int index
                readonly property bool current: root.shell.page === modelData
                property bool wanted: false

                objectName: "page-" + modelData
                y: Theme.statusBottom
                width: panel.width
                height: Theme.pageBottom - y
                visible: current
                active: wanted || index < root.shell.loaded
                onCurrentChanged: if (current) wanted = true
                onActiveChanged: load()
                Component.onCompleted: {
                    wanted = current
                    load()
                }

                function load() {
                    if (active && status === Loader.Null)
                        setSource("pages/" + root.shell.file(modelData), {shell: root.shell, model: root.shell.model(modelData)})
                }
            }
        }

        KeyBar {
            x: Theme.lying ? parent.width - Theme.margin - width : 0
            y: Theme.lying ? Theme.headTop : Theme.keysTop
            width: Theme.lying ? Theme.keysWidth : parent.width
            height: Theme.lying ? Theme.columnBottom - y : parent.height - y
            shell: root.shell
        }

        Item {
            anchors.fill: parent
            PointHandler {
                onActiveChanged: if (active) root.shell.touched()
            }
        }
    }
}
