"""A training terminal: its settings, and the programs of the virtual hall that it is set to."""

from dataclasses import dataclass
from pathlib import Path

from gateway.sandbox import OTHER_AREA
from kiosk.app.bootstrap import KeysMissing, register
from kiosk.app.settings import TerminalSettings
from kiosk.cli.demo.hall import Hall, HallError, Program
from kiosk.domain.identity_document import IdentityDocument


@dataclass(frozen=True, slots=True)
class TrainingTerminal:
    """``registration`` is the file by which the gateway knows the terminal."""

    settings: TerminalSettings
    programs: dict[str, Program]
    gateway: Program
    registration: Path


PHONE_CODES = [
    {
        "id": "mobile-platform",
        "zh": "赣服通",
        "en": "Ganfutong",
        "kind": "token",
        "uses": ["identity"],
        "prefixes": ["SANDBOX:MOBILE:"],
    },
    {"id": "ctid", "zh": "网证", "en": "CTID", "kind": "token", "uses": ["identity"], "prefixes": ["SANDBOX:CTID:"]},
]
"""The issuers that this hall takes beside the electronic social-security card, as the sandbox writes their codes."""


def set_up(hall: Hall, output: Path, models: Path, state: Path, delivery: dict[str, float]) -> TrainingTerminal:
    """Starts every program and registers terminal and gateway with each other. Papers and log go to ``output``,
    keys and storage to ``state``, where the card reader keeps one name however often it is plugged in again;
    ``delivery`` overrides options of ``storage.delivery``."""
    programs = {
        "card-reader": hall.start(
            *("card-reader", "simulate", "card-reader", "--models", str(models)),
            *("--link", str(state / "card-reader")),
        ),
        "scanner": hall.start("scanner", "simulate", "scanner", "--link", str(state / "scanner")),
        "smart-card": hall.start("smart-card", "simulate", "smart-card"),
        "camera": hall.start("camera", "simulate", "camera", "--models", str(models), "--portrait", "none"),
        "printer": hall.start("printer", "simulate", "printer", "--out", str(output)),
    }
    settings = _settings(state, output, models, programs, delivery)
    registration = register(settings)
    if isinstance(registration, KeysMissing):
        raise HallError(f"{registration.reason}: {registration.remedy}")
    gateway = _start_gateway(hall, state, registration, models / "portraits")
    programs["gateway"] = gateway
    programs["link"] = hall.start("link", "simulate", "link", "--to", gateway.address.removeprefix("http://"))
    platform = settings.platform.model_copy(update={"address": f"http://{programs['link'].address}"})
    return TrainingTerminal(settings.model_copy(update={"platform": platform}), programs, gateway, registration)


def _start_gateway(hall: Hall, state: Path, registration: Path, portraits: Path) -> Program:
    return hall.start(
        "gateway",
        *("gateway", "--sandbox", "--port", "0", "--database", str(state / "gateway.sqlite")),
        *("--key", str(state / "gateway-key.pem"), "--terminal", str(registration)),
        *("--portraits", str(portraits), "--control", "0"),
    )


def _settings(
    state: Path, output: Path, models: Path, programs: dict[str, Program], delivery: dict[str, float]
) -> TerminalSettings:
    return TerminalSettings.model_validate(
        {
            "site": {
                "terminal": "0317",
                "training": True,
                "hall": "示范市政务服务中心",
                "place": "示范市幸福路1号政务服务中心一楼大厅东侧",
                "agency": "示范市社会保险事业服务中心",
                "agency_phone": "0000-1234567",
                "desk": "3号窗口",
                "desk_hours": "工作日 9:00-17:00",
                "verification_url": "https://hy.shili.example",
                "rules_version": "2026.03",
                "answer_days": 3,
                "other_areas": (OTHER_AREA,),
            },
            "signing_key": state / "terminal-key.pem",
            "log": output / "terminal.log",
            "id_card": {"port": programs["card-reader"].address},
            "smart_card": {"socket": programs["smart-card"].address},
            "scanners": [{"model": "serial_scanner", "port": programs["scanner"].address}],
            "codes": PHONE_CODES,
            "camera": {"url": programs["camera"].address},
            "face_analyser": {"models": models},
            "printer": {"address": f"tcp://{programs['printer'].address}"},
            "platform": {
                "address": "http://127.0.0.1:9",
                "registration": state / "gateway-key.registration.json",
            },
            "storage": {
                "path": state / "outbox.sqlite",
                "delivery": delivery,
            },
        }
    )


PERMITS = {
    "J": {
        "kind": "J",
        "name": "测试乙",
        "sex": "1",
        "birth": "19900101",
        "address": "示范市城东区测试街2号",
        "number": "810000199001010019",
        "authority": "示范市公安局",
        "valid_from": "20240101",
        "valid_to": "20290101",
        "travel_permit": "H00000000",
        "times_issued": "01",
    },
    "Y": {
        "kind": "Y",
        "name": "证件样本",
        "english_name": "ZHENGJIAN, YANGBEN",
        "sex": "2",
        "birth": "19800101",
        "number": "931586198001010028",
        "country": "PAK",
        "valid_from": "20230808",
        "valid_to": "20330807",
        "times_issued": "00",
        "association": "000",
    },
}
"""Specimens of the permits whose holders are sent to the desk, by the letter of their layout."""


def card_fields(document: IdentityDocument) -> dict[str, str]:
    """What the card reader's simulator writes on the chip of this person's card."""
    return {
        "name": document.name.value,
        "sex": document.sex.value,
        "ethnicity": document.ethnicity_code,
        "birth": f"{document.birth_date:%Y%m%d}",
        "address": document.address,
        "number": document.number.value,
        "authority": document.authority,
        "valid_from": f"{document.valid_from:%Y%m%d}",
        "valid_to": "长期" if document.valid_to is None else f"{document.valid_to:%Y%m%d}",
    }


def social_card_fields(document: IdentityDocument) -> dict[str, str]:
    """What the smart-card simulator writes on the chip of this person's social-security card."""
    return {
        "name": document.name.value,
        "number": document.number.value,
        "sex": document.sex.value,
        "ethnicity": document.ethnicity_code,
        "birth": f"{document.birth_date:%Y%m%d}",
    }
