"""The moves that every part of the confirmation makes: the next step, the same step, a halt, the way out."""

from dataclasses import replace
from typing import TypeVar

from kiosk.domain.case import DeskReason
from kiosk.domain.receipt_number import ReceiptKind
from kiosk.flow.commands import IssueReceipt
from kiosk.flow.machine import Ending, S, Transition
from kiosk.journeys.confirmation.stages import (
    Confirmation,
    Finished,
    Halt,
    Halted,
    NumberingCase,
    NumberingSlip,
    Stage,
)
from kiosk.steps import capture_face, take_things

B = TypeVar("B", bound=Stage)
Move = Transition[Confirmation]


def leave(state: Confirmation, ending: Ending) -> Move:
    """Over; once the reader has waited for a card, whoever laid one down is reminded of it first (E-25)."""
    facts = state.facts
    if isinstance(state.stage, Halted) or facts.consent is not None or facts.helper is not None:
        return take(replace(state, leaving=ending), False, Transition(state))
    return go(state, Finished(ending))


def take(state: Confirmation, paper: bool, move: Transition[S]) -> Move:
    return then(state, take_things.begin(paper), move)


def then(state: Confirmation, begun: Transition[B], move: Transition[S]) -> Move:
    """The next step's beginning, after what the last one asked for."""
    return Transition(replace(state, stage=begun.state), (*move.commands, *begun.commands))


def halt(state: Confirmation, why: Halt, move: Transition[S]) -> Move:
    return Transition(replace(state, stage=Halted(why)), move.commands)


def go(state: Confirmation, stage: Stage) -> Move:
    return Transition(replace(state, stage=stage))


def stay(state: Confirmation, stage: Stage, move: Transition[S]) -> Move:
    return Transition(replace(state, stage=stage), move.commands)


def number_case(state: Confirmation, capture: capture_face.CaptureFinished, move: Transition[S]) -> Move:
    facts = replace(state.facts, capture=capture)
    issue = IssueReceipt(ReceiptKind.ELIGIBILITY)
    return Transition(replace(state, stage=NumberingCase(), facts=facts), (*move.commands, issue))


def number_slip(state: Confirmation, reason: DeskReason, move: Transition[S]) -> Move:
    issue = IssueReceipt(ReceiptKind.ELIGIBILITY)
    return Transition(replace(state, stage=NumberingSlip(reason)), (*move.commands, issue))
