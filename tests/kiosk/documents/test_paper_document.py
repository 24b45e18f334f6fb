"""A paper survives its JSON document, and what is no paper is told without its values."""

import json

import pytest

from kiosk.documents.paper_document import NotAPaper, paper_from_json, paper_to_json
from kiosk.domain.paper import Paper
from tests.kiosk.documents.specimens import specimens

DOCUMENT = paper_to_json(specimens()["passed"])


@pytest.mark.parametrize("paper", specimens().values(), ids=specimens().keys())
def test_round_trip(paper: Paper) -> None:
    assert paper_from_json(paper_to_json(paper)) == paper


@pytest.mark.parametrize("document", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"text"'])
def test_garbage_is_no_paper(document: bytes) -> None:
    assert isinstance(paper_from_json(document), NotAPaper)


def test_missing_member_is_named() -> None:
    members = json.loads(DOCUMENT)
    del members["blocks"]
    assert paper_from_json(json.dumps(members).encode()) == NotAPaper(("blocks",))


def test_number_with_a_wrong_check_character_is_refused() -> None:
    members = json.loads(DOCUMENT)
    members["number"]["value"] = "YL-20261120-0317-00043-L"
    assert paper_from_json(json.dumps(members).encode()) == NotAPaper(("number",))


def test_problem_holds_no_value() -> None:
    members = json.loads(DOCUMENT)
    members["blocks"][2] = "110***********002X"
    problem = paper_from_json(json.dumps(members).encode())
    assert problem == NotAPaper(("blocks.2",))
