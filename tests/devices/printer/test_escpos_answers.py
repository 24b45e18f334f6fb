"""Telling the printer's answers apart, in any pieces and any company."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printer.escpos_answers import (
    Answer,
    AnswerDemultiplexer,
    AutoStatus,
    BuffersCleared,
    FlowControl,
    FullStatus,
    InOrderStatus,
    JobEnd,
    Named,
    RealTimeStatus,
    Unrecognised,
)
from devices.printer.escpos_status import printer_state
from kiosk.ports.printer import PaperLevel

ASB = b"\x10\x00\x00\x0f"
END = b"\x37\x22AB12\x00"


def answers(data: bytes) -> list[Answer]:
    return AnswerDemultiplexer().feed(data)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x12", [RealTimeStatus(0x12)]),
        (b"\x16\x1a\x72", [RealTimeStatus(0x16), RealTimeStatus(0x1A), RealTimeStatus(0x72)]),
        (ASB, [AutoStatus(ASB)]),
        (b"\x18\x00\x0f\x0f", [AutoStatus(b"\x18\x00\x0f\x0f")]),
        (END, [JobEnd(b"AB12")]),
        (b"\x37\x25\x00", [BuffersCleared()]),
        (b"\x13\x11", [FlowControl(True), FlowControl(False)]),
        (b"\x0c", [InOrderStatus(0x0C)]),
        (b"\x10\x00\x12\x00\x0f", [RealTimeStatus(0x12), AutoStatus(ASB)]),
        (b"\x10\x00\x13\x00\x11\x0f", [FlowControl(True), FlowControl(False), AutoStatus(ASB)]),
        (b"\x10\x00" + ASB, [Unrecognised(b"\x10\x00"), AutoStatus(ASB)]),
        (b"\x10\x00" + END, [Unrecognised(b"\x10\x00"), JobEnd(b"AB12")]),
        (b"\xff", [Unrecognised(b"\xff")]),
        (b"\x37\x23\x40\x00", [Unrecognised(b"\x37\x23\x40\x00")]),
        (b"\x5fTM-T88\x00" + END, [Named("TM-T88"), JobEnd(b"AB12")]),
        (b"\x10\x0f\x20\x12\x37\x10" + ASB, [FullStatus(b"\x20\x12\x37\x10"), AutoStatus(ASB)]),
        (b"\x10\x12\x0f\x00\x00\x00\x00", [RealTimeStatus(0x12), FullStatus(bytes(4))]),
    ],
)
def test_answers(data: bytes, expected: list[Answer]) -> None:
    assert answers(data) == expected


@given(st.lists(st.sampled_from([ASB, END, b"\x37\x25\x00", b"\x12", b"\x13", b"\x72"])), st.data())
def test_pieces_do_not_matter(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    demultiplexer, found, at = AnswerDemultiplexer(), [], 0
    while at < len(stream):
        size = data.draw(st.integers(1, 5))
        found.extend(demultiplexer.feed(stream[at : at + size]))
        at += size
    assert found == answers(stream)
    assert len(found) == len(parts)


@given(st.binary(max_size=300))
def test_any_bytes_are_taken(data: bytes) -> None:
    demultiplexer = AnswerDemultiplexer()
    demultiplexer.feed(data)
    demultiplexer.feed(b"\x00" * 90)
    assert demultiplexer.feed(END)[-1] == JobEnd(b"AB12")


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"\x10\x00\x00\x0f", None),
        (b"\x10\x00\x03\x0f", None),
        (b"\x18\x00\x0f\x0f", "media-empty"),
        (b"\x38\x00\x00\x0f", "cover-open"),
        (b"\x18\x08\x00\x0f", "cutter-jam"),
        (b"\x18\x04\x00\x0f", "media-jam"),
        (b"\x18\x20\x00\x0f", "printer-error"),
        (b"\x18\x40\x00\x0f", "head-hot"),
        (b"\x18\x00\x00\x0f", "offline"),
    ],
)
def test_automatic_status(data: bytes, trouble: str | None) -> None:
    assert AutoStatus(data).trouble == trouble


@pytest.mark.parametrize(
    ("bytes_", "trouble", "paper"),
    [
        ((0x12, 0x12, 0x12, 0x12), None, PaperLevel.ENOUGH),
        ((0x16, 0x12, 0x12, 0x12), None, PaperLevel.ENOUGH),
        ((0x12, 0x12, 0x12, 0x1E), None, PaperLevel.LOW),
        ((0x1A, 0x32, 0x12, 0x7E), "media-empty", PaperLevel.EMPTY),
        ((0x1A, 0x16, 0x12, 0x12), "cover-open", PaperLevel.ENOUGH),
        ((0x1A, 0x52, 0x1A, 0x12), "cutter-jam", PaperLevel.ENOUGH),
        ((0x1A, 0x52, 0x16, 0x12), "media-jam", PaperLevel.ENOUGH),
        ((0x1A, 0x52, 0x52, 0x12), "head-hot", PaperLevel.ENOUGH),
        ((0x1A, 0x52, 0x32, 0x12), "printer-error", PaperLevel.ENOUGH),
        ((0x1A, 0x12, 0x12, 0x12), "offline", PaperLevel.ENOUGH),
    ],
)
def test_real_time_status(bytes_: tuple[int, int, int, int], trouble: str | None, paper: PaperLevel) -> None:
    state = printer_state(*bytes_)
    assert (state.trouble, state.paper) == (trouble, paper)
