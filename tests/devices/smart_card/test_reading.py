"""How a card is read: which files, in which way, and what its refusals mean."""

import pytest

from devices.smart_card.pcsc.reading import read_social_security_card
from devices.smart_card.pcsc.service import Trouble
from kiosk.domain.person_name import PersonName
from kiosk.ports.id_card import CardContradictory, CardUnreadable, WrongCard
from kiosk.ports.smart_card import IssuerNeeded, SmartCardReading, SocialSecurityCardRead
from tests.devices.smart_card.recordings import (
    OF_CARD,
    RECORDS,
    SELECT_EF05,
    SELECT_EF06,
    SELECT_SSSE,
    Recording,
    by_contacts,
    plain,
)

VERSION_1 = {tag: record for tag, record in RECORDS.items() if tag != "4E"} | {"03": "0304312E3030"}
NUMBERED = {
    "1": ("08", "09", "0A", "0B", "0D"),
    "3": ("08", "09", "4E", "0A", "0B", "0D"),
}
"""Record numbers of EF06 are places in these: version 1 has no extension of the name."""


def by_number(records: dict[str, str]) -> dict[str, str]:
    """A card that knows no identifiers of records (6A86 to everything by tag)."""
    answers = {SELECT_SSSE: "9000", SELECT_EF05: "9000", SELECT_EF06: "9000"}
    answers |= {"00B2030000": "6A86", "00B2080000": "6A86", "00B2032800": "6A86", "00B2083000": "6A86"}
    return answers


class NumberedCard:
    """Records by number of whichever file was selected last."""

    def __init__(self, records: dict[str, str], holder_tags: tuple[str, ...]) -> None:
        self._answers = by_number(records)
        self._files = {
            SELECT_EF05: [records[tag] for tag in OF_CARD],
            SELECT_EF06: [records[tag] for tag in holder_tags],
        }
        self._current: list[str] = []

    def transmit(self, command: bytes) -> bytes:
        text = command.hex().upper()
        self._current = self._files.get(text, self._current)
        if text[6:8] == "04" and text[2:4] == "B2":
            number = int(text[4:6], 16)
            return bytes.fromhex(self._current[number - 1] + "9000" if number <= len(self._current) else "6A83")
        return bytes.fromhex(self._answers.get(text, "6A82"))


def reading_of(answers: dict[str, str]) -> SmartCardReading | Trouble:
    return read_social_security_card(Recording(answers).transmit)


@pytest.mark.parametrize("records", [RECORDS, VERSION_1])
@pytest.mark.parametrize("style", [plain, by_contacts])
def test_a_card_is_read_by_tag(style: object, records: dict[str, str]) -> None:
    assert callable(style)
    reading = reading_of(style(records))
    assert isinstance(reading, SocialSecurityCardRead)
    assert reading.card.version == (1 if records is VERSION_1 else 3)


@pytest.mark.parametrize(("records", "tags"), [(VERSION_1, NUMBERED["1"]), (RECORDS, NUMBERED["3"])])
def test_records_may_be_found_by_number_whatever_the_version(records: dict[str, str], tags: tuple[str, ...]) -> None:
    reading = read_social_security_card(NumberedCard(records, tags).transmit)
    assert isinstance(reading, SocialSecurityCardRead)
    assert reading.card.name == PersonName("测试人甲")


def test_files_may_be_selected_with_p1_0_or_not_at_all() -> None:
    other = plain(RECORDS)
    for name in ("EF05", "EF06"):
        del other[f"00A4020002{name}"]
    whole = other | {"00A4000002EF05": "9000", "00A4000002EF06": "9000"}
    assert isinstance(reading_of(whole), SocialSecurityCardRead)
    short = {SELECT_SSSE: "9000"} | {
        f"00B2{tag}{'28' if tag in OF_CARD else '30'}00": record + "9000" for tag, record in RECORDS.items()
    }
    assert isinstance(reading_of(short), SocialSecurityCardRead)


@pytest.mark.parametrize("status", ["6A82", "6A81", "6D00", "6E00"])
def test_a_card_without_the_application_is_another_card(status: str) -> None:
    assert reading_of({SELECT_SSSE: status}) == WrongCard()


@pytest.mark.parametrize("status", ["6982", "6985"])
@pytest.mark.parametrize("command", [SELECT_SSSE, SELECT_EF05, SELECT_EF06, "00B2030000", "00B2080000", "00B24E0000"])
def test_a_card_that_wants_its_issuer_is_asked_nothing_more(command: str, status: str) -> None:
    card = Recording(plain(RECORDS) | {command: status})
    assert read_social_security_card(card.transmit) == IssuerNeeded()
    assert card.heard[-1] == command


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({SELECT_SSSE: "6283"}, CardUnreadable("sw-6283")),
        ({SELECT_SSSE: "90"}, CardUnreadable("bad-answer")),
        ({"00B2070000": "07099000"}, CardUnreadable("bad-record")),
        ({"00B2070000": "060954303030303030309000"}, CardUnreadable("bad-record")),
        ({"00B2070000": "6A83"}, CardUnreadable("no-record-07")),
        ({"00B20A0000": "0A01319000"}, CardContradictory("sex")),
    ],
)
def test_what_spoils_a_reading_is_told(changes: dict[str, str], answer: object) -> None:
    assert reading_of(plain(RECORDS) | changes) == answer


def test_a_file_that_opens_in_no_way_is_told_by_its_last_status() -> None:
    assert reading_of({SELECT_SSSE: "9000"}) == CardUnreadable("sw-6a82")


def test_trouble_ends_the_reading() -> None:
    assert read_social_security_card(lambda _: Trouble.NO_ANSWER) is Trouble.NO_ANSWER
