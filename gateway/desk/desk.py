"""The staff desk as a whole: its door, which other parts of the gateway ask as well, and its own pages."""

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Engine

from gateway.desk import case_routes, errand_routes, login
from gateway.desk.accounts import Accounts
from gateway.desk.case_desk import CaseDesk
from gateway.desk.door import DeskDoor
from gateway.desk.errands import ErrandDesk
from gateway.desk.evidence import OpenRecord, References
from gateway.desk.sample import settle_sample
from gateway.desk.sessions import Sessions
from gateway.desk.settings import DeskSettings
from gateway.desk.trail import begin_chain
from gateway.evidence_store import EvidenceStore
from gateway.settings import DecisionPolicy
from kiosk.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class StaffDeskPages:
    """``routers`` in this order; pages of other parts go between them and ``elsewhere``."""

    door: DeskDoor
    routers: tuple[APIRouter, ...]
    elsewhere: APIRouter


def make_desk(
    engine: Engine,
    clock: Clock,
    policy: DecisionPolicy,
    settings: DeskSettings,
    open_record: OpenRecord,
    references: References,
    evidence: EvidenceStore,
    sandbox: bool,
) -> StaffDeskPages:
    """A sandbox has accounts of its own (``sample``), and says on every page what it is."""
    begin_chain(engine)
    accounts, sessions = Accounts(engine, clock), Sessions(engine, clock, settings)
    if sandbox:
        settle_sample(engine)
    door = DeskDoor(sessions, sandbox)
    desk = CaseDesk(engine, clock, policy, settings, open_record, references, evidence)
    errands = ErrandDesk(engine, clock, settings, open_record)
    routers = (
        login.router(door, accounts, sessions),
        case_routes.router(door, desk, errands),
        errand_routes.router(door, errands),
    )
    return StaffDeskPages(door, routers, login.elsewhere())
