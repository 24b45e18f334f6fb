"""An answer is exactly one of the agreed messages, or nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.case import HallDecision, Outcome
from kiosk.wire import envelope, keys, record
from kiosk.wire.messages import MAX_ANSWER_BYTES, DecisionMessage, Message, RefusalMessage, parse_answer
from tests.records import START, receipt

ROOMS_WITH_MESSAGES = (envelope, keys, record)
"""Loaded, so that their messages are known."""


def test_a_decision_comes_back_as_it_was() -> None:
    decision = HallDecision(receipt(), Outcome.PASSED, START.date(), START.date())
    answer = parse_answer(DecisionMessage.of(decision, "key").model_dump_json().encode())
    assert isinstance(answer, DecisionMessage)
    assert (answer.key, answer.decision()) == ("key", decision)


def test_a_decision_on_no_receipt_is_none() -> None:
    message = DecisionMessage(key="key", receipt="YL", outcome=Outcome.PASSED, confirmed_on=None, next_due=None)
    assert message.decision() is None


@given(st.binary(max_size=200))
def test_other_bytes_are_no_answer(data: bytes) -> None:
    assert parse_answer(data) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"answer":"stored"}',
        '{"answer":"stored","key":"a","more":1}',
        '{"answer":"refusal","reason":"A sentence about somebody","final":true}',
        '{"answer":"refusal","reason":"word","final":"yes"}',
        '{"answer":"unheard-of"}',
        '{"key":"a"}',
        "[]",
        '{"answer":"not-in-roster"}' + " " * MAX_ANSWER_BYTES,
    ],
)
def test_almost_right_is_not_right(text: str) -> None:
    assert parse_answer(text.encode()) is None


def test_a_refusal_is_understood() -> None:
    assert parse_answer(b'{"answer":"refusal","reason":"key-reused","final":true}') == RefusalMessage(
        reason="key-reused", final=True
    )


def _messages(family: type[Message]) -> Iterator[type[Message]]:
    for message in family.__subclasses__():
        yield message
        yield from _messages(message)


@pytest.mark.parametrize("kind", [Message, *_messages(Message)], ids=lambda kind: kind.__name__)
def test_no_message_shows_what_it_says(kind: type[Message]) -> None:
    """Every field of every message, also of those inside records, envelopes and registration files."""
    values: dict[str, Any] = dict.fromkeys(kind.model_fields, "told-to-nobody")
    message = kind.model_construct(**values)
    for text in (repr(message), str(message), f"{message}", f"{[message]}"):
        assert "told-to-nobody" not in text


def test_the_messages_searched_are_those_that_carry_people() -> None:
    wanted = {
        "RosterQuery",
        "DocumentMessage",
        "CaseMessage",
        "ProofMessage",
        "ReferralMessage",
        "VisitMessage",
        "Body",
    }
    assert wanted <= {kind.__name__ for kind in _messages(Message)}


def test_an_answer_of_before_tells_of_no_void() -> None:
    message = DecisionMessage.of(HallDecision(receipt(), Outcome.PASSED, START.date(), None), None)
    answer = parse_answer(message.model_dump_json(exclude={"void", "replaced_by"}).encode())
    assert answer == message
    assert not message.void


def test_a_void_number_s_answer_names_the_one_that_counts() -> None:
    decision = HallDecision(receipt(), Outcome.PASSED, None, None, None, True, receipt(2))
    message = DecisionMessage.of(decision, None)
    assert message.decision() == decision
    assert decision.number_that_counts == receipt(2)
    assert message.model_copy(update={"void": False}).decision() is None, (
        "a number that counts has no other in its place"
    )
    assert message.model_copy(update={"replaced_by": "YL"}).decision() is None
