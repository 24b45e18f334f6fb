"""08 Passed, 09 Pending, 10 Referred, and the proof of an earlier confirmation (E-07)."""

from dataclasses import dataclass
from datetime import date

from kiosk.documents.receipt import ReferralReason
from kiosk.domain.case import Outcome
from kiosk.flow.touches import Button, Pressed
from kiosk.journeys.confirmation.stages import Facts, ShowingResult
from kiosk.journeys.look_up_receipt import ShowingFound
from kiosk.journeys.request_home_visit import ShowingVisit
from kiosk.steps.print_paper import PaperInDoubt, PaperOwed, Printing, receipt_on
from ui.view_models.local import Open, SidePage
from ui.view_models.page import Choice, Fact, PageProps
from ui.view_models.steps import stepped
from ui.view_models.view import View


@dataclass(frozen=True)
class ResultProps(PageProps):
    """``tone`` is success, info or neutral, each with its own ``sign``; ``reassurance`` stands in a green box."""

    tone: str = ""
    sign: str = ""
    words_long: bool = False
    reassurance: str = ""
    facts: tuple[Fact, ...] = ()


def derive(state: ShowingResult, facts: Facts, view: View) -> ResultProps:
    texts = view.texts
    rows: tuple[Fact, ...]
    match state.outcome:
        case Outcome.PASSED:
            due = None if state.decision is None else state.decision.next_due
            title, helper = texts("result.passed"), _named("result.passed_helper", facts, view)
            tone, sign = "success", "check"
            rows = (*_due(due, view), _number(state, facts, view), _paper(state, view))
        case Outcome.PENDING:
            by_hall = state.decision is not None
            title = texts("result.pending_hall" if by_hall else "result.pending")
            helper = texts("result.pending_offline" if facts.offline else "result.pending_helper")
            tone, sign = "info", "inbox"
            days = view.site.answer_days
            latest = (
                ()
                if days is None or by_hall
                else (Fact(texts("result.latest"), texts("result.latest_text", days=days)),)
            )
            rows = (_number(state, facts, view), *latest, Fact(texts("result.ask"), texts("result.ask_text")))
        case Outcome.REFERRED if state.slip is not None:
            title, helper = texts("result.slip_title"), texts("result.slip_helper")
            tone, sign = "neutral", "users"
            rows = (_number(state, facts, view), Fact(texts("halt.desk"), view.site.desk), _paper(state, view))
        case Outcome.REFERRED:
            by_photo = state.referral is ReferralReason.PHOTO
            title = texts("result.referred")
            helper = texts("result.referred_helper" if by_photo else "result.referred_declined")
            tone, sign = "neutral", "user"
            days = view.site.answer_days
            latest = () if days is None else (Fact(texts("result.latest"), texts("keep.due_text", days=days)),)
            rows = (_number(state, facts, view), *latest, Fact(texts("result.consult"), view.site.agency_phone))
        case Outcome.CANCELLED:
            title, helper = texts("result.proof"), _named("result.proof_helper", facts, view)
            tone, sign = "success", "check"
            due = None if facts.entry is None else facts.entry.due_on
            rows = (*_due(due, view), _number(state, facts, view), _paper(state, view))
    primary = _primary(state, view)
    referred = state.outcome is Outcome.REFERRED
    return ResultProps(
        title=title,
        helper=helper,
        title_in_content=True,
        tone=tone,
        sign=sign,
        words_long=len(title) > 6,
        reassurance=texts("result.unaffected") if referred else "",
        facts=rows,
        primary=primary,
        left=Choice(texts("common.other_way"), Open(SidePage.WAYS), "switch") if referred else None,
        spoken=(title, texts("result.unaffected") if referred else "", primary.label),
        **stepped(texts, 5),
    )


def derive_visit(state: ShowingVisit, view: View) -> ResultProps:
    """The request for a home visit is kept (E-32)."""
    texts = view.texts
    printing = isinstance(state.printing, Printing)
    primary = Choice(texts("result.wait_receipt")) if printing else _take_receipt(view)
    return ResultProps(
        title=texts("visit.done"),
        helper=texts("visit.done_helper"),
        title_in_content=True,
        tone="info",
        sign="home-heart",
        words_long=True,
        facts=(
            Fact(texts("result.number"), receipt_on(state.printing, state.receipt).number.value),
            Fact(texts("visit.wished"), texts.date(state.wished_on)),
            Fact(texts("result.consult"), view.site.agency_phone),
        ),
        primary=primary,
        spoken=(texts("visit.done"), texts("visit.done_helper"), primary.label),
    )


def derive_found(state: ShowingFound, view: View) -> ResultProps:
    """What became of a receipt; names nobody."""
    texts, decision = view.texts, state.decision
    if decision.void:
        return _derive_void(state, view)
    tone, sign = _SIGNS[decision.outcome]
    title = texts(f"lookup.{decision.outcome.value.lower()}")
    done = Choice(texts("common.ok"), Pressed(Button.CONTINUE))
    again = Choice(texts("lookup.print"), Pressed(Button.PRINT_SLIP), "printer")
    printable = state.may_print and view.prints
    confirmed = (
        ()
        if decision.confirmed_on is None
        else (Fact(texts("result.confirmed_on"), texts.date(decision.confirmed_on)),)
    )
    return ResultProps(
        title=title,
        helper=_as_of(state, view) or texts(_found_helper(state, view)),
        title_in_content=True,
        tone=tone,
        sign=sign,
        words_long=len(title) > 6,
        reassurance=texts("result.unaffected") if decision.outcome is Outcome.REFERRED else "",
        facts=(*_due(decision.next_due, view), *confirmed, Fact(texts("result.number"), decision.receipt.value)),
        primary=_found_primary(state, again, done, view),
        right=done if printable else None,
        spoken=(title,),
    )


def _derive_void(state: ShowingFound, view: View) -> ResultProps:
    """The number counts no longer, the result does; its paper is printed under the number in its place, if any."""
    texts, decision = view.texts, state.decision
    number, title = decision.replaced_by, texts("lookup.void")
    done = Choice(texts("common.ok"), Pressed(Button.CONTINUE))
    again = Choice(texts("lookup.print"), Pressed(Button.PRINT_SLIP), "printer")
    if number is None:
        known, helper = Fact(texts("halt.desk"), view.site.desk), texts("lookup.void_helper")
    else:
        fresh = state.may_print and view.prints
        known = Fact(texts("lookup.new_number"), number.value)
        helper = _as_of(state, view) or texts("lookup.replaced_helper" if fresh else _found_helper(state, view))
    return ResultProps(
        title=title,
        helper=helper,
        title_in_content=True,
        tone="neutral",
        sign="inbox",
        words_long=len(title) > 6,
        reassurance=texts("lookup.result_stands"),
        facts=(
            Fact(texts("lookup.result"), texts(f"lookup.{decision.outcome.value.lower()}")),
            *_due(decision.next_due, view),
            known,
        ),
        primary=done if number is None else _found_primary(state, again, done, view),
        right=done if number is not None and state.may_print and view.prints else None,
        spoken=(title, helper),
    )


def _found_helper(state: ShowingFound, view: View) -> str:
    match state.printing:
        case None if not view.prints:
            return "lookup.no_paper"
        case PaperInDoubt(taken_back=True):
            return "lookup.taken_back"
        case PaperInDoubt() | PaperOwed():
            return "lookup.not_printed"
        case _:
            return "lookup.found_helper"


def _as_of(state: ShowingFound, view: View) -> str:
    """Empty when the hall itself has just answered."""
    if state.as_of is None:
        return ""
    at = state.as_of.astimezone(view.now.tzinfo)
    return view.texts("lookup.as_of", day=view.texts.date(at.date()), time=f"{at:%H:%M}")


def _found_primary(state: ShowingFound, again: Choice, done: Choice, view: View) -> Choice:
    if state.as_of is not None:
        return done
    match state.printing:
        case None if view.prints:
            return again
        case Printing():
            return Choice(view.texts("result.wait_receipt"))
        case PaperOwed(ready=True):
            return Choice(again.label, Pressed(Button.PRINT_AGAIN), "printer")
        case _:
            return done


_SIGNS = {
    Outcome.PASSED: ("success", "check"),
    Outcome.PENDING: ("info", "inbox"),
    Outcome.REFERRED: ("neutral", "user"),
    Outcome.CANCELLED: ("success", "check"),
}


def _take_receipt(view: View) -> Choice:
    return Choice(view.texts("result.take_receipt"), Pressed(Button.CONTINUE))


def word_of(result: ShowingResult) -> str:
    """凭条 for what is settled, 回执 for what is still to be decided, 单子 for the desk: the middle of a text key."""
    if result.slip is not None:
        return "sheet"
    return "slip" if result.outcome in (Outcome.PASSED, Outcome.CANCELLED) else "receipt"


def _named(key: str, facts: Facts, view: View) -> str:
    return view.texts(key, name="" if facts.document is None else facts.document.name.masked)


def _due(due: date | None, view: View) -> tuple[Fact, ...]:
    return () if due is None else (Fact(view.texts("result.next_due"), view.texts.date(due)),)


def _number(state: ShowingResult, facts: Facts, view: View) -> Fact:
    number = "" if facts.receipt is None else receipt_on(state.printing, facts.receipt).number.value
    return Fact(view.texts("result.number"), number)


def _paper(state: ShowingResult, view: View) -> Fact:
    printing = isinstance(state.printing, Printing)
    return Fact(
        view.texts(f"result.{word_of(state)}"),
        view.texts("result.printing" if printing else "result.printed"),
    )


def _primary(state: ShowingResult, view: View) -> Choice:
    word = word_of(state)
    if isinstance(state.printing, Printing):
        return Choice(view.texts(f"result.wait_{word}"))
    return Choice(view.texts(f"result.take_{word}"), Pressed(Button.CONTINUE))
