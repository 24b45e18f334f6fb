"""What of a terminal is watched, how often, and what a running session must not be disturbed by."""

from collections.abc import Callable, Iterator, Mapping

from devices.id_card.sam.address import TcpAddress, parse_address
from devices.supervisor import Watched
from kiosk.app.settings import TerminalSettings
from kiosk.flow.health import CAMERA, FACE, ID_CARD, PLATFORM, PRINTER, SMART_CARD
from kiosk.ports.camera import Camera
from kiosk.ports.code_scanner import CodeReader
from kiosk.ports.device_status import DeviceStatus, Noticeable
from kiosk.ports.face_analyser import FaceAnalyser
from kiosk.ports.fleet_status import FleetStatus
from kiosk.ports.id_card import IdCardReader
from kiosk.ports.platform import HallPlatform
from kiosk.ports.printer import Printer
from kiosk.ports.smart_card import SmartCardReader
from kiosk.ports.speaker import Speaker

SPEAKER = "speaker"
FLEET = "fleet"


def watched(
    settings: TerminalSettings,
    *,
    reader: IdCardReader,
    smart_card: SmartCardReader | None,
    code_readers: Mapping[str, CodeReader],
    camera: Camera,
    face: FaceAnalyser,
    printer: Printer,
    speaker: Speaker,
    platform: HallPlatform,
    fleet: FleetStatus | None = None,
) -> Iterator[Watched]:
    """In the order in which a technician reads of them."""
    attached, networked = settings.supervision.attached, settings.supervision.networked
    bridged = isinstance(parse_address(settings.id_card.port), TcpAddress)
    yield Watched(ID_CARD, reader.status, networked if bridged else attached, _glance(reader), disturbs=True)
    if smart_card is not None:
        yield Watched(SMART_CARD, smart_card.status, attached, _glance(smart_card), disturbs=True)
    for name, scanner in code_readers.items():
        yield Watched(name, scanner.status, attached, scanner.status)
    yield Watched(CAMERA, camera.status, networked, _glance(camera))
    yield Watched(FACE, face.status, attached, _glance(face))
    yield Watched(PRINTER, printer.status, networked, disturbs=True)
    yield Watched(SPEAKER, speaker.status, attached, speaker.status)
    yield Watched(PLATFORM, platform.status, attached, _glance(platform))
    if fleet is not None:
        yield Watched(FLEET, fleet.status, attached, _glance(fleet))


def _glance(driver: object) -> Callable[[], DeviceStatus | None] | None:
    return driver.present if isinstance(driver, Noticeable) else None
