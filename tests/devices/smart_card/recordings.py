"""What social-security cards were seen to answer, command by command; the holder is the specimen of GB 11643."""

from devices.smart_card.pcsc.service import Trouble

SELECT_SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
SELECT_EF05, SELECT_EF06 = "00A4020002EF05", "00A4020002EF06"
NAME = "B2E2CAD4C8CBBCD7" + "00" * 22

RECORDS = {
    "01": "0110360700D1560000050000000001FFFFFF",
    "03": "0304332E3030",
    "05": "050420200101",
    "06": "060420300101",
    "07": "0709543030303030303031",
    "08": "0812313130313035313934393132333130303258",
    "09": "091E" + NAME,
    "4E": "4E14" + "00" * 20,
    "0A": "0A0132",
    "0B": "0B0101",
    "0D": "0D0419491231",
}
OF_CARD = ("01", "03", "05", "06", "07")


def plain(records: dict[str, str]) -> dict[str, str]:
    """A card that answers at once, as contactless ones do."""
    answers = {SELECT_SSSE: "6F11840F7378312E73682EC9E7BBE1B1A3D5CF9000", SELECT_EF05: "9000", SELECT_EF06: "9000"}
    return answers | {f"00B2{tag}0000": record + "9000" for tag, record in records.items()}


def by_contacts(records: dict[str, str]) -> dict[str, str]:
    """A T=0 card: 61xx before the application's data, 6Cxx before each record's."""
    answers = {SELECT_SSSE: "6113", "00C0000013": "6F11840F7378312E73682EC9E7BBE1B1A3D5CF9000"}
    answers |= {SELECT_EF05: "9000", SELECT_EF06: "9000"}
    for tag, record in records.items():
        length = f"{len(record) // 2:02X}"
        answers |= {f"00B2{tag}0000": f"6C{length}", f"00B2{tag}00{length}": record + "9000"}
    return answers


class Recording:
    """``transmit`` plays ``answers`` (hexadecimal, by command), 6A82 for anything else; ``heard`` keeps commands."""

    def __init__(self, answers: dict[str, str]) -> None:
        self._answers = answers
        self.heard: list[str] = []

    def transmit(self, command: bytes) -> bytes | Trouble:
        self.heard.append(command.hex().upper())
        return bytes.fromhex(self._answers.get(self.heard[-1], "6A82"))
