"""Commands, and what T=0 adds to their answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.smart_card.pcsc.apdu import Answer, NoStatus, exchange, read_record, select
from devices.smart_card.pcsc.service import Trouble
from tests.devices.smart_card.recordings import Recording

EF05 = bytes.fromhex("EF05")


def test_commands() -> None:
    assert select(EF05, 0x02).hex() == "00a4020002ef05"
    assert read_record(0x08, 0x34).hex() == "00b2083400"


@pytest.mark.parametrize(
    ("answers", "data", "status", "commands"),
    [
        ({"00B2080000": "AABB9000"}, "AABB", 0x9000, 1),
        ({"00B2080000": "6A83"}, "", 0x6A83, 1),
        ({"00B2080000": "6C02", "00B2080002": "AABB9000"}, "AABB", 0x9000, 2),
        ({"00B2080000": "6102", "00C0000002": "AABB9000"}, "AABB", 0x9000, 2),
        ({"00B2080000": "6C03", "00B2080003": "6103", "00C0000003": "AABBCC9000"}, "AABBCC", 0x9000, 3),
        ({"00B2080000": "AA6101", "00C0000001": "BB9000"}, "AABB", 0x9000, 2),
        ({"00B2080000": "6100", "00C0000000": "AA" * 256 + "9000"}, "AA" * 256, 0x9000, 2),
        ({"00B2080000": "6105", "00C0000005": "6C02", "00C0000002": "AABB9000"}, "AABB", 0x9000, 3),
        ({"00B2080000": "6105", "00C0000005": "6982"}, "", 0x6982, 2),
    ],
)
def test_an_answer_is_fetched_whole(answers: dict[str, str], data: str, status: int, commands: int) -> None:
    card = Recording(answers)
    assert exchange(card.transmit, read_record(0x08, 0x00)) == Answer(bytes.fromhex(data), status)
    assert len(card.heard) == commands


def test_a_wrong_length_of_a_command_with_data_is_an_answer() -> None:
    assert exchange(Recording({"00A4020002EF05": "6C02"}).transmit, select(EF05, 0x02)) == Answer(b"", 0x6C02)


@pytest.mark.parametrize("answer", ["", "90"])
def test_less_than_a_status_is_none(answer: str) -> None:
    assert exchange(Recording({"00B2080000": answer}).transmit, read_record(0x08, 0x00)) == NoStatus()


def test_trouble_is_passed_on() -> None:
    assert exchange(lambda _: Trouble.CARD_GONE, read_record(0x08, 0x00)) is Trouble.CARD_GONE


@given(st.lists(st.binary(max_size=8), min_size=1))
def test_no_card_keeps_it_for_ever(answers: list[bytes]) -> None:
    """Whatever comes, however it goes on, there is an end."""
    count = 0

    def transmit(_: bytes) -> bytes:
        nonlocal count
        count += 1
        return answers[count % len(answers)]

    assert isinstance(exchange(transmit, read_record(0x08, 0x00)), Answer | NoStatus)
    assert count <= 16


def test_waiting_data_without_end_is_no_answer() -> None:
    assert exchange(lambda _: bytes.fromhex("AA6101"), read_record(0x08, 0x00)) == NoStatus()
