import QtQuick
import theme

// The white sheet that carries a page's content.
Rectangle {
    radius: Theme.radiusPanel
    color: Theme.surface
    border.width: Theme.controlBorder
    border.color: Theme.contrast ? Theme.border : Theme.line
}
