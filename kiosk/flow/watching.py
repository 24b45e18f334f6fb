"""What is done while the camera is on: a face is followed, or a code is looked for, there and at every scanner."""

import threading
from collections.abc import Callable, Iterator, Mapping

from kiosk.domain.picture import Frame
from kiosk.flow.code_ledger import CodeLedger
from kiosk.flow.code_search import CodeSearch
from kiosk.flow.commands import ReadCode, StartFace
from kiosk.flow.events import CodeAnswered, Event, FaceLost, FaceSeen, FaceStarted
from kiosk.ports.camera import Camera, CameraSilent
from kiosk.ports.clock import Clock
from kiosk.ports.code_scanner import CodeReader, CodeReading, CodeScanner, CodeSeen, NoCode, ScannerFault
from kiosk.ports.executor import Executor
from kiosk.ports.face_analyser import AnalyserFault, FaceAnalyser, ReferenceReady

FRAME_S = 1.0
SILENT_FRAMES = 3


class Watching:
    """Runs on the executor's threads with the camera started. ``tell`` takes the events; ``stopped`` ends the work."""

    def __init__(
        self,
        camera: Camera,
        face: FaceAnalyser,
        scanner: CodeScanner,
        code_readers: Mapping[str, CodeReader],
        clock: Clock,
        executor: Executor,
    ) -> None:
        self._camera = camera
        self._face = face
        self._scanner = scanner
        self._code_readers = code_readers
        self._clock = clock
        self._executor = executor

    def follow_face(self, command: StartFace, stopped: threading.Event, tell: Callable[[Event], None]) -> None:
        """Streams observations until told to stop, with one last event when camera or analyser give out."""
        answer = None if command.reference is None else self._face.set_reference(command.reference)
        tell(FaceStarted(answer, command.pace))
        if not isinstance(answer, ReferenceReady | None):
            return
        for frame in self._frames(stopped):
            if isinstance(frame, CameraSilent):
                tell(FaceLost("camera", frame.reason))
                return
            observation = self._face.observe(frame)
            if isinstance(observation, AnalyserFault):
                tell(FaceLost("face", observation.reason))
                return
            tell(FaceSeen(observation))

    def look_for_code(
        self, command: ReadCode, stopped: threading.Event, ledger: CodeLedger, tell: Callable[[Event], None]
    ) -> None:
        readers = self._code_readers.values()

        def found(reading: CodeReading) -> None:
            if isinstance(reading, CodeSeen):
                ledger.note(reading, self._clock.monotonic())
            tell(CodeAnswered(reading))

        search = CodeSearch(1 + len(readers), command.known, stopped, found)
        for reader in readers:
            self._executor.submit(self._scan(reader, command.timeout_s, search))
        search.report(self._code_before_camera(command.timeout_s, search))

    def _frames(self, stopped: threading.Event) -> Iterator[Frame | CameraSilent]:
        """Newest frames until told to stop; one ``CameraSilent`` and no more when the camera gives out."""
        last, silent = 0, 0
        while not stopped.is_set():
            frame = self._camera.next_frame(last, FRAME_S)
            if isinstance(frame, CameraSilent):
                silent += 1
                if silent == SILENT_FRAMES:
                    yield frame
                    return
                continue
            last, silent = frame.sequence, 0
            yield frame

    def _scan(self, reader: CodeReader, timeout_s: float, search: CodeSearch) -> Callable[[], None]:
        def scan() -> None:
            until = self._clock.monotonic() + timeout_s
            reading = reader.read_code(timeout_s, search.ended)
            while isinstance(reading, CodeSeen) and not search.wanted(reading):
                reading = reader.read_code(max(0.0, until - self._clock.monotonic()), search.ended)
            search.report(reading)

        return scan

    def _code_before_camera(self, timeout_s: float, search: CodeSearch) -> CodeReading:
        until = self._clock.monotonic() + timeout_s
        for frame in self._frames(search.ended):
            if isinstance(frame, CameraSilent):
                return ScannerFault(frame.reason)
            for payload in self._scanner.codes_in(frame.picture):
                if search.wanted(CodeSeen(payload)):
                    return CodeSeen(payload)
            if self._clock.monotonic() >= until:
                break
        return NoCode()
