"""A queue of jobs that speaks IPP: one of CUPS, or the printer's own."""

from dataclasses import dataclass
from enum import IntEnum

from devices.printer.a4.ipp_client import IppClient, NoIppAnswer
from devices.printer.a4.ipp_message import Attributes, Operation, Response, number, texts

_JOB_ATTRIBUTES = (
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-impressions-completed",
    "time-at-processing",
)
_NOT_FOUND = 0x0406


class JobState(IntEnum):
    """RFC 8011, 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


@dataclass(frozen=True, slots=True)
class IppJob:
    """``began`` is False only when the queue says that it never started the job. ``impressions`` are sides printed,
    None where the queue does not count them."""

    number: int
    name: str
    state: JobState
    reasons: tuple[str, ...]
    began: bool
    impressions: int | None

    @property
    def ended(self) -> bool:
        return self.state >= JobState.CANCELED


@dataclass(frozen=True, slots=True)
class IppQueue:
    """``uri`` is the queue's address as IPP names it."""

    client: IppClient
    uri: str

    def attributes(self, wanted: tuple[str, ...]) -> Attributes | NoIppAnswer:
        answer = self.client.ask(Operation.GET_PRINTER_ATTRIBUTES, self.uri, wanted)
        match answer:
            case NoIppAnswer():
                return answer
            case Response(_, groups) if answer.successful and groups:
                return groups[0]
            case Response():
                return _refused(answer)

    def unfinished(self, prefix: str) -> tuple[IppJob, ...] | NoIppAnswer:
        """Jobs whose names begin with ``prefix`` and that may still print."""
        return self._jobs("not-completed", prefix)

    def job(self, name: str) -> IppJob | NoIppAnswer | None:
        """The job of this name, finished or not; None when the queue knows none."""
        for which in ("not-completed", "completed"):
            jobs = self._jobs(which, name)
            if isinstance(jobs, NoIppAnswer):
                return jobs
            if jobs:
                return jobs[0]
        return None

    def cancel(self, job: IppJob) -> None:
        """Asks for it; whether it happened is seen in the job's state."""
        self.client.ask(Operation.CANCEL_JOB, self.uri, extra={"job-id": job.number})

    def forget(self, job: IppJob) -> None:
        """Has CUPS delete the job with its document, which otherwise lies in the spool for a day."""
        self.client.ask(Operation.CANCEL_JOB, self.uri, extra={"job-id": job.number, "purge-job": True})

    def _jobs(self, which: str, prefix: str) -> tuple[IppJob, ...] | NoIppAnswer:
        answer = self.client.ask(Operation.GET_JOBS, self.uri, _JOB_ATTRIBUTES, {"which-jobs": which})
        match answer:
            case NoIppAnswer():
                return answer
            case Response(_, groups) if answer.successful:
                jobs = (_job(attributes) for attributes in groups)
                return tuple(job for job in jobs if job is not None and job.name.startswith(prefix))
            case Response():
                return _refused(answer)


def _refused(answer: Response) -> NoIppAnswer:
    return NoIppAnswer("no-such-queue" if answer.status == _NOT_FOUND else "no-answer")


def _job(attributes: Attributes) -> IppJob | None:
    name, state, job_id = texts(attributes, "job-name"), number(attributes, "job-state"), number(attributes, "job-id")
    if not name or state not in list(JobState) or job_id is None:
        return None
    return IppJob(
        job_id,
        name[0],
        JobState(state),
        texts(attributes, "job-state-reasons"),
        attributes.get("time-at-processing") != (None,),
        number(attributes, "job-impressions-completed"),
    )
