"""A printer's words over IPP, and what a technician is told."""

import pytest

from devices.printer.a4.condition import REMEDIES, Condition, condition_of, device_status
from devices.printer.a4.ipp_message import Attributes
from kiosk.ports.device_status import Ready, Unavailable
from kiosk.ports.printer import PaperLevel


def said(*reasons: str, state: int = 3, accepting: bool = True) -> Attributes:
    return {"printer-state": (state,), "printer-state-reasons": reasons, "printer-is-accepting-jobs": (accepting,)}


@pytest.mark.parametrize(
    ("reasons", "trouble", "paper"),
    [
        (("none",), None, PaperLevel.ENOUGH),
        (("media-low-warning",), None, PaperLevel.LOW),
        (("media-low-report", "toner-low-warning"), None, PaperLevel.LOW),
        (("media-empty-error",), "media-empty", PaperLevel.EMPTY),
        (("media-empty",), "media-empty", PaperLevel.EMPTY),
        (("media-needed-error",), "media-empty", PaperLevel.EMPTY),
        (("media-empty-warning",), None, PaperLevel.LOW),
        (("media-jam-error",), "media-jam", PaperLevel.ENOUGH),
        (("toner-empty-error", "door-open-error"), "cover-open", PaperLevel.ENOUGH),
        (("marker-supply-empty-error",), "toner-empty", PaperLevel.ENOUGH),
        (("output-area-full-error",), "output-full", PaperLevel.ENOUGH),
        (("fuser-over-temp-error",), "printer-error", PaperLevel.ENOUGH),
        (("shutdown",), "offline", PaperLevel.ENOUGH),
        (("maker-of-its-own-error",), None, PaperLevel.ENOUGH),
    ],
)
def test_reasons(reasons: tuple[str, ...], trouble: str | None, paper: PaperLevel) -> None:
    condition = condition_of(said(*reasons))
    assert (condition.trouble, condition.paper) == (trouble, paper)


def test_a_stopped_printer_is_offline_whatever_it_says() -> None:
    assert condition_of(said("maker-of-its-own-error", state=5)).trouble == "offline"


def test_a_stopped_printer_names_its_reason_first() -> None:
    assert condition_of(said("media-jam-error", state=5)).trouble == "media-jam"


def test_a_printer_that_takes_no_jobs() -> None:
    assert condition_of(said("none", accepting=False)).trouble == "not-accepting"


def test_a_warning_is_remembered() -> None:
    assert condition_of(said("media-empty-warning", state=4)) == Condition(None, PaperLevel.LOW, "media-empty")


def test_every_trouble_has_a_remedy() -> None:
    assert device_status(None, "A4") == Ready("A4")
    for trouble, remedy in REMEDIES.items():
        assert device_status(trouble, "") == Unavailable(trouble, remedy)
