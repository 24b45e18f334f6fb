"""How a social-security card is read: its application, its two files, their records by tag.

Nothing is written, no PIN and no key is tried. Answers that mean "not without the issuer" end the reading.
"""

from dataclasses import dataclass

from devices.smart_card.pcsc.apdu import OK, Answer, NoStatus, Transmit, exchange, read_record, select
from devices.smart_card.pcsc.files import EF05_TAGS, EF06_TAGS, parse_card, record_value
from devices.smart_card.pcsc.service import Trouble
from kiosk.domain.social_security_card import SocialSecurityCard
from kiosk.ports.id_card import CardUnreadable, WrongCard
from kiosk.ports.smart_card import IssuerNeeded, SmartCardReading, SocialSecurityCardRead

SSSE = b"sx1.sh." + "社会保障".encode("gbk")
"""Name of the social-security application (LD/T 32)."""

_BY_NAME, _IN_APPLICATION, _ANY_FILE = 0x04, 0x02, 0x00
_ISSUER_ONLY = {0x6982, 0x6985}
_NO_SUCH_APPLICATION = {0x6A82, 0x6A81, 0x6A86, 0x6999, 0x6D00, 0x6E00}
_MOST_RECORDS = 16


@dataclass(frozen=True, slots=True)
class _File:
    """``sfi`` is the short identifier of ``name``."""

    name: bytes
    sfi: int
    tags: tuple[int, ...]


_CARD_FILE = _File(bytes.fromhex("EF05"), 0x05, EF05_TAGS)
_HOLDER_FILE = _File(bytes.fromhex("EF06"), 0x06, EF06_TAGS)


class _EndedError(Exception):
    """Carries the answer to the whole reading out of its steps below."""

    def __init__(self, answer: SmartCardReading | Trouble) -> None:
        super().__init__(repr(answer))
        self.answer = answer


def read_social_security_card(transmit: Transmit) -> SmartCardReading | Trouble:
    """Reads the card that ``transmit`` talks to, just powered."""
    try:
        application = _ask(transmit, select(SSSE, _BY_NAME))
        if application.status in _NO_SUCH_APPLICATION:
            return WrongCard()
        if application.status != OK:
            return _refused(application)
        card = parse_card(_records(transmit, _CARD_FILE) | _records(transmit, _HOLDER_FILE))
    except _EndedError as ended:
        return ended.answer
    return SocialSecurityCardRead(card) if isinstance(card, SocialSecurityCard) else card


def _records(transmit: Transmit, file: _File) -> dict[int, bytes]:
    """Values by tag: by tag in the selected file, else by tag through its short identifier, else by number, where
    every record tells its own tag (numbers differ between versions)."""
    selected = any(_ask(transmit, select(file.name, p1)).status == OK for p1 in (_IN_APPLICATION, _ANY_FILE))
    current, short = 0x00, file.sfi << 3
    for p2 in (current, short) if selected else (short,):
        found = _by_tag(transmit, file, p2)
        if found:
            return found
    return _by_number(transmit, (current if selected else short) | 0x04)


def _by_tag(transmit: Transmit, file: _File, p2: int) -> dict[int, bytes]:
    """Empty when the card refuses the first of the records, which every card has."""
    found: dict[int, bytes] = {}
    for tag in file.tags:
        answer = _ask(transmit, read_record(tag, p2))
        if answer.status == OK:
            found |= _record(answer, tag)
        elif not found:
            break
    return found


def _by_number(transmit: Transmit, p2: int) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for number in range(1, _MOST_RECORDS + 1):
        answer = _ask(transmit, read_record(number, p2))
        if answer.status != OK:
            if not found:
                raise _EndedError(_refused(answer))
            break
        found |= _record(answer, None)
    return found


def _record(answer: Answer, tag: int | None) -> dict[int, bytes]:
    """One record by its tag, which is ``tag`` where one was asked for."""
    record = record_value(answer.data)
    if record is None or tag not in (None, record[0]):
        raise _EndedError(CardUnreadable("bad-record"))
    return dict((record,))


def _ask(transmit: Transmit, command: bytes) -> Answer:
    answer = exchange(transmit, command)
    if isinstance(answer, Trouble):
        raise _EndedError(answer)
    if isinstance(answer, NoStatus):
        raise _EndedError(CardUnreadable("bad-answer"))
    if answer.status in _ISSUER_ONLY:
        raise _EndedError(IssuerNeeded())
    return answer


def _refused(answer: Answer) -> CardUnreadable:
    return CardUnreadable(f"sw-{answer.status:04x}")
