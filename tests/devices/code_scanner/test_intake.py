"""The rules every scanner's bytes go through, over any bytes in any pieces."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.code_scanner.intake import GAP_S, GIVEN_UP_S, REPEAT_S, Assembler, Charset, Debounce, Framing, cleaned
from kiosk.ports.code_scanner import MAX_CODE_BYTES, CodeSeen

CR, LF, CRLF = (Framing(suffix, GIVEN_UP_S, gap_ends=False) for suffix in (b"\r", b"\n", b"\r\n"))
GAP = Framing(b"")
EITHER = Framing(b"\r")

plain_codes = st.lists(
    st.binary(max_size=40).map(lambda data: data.replace(b"\r", b"").replace(b"\n", b"")), max_size=6
)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(edges)]


@given(plain_codes, st.sampled_from([CR, LF, CRLF]), st.lists(st.integers(0, 300)), st.floats(0, 0.99))
def test_a_suffix_ends_a_code_however_the_bytes_come(
    codes: list[bytes], framing: Framing, cuts: list[int], step_s: float
) -> None:
    assembler = Assembler(framing)
    stream = b"".join(code + framing.suffix for code in codes)
    heard = [
        code
        for at, piece in enumerate(pieces(stream, cuts))
        for code in [*assembler.hear(piece, at * step_s), *assembler.hear(b"", (at + 1) * step_s)]
    ]
    assert heard == [code for code in codes if code]


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5), st.sampled_from([GAP, EITHER]))
def test_silence_ends_a_code(codes: list[bytes], framing: Framing) -> None:
    codes = [code.replace(b"\r", b"x") for code in codes]
    assembler, now, heard = Assembler(framing), 0.0, []
    for code in codes:
        for byte in code:
            now += GAP_S / 2
            assert assembler.hear(b"", now) == []
            assert assembler.hear(bytes([byte]), now) == []
        now += GAP_S + 0.001
        heard += assembler.hear(b"", now)
    assert heard == codes


def test_a_suffix_that_does_not_come_is_given_up() -> None:
    assembler = Assembler(CRLF)
    assert assembler.hear(b"noise", 0.0) == []
    assert assembler.hear(b"", GIVEN_UP_S) == []
    assert assembler.hear(b"code\r", 1.1) == []
    assert assembler.hear(b"", 2.0) == []
    assert assembler.hear(b"\n", 2.0) == [b"code"]


@pytest.mark.parametrize("framing", [CR, GAP, EITHER])
def test_a_code_may_be_spoiled_while_it_is_under_way(framing: Framing) -> None:
    assembler = Assembler(framing)
    assembler.spoil()
    assembler.hear(b"half-", 0.0)
    assembler.spoil()
    end = framing.suffix
    assert assembler.hear(b"whole" + end, 0.05) + assembler.hear(b"", 2.0) == []
    assert assembler.hear(b"next" + end, 3.0) + assembler.hear(b"", 5.0) == [b"next"]


def test_bytes_that_come_late_to_us_are_still_one_code() -> None:
    assembler = Assembler(GAP)
    assert assembler.hear(b"one ", 0.0) == []
    assert assembler.hear(b"code", 5.0) == []
    assert assembler.hear(b"", 5.2) == [b"one code"]


@pytest.mark.parametrize("framing", [CR, LF, CRLF, EITHER])
@pytest.mark.parametrize("size", [1, MAX_CODE_BYTES, MAX_CODE_BYTES + 1, MAX_CODE_BYTES + 2, 5000, 70_000])
def test_what_is_too_long_is_dropped_whole_up_to_its_suffix(framing: Framing, size: int) -> None:
    end = framing.suffix
    assembler = Assembler(framing)
    heard = assembler.hear(b"x" * size + end + b"next" + end, 0.0)
    assert heard == ([b"x" * size] if size <= MAX_CODE_BYTES else []) + [b"next"]


@given(
    st.integers(MAX_CODE_BYTES - 3, MAX_CODE_BYTES * 3), st.lists(st.integers(0, 4000)), st.sampled_from([GAP, CRLF])
)
def test_the_tail_of_what_is_too_long_is_never_a_code(size: int, cuts: list[int], framing: Framing) -> None:
    assembler = Assembler(framing)
    heard = [code for piece in pieces(b"x" * size + framing.suffix, cuts) for code in assembler.hear(piece, 0.0)]
    heard += assembler.hear(b"", GAP_S + 0.01)
    assert heard == ([b"x" * size] if size <= MAX_CODE_BYTES else [])
    assert assembler.hear(b"next" + framing.suffix, 1.0) + assembler.hear(b"", 2.0) == [b"next"]


@given(st.binary(max_size=3000), st.sampled_from([CR, CRLF, GAP, EITHER]), st.sampled_from(Charset))
def test_no_bytes_break_the_rules(data: bytes, framing: Framing, charset: Charset) -> None:
    assembler = Assembler(framing)
    for code in [*assembler.hear(data, 0.0), *assembler.hear(b"", 1.0)]:
        seen = cleaned(code, charset)
        assert 0 < len(code) <= MAX_CODE_BYTES
        if seen is None:
            assert charset is not Charset.BINARY
            continue
        assert 0 < len(seen.payload) <= MAX_CODE_BYTES
        if charset is Charset.BINARY:
            assert seen.payload == code
        else:
            assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in seen.payload.decode())


@pytest.mark.parametrize(
    ("code", "charset", "payload"),
    [
        ("养老".encode(), Charset.UTF_8, "养老".encode()),
        ("养老".encode("gb18030"), Charset.GB18030, "养老".encode()),
        ("\U00020000".encode("gb18030"), Charset.GB18030, "\U00020000".encode()),
        ("养老".encode("gb18030"), Charset.UTF_8, None),
        (b"\xff", Charset.GB18030, None),
        ("\ud800".encode("utf-8", "surrogatepass"), Charset.UTF_8, None),
        (b"a\x00b\x1b[2Jc\r\n\x7f\xc2\x85d", Charset.UTF_8, b"ab[2Jcd"),
        (b"\r\n\x00", Charset.UTF_8, None),
        (b"\x00\xff\r\n", Charset.BINARY, b"\x00\xff\r\n"),
        ("养".encode("gb18030") * 400, Charset.GB18030, None),
    ],
)
def test_cleaning(code: bytes, charset: Charset, payload: bytes | None) -> None:
    assert cleaned(code, charset) == (None if payload is None else CodeSeen(payload))


def test_the_code_taken_last_is_not_taken_again_within_two_seconds() -> None:
    debounce, one, other = Debounce(), CodeSeen(b"one"), CodeSeen(b"other")
    assert debounce.takes(one, 0.0)
    assert not debounce.takes(one, REPEAT_S - 0.01)
    assert debounce.takes(one, REPEAT_S)
    assert debounce.takes(other, REPEAT_S + 0.1)
    assert debounce.takes(one, REPEAT_S + 0.2)
