"""Where a terminal's session can be: in one of the journeys there are."""

from kiosk.flow.session_state import SessionState
from kiosk.journeys.confirmation.stages import Confirmation
from kiosk.journeys.look_up_receipt import LookUp
from kiosk.journeys.request_home_visit import HomeVisit

JourneyState = Confirmation | HomeVisit | LookUp
TerminalState = SessionState[JourneyState]
