// The design tokens (tokens.json) in the mode and on the panel that are on. Sizes are pixels of the layout: 1080x1920
// upright, 1920x1080 lying, and 1680x1344 for the 1280x1024 panel, which is scaled.
pragma Singleton
import QtQuick

QtObject {
    property bool elder: false
    property bool contrast: false
    property string shape: "upright"
    readonly property bool lying: shape !== "upright"
    readonly property bool stacked: shape === "square"
    readonly property var panel: lying ? tokens.landscape[shape] : tokens.screen

    readonly property var tokens: designTokens
    readonly property int mode: elder ? 1 : 0
    readonly property var roles: tokens.colour[contrast ? "contrast" : "normal"]
    readonly property var shines: tokens.shine[contrast ? "contrast" : "normal"]
    readonly property string family: tokens.family

    readonly property color bg: roles.bg
    readonly property color surface: roles.surface
    readonly property color line: roles.line
    readonly property color border: roles.border
    readonly property color ink: roles.ink
    readonly property color ink2: roles.ink2
    readonly property color primary: roles.primary
    readonly property color primaryPressed: roles.primaryPressed
    readonly property color primaryInk: roles.primaryInk
    readonly property color primaryTint: roles.primaryTint
    readonly property color success: roles.success
    readonly property color successInk: roles.successInk
    readonly property color successTint: roles.successTint
    readonly property color info: roles.info
    readonly property color infoInk: roles.infoInk
    readonly property color neutral: roles.neutral
    readonly property color neutralInk: roles.neutralInk
    readonly property color caution: roles.caution
    readonly property color cautionTint: roles.cautionTint
    readonly property color stop: roles.stop // on the technician's page only
    readonly property color stopTint: roles.stopTint
    readonly property color disabledInk: roles.disabledInk
    readonly property color disabledFill: roles.disabledFill
    readonly property color focus: roles.focus
    readonly property color focusEdge: roles.focusEdge

    readonly property int displaySize: tokens.type.display[mode]
    readonly property int display2Size: tokens.type.display2[mode]
    readonly property int hintSize: tokens.type.hint[mode]
    readonly property int titleSize: lying ? tokens.landscape.title_size[mode] : tokens.type.title[mode]
    readonly property int numberSize: tokens.type.number[mode]
    readonly property int headingSize: tokens.type.heading[mode]
    readonly property int buttonSize: tokens.type.button[mode]
    readonly property int button2Size: tokens.type.button2[mode]
    readonly property int bodySize: tokens.type.body[mode]
    readonly property int subSize: tokens.type.sub[mode]
    readonly property int navSize: tokens.type.nav[mode]
    readonly property int statusSize: tokens.type.status[mode]

    readonly property int floorSize: tokens.shrink_to[lying ? "lying" : "upright"][mode]

    readonly property int s1: tokens.space.s1
    readonly property int s2: tokens.space.s2
    readonly property int s3: tokens.space.s3
    readonly property int s4: tokens.space.s4
    readonly property int s5: tokens.space.s5
    readonly property int s6: tokens.space.s6
    readonly property int s7: tokens.space.s7

    readonly property int radiusButton: tokens.radius.button
    readonly property int radiusPanel: tokens.radius.panel

    readonly property int controlBorder: tokens.border.control[contrast ? 1 : 0]
    readonly property int secondBorder: tokens.border.second[contrast ? 1 : 0]
    readonly property int selectedBorder: tokens.border.selected[contrast ? 1 : 0]
    readonly property int divider: tokens.border.divider[contrast ? 1 : 0]

    readonly property int minTouch: shape === "square" ? tokens.landscape.square_min_touch[mode] : tokens.touch.min_any[mode]
    readonly property int primaryHeight: Math.max(minTouch, (lying ? tokens.landscape : tokens.touch).primary_button_height[mode])
    readonly property int secondHeight: Math.max(minTouch, (lying ? tokens.landscape : tokens.touch).second_button_height[mode])
    readonly property int keyHeight: lying ? (columnBottom - headTop - 3 * tokens.landscape.keys_gutter) / 4 : tokens.touch.permanent_key_height[mode]
    readonly property int pillHeight: Math.max(minTouch, tokens.touch.voice_pill_height[mode])

    readonly property int iconStatus: tokens.icon.status[mode]
    readonly property int iconNav: tokens.icon.nav[mode]
    readonly property int iconRow: tokens.icon.row[mode]
    readonly property int iconTile: tokens.icon.tile[mode]
    readonly property int iconButton: tokens.icon.button[mode]
    readonly property int iconHero: tokens.icon.hero[mode]
    readonly property int iconDisc: tokens.icon.disc[mode]

    readonly property int screenWidth: panel.width
    readonly property int screenHeight: panel.height
    readonly property int margin: lying ? tokens.landscape.margin : tokens.zones.margin[mode]
    readonly property int gutter: tokens.zones.gutter[mode]
    readonly property int gap: tokens.zones.gap[mode]
    readonly property int statusBottom: tokens.zones.status[mode][1]
    readonly property int headTop: lying ? tokens.landscape.head : tokens.zones.head[mode][0]
    readonly property int titleTop: lying ? headTop + pillHeight + gap + (stacked ? 2 * subSize : 0) : tokens.zones.title[mode]
    readonly property int actionTop: tokens.zones.action[mode][0]
    readonly property int actionBottom: lying ? columnBottom : tokens.zones.action[mode][1]
    readonly property int keysTop: tokens.zones.keys[mode][0]
    readonly property int pageBottom: lying ? screenHeight : keysTop

    readonly property int columnWidth: lying ? panel.column : screenWidth - 2 * margin
    readonly property int columnBottom: screenHeight - tokens.landscape.bottom_margin
    readonly property int keysWidth: tokens.landscape.keys
    readonly property int bodyX: lying ? margin + columnWidth + tokens.landscape.body_gap : margin
    readonly property int bodyWidth: lying ? screenWidth - margin - keysWidth - tokens.landscape.keys_gap - bodyX : columnWidth

    readonly property int cardLoopMs: tokens.motion.card_loop_ms
    readonly property int blinkLoopMs: tokens.motion.blink_loop_ms
    readonly property int spinnerAfterMs: tokens.time.spinner_after_ms
    readonly property int slowWordsAfterMs: tokens.time.slow_words_after_ms
}
