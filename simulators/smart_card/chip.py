"""What the card answers to each command (ISO/IEC 7816-4): the social-security application, its files, a PIN."""

from simulators.smart_card.card import Card, CardKind, Records

ATR = bytes.fromhex("3B6D000053534520545241494E494E4721")
"""T=0, no interface bytes but TB1 and TC1, historical bytes "SSE TRAINING!"."""

SSSE = bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF")
PBOC = bytes.fromhex("A000000333010101")
PIN_TRIES = 3

OK = bytes.fromhex("9000")
NOT_ALLOWED = bytes.fromhex("6982")
NO_SUCH_FILE = bytes.fromhex("6A82")
NO_SUCH_RECORD = bytes.fromhex("6A83")
NO_CURRENT_FILE = bytes.fromhex("6986")
WRONG_P1_P2 = bytes.fromhex("6A86")
WRONG_LENGTH = bytes.fromhex("6700")
UNKNOWN_COMMAND = bytes.fromhex("6D00")


class Chip:
    """One card's chip. Power makes it forget what was selected, never how often a PIN was wrong."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self._application = b""
        self._file: str | None = None
        self.pin_tries = PIN_TRIES

    def power(self) -> None:
        self._application = b""
        self._file = None

    def answer(self, command: bytes) -> bytes:
        """Data and status."""
        if len(command) < 5:
            return WRONG_LENGTH
        match command[0], command[1]:
            case 0x00, 0xA4:
                return self._select(command[2], command[5 : 5 + command[4]])
            case 0x00, 0xB2:
                return self._read(command[2], command[3])
            case 0x00, 0x20:
                return self._verify()
            case 0x00, 0x84:
                return bytes(command[4]) + OK
        return UNKNOWN_COMMAND

    def _select(self, p1: int, name: bytes) -> bytes:
        if p1 == 0x04:
            return self._select_application(name)
        file = name.hex().upper()
        if self._application != SSSE or self._card.kind is CardKind.BY_SHORT_IDENTIFIER or file not in self._card.files:
            return NO_SUCH_FILE
        self._file = file
        return OK

    def _select_application(self, name: bytes) -> bytes:
        there = PBOC if self._card.kind is CardKind.BANK else SSSE
        if name != there:
            return NO_SUCH_FILE
        self._application, self._file = name, None
        return b"\x6f" + bytes((len(name) + 2,)) + b"\x84" + bytes((len(name),)) + name + OK

    def _read(self, p1: int, p2: int) -> bytes:
        if p2 >> 3:
            self._file = f"EF{p2 >> 3:02X}"
        if self._application != SSSE or self._file is None:
            return NO_CURRENT_FILE
        if self._file not in self._card.files:
            return NO_SUCH_FILE
        if self._card.kind is CardKind.PIN_PROTECTED and self._file == "EF06":
            return NOT_ALLOWED
        return self._record(self._card.files[self._file], p1, p2 & 0x07)

    def _record(self, records: Records, p1: int, how: int) -> bytes:
        if how == 0x04:
            return records[p1 - 1] + OK if 0 < p1 <= len(records) else NO_SUCH_RECORD
        if how != 0x00 or self._card.kind is CardKind.BY_NUMBER:
            return WRONG_P1_P2
        return next((record + OK for record in records if record[0] == p1), NO_SUCH_RECORD)

    def _verify(self) -> bytes:
        """No PIN is the right one: whoever tries uses up the card."""
        self.pin_tries = max(0, self.pin_tries - 1)
        return bytes((0x63, 0xC0 | self.pin_tries)) if self.pin_tries else bytes.fromhex("6983")
