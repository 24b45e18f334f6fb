"""The pages a browser sees: the public check of papers, and the staff page."""

from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Header, Query, Request, Response

from gateway.forms import read_form
from gateway.hall import Hall
from gateway.page import chosen_language
from gateway.staff import AnswerGiven, AnswerRefused, StaffDesk
from gateway.staff_page import staff_answer_page, staff_form_page
from gateway.verification import NO_SUCH_NUMBER, PaperFinding, find_scanned, find_typed, typed_number
from gateway.verification_page import finding_page, form_page
from kiosk.domain.receipt_number import parse_receipt_number
from kiosk.ports.staff_authorisation import StaffPurpose
from kiosk.wire.paper_check import PaperKeys

Wish = Annotated[str | None, Query(alias="lang")]
Accepted = Annotated[str | None, Header(alias="accept-language")]


def add_verification(app: FastAPI, hall: Hall, keys: PaperKeys, training: bool) -> None:
    """``/NUMBER/SIGNATURE`` as in the QR, and ``/`` with a form; to be added after every other address. ``training``
    is a sandbox, whose papers prove nothing."""

    @app.get("/")
    def typed(
        lang: Wish = None,
        accept_language: Accepted = None,
        number: str | None = None,
        code: str = "",
    ) -> Response:
        language = chosen_language(lang, accept_language)
        if number is None:
            return form_page(language, training)
        return finding_page(language, _typed(hall, number, code), "./", {"number": number, "code": code}, training)

    @app.get("/{number}/{signature}")
    def scanned(number: str, signature: str, lang: Wish = None, accept_language: Accepted = None) -> Response:
        finding = _scanned(hall, keys, number, signature)
        return finding_page(chosen_language(lang, accept_language), finding, "../", {}, training)


def add_staff_page(app: FastAPI, desk: StaffDesk) -> None:
    """``/staff``; for the hall's own network, which the proxy sees to."""

    @app.get("/staff")
    def empty(lang: Wish = None, accept_language: Accepted = None) -> Response:
        return staff_form_page(chosen_language(lang, accept_language))

    one_at_a_time = CapacityLimiter(1)

    @app.post("/staff")
    async def ask(request: Request, lang: Wish = None, accept_language: Accepted = None) -> Response:
        """PINs are checked one at a time, and who waits holds no thread: guessing fills no memory and keeps no
        terminal waiting."""
        language = chosen_language(lang, accept_language)
        form = await read_form(request)
        terminal = form.get("terminal", "").strip().upper()
        challenge = "".join(form.get("challenge", "").split())
        answer = await to_thread.run_sync(_ask, desk, form, terminal, challenge, limiter=one_at_a_time)
        if isinstance(answer, AnswerGiven):
            return staff_answer_page(language, answer, terminal, challenge)
        return staff_form_page(language, answer, terminal, challenge)


def _typed(hall: Hall, number: str, code: str) -> PaperFinding:
    receipt = typed_number(number)
    return NO_SUCH_NUMBER if receipt is None else find_typed(receipt, hall.entry(receipt, code))


def _scanned(hall: Hall, keys: PaperKeys, number: str, signature: str) -> PaperFinding:
    receipt = parse_receipt_number(number)
    if receipt is None:
        return NO_SUCH_NUMBER
    return find_scanned(receipt, keys.standing(receipt, signature.upper()), hall.entry(receipt))


def _ask(desk: StaffDesk, form: dict[str, str], terminal: str, challenge: str) -> AnswerGiven | AnswerRefused:
    purpose = form.get("purpose")
    known = next((each for each in StaffPurpose if each.value == purpose), None)
    if known is None:
        return AnswerRefused("not-a-challenge")
    return desk.answer(form.get("staff", "").strip().upper(), form.get("pin", ""), terminal, known, challenge)
