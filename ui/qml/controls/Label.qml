import QtQuick
import theme

// Text of one role: size, weight and colour from the tokens.
Text {
    property bool bold: false
    property int size: Theme.bodySize

    color: Theme.ink
    font.family: Theme.family
    font.pixelSize: size
    font.bold: bold
    font.hintingPreference: Font.PreferNoHinting
    textFormat: Text.PlainText
    // Words that shrink to fit stay in the middle of their line.
    verticalAlignment: fontSizeMode === Text.FixedSize ? Text.AlignTop : Text.AlignVCenter
    lineHeight: wrapMode === Text.NoWrap ? 1 : 0.93
    Accessible.ignored: true
}
