"""domain.md 5.2 is told whole: a branch without a story fails here, whichever tests are run beside this one."""

from pathlib import Path

import pytest

from tests.story_summary import BRANCHES, story_codes, written_stories

TESTS = Path(__file__).parents[2]


def test_every_failure_branch_is_told_by_a_story() -> None:
    told = {code for codes in written_stories(TESTS).values() for code in codes}
    assert [code for code in BRANCHES if code not in told] == []


def test_no_story_tells_a_branch_that_there_is_not() -> None:
    strange = {name: codes for name, codes in written_stories(TESTS).items() if not set(codes) <= set(BRANCHES)}
    assert strange == {}


def test_what_is_collected_is_what_is_written(request: pytest.FixtureRequest) -> None:
    """A mark that the reading of the files overlooks, or finds where pytest finds none, would make the others lie."""
    written = written_stories(TESTS)
    for item in request.session.items:
        name = f"{item.path.relative_to(TESTS).as_posix()}::{getattr(item, 'originalname', item.name)}"
        assert sorted(story_codes(item)) == sorted(written.get(name, ()))


def test_a_story_less_branch_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        'import pytest\n\n@pytest.mark.story("E-01", "E-02")\ndef test_a() -> None: ...\n\ndef test_b() -> None: ...\n'
    )
    assert written_stories(tmp_path) == {"test_one.py::test_a": ("E-01", "E-02")}
