"""IPP's bytes: against the example of RFC 8010, A.1, against CUPS in the driver's tests, and against nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printer.a4.ipp_client import IppClient, IppServer, NoIppAnswer, server_of
from devices.printer.a4.ipp_message import NotIpp, Operation, Request, Response, decode, encode, number, texts
from tests.devices.printer.a4.private_cups import EverywherePrinter

HEAD = b"\x02\x00\x00\x00\x00\x00\x00\x01\x01\x47\x00\x12attributes-charset\x00\x05utf-8"


def attribute(tag: int, name: bytes, value: bytes) -> bytes:
    return bytes((tag,)) + len(name).to_bytes(2, "big") + name + len(value).to_bytes(2, "big") + value


def test_a_request_byte_for_byte() -> None:
    request = Request(
        Operation.CANCEL_JOB, "ipp://localhost/printers/a4", "kiosk", extra={"purge-job": True, "job-id": 9}
    )
    assert encode(request, 258) == b"".join(
        (
            b"\x02\x00\x00\x08\x00\x00\x01\x02\x01",
            attribute(0x47, b"attributes-charset", b"utf-8"),
            attribute(0x48, b"attributes-natural-language", b"en"),
            attribute(0x45, b"printer-uri", b"ipp://localhost/printers/a4"),
            attribute(0x21, b"job-id", b"\x00\x00\x00\x09"),
            attribute(0x42, b"requesting-user-name", b"kiosk"),
            attribute(0x22, b"purge-job", b"\x01"),
            b"\x03",
        )
    )


def test_wanted_attributes_are_one_set() -> None:
    data = encode(Request(Operation.GET_JOBS, "ipp://a/b", "u", ("job-id", "job-name"), {"which-jobs": "completed"}), 1)
    assert data.endswith(
        attribute(0x44, b"requested-attributes", b"job-id") + attribute(0x44, b"", b"job-name") + b"\x03"
    )
    assert attribute(0x44, b"which-jobs", b"completed") in data


def test_an_answer_of_two_jobs() -> None:
    data = HEAD + b"".join(
        (
            b"\x02",
            attribute(0x21, b"job-id", b"\x00\x00\x00\x07"),
            attribute(0x44, b"job-state-reasons", b"none"),
            attribute(0x44, b"", b"job-printing"),
            attribute(0x34, b"media-col", b""),
            attribute(0x4A, b"", b"media-size"),
            attribute(0x21, b"", b"\x00\x00\x00\x01"),
            attribute(0x37, b"", b""),
            attribute(0x13, b"time-at-processing", b""),
            attribute(0x36, b"job-name", b"\x00\x02zh\x00\x03abc"),
            b"\x02",
            attribute(0x22, b"printer-is-accepting-jobs", b"\x00"),
            b"\x03",
        )
    )
    response = decode(data)
    assert isinstance(response, Response)
    assert response.successful
    first, second = response.groups
    assert number(first, "job-id") == 7
    assert texts(first, "job-state-reasons") == ("none", "job-printing")
    assert first["media-col"] == (None,)
    assert first["time-at-processing"] == (None,)
    assert texts(first, "job-name") == ("abc",)
    assert second == {"printer-is-accepting-jobs": (False,)}
    assert number(second, "printer-is-accepting-jobs") is None


@pytest.mark.parametrize(
    "data", [b"", b"HTTP/1.1 200", HEAD, HEAD[:-3] + b"\x03", b"\x02\x00\x00\x00\x00\x00\x00\x01\x47\x03"]
)
def test_what_is_cut_short_is_no_answer(data: bytes) -> None:
    assert decode(data) == NotIpp()


@given(st.binary(max_size=200))
def test_nonsense_never_raises(tail: bytes) -> None:
    assert isinstance(decode(HEAD + tail), Response | NotIpp)


@pytest.mark.parametrize(
    ("uri", "server"),
    [
        ("ipp://printer.example/ipp/print", IppServer("printer.example", 631, "/ipp/print")),
        ("ipps://10.0.0.9:8443/ipp/print?waitjob=false", IppServer("10.0.0.9", 8443, "/ipp/print", True)),
        ("socket://10.0.0.9:9100", None),
        ("usb://Maker/Model", None),
        ("ipp:///ipp", None),
        ("ipp://host:99999/ipp", None),
    ],
)
def test_which_printers_can_be_asked(uri: str, server: IppServer | None) -> None:
    assert server_of(uri) == server


def test_a_printer_is_asked_over_tls_whoever_signed_its_certificate(printer: EverywherePrinter) -> None:
    uri = printer.uri.replace("ipp:", "ipps:")
    server = server_of(uri)
    assert server is not None
    answer = IppClient(server, 10).ask(Operation.GET_PRINTER_ATTRIBUTES, uri, ("printer-is-accepting-jobs",))
    assert isinstance(answer, Response)
    assert answer.groups == ({"printer-is-accepting-jobs": (True,)},)


def test_nobody_there() -> None:
    answer = IppClient(IppServer("localhost", 1), 1).ask(Operation.GET_PRINTER_ATTRIBUTES, "ipp://localhost:1/")
    assert answer == NoIppAnswer("unreachable")
