"""01 Home: what this terminal does, and nothing that it does not do."""

from dataclasses import dataclass

from kiosk.flow.health import Health, clock_wrong, closed_by
from kiosk.flow.touches import Button, Pressed
from kiosk.ports.device_status import Ready
from ui.view_models.local import Open, SidePage
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.view import View, broken_device

_STEP_ICONS = ("file-text", "id-card", "user-check", "face-scan", "printer")


@dataclass(frozen=True)
class HomeProps(PageProps):
    """``closed`` greys the tile; a press then shows why."""

    service: Choice | None = None
    closed: bool = False
    how_title: str = ""
    how: tuple[Fact, ...] = ()
    cards: tuple[Fact, ...] = ()
    services: tuple[Choice, ...] = ()


def derive(health: Health | None, view: View) -> HomeProps:
    texts = view.texts
    broken = broken_device(health)
    if health is None:
        service = Choice(texts("service"), icon="face-scan", note=texts("home.tile_checking"))
    elif broken is not None:
        service = Choice(texts("service"), Open(SidePage.UNAVAILABLE), "face-scan", texts("home.tile_closed"))
    else:
        service = Choice(texts("service"), Pressed(Button.START), "face-scan", texts("home.tile_note"))
    day = texts(
        "day",
        day=view.now.day,
        month=view.now.month,
        month_name=texts(f"month.{view.now.month}"),
        weekday=texts(f"weekday.{view.now.weekday()}"),
    )
    title = texts.title("home.title")
    return HomeProps(
        title=title,
        head=day,
        service=service,
        closed=broken is not None,
        how_title=texts("home.how"),
        how=tuple(Fact(str(n), texts(f"home.how.{n}"), icon) for n, icon in enumerate(_STEP_ICONS, 1)),
        cards=(
            Fact(texts("home.bring"), texts("home.bring_text"), "id-card"),
            Fact(texts("home.desk"), view.desk_hours, "users"),
        ),
        services=_others(health, view),
        spoken=(title, texts("service"), texts("home.spoken")),
    )


def _others(health: Health | None, view: View) -> tuple[Choice, ...]:
    """What else is done here: a visit at home, a receipt looked up, help by a 帮办人员 with the own card. Nothing opens
    before the first self-check."""
    texts = view.texts
    reads = health is not None and isinstance(health.reader, Ready) and not clock_wrong(health)
    keeps = health is not None and health.refused is None
    opens = health is not None and closed_by(health) is None

    def other(name: str, start: Button, icon: str, live: bool) -> Choice:
        event = Pressed(start) if live else None
        return Choice(texts(f"home.{name}"), event, icon, texts(f"home.{name}_note"))

    return (
        other("visit", Button.START_HOME_VISIT, "home-heart", reads and keeps),
        other("lookup", Button.START_LOOK_UP, "inbox", health is not None),
        other("helped", Button.START_HELPED, "users", opens),
    )
