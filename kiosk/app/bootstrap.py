"""The composition root: builds one terminal from its settings. The only place that knows every driver."""

import gc
import random
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.camera.hosted.driver import HostedCamera
from devices.camera.mjpeg.pair import MjpegPair
from devices.code_scanner.image.driver import ImageScanner
from devices.code_scanner.serial_scanner.driver import SerialScanner
from devices.code_scanner.serial_scanner.settings import SerialScannerSettings
from devices.code_scanner.wedge.driver import WedgeScanner
from devices.face_analyser.embedded.driver import EmbeddedFaceAnalyser
from devices.id_card.sam.driver import SamReader
from devices.photo_decoder.maker.driver import MakerPhotoDecoder
from devices.photo_decoder.maker.settings import MakerDecoderSettings
from devices.photo_decoder.training.driver import TrainingPhotoDecoder
from devices.printer.a4.driver import A4CupsPrinter
from devices.printer.a4.settings import A4CupsSettings
from devices.printer.escpos.driver import EscposPrinter
from devices.smart_card.pcsc.driver import PcscReader
from devices.speaker.espeak.driver import EspeakSpeaker
from devices.supervisor import Supervisor
from kiosk.app.fleet_reporter import FleetReporter, TerminalGlance
from kiosk.app.settings import Decoder, ReceiptPrinter, Scanner, TerminalSettings
from kiosk.app.system import SystemClock, ThreadExecutor
from kiosk.app.unsettled_papers import settle_unsettled_papers
from kiosk.app.watched import watched
from kiosk.audit.log import AuditLog
from kiosk.codes.issuers import CodeBook, book_of
from kiosk.domain.picture import Frame
from kiosk.fleet.mqtt import MqttFleetStatus
from kiosk.flow.machine import Journey
from kiosk.flow.ports import Ports
from kiosk.flow.runner import Runner
from kiosk.flow.session import Session
from kiosk.flow.touches import Button
from kiosk.journeys.confirm_eligibility import ConfirmEligibility
from kiosk.journeys.look_up_receipt import LookUpReceipt
from kiosk.journeys.request_home_visit import RequestHomeVisit
from kiosk.journeys.states import JourneyState, TerminalState
from kiosk.platform.bundles import HttpBundleSource
from kiosk.platform.client import HttpHallPlatform
from kiosk.platform.renewals import Identity, key_file_beside
from kiosk.ports.clock import Clock
from kiosk.ports.code_scanner import CodeReader
from kiosk.ports.paper_roll import PaperRoll
from kiosk.ports.photo_decoder import PhotoDecoder
from kiosk.ports.print_journal import PrintJournal
from kiosk.ports.printer import Printer
from kiosk.ports.reference_cache import ReferenceCache
from kiosk.wire.envelope import Sealer
from kiosk.wire.keys import (
    KeyUnusable,
    load_gateway_registration,
    load_or_create_signing_key,
    register_terminal,
    write_registration,
)
from kiosk.wire.paper_check import PaperKeys
from kiosk.wire.staff_answer import secret_at_terminal
from offline_cache.day_close import DayClose
from offline_cache.delivery import Delivery
from offline_cache.outbox import SealedOutbox
from offline_cache.paper_roll import DurablePaperRoll
from offline_cache.print_journal import DurablePrintJournal
from offline_cache.queue import RecordQueue
from offline_cache.receipts import DurableReceiptIssuer
from offline_cache.reference_cache import DurableReferenceCache
from offline_cache.roster_snapshot import BundledRoster
from offline_cache.rounds import RoundThread
from offline_cache.staff_authorisation import DurableStaffAuthorisation
from offline_cache.store import Store

_DELIVERY_ROUND_S, _UPKEEP_ROUND_S = 1.0, 20.0


@dataclass(frozen=True, slots=True)
class KeysMissing:
    """The terminal cannot sign or seal. ``remedy`` is what a technician does next."""

    reason: str
    remedy: str


class Terminal:
    """One terminal with its devices, its engine, who watches the devices, and the delivery. ``close`` ends them all."""

    def __init__(
        self,
        ports: Ports,
        camera: HostedCamera,
        outbox: SealedOutbox,
        speaker: EspeakSpeaker,
        supervisor: Supervisor,
        delivery: RoundThread,
        store: Store,
        audit: AuditLog,
        codes: CodeBook,
        fleet: FleetReporter | None,
        references: ReferenceCache,
        upkeep: RoundThread,
    ) -> None:
        self.ports = ports
        self.codes = codes
        self._camera = camera
        self._outbox = outbox
        self.speaker = speaker
        self.supervisor = supervisor
        self.clock = SystemClock()
        self._delivery = delivery
        self._store = store
        self._audit = audit
        self._fleet = fleet
        self.references = references
        self._upkeep = upkeep
        self._runner: Runner[JourneyState] | None = None
        self._engine: threading.Thread | None = None

    def runner(
        self, session: Session[JourneyState], on_change: Callable[[TerminalState], None]
    ) -> Runner[JourneyState]:
        """The engine, not yet running; ``on_change`` will be called on its thread."""
        self._runner = Runner(session, self.ports, self.clock, ThreadExecutor(), lambda: str(uuid.uuid4()), on_change)
        return self._runner

    def start(self) -> None:
        """Settles what the last run left of papers, then starts engine, watch, delivery and upkeep. What is there by
        now stays, and is left out of the collection at every wipe, for which the window would wait."""
        assert self._runner is not None
        gc.freeze()
        settle_unsettled_papers(self.ports, self.clock)
        self._engine = threading.Thread(target=self._runner.run, name="engine", daemon=True)
        self._engine.start()
        self.supervisor.start()
        self._delivery.start()
        self._upkeep.start()
        if self._fleet is not None:
            self._fleet.start()

    def latest_frame(self) -> Frame | None:
        """What the camera sees now, for the mirror on the page; None while it is off."""
        frame = self._camera.next_frame(0, 0.0)
        return frame if isinstance(frame, Frame) else None

    def close(self) -> None:
        """Ends the engine, the delivery, the upkeep, what the fleet hears, the watch and the devices, in this order."""
        if self._runner is not None and self._engine is not None:
            self._runner.stop()
            self._engine.join()
            self._delivery.close()
            self._upkeep.close()
        if self._fleet is not None:
            self._fleet.close()
        self.supervisor.close()
        self.speaker.stop()
        self._camera.close()
        self.ports.face.close()
        self.ports.printer.close()
        self.ports.reader.close()
        if self.ports.smart_card is not None:
            self.ports.smart_card.close()
        for scanner in self.ports.code_readers.values():
            scanner.close()
        self._outbox.close()
        self._store.close()
        self._audit.close()
        gc.unfreeze()


def build_session(settings: TerminalSettings, codes: CodeBook) -> Session[JourneyState]:
    site, face = settings.site, settings.liveness
    journeys: dict[Button, Journey[Any]] = {
        Button.START: ConfirmEligibility(site, face, codes),
        Button.START_HELPED: ConfirmEligibility(site, face, codes, helped=True),
        Button.START_HOME_VISIT: RequestHomeVisit(site),
        Button.START_LOOK_UP: LookUpReceipt(site, codes),
    }
    return Session(journeys, settings.times)


def register(settings: TerminalSettings) -> Path | KeysMissing:
    """Leaves the registration file that the gateway needs of this terminal beside its key."""
    key = load_or_create_signing_key(settings.signing_key)
    if isinstance(key, KeyUnusable):
        return KeysMissing(f"{settings.signing_key}: {key.reason}", "restore the key or register anew")
    path = settings.signing_key.with_suffix(".registration.json")
    try:
        write_registration(path, register_terminal(settings.site.terminal, settings.site.training, key))
    except OSError as trouble:
        return KeysMissing(f"{path}: {trouble.strerror}", "make room on the disk and let this folder be written")
    return path


def build_terminal(settings: TerminalSettings) -> Terminal | KeysMissing:
    """Opens nothing yet but the terminal's keys, and leaves its registration file beside them."""
    registration = register(settings)
    if isinstance(registration, KeysMissing):
        return registration
    signing_key = load_or_create_signing_key(settings.signing_key)
    assert not isinstance(signing_key, KeyUnusable)
    gateway = load_gateway_registration(settings.platform.registration)
    if isinstance(gateway, KeyUnusable):
        return KeysMissing(
            f"{settings.platform.registration}: {gateway.reason}",
            f"give the gateway {registration} and copy its own registration file here",
        )
    try:
        staff_secret = secret_at_terminal(signing_key, gateway.public_key)
    except ValueError:
        return KeysMissing(
            f"{settings.platform.registration}: not a key to seal to", "copy the gateway's own file anew"
        )
    clock = SystemClock()
    audit = AuditLog(settings.log, clock)
    sealer = Sealer(settings.site.terminal, signing_key, gateway, clock)
    key_file = key_file_beside(settings.platform.registration)
    identity = Identity(settings.site.terminal, signing_key, gateway.certificate_key, key_file)
    platform = HttpHallPlatform(settings.platform, sealer, clock, identity)
    store = Store(settings.storage.path, settings.storage.max_bytes)
    queue = RecordQueue(store, settings.storage, clock)
    journal, roll = DurablePrintJournal(store), DurablePaperRoll(store)
    delivery = Delivery(queue, platform, audit, clock, random.random, settings.storage.delivery)
    outbox = SealedOutbox(queue, sealer, delivery, platform.clock_wrong)
    reader, camera = SamReader(settings.id_card, clock), HostedCamera(settings.camera, MjpegPair, clock)
    smart_card = PcscReader(settings.smart_card, clock) if settings.smart_card is not None else None
    face, printer = EmbeddedFaceAnalyser(settings.face_analyser), _printer(settings.printer, clock, journal, roll)
    speaker, code_readers = EspeakSpeaker(settings.speaker), build_code_readers(settings.scanners, clock)
    number = settings.site.terminal
    fleet = _fleet(settings, clock)
    devices = watched(
        settings,
        reader=reader,
        smart_card=smart_card,
        code_readers=code_readers,
        camera=camera,
        face=face,
        printer=printer,
        speaker=speaker,
        platform=platform,
        fleet=fleet,
    )
    supervisor = Supervisor(devices, settings.supervision, clock, ThreadExecutor())
    bundles, hall_key = HttpBundleSource(settings.platform), gateway.certificate_key
    references = DurableReferenceCache(store, bundles, hall_key, audit, clock, random.random, settings.references)
    roster = settings.references.roster_snapshot
    ports = Ports(
        reader=reader,
        photo_decoder=_photo_decoder(settings.photo_decoder, clock),
        scanner=ImageScanner(),
        camera=camera,
        face=face,
        printer=printer,
        platform=platform,
        outbox=outbox,
        receipts=DurableReceiptIssuer(store, settings.site.terminal, signing_key, settings.site.verification_url),
        journal=journal,
        roll=roll,
        staff=DurableStaffAuthorisation(store, settings.site.terminal, staff_secret, gateway.staff, audit),
        supervision=supervisor,
        audit=audit,
        smart_card=smart_card,
        code_readers=code_readers,
        snapshot=None if roster is None else BundledRoster(references, roster, clock),
    )
    own_keys = (signing_key.public_key(), *gateway.receipt_keys.get(number, ()))
    codes = book_of(settings.codes, PaperKeys({**gateway.receipt_keys, number: own_keys}, gateway.certificate_key))
    glance = TerminalGlance(supervisor, store, settings.storage.path, roll, code_readers, clock)
    reporter = (
        None
        if fleet is None or settings.fleet is None
        else FleetReporter(fleet, supervisor, glance.status, settings.fleet.heartbeat_s)
    )
    day_close = DayClose(store, outbox, audit, clock, random.random)
    return Terminal(
        ports,
        camera,
        outbox,
        speaker,
        supervisor,
        RoundThread("delivery", _DELIVERY_ROUND_S, delivery.run_due),
        store,
        audit,
        codes,
        reporter,
        references,
        RoundThread("upkeep", _UPKEEP_ROUND_S, day_close.run_due, references.run_due),
    )


def _printer(printer: ReceiptPrinter, clock: Clock, journal: PrintJournal, roll: PaperRoll) -> Printer:
    if isinstance(printer, A4CupsSettings):
        return A4CupsPrinter(printer, clock, journal)
    return EscposPrinter(printer, clock, journal, roll)


def _fleet(settings: TerminalSettings, clock: Clock) -> MqttFleetStatus | None:
    if settings.fleet is None:
        return None
    platform = settings.platform
    shown = settings.fleet.or_shown(platform.authority, platform.certificate, platform.tls_key)
    return MqttFleetStatus(shown, settings.site.terminal, clock, random.random)


def _photo_decoder(decoder: Decoder, clock: Clock) -> PhotoDecoder:
    return MakerPhotoDecoder(decoder, clock) if isinstance(decoder, MakerDecoderSettings) else TrainingPhotoDecoder()


def build_code_readers(scanners: tuple[Scanner, ...], clock: Clock) -> dict[str, CodeReader]:
    """Each scanner by the name that log and self-check know it by: scanner-1, scanner-2."""
    return {
        f"scanner-{number}": SerialScanner(scanner, clock)
        if isinstance(scanner, SerialScannerSettings)
        else WedgeScanner(scanner, clock)
        for number, scanner in enumerate(scanners, 1)
    }
