"""Made-up people of a roster and their sealed cases, ready to be sent: what a day of confirmations is to a gateway."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, insert

from gateway.tables import Beneficiary
from kiosk.domain.case import Consent, EligibilityCase, Finding
from kiosk.domain.citizen_number import CitizenNumber, check_character
from kiosk.domain.eligibility import ConfirmationSource, RosterStatus
from kiosk.domain.face import FaceComparison, LivenessResult
from kiosk.domain.identity_document import IdentityDocument, Sex
from kiosk.domain.person_name import PersonName
from kiosk.domain.receipt_number import ReceiptKind, compose_receipt_number
from kiosk.ports.clock import Clock
from kiosk.wire.envelope import FIRST, Sealer
from kiosk.wire.keys import GatewayKey, register_terminal, write_registration

_AREA = "示范市城东区"
_ADDRESS = "示范市城东区幸福里1号院2号楼301室"
_FIRST_BORN = date(1940, 1, 1)
_SIGNALS = {
    "nose_shift": 0.21,
    "parallax_residual": 0.06,
    "doubts": 0.0,
    "frames": 42.0,
    "brightness": 117.3,
    "sharpness": 88.1,
}


@dataclass(frozen=True, slots=True)
class Terminal:
    number: str
    signing_key: Ed25519PrivateKey


def made_up_terminals(folder: Path, count: int) -> tuple[tuple[Terminal, ...], tuple[Path, ...]]:
    """The terminals, and their registration files in ``folder``."""
    terminals = tuple(Terminal(f"{index:04}", Ed25519PrivateKey.generate()) for index in range(1, count + 1))
    paths = tuple(folder / f"terminal-{each.number}.json" for each in terminals)
    for terminal, path in zip(terminals, paths, strict=True):
        write_registration(path, register_terminal(terminal.number, training=False, signing_key=terminal.signing_key))
    return terminals, paths


def fill_roster(engine: Engine, people: int, today: date) -> None:
    """``people`` beneficiaries who are due."""
    rows = [
        {
            "number": _number(index).value,
            "name": _name(index),
            "scheme": "企业职工基本养老保险",
            "area": _AREA,
            "status": RosterStatus.ACTIVE,
            "confirmed_on": today - timedelta(days=360),
            "due_on": today + timedelta(days=5),
            "source": ConfirmationSource.FACE_KIOSK,
            "office": "示范市城东区社会保险事业管理中心",
            "office_phone": "0100-0000000",
            "blocked": False,
            "other_place": False,
        }
        for index in range(people)
    ]
    with engine.begin() as connection:
        connection.execute(insert(Beneficiary), rows)


def sealed_cases(terminals: tuple[Terminal, ...], gateway: GatewayKey, clock: Clock, people: int) -> Iterator[bytes]:
    """One passing case of each person, the terminals in turn."""
    sealers = [Sealer(each.number, each.signing_key, gateway, clock) for each in terminals]
    for index in range(people):
        sealer, terminal = sealers[index % len(sealers)], terminals[index % len(terminals)]
        yield sealer.seal_record(_case(index, terminal, index // len(terminals) + 1, clock.now()), FIRST).data


def _case(index: int, terminal: Terminal, counter: int, at: datetime) -> EligibilityCase:
    return EligibilityCase(
        key=f"{terminal.number}-{counter:08}",
        receipt=compose_receipt_number(ReceiptKind.ELIGIBILITY, at.date(), terminal.number, counter),
        opened_at=at - timedelta(seconds=60),
        closed_at=at,
        document=IdentityDocument(
            name=PersonName(_name(index)),
            number=_number(index),
            sex=Sex.MALE,
            ethnicity_code="01",
            address=_ADDRESS,
            authority="示范市公安局城东分局",
            valid_from=date(2015, 3, 11),
            valid_to=None,
        ),
        document_expired=False,
        consent=Consent("2026-11", at - timedelta(seconds=55)),
        liveness=LivenessResult(True, "turn-left", _SIGNALS),
        comparison=FaceComparison(0.31, 0.55, 5, "dlib-resnet-12345678"),
        finding=Finding.MATCHED,
        offline=False,
        crop=None,
    )


def _number(index: int) -> CitizenNumber:
    """Of an area code nobody has."""
    born = _FIRST_BORN + timedelta(days=index // 400)
    first = f"100101{born:%Y%m%d}{index % 400 * 2 + 1:03}"
    return CitizenNumber(first + check_character(first))


def _name(index: int) -> str:
    return f"示例{chr(0x4E00 + index % 2000)}"
